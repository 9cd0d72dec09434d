// One file of records, each with its length and checksum. Appending is synchronous and on disk when it returns;
// reading stops at the first damaged record, which can only be one that was being written during a crash.
// Record: length (4 bytes), CRC-32 (4 bytes), the value as v8 serialises it.

"use strict";

const fs = require("node:fs");
const v8 = require("node:v8");
const zlib = require("node:zlib");

const HEADER_BYTES = 8;

class Journal {
  #file;
  #descriptor;

  constructor(file) {
    this.#file = file;
  }

  get bytes() {
    return fs.existsSync(this.#file) ? fs.statSync(this.#file).size : 0;
  }

  append(value) {
    this.#descriptor ??= fs.openSync(this.#file, "a", 0o600);
    fs.writevSync(this.#descriptor, record(value));
    fs.fdatasyncSync(this.#descriptor);
  }

  /** Every record in order. A torn end is cut off, so that the next append follows a whole record. */
  *read() {
    if (!fs.existsSync(this.#file)) return;
    const bytes = fs.readFileSync(this.#file);
    let offset = 0;
    while (offset + HEADER_BYTES <= bytes.length) {
      const start = offset + HEADER_BYTES;
      const end = start + bytes.readUInt32LE(offset);
      if (end > bytes.length) break;
      const payload = bytes.subarray(start, end);
      if (zlib.crc32(payload) !== bytes.readUInt32LE(offset + 4)) break;
      yield v8.deserialize(payload);
      offset = end;
    }
    if (offset < bytes.length) fs.truncateSync(this.#file, offset);
  }

  /** Puts these records in place of all others: after a crash there are the old ones or the new ones. */
  replace(values) {
    this.close();
    const draft = `${this.#file}.draft`;
    const descriptor = fs.openSync(draft, "w", 0o600);
    for (const value of values) fs.writevSync(descriptor, record(value));
    fs.fsyncSync(descriptor);
    fs.closeSync(descriptor);
    fs.renameSync(draft, this.#file);
  }

  remove() {
    this.close();
    fs.rmSync(this.#file, { force: true });
  }

  close() {
    if (this.#descriptor === undefined) return;
    fs.closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}

function record(value) {
  const payload = v8.serialize(value);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(payload.length, 0);
  header.writeUInt32LE(zlib.crc32(payload), 4);
  return [header, payload];
}

module.exports = { Journal };
