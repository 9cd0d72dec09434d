/**
 * Secret storage ("Secrets", Client-Server API; m.secret_storage.v1.aes-hmac-sha2): secrets of an account in its account data,
 * encrypted with a key that its owner keeps. The homeserver can show whatever it likes in their place, so all that is read
 * here may be of any shape.
 */
import { createCipheriv, createHmac, hkdfSync, pbkdf2, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { asNumber, asObject, asString, type JsonObject } from "../../kit/json.ts";
import { secretBytes } from "../../kit/random.ts";
import { parseRecoveryKey, type ParsedKey } from "./recovery-key.ts";

const algorithm = "m.secret_storage.v1.aes-hmac-sha2";
const keyBytes = 32;
const vectorBytes = 16;
const macBytes = 32;
/** Others take half a million, for which a computer needs half a second. */
const mostIterations = 5_000_000;

/** A key of secret storage; `id` names it in account data. */
export interface StorageKey {
  readonly id: string;
  readonly key: Uint8Array;
}

export type Opened =
  { readonly ok: true; readonly secret: string } | { readonly ok: false; readonly problem: string };

export const descriptionType = (id: string): string => `m.secret_storage.key.${id}`;

export function newKey(): Uint8Array {
  return secretBytes(keyBytes);
}

/** Always the same for a key, so that what is written again takes the place of what was. Gives nothing of the key away. */
export function idOf(key: Uint8Array): string {
  return Buffer.from(hkdfSync("sha256", key, new Uint8Array(32), "tyr key id", 16)).toString("hex");
}

/** What account data says of a key. */
export function describe(key: Uint8Array): JsonObject {
  const vector = newVector();
  return { algorithm, iv: unpadded(vector), mac: unpadded(macOfZeros(key, vector)) };
}

/** The key that `typed` stands for, a recovery key or a passphrase, if it is the one that is described. */
export async function keyFor(typed: string, description: unknown): Promise<ParsedKey> {
  const described = asObject(description);
  if (!described || described["algorithm"] !== algorithm)
    return { ok: false, problem: "the account keeps its secrets in a way that I do not know" };
  const parsed = parseRecoveryKey(typed);
  const passphrase = asObject(described["passphrase"]);
  const found = parsed.ok || !passphrase ? parsed : await keyOfPassphrase(typed, passphrase);
  if (!found.ok) return found;
  return isDescribedBy(found.key, described)
    ? found
    : { ok: false, problem: "it belongs to another account, or was replaced" };
}

async function keyOfPassphrase(typed: string, how: JsonObject): Promise<ParsedKey> {
  const [salt, iterations, bits = 256] = [
    asString(how["salt"]),
    asNumber(how["iterations"]),
    asNumber(how["bits"]),
  ];
  const isKnown = how["algorithm"] === "m.pbkdf2" && salt !== undefined && bits === keyBytes * 8;
  if (
    !isKnown ||
    iterations === undefined ||
    !Number.isInteger(iterations) ||
    iterations < 1 ||
    iterations > mostIterations
  )
    return {
      ok: false,
      problem: "it is no recovery key, and how the account makes one of a passphrase I do not know",
    };
  const key = await promisify(pbkdf2)(typed.trim(), salt, iterations, keyBytes, "sha512");
  return { ok: true, key: Uint8Array.from(key) };
}

/** The vector is used as it is: some clients do not clear the bit that is cleared when something is encrypted. */
function isDescribedBy(key: Uint8Array, { iv, mac }: JsonObject): boolean {
  // Where nothing can be compared, the specification has it taken for the right one. The secrets themselves will tell.
  if (iv === undefined || mac === undefined) return true;
  const [vector, expected] = [bytesOf(iv, vectorBytes), bytesOf(mac, macBytes)];
  return vector !== undefined && expected !== undefined && timingSafeEqual(macOfZeros(key, vector), expected);
}

function macOfZeros(key: Uint8Array, vector: Uint8Array): Uint8Array {
  const keys = keysFor(key, "");
  return macOf(keys, encryptedBy(keys, vector, new Uint8Array(keyBytes)));
}

/** The content of account data of the type `name`. */
export function encryptSecret({ id, key }: StorageKey, name: string, secret: string): JsonObject {
  const keys = keysFor(key, name);
  const vector = newVector();
  const ciphertext = encryptedBy(keys, vector, Buffer.from(secret));
  const encrypted = {
    iv: unpadded(vector),
    ciphertext: unpadded(ciphertext),
    mac: unpadded(macOf(keys, ciphertext)),
  };
  return { encrypted: { [id]: encrypted } };
}

export function decryptSecret({ id, key }: StorageKey, name: string, content: unknown): Opened {
  const encrypted = asObject(asObject(asObject(content)?.["encrypted"])?.[id]);
  if (!encrypted) return { ok: false, problem: `${name} is not kept under this key` };
  const [vector, mac] = [bytesOf(encrypted["iv"], vectorBytes), bytesOf(encrypted["mac"], macBytes)];
  const ciphertext = bytesOf(encrypted["ciphertext"]);
  if (!vector || !mac || !ciphertext) return { ok: false, problem: `${name} is malformed` };
  const keys = keysFor(key, name);
  if (!timingSafeEqual(macOf(keys, ciphertext), mac))
    return { ok: false, problem: `${name} was encrypted with another key, or changed since` };
  // Of a stream, decrypting is encrypting again.
  return { ok: true, secret: Buffer.from(encryptedBy(keys, vector, ciphertext)).toString("utf8") };
}

interface Keys {
  readonly forCipher: Uint8Array;
  readonly forMac: Uint8Array;
}

/** Others for each secret, so that one cannot be put in the place of another. */
function keysFor(key: Uint8Array, name: string): Keys {
  const bytes = new Uint8Array(hkdfSync("sha256", key, new Uint8Array(32), name, 64));
  return { forCipher: bytes.subarray(0, 32), forMac: bytes.subarray(32) };
}

function encryptedBy({ forCipher }: Keys, vector: Uint8Array, bytes: Uint8Array): Uint8Array {
  const cipher = createCipheriv("aes-256-ctr", forCipher, vector);
  return Buffer.concat([cipher.update(bytes), cipher.final()]);
}

function macOf({ forMac }: Keys, ciphertext: Uint8Array): Uint8Array {
  return createHmac("sha256", forMac).update(ciphertext).digest();
}

/** Bit 63 is zero, as some implementations of this cipher count differently from there on. */
function newVector(): Uint8Array {
  const vector = Uint8Array.from(secretBytes(vectorBytes));
  vector[8]! &= 0x7f;
  return vector;
}

/** matrix-rust-sdk drops what is padded. */
function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64").replaceAll("=", "");
}

/** Of base64 with and without padding; undefined for anything else, and for another length. */
export function bytesOf(value: unknown, length?: number): Uint8Array | undefined {
  const text = asString(value);
  if (text === undefined || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const bytes = Buffer.from(text, "base64");
  return length === undefined || bytes.length === length ? bytes : undefined;
}
