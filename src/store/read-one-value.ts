/** Reads one value from the database of a data folder without making, migrating or locking anything. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { databaseFile } from "./files.ts";
import { refuseStrangers } from "./file-header.ts";
import { unusable } from "./storage-errors.ts";

/** Undefined where there is no such folder, no database in it, or nothing under this name. */
export function readKept(dataPath: string, name: string): string | undefined {
  const file = join(dataPath, databaseFile);
  if (!existsSync(file)) return undefined;
  try {
    refuseStrangers(file);
    const sqlite = new DatabaseSync(file, { readOnly: true, timeout: 10_000 });
    try {
      const value = sqlite.prepare("SELECT value FROM keep WHERE name = ?").get(name)?.["value"];
      return typeof value === "string" ? value : undefined;
    } finally {
      sqlite.close();
    }
  } catch (error) {
    throw unusable(error, dataPath);
  }
}
