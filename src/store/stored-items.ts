/**
 * The world's collections on disk, one row an item: in the table `note` under the collection's name, but for two that
 * had tables of their own before there was one for all.
 */
import type { SpeakerRecord } from "../model/regulars.ts";
import type { ItemRow } from "../model/world/collections.ts";
import type { Database, Value } from "./database.ts";

interface OwnTable<T extends object> {
  readonly read: string;
  itemOf(columns: readonly Value[]): { readonly key: string; readonly item: T };
  readonly write: string;
  columnsOf(key: string, item: T): readonly Value[];
  readonly delete: string;
}

const questions: OwnTable<object> = {
  read: "SELECT id, question FROM question ORDER BY id",
  itemOf: ([id, question]) => ({ key: `${id as number}`, item: JSON.parse(question as string) as object }),
  write: "INSERT OR REPLACE INTO question VALUES (?, ?)",
  columnsOf: (key, question) => [Number(key), JSON.stringify(question)],
  delete: "DELETE FROM question WHERE id = ?",
};

/** In columns instead of JSON, as there may be a hundred thousand. The person silent for longest is read, and evicted, first. */
const speakers: OwnTable<SpeakerRecord> = {
  read: "SELECT user, first_day, last_day, days FROM speaker ORDER BY last_day",
  itemOf: ([user, firstDay, lastDay, days]) => ({
    key: user as string,
    item: { firstDay: firstDay as number, lastDay: lastDay as number, days: days as number },
  }),
  write: "INSERT OR REPLACE INTO speaker VALUES (?, ?, ?, ?)",
  columnsOf: (user, { firstDay, lastDay, days }) => [user, firstDay, lastDay, days],
  delete: "DELETE FROM speaker WHERE user = ?",
};

const ownTables: ReadonlyMap<string, OwnTable<object>> = new Map<string, OwnTable<object>>([
  ["question", questions],
  ["speaker", speakers],
]);

/** Every item that was written, the questions first. We wrote the rows, so the shape of an item is not checked again. */
export function* readItems(db: Database): Iterable<ItemRow> {
  for (const [collection, table] of ownTables)
    for (const columns of db.each(table.read))
      yield { kind: "item", collection, ...table.itemOf(columns) } as ItemRow;
  for (const [collection, key, value] of db.each("SELECT kind, key, value FROM note"))
    yield { kind: "item", collection, key, item: JSON.parse(value as string) } as ItemRow;
}

export function writeItem(db: Database, { collection, key, item }: ItemRow): void {
  const table = ownTables.get(collection);
  if (!table) return writeNote(db, { collection, key, item });
  if (item) db.run(table.write, ...table.columnsOf(key, item));
  else db.run(table.delete, key);
}

function writeNote(
  db: Database,
  { collection, key, item }: Pick<ItemRow, "collection" | "key" | "item">,
): void {
  if (item) db.run("INSERT OR REPLACE INTO note VALUES (?, ?, ?)", collection, key, JSON.stringify(item));
  else db.run("DELETE FROM note WHERE kind = ? AND key = ?", collection, key);
}
