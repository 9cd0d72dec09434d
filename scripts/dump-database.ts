// `node scripts/dump-database.ts FILE`: a database of Tyr as SQL text, so that a test can keep one of an old version.

import { DatabaseSync } from "node:sqlite";

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error("usage: node scripts/dump-database.ts FILE");
  process.exit(2);
}
const sqlite = new DatabaseSync(file, { readOnly: true });
const rows = (sql: string): readonly Record<string, unknown>[] => sqlite.prepare(sql).all();

for (const pragma of ["application_id", "user_version"])
  console.log(`PRAGMA ${pragma} = ${String(rows(`PRAGMA ${pragma}`)[0]![pragma])};`);
for (const { name, sql } of rows(
  "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid",
)) {
  // SQLite keeps this table by itself.
  if (String(name).startsWith("sqlite_")) continue;
  console.log(`${String(sql).replaceAll(/\s+/g, " ")};`);
}
for (const { name } of rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")) {
  const columns = rows(`PRAGMA table_info(${String(name)})`).map((column) => `"${String(column["name"])}"`);
  const values = columns.map((column) => `quote(${column})`).join(" || ', ' || ");
  for (const { row } of rows(`SELECT ${values} AS row FROM ${String(name)}`))
    console.log(`INSERT INTO ${String(name)} (${columns.join(", ")}) VALUES (${String(row)});`);
}
sqlite.close();
