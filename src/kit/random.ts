/** Randomness. Nothing else calls a random generator, so that tests and simulations can seed it. */
import { randomBytes } from "node:crypto";

export interface Random {
  /** A number in [0, 1). */
  next(): number;
}

export const systemRandom: Random = { next: () => Math.random() };

/** 192 random bits in base64url, which needs no quoting in shells and config files. */
export function newPassword(): string {
  return randomBytes(24).toString("base64url");
}

/** Bytes that nobody can guess: for keys, and for what is used with a key once. */
export function secretBytes(length: number): Uint8Array {
  return randomBytes(length);
}
