/** The facts of one link. */
import type { Fact, FactValue } from "./fact.ts";
import type { LinkFacts } from "./facts.ts";
import type { SaidLink } from "./said.ts";

const shorteners: ReadonlySet<string> = new Set([
  ...["bit.ly", "t.co", "tinyurl.com", "is.gd", "v.gd", "goo.gl", "ow.ly", "cutt.ly", "rb.gy", "t.ly"],
  ...["buff.ly", "shorturl.at", "tiny.cc", "rebrand.ly", "s.id", "lnkd.in"],
]);

const invitations: ReadonlySet<string> = new Set([
  "discord.gg",
  "t.me",
  "telegram.me",
  "wa.me",
  "chat.whatsapp.com",
]);

const file = /\.(?:exe|msi|apk|dmg|zip|rar|7z|scr|bat|jar|iso|torrent)(?:[?#]|$)/i;

const readers: ReadonlyMap<string, (link: SaidLink) => FactValue | undefined> = new Map<
  string,
  (link: SaidLink) => FactValue | undefined
>([
  ["link.domain", ({ domain }) => domain],
  ["link.host", ({ host }) => host],
  ["link.kind", kindOf],
  ["link.false_face", ({ falseFace }) => falseFace],
]);

export function linkFactsOf(link: SaidLink): LinkFacts {
  return { get: (fact: Fact) => readers.get(fact.name)?.(link) };
}

function kindOf({ url, host, domain }: SaidLink): string {
  if (host === "matrix.to" || url.startsWith("matrix:")) return "matrix";
  if (url.startsWith("mailto:")) return "address";
  if (invitations.has(host) || (domain === "discord.com" && url.includes("/invite/"))) return "invite";
  if (shorteners.has(domain)) return "shortener";
  return file.test(url) ? "file" : "web";
}
