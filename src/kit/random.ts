/** The only source of randomness, so that tests and simulations can seed it. */
import { randomBytes } from "node:crypto";

export interface Random {
  /** A number in [0, 1). */
  next(): number;
}

export const systemRandom: Random = { next: () => Math.random() };

/** 192 bits that nobody can guess, as text that needs no quotes anywhere. */
export function newPassword(): string {
  return randomBytes(24).toString("base64url");
}
