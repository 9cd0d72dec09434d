/**
 * Keys of IndexedDB as bytes that sort as the keys do ("Key", W3C Indexed Database API 3.0, section 2.4): numbers before texts
 * before lists. Of the kinds of keys those that the engine uses; dates and bytes are refused.
 */

export type Key = number | string | readonly Key[];

const numberTag = 0x10;
const textTag = 0x30;
const listTag = 0x50;
/** Ends texts and lists. Sorts before every tag and every unit of a text, so that what is shorter comes first. */
const end = 0x00;

/** Units of a text that take one byte, and those that take two; all others take three. */
const oneByte = 0x7f;
const twoBytes = 0x4000;

/** Throws `DataError` for what is no key. */
export function encodeKey(value: unknown): Uint8Array {
  const key = keyIn(value);
  if (!key) throw new DOMException("this is no valid key", "DataError");
  return key;
}

/** Undefined for what is no key: a record with it is not in the index. */
export function keyIn(value: unknown): Uint8Array | undefined {
  const bytes: number[] = [];
  return write(value, bytes) ? Uint8Array.from(bytes) : undefined;
}

function write(value: unknown, bytes: number[]): boolean {
  if (typeof value === "number") return writeNumber(value, bytes);
  if (typeof value === "string") return writeText(value, bytes);
  if (Array.isArray(value)) {
    bytes.push(listTag);
    for (const one of value as unknown[]) if (!write(one, bytes)) return false;
    bytes.push(end);
    return true;
  }
  // Valid keys in IndexedDB, so that leaving them out of an index would be a silent mistake.
  if (value instanceof Date || ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
    throw new DOMException("keys that are dates or bytes are not supported here", "DataError");
  return false;
}

const double = new DataView(new ArrayBuffer(8));

/** IEEE 754 bits sort as numbers do once the sign bit is turned over, and all bits of those below zero. */
function writeNumber(value: number, bytes: number[]): boolean {
  if (Number.isNaN(value)) return false;
  // Minus zero is the same key as zero.
  double.setFloat64(0, value + 0);
  const turned = value < 0 ? 0xff : 0x00;
  bytes.push(numberTag, double.getUint8(0) ^ (turned | 0x80));
  for (let at = 1; at < 8; at++) bytes.push(double.getUint8(at) ^ turned);
  return true;
}

/** Texts sort by their UTF-16 units. */
function writeText(value: string, bytes: number[]): boolean {
  bytes.push(textTag);
  for (let at = 0; at < value.length; at++) {
    const unit = value.charCodeAt(at);
    const beyond = unit - oneByte;
    if (beyond < 0) bytes.push(unit + 1);
    else if (beyond < twoBytes) bytes.push(0x80 | (beyond >> 8), beyond & 0xff);
    else bytes.push(0xc0, unit >> 8, unit & 0xff);
  }
  bytes.push(end);
  return true;
}

/** Of bytes that `encodeKey` made. */
export function decodeKey(bytes: Uint8Array): Key {
  return read(bytes, 0)[0];
}

/** The key, and where the next one begins. */
function read(bytes: Uint8Array, from: number): [Key, number] {
  const tag = bytes[from];
  if (tag === numberTag) return [readNumber(bytes, from + 1), from + 9];
  if (tag === textTag) return readText(bytes, from + 1);
  if (tag !== listTag) throw new Error("a stored key is damaged");
  const list: Key[] = [];
  let at = from + 1;
  while (bytes[at] !== end) {
    const [one, next] = read(bytes, at);
    list.push(one);
    at = next;
  }
  return [list, at + 1];
}

function readNumber(bytes: Uint8Array, from: number): number {
  const isNegative = (bytes[from]! & 0x80) === 0;
  const turned = isNegative ? 0xff : 0x00;
  double.setUint8(0, bytes[from]! ^ (turned | 0x80));
  for (let at = 1; at < 8; at++) double.setUint8(at, bytes[from + at]! ^ turned);
  return double.getFloat64(0);
}

function readText(bytes: Uint8Array, from: number): [string, number] {
  let text = "";
  let at = from;
  for (let byte = bytes[at]!; byte !== end; byte = bytes[at]!) {
    if (byte < 0x80) {
      text += String.fromCharCode(byte - 1);
      at += 1;
    } else if (byte < 0xc0) {
      text += String.fromCharCode((((byte & 0x3f) << 8) | bytes[at + 1]!) + oneByte);
      at += 2;
    } else {
      text += String.fromCharCode((bytes[at + 1]! << 8) | bytes[at + 2]!);
      at += 3;
    }
    if (at >= bytes.length) throw new Error("a stored key is damaged");
  }
  return [text, at + 1];
}

/** Before all keys, and after them. Not empty: SQLite would take no bytes for no value. */
const lowest = Uint8Array.of(0x00);
const highest = Uint8Array.of(0xff);

/** Keys from `from` up to, and without, `to`: what is called `IDBKeyRange`. */
export class KeyRange {
  readonly from: Uint8Array;
  readonly to: Uint8Array;

  constructor(from: Uint8Array, to: Uint8Array) {
    this.from = from;
    this.to = to;
  }

  static only(key: unknown): KeyRange {
    const only = encodeKey(key);
    return new KeyRange(only, after(only));
  }

  static lowerBound(lower: unknown, isOpen = false): KeyRange {
    const from = encodeKey(lower);
    return new KeyRange(isOpen ? after(from) : from, highest);
  }

  static upperBound(upper: unknown, isOpen = false): KeyRange {
    const to = encodeKey(upper);
    return new KeyRange(lowest, isOpen ? to : after(to));
  }

  static bound(lower: unknown, upper: unknown, lowerOpen = false, upperOpen = false): KeyRange {
    const { from } = KeyRange.lowerBound(lower, lowerOpen);
    const { to } = KeyRange.upperBound(upper, upperOpen);
    // Both open around one key is nothing at all, which the standard refuses, too.
    if (Buffer.compare(from, to) >= 0)
      throw new DOMException("the lower key of the range is above its upper key", "DataError");
    return new KeyRange(from, to);
  }
}

export const everything = new KeyRange(lowest, highest);

/** What comes right after a key in the order of bytes. */
export function after(key: Uint8Array): Uint8Array {
  const next = new Uint8Array(key.length + 1);
  next.set(key);
  return next;
}

/** A key, or a range of them, as reading and deleting take it. */
export function rangeOf(query: unknown): KeyRange {
  return query instanceof KeyRange ? query : KeyRange.only(query);
}

/** The same where nothing means everything. */
export function rangeOrAll(query: unknown): KeyRange {
  return query === undefined || query === null ? everything : rangeOf(query);
}
