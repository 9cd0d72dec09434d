/** What a link leads to, by its address alone. */
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

export function kindOfLink({ url, host, domain }: SaidLink): string {
  if (host === "matrix.to" || url.startsWith("matrix:")) return "matrix";
  if (url.startsWith("mailto:")) return "address";
  if (invitations.has(host) || (domain === "discord.com" && url.includes("/invite/"))) return "invite";
  if (shorteners.has(domain)) return "shortener";
  return file.test(url) ? "file" : "web";
}

/** It leads to the machine or network of whoever opens it, as the addresses in logs and manuals do: to nobody's page. */
export function isOwnNetwork({ host }: SaidLink): boolean {
  return ownNetwork.test(host);
}

const ownNetwork =
  /^(?:localhost|.+\.localhost|.+\.local|127\.[\d.]+|10\.[\d.]+|192\.168\.[\d.]+|172\.(?:1[6-9]|2\d|3[01])\.[\d.]+|0\.0\.0\.0|\[::1?\])$/;

/** A link to a person, as clients write a mention. */
export function isMention({ url }: SaidLink): boolean {
  return /^(?:https?:\/\/matrix\.to\/#\/(?:@|%40)|matrix:u\/)/i.test(url);
}
