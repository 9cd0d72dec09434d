// Secrets of a test server.

import { randomBytes } from "node:crypto";

/** A signing key file as Synapse writes it: algorithm, version, seed in unpadded base64. */
export function signingKey(): string {
  const version = `a_${randomBytes(2).toString("hex")}`;
  return `ed25519 ${version} ${randomBytes(32).toString("base64").replace(/=+$/, "")}\n`;
}

export function sharedSecret(): string {
  return randomBytes(16).toString("hex");
}
