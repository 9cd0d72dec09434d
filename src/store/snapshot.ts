/** The world on disk: one row for each thing that is believed, written as it changes and read whole at a restart. */
import { parseUserId, type RoomId, type UserId } from "../model/ids.ts";
import type { StateEvent } from "../model/event.ts";
import type { MemberRecord } from "../model/member-record.ts";
import { settingsFromJson, settingsToJson } from "../model/settings/settings.ts";
import type { RoomSummary, Row } from "../model/world/changes.ts";
import type { Database } from "./database.ts";
import { readItems, writeItem } from "./stored-items.ts";

export class Snapshot {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** To be called in the transaction that writes the journal's entries of the same observations. */
  write(rows: readonly Row[]): void {
    for (const row of rows) this.#writeRow(row);
  }

  /** Everything that was written: settings, questions and other items, rooms, then state and members. */
  *read(): Iterable<Row> {
    const settings = this.kept("settings");
    if (settings !== undefined) yield { kind: "settings", settings: settingsFromJson(settings) };
    yield* readItems(this.#db);
    for (const [room, summary] of this.#db.all("SELECT room, summary FROM room")) {
      yield { kind: "room", room: room as RoomId, summary: JSON.parse(summary as string) as RoomSummary };
    }
    for (const [room, type, stateKey, event] of this.#db.each(
      "SELECT room, type, state_key, event FROM state",
    )) {
      yield {
        kind: "state",
        room: room as RoomId,
        type: type as string,
        stateKey: stateKey as string,
        event: JSON.parse(event as string) as StateEvent,
      };
    }
    // A room id repeats in thousands of rows: all share one string object.
    const interned = new Map<string, RoomId>();
    for (const [name, user, membership, stamp, ours, forList, since] of this.#db.each(
      "SELECT room, user, membership, stamp, ours, for_list, since FROM member",
    )) {
      const room = interned.get(name as string) ?? (name as RoomId);
      interned.set(room, room);
      yield {
        kind: "member",
        room,
        user: user as UserId,
        record: recordOf(membership, stamp, { ours, forList, since }),
      };
    }
  }

  /** A single value under a name: the sync token, our user id, the password login's token. */
  kept(name: string): string | undefined {
    return this.#db.all("SELECT value FROM keep WHERE name = ?", name)[0]?.[0] as string | undefined;
  }

  keep(name: string, value: string): void {
    this.#db.run(
      "INSERT INTO keep (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
      name,
      value,
    );
  }

  forget(name: string): void {
    this.#db.run("DELETE FROM keep WHERE name = ?", name);
  }

  get user(): UserId | undefined {
    return parseUserId(this.kept("user"));
  }

  #writeRow(row: Row): void {
    switch (row.kind) {
      case "state": {
        const { room, type, stateKey } = row;
        // An event that is nested too deeply to be serialised is not kept: nothing that we act on is nested so deeply.
        const event = row.event && serialised(row.event);
        if (event === undefined)
          this.#db.run(
            "DELETE FROM state WHERE room = ? AND type = ? AND state_key = ?",
            room,
            type,
            stateKey,
          );
        else this.#db.run("INSERT OR REPLACE INTO state VALUES (?, ?, ?, ?)", room, type, stateKey, event);
        return;
      }
      case "member":
        if (row.record) {
          const { membership, stamp, isOurs, forList, since } = row.record;
          this.#db.run(
            "INSERT OR REPLACE INTO member VALUES (?, ?, ?, ?, ?, ?, ?)",
            row.room,
            row.user,
            membership,
            stamp,
            Number(isOurs),
            forList ?? null,
            since,
          );
        } else this.#db.run("DELETE FROM member WHERE room = ? AND user = ?", row.room, row.user);
        return;
      case "room":
        this.#db.run("INSERT OR REPLACE INTO room VALUES (?, ?)", row.room, JSON.stringify(row.summary));
        return;
      case "room-forgotten":
        this.#db.run("DELETE FROM member WHERE room = ?", row.room);
        return;
      case "room-gone":
        for (const table of ["room", "state", "member"])
          this.#db.run(`DELETE FROM ${table} WHERE room = ?`, row.room);
        return;
      case "settings":
        this.keep("settings", settingsToJson(row.settings));
        return;
      case "item":
        return writeItem(this.#db, row);
    }
  }
}

function serialised(event: StateEvent): string | undefined {
  try {
    return JSON.stringify(event);
  } catch {
    return undefined;
  }
}

function recordOf(
  membership: unknown,
  stamp: unknown,
  { ours, forList, since }: { ours: unknown; forList: unknown; since: unknown },
): MemberRecord {
  return {
    membership: membership as MemberRecord["membership"],
    stamp: stamp as number,
    isOurs: ours === 1,
    forList: (forList as RoomId | null) ?? undefined,
    since: since as number,
  };
}
