/** Digests: stable identifiers for decisions, and the entity hashes of MSC4205. */
import { hash, timingSafeEqual } from "node:crypto";

/** Standard base64 with padding of SHA-256 over UTF-8, as MSC4205 asks for. */
export function sha256Base64(text: string): string {
  return hash("sha256", text, "base64");
}

/** SHA-256 over UTF-8 as small letters and digits, which people can compare. */
export function sha256Hex(text: string): string {
  return hash("sha256", text, "hex");
}

/** A stable identifier of 24 URL-safe characters (144 bits) for a sequence of parts. */
export function stableId(...parts: readonly string[]): string {
  // The length prefix keeps ("ab", "c") and ("a", "bc") apart.
  return hash("sha256", parts.map((part) => `${part.length}:${part}`).join(""), "base64url").slice(0, 24);
}

/** FNV-1a over UTF-16 units: a 31-bit digest of an event id, kept in place of the id to save memory. Never zero. */
export function stampOf(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h & 0x7fffffff || 1;
}

/** Whether two secrets are the same, in a time that tells nothing of where they differ. */
export function isSameSecret(one: string, other: string): boolean {
  return timingSafeEqual(hash("sha256", one, "buffer"), hash("sha256", other, "buffer"));
}
