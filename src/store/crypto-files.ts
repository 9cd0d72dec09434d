/** The files of encryption in the data folder, besides what the engine itself writes: whose keys they are, and two secrets. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { cryptoFile } from "./files.ts";

/** SQLite writes two more files beside a database that is open. */
const parts = ["", "-wal", "-shm"];

/** ":memory:" where nothing is kept. */
export function cryptoPath(dataPath: string): string {
  return dataPath === ":memory:" ? dataPath : join(dataPath, cryptoFile);
}

/** Keys of a device that is ours no more are kept under its name for a while: a mistake must not lose them. */
export function setCryptoAside(dataPath: string, device: string): void {
  const file = cryptoPath(dataPath);
  if (dataPath === ":memory:" || !existsSync(file)) return;
  const kept = asidePath(dataPath, device);
  for (const part of parts) {
    rmSync(`${kept}${part}`, { force: true });
    if (existsSync(`${file}${part}`)) renameSync(`${file}${part}`, `${kept}${part}`);
  }
}

/** Only what was set aside: a copy that somebody made beside it has another name. */
export function removeCryptoAside(dataPath: string, device: string): void {
  if (dataPath === ":memory:") return;
  for (const part of parts) rmSync(`${asidePath(dataPath, device)}${part}`, { force: true });
}

function asidePath(dataPath: string, device: string): string {
  return `${cryptoPath(dataPath)}.${device.replace(/[^\w-]/g, "_").slice(0, 60)}`;
}

/** A secret that is one line of text; undefined where there is no such file. */
export function readSecretLine(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Readable by its owner only; under another name first, so that a file of this name is whole. */
export function writeSecretLine(file: string, secret: string): void {
  const unfinished = `${file}.new`;
  rmSync(unfinished, { force: true });
  const handle = openSync(unfinished, "wx", 0o600);
  try {
    writeSync(handle, `${secret}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(unfinished, file);
}
