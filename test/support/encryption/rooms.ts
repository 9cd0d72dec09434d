/** What a client knows of its rooms from /sync: who is there, and whether what is said is encrypted. */
import { asString } from "../../homeserver/json.ts";
import type { RawEvent } from "./opened.ts";

class Room {
  /** For good: taking the state event away changes nothing. */
  isEncrypted = false;
  visibility = "shared";
  readonly members = new Map<string, string>();

  /** Who gets the keys: invited people, too, where they may read what was said before they came. */
  get readers(): readonly string[] {
    const wanted = this.visibility === "joined" ? ["join"] : ["join", "invite"];
    return [...this.members].filter(([, membership]) => wanted.includes(membership)).map(([user]) => user);
  }
}

export class Rooms {
  readonly #rooms = new Map<string, Room>();

  of(roomId: string): Room {
    let room = this.#rooms.get(roomId);
    if (room === undefined) this.#rooms.set(roomId, (room = new Room()));
    return room;
  }

  see(roomId: string, { type, state_key: key, content }: RawEvent): void {
    if (key === undefined) return;
    const room = this.of(roomId);
    if (type === "m.room.member") room.members.set(key, asString(content["membership"]) ?? "leave");
    if (type === "m.room.encryption") room.isEncrypted = true;
    if (type === "m.room.history_visibility")
      room.visibility = asString(content["history_visibility"]) ?? "shared";
  }

  /** Everybody whose devices matter. */
  get readers(): readonly string[] {
    const encrypted = [...this.#rooms.values()].filter(({ isEncrypted }) => isEncrypted);
    return [...new Set(encrypted.flatMap((room) => room.readers))];
  }
}
