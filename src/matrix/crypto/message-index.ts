/** Where a message stands in its sender's session, out of the first bytes of its cipher ("Megolm", "Message format"). */

/** Version of the format, then fields with a tag each; the first is the index. */
const [formatVersion, indexTag] = [3, 0x08];
/** Letters of base64 that hold version, tag and an index of 32 bits. */
const lettersLookedAt = 12;

/** Undefined where it is no message of Megolm. */
export function messageIndexOf(ciphertext: string): number | undefined {
  const bytes = Buffer.from(ciphertext.slice(0, lettersLookedAt), "base64");
  if (bytes[0] !== formatVersion || bytes[1] !== indexTag) return undefined;
  let index = 0;
  // Seven bits a byte, the lowest first; the highest bit says that more follow.
  for (let i = 0; i < 5; i++) {
    const byte = bytes[2 + i];
    if (byte === undefined) return undefined;
    index += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return index;
  }
  return undefined;
}
