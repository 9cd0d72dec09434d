/** Deterministic event, room and access-token names from a seed and a counter. */
import { createHash } from "node:crypto";

export function domainOf(id: string): string {
  return id.slice(id.indexOf(":") + 1);
}

/** 43 characters of URL-safe base64, the length of a SHA-256. */
export function hash43(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

export class Ids {
  readonly #seed: number;
  #counter = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  eventId(version: number, domain: string): string {
    const hash = this.#next("event");
    if (version <= 2) return `$${hash.slice(0, 18)}:${domain}`;
    return `$${hash}`;
  }

  roomId(version: number, domain: string): string {
    const hash = this.#next("room");
    if (version >= 12) return `!${hash}`;
    return `!${hash.replace(/[^A-Za-z]/g, "x").slice(0, 18)}:${domain}`;
  }

  accessToken(localpart: string): string {
    return `syt_${localpart}_${this.#next("token").slice(0, 20)}`;
  }

  plain(kind: string): string {
    return this.#next(kind).slice(0, 16);
  }

  #next(kind: string): string {
    this.#counter += 1;
    return hash43(`${this.#seed}:${kind}:${this.#counter}`);
  }
}
