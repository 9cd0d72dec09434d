/**
 * The recovery key of an account, which other clients call security key: 32 bytes that people can write down and type
 * ("Key representation", Client-Server API). Whoever has it can become this account's identity.
 */

/** Without 0, O, I and l, which look like others. */
const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const base = BigInt(alphabet.length);
const prefix = [0x8b, 0x01] as const;
const keyBytes = 32;
/** Prefix, key, parity. */
const allBytes = prefix.length + keyBytes + 1;
/** As the first byte is never small, so many characters every time. */
const characters = 48;

export type ParsedKey =
  | { readonly ok: true; readonly key: Uint8Array }
  /** What is wrong with it, about "it". Tells nothing of the key. */
  | { readonly ok: false; readonly problem: string };

/** In groups of four. */
export function formatRecoveryKey(key: Uint8Array): string {
  if (key.length !== keyBytes) throw new Error(`a recovery key is of ${keyBytes} bytes`);
  const bytes = [...prefix, ...key];
  let value = [...bytes, parityOf(bytes)].reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  let text = "";
  for (; value > 0n; value /= base) text = alphabet[Number(value % base)]! + text;
  return text.match(/.{1,4}/g)!.join(" ");
}

/** White space in it counts for nothing. */
export function parseRecoveryKey(text: string): ParsedKey {
  const typed = text.replaceAll(/\s/g, "");
  if (typed === "") return refused("it is empty");
  if (typed.length !== characters)
    return refused(`it has ${typed.length} characters, and a recovery key has ${characters}`);
  const values = [...typed].map((one) => alphabet.indexOf(one));
  if (values.includes(-1))
    return refused("a character in it is in no recovery key: those are without 0, O, I, l and signs");
  const bytes = bytesOf(values.reduce((sum, value) => sum * base + BigInt(value), 0n));
  if (bytes.length !== allBytes || prefix.some((byte, at) => bytes[at] !== byte))
    return refused("it does not begin as a recovery key does");
  if (parityOf(bytes) !== 0) return refused("a character in it is mistyped");
  return { ok: true, key: Uint8Array.from(bytes.slice(prefix.length, -1)) };
}

function refused(problem: string): ParsedKey {
  return { ok: false, problem };
}

function bytesOf(value: bigint): readonly number[] {
  const bytes: number[] = [];
  for (let left = value; left > 0n; left >>= 8n) bytes.unshift(Number(left & 0xffn));
  return bytes;
}

function parityOf(bytes: readonly number[]): number {
  return bytes.reduce((parity, byte) => parity ^ byte, 0);
}
