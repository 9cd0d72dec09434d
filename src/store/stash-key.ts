/**
 * The key of the stash, in a file of its own beside the database, readable by its owner only. Made where there is none; a
 * file that is no key is left as it is, as it may be the damaged key of what is kept.
 */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { secretBytes } from "../kit/random.ts";
import { keyBytes } from "../kit/seal.ts";
import { stashKeyFile } from "./files.ts";
import { reasonOf } from "./storage-errors.ts";

export type StashKey =
  | { readonly kind: "key"; readonly key: Uint8Array }
  /** Nothing is to be kept. */
  | { readonly kind: "none" }
  /** Nothing can be kept or read. `reason`: in words, with what to do. */
  | { readonly kind: "unusable"; readonly reason: string };

/** `dataPath`: `:memory:` for a key that ends with the process. */
export function stashKeyIn(dataPath: string): StashKey {
  if (dataPath === ":memory:") return { kind: "key", key: secretBytes(keyBytes) };
  const file = join(dataPath, stashKeyFile);
  try {
    return readKey(file) ?? makeKey(file);
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === undefined) throw error;
    return { kind: "unusable", reason: `${file} cannot be used: ${reason}` };
  }
}

function readKey(file: string): StashKey | undefined {
  let text: string;
  try {
    text = readFileSync(file, "latin1").trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const key = Buffer.from(text, "base64");
  if (/^[A-Za-z0-9+/]+=*$/.test(text) && key.length === keyBytes) return { kind: "key", key };
  return {
    kind: "unusable",
    reason: `${file} is no key. Put the right one back; or remove it, and I make another at the next start`,
  };
}

/** Under another name first, so that a file of this name is a whole key. */
function makeKey(file: string): StashKey {
  const key = secretBytes(keyBytes);
  const unfinished = `${file}.new`;
  rmSync(unfinished, { force: true });
  const handle = openSync(unfinished, "wx", 0o600);
  try {
    writeSync(handle, `${Buffer.from(key).toString("base64")}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(unfinished, file);
  return { kind: "key", key };
}
