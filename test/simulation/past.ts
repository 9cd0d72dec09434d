/** The history of the rooms by position in the server's stream: who was a member, who made them one, with which level. */
import type { Story } from "../support/story.ts";
import type { ClientEvent } from "../homeserver/event.ts";

export interface AccountStatus {
  readonly position: number;
  readonly membership: string;
  readonly sender: string;
}

export class RoomPast {
  readonly #story: Story;
  readonly #members = new Map<string, AccountStatus[]>();
  readonly #levels = new Map<
    string,
    { readonly position: number; readonly users: Record<string, number> }[]
  >();
  readonly #positions = new Map<string, number>();

  constructor(story: Story, rooms: readonly string[]) {
    this.#story = story;
    for (const room of rooms)
      for (const type of ["m.room.member", "m.room.power_levels"])
        for (const event of story.homeserver.stateOfType(room, type)) this.#note(event);
    story.homeserver.onEvent((event) => this.#note(event));
  }

  /** Where in the stream the event stands; undefined for what came before we listened. */
  positionOf(event: string): number | undefined {
    return this.#positions.get(event);
  }

  /** How the person stood in the room then. */
  standing(room: string, user: string, position = Infinity): AccountStatus | undefined {
    return this.#members.get(`${room} ${user}`)?.findLast((one) => one.position <= position);
  }

  /** Since when the person has been in the room without a break; undefined where they were not in it then. */
  inSince(room: string, user: string, position = Infinity): number | undefined {
    const log = (this.#members.get(`${room} ${user}`) ?? []).filter((one) => one.position <= position);
    let since: number | undefined;
    for (const { membership, position: at } of log) {
      if (membership !== "join") since = undefined;
      else since ??= at;
    }
    return since;
  }

  level(room: string, user: string, position = Infinity): number {
    return this.#levels.get(room)?.findLast((one) => one.position <= position)?.users[user] ?? 0;
  }

  #note({ type, room_id: room = "", state_key: key, content, sender, event_id: event }: ClientEvent): void {
    const { position } = this.#story.homeserver;
    this.#positions.set(event, position);
    if (type === "m.room.member" && key !== undefined) {
      const place = `${room} ${key}`;
      const log = this.#members.get(place) ?? [];
      log.push({ position, membership: String(content["membership"]), sender });
      this.#members.set(place, log);
    }
    if (type === "m.room.power_levels") {
      const log = this.#levels.get(room) ?? [];
      log.push({ position, users: (content["users"] ?? {}) as Record<string, number> });
      this.#levels.set(room, log);
    }
  }
}
