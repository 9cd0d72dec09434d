/**
 * Sealing: texts that are of use only with a key that is kept elsewhere (AES-256-GCM). What a text is about is sealed with
 * it, so that one cannot be put in the place of another.
 */
import { createCipheriv, createDecipheriv, hash } from "node:crypto";
import { secretBytes } from "./random.ts";

const cipher = "aes-256-gcm";
export const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

export class Sealer {
  /** Tells keys apart without giving anything away of them. */
  readonly keyId: string;
  readonly #key: Uint8Array;

  constructor(key: Uint8Array) {
    this.#key = key;
    this.keyId = hash("sha256", Buffer.concat([Buffer.from("tyr key id\0"), key]), "base64url").slice(0, 12);
  }

  seal(text: string, about: string): Uint8Array {
    const nonce = secretBytes(nonceBytes);
    const sealing = createCipheriv(cipher, this.#key, nonce);
    sealing.setAAD(Buffer.from(about));
    const sealed = Buffer.concat([sealing.update(text, "utf8"), sealing.final()]);
    return Buffer.concat([nonce, sealing.getAuthTag(), sealed]);
  }

  /** Undefined where it was sealed with another key, about something else, or was changed since. */
  open(sealed: Uint8Array, about: string): string | undefined {
    const nonce = sealed.subarray(0, nonceBytes);
    const tag = sealed.subarray(nonceBytes, nonceBytes + tagBytes);
    if (nonce.length < nonceBytes || tag.length < tagBytes) return undefined;
    const opening = createDecipheriv(cipher, this.#key, nonce, { authTagLength: tagBytes });
    opening.setAAD(Buffer.from(about));
    opening.setAuthTag(tag);
    try {
      const opened = Buffer.concat([opening.update(sealed.subarray(nonceBytes + tagBytes)), opening.final()]);
      return opened.toString("utf8");
    } catch {
      return undefined;
    }
  }
}
