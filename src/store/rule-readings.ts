/**
 * Keeps what rules were read to be (`automod/readings.ts`) from one run to the next. Only a shortcut: what cannot be
 * written is read again after the next start, and what was not asked for in a run is forgotten.
 */
import type { Database } from "./database.ts";

const prefix = "rule reading ";

export class RuleReadings {
  readonly name = "readings of rules";
  readonly #db: Database;
  readonly #asked = new Set<string>();
  readonly #unwritten = new Map<string, string>();
  #isTidy = false;

  constructor(db: Database) {
    this.#db = db;
  }

  readonly get = (key: string): string | undefined => {
    this.#asked.add(key);
    return this.#db.all("SELECT value FROM keep WHERE name = ?", prefix + key)[0]?.[0] as string | undefined;
  };

  readonly put = (key: string, reading: string): void => {
    this.#asked.add(key);
    this.#unwritten.set(key, reading);
  };

  /** With each batch, outside of its transaction. */
  seen(): void {
    if (this.#asked.size === 0 || (this.#isTidy && this.#unwritten.size === 0)) return;
    try {
      this.#db.transaction(() => this.#write());
    } catch {
      // As on a full disk, which others tell of. The rules were read, and are in force.
    }
    this.#isTidy = true;
    this.#unwritten.clear();
  }

  /** Readings of another database, so that nothing has to be read anew. */
  static copy(from: Database, to: Database): void {
    const readings = from.all(
      "SELECT name, value FROM keep WHERE name >= ? AND name < ?",
      prefix,
      `${prefix}~`,
    );
    to.transaction(() => {
      for (const [name, value] of readings)
        to.run("INSERT OR REPLACE INTO keep (name, value) VALUES (?, ?)", name!, value!);
    });
  }

  #write(): void {
    if (!this.#isTidy)
      for (const [name] of this.#db.all(
        "SELECT name FROM keep WHERE name >= ? AND name < ?",
        prefix,
        `${prefix}~`,
      ))
        if (!this.#asked.has((name as string).slice(prefix.length)))
          this.#db.run("DELETE FROM keep WHERE name = ?", name!);
    for (const [key, reading] of this.#unwritten)
      this.#db.run("INSERT OR REPLACE INTO keep (name, value) VALUES (?, ?)", prefix + key, reading);
  }
}
