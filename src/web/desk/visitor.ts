/** Who asks: the address, as the reverse proxy tells it, the network it belongs to, and what browser it says it is. */

/** An address of this machine or of a network that is not the internet: there a reverse proxy is believed. */
const local = /^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|::1$|f[cd][0-9a-f]{2}:)/i;

/** `forwarded`: `X-Forwarded-For`, whose last entry is what the proxy saw. */
export function addressOf(peer: string | undefined, forwarded: string | undefined): string {
  const from = (peer ?? "").replace(/^::ffff:(?=\d+\.)/i, "");
  const last = forwarded?.split(",").at(-1)?.trim() ?? "";
  return (local.test(from) && /^[0-9a-f.:]{2,45}$/i.test(last) ? last : from) || "unknown";
}

/** The part that stays the same for somebody for a while: /24, or /48. */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address.split(".").slice(0, 3).join(".");
  const [head = "", tail] = address.split("::");
  const groups = head.split(":").filter((one) => one !== "");
  const after = tail?.split(":").filter((one) => one !== "") ?? [];
  const gap =
    tail === undefined
      ? []
      : Array.from({ length: Math.max(0, 8 - groups.length - after.length) }, () => "0");
  return [...groups, ...gap, ...after].slice(0, 3).join(":").toLowerCase();
}

const browsers = [
  ["Firefox", /Firefox\//],
  ["Edge", /Edg\//],
  ["Chrome", /Chrome\//],
  ["Safari", /Safari\//],
] as const;
const systems = [
  ["Android", /Android/],
  ["iOS", /iPhone|iPad/],
  ["Windows", /Windows/],
  ["macOS", /Mac OS/],
  ["Linux", /Linux/],
] as const;

/** "Firefox on Linux". Nothing of what it says is repeated. */
export function browserOf(agent = ""): string {
  const name = (all: readonly (readonly [string, RegExp])[], otherwise: string) =>
    all.find(([, sign]) => sign.test(agent.slice(0, 300)))?.[0] ?? otherwise;
  return `${name(browsers, "a browser")} on ${name(systems, "something unknown")}`;
}
