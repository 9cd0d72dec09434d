/**
 * Rooms and lists that are protected or followed now, or no longer, without a command: because of a space or an upgrade.
 * They are gathered until they can be told in one message.
 */
import { code, count, joined, lines, say, type Say } from "../kit/say.ts";
import { roomName } from "../commands/shared/room-names.ts";
import type { Outcome } from "../model/decision.ts";
import type { RoomId } from "../model/ids.ts";
import type { SettingChange } from "../model/settings/change.ts";
import type { WorldView } from "../model/world/view.ts";

/** How long to wait for more: a space comes room by room, and a new room has a name only once we are in it. */
const quietMs = 3_000;
const longestMs = 15_000;
/** Rooms named in each sentence; the others are counted. */
const named = 5;

export class RoomNews {
  #changes: SettingChange[] = [];
  #firstAt = 0;
  #lastAt = 0;

  /** Only what we changed by ourselves: what a command changed is told in the reply to it. */
  note({ decision: { action, because }, result }: Outcome, at: number): void {
    if (action.kind !== "change-settings" || because.kind !== "self" || result.kind !== "done") return;
    if (!isNews(action.change)) return;
    if (this.#changes.length === 0) this.#firstAt = at;
    this.#lastAt = at;
    this.#changes.push(action.change);
  }

  nextAt(): number | undefined {
    return this.#changes.length === 0
      ? undefined
      : Math.min(this.#lastAt + quietMs, this.#firstAt + longestMs);
  }

  /** The message to send now; undefined while there is none, or more may follow. */
  due(at: number, world: WorldView): Say | undefined {
    const next = this.nextAt();
    // Where the clock was set back, the message is sent at once rather than hours later.
    if (next === undefined || (next > at && at >= this.#lastAt)) return undefined;
    const changes = this.#changes;
    this.#changes = [];
    return newsOf(changes, world);
  }
}

function isNews({ kind }: SettingChange): boolean {
  return ["protect", "unprotect", "follow-space", "unfollow-space", "watch"].includes(kind);
}

function newsOf(changes: readonly SettingChange[], world: WorldView): Say | undefined {
  const name = (id: RoomId) => roomName(id, world, 60);
  const spaces = changes.flatMap((one) => (one.kind === "follow-space" ? one : []));
  // A space is taken for a room until it is seen: it is told as a space alone.
  const areSpaces = new Set(spaces.map(({ room }) => room));
  const added = changes.flatMap((one) => (one.kind === "protect" ? one.room : []));
  const byOrigin = Map.groupBy(
    added.filter(({ room }) => !areSpaces.has(room)),
    ({ room, space }) => space ?? predecessorOf(room, world),
  );
  const removed = changes.flatMap((one) => (one.kind === "unprotect" ? one.room : []));
  const said = [
    ...spaces.map(({ room, through }) =>
      through
        ? say`The space ${name(room)}, which is in ${name(through)}, is followed too.`
        : say`${name(room)} is a space: I follow it, and protect the rooms in it.`,
    ),
    ...[...byOrigin].map(([origin, rooms]) =>
      arrival(
        origin,
        rooms.map(({ room }) => room),
        { world, name },
      ),
    ),
    ...(removed.length > 0
      ? [
          say`No longer protected, as no space that I follow holds ${removed.length === 1 ? "it" : "them"}: ${all(removed, name)}.`,
        ]
      : []),
    ...changes.flatMap((one) =>
      one.kind === "unfollow-space"
        ? [
            say`The space ${name(one.room)} is followed no longer, nor are its rooms protected: no space holds it any more.`,
          ]
        : [],
    ),
    ...changes.flatMap((one) =>
      one.kind === "watch"
        ? [
            say`A list was upgraded: I follow its successor ${name(one.list.room)} ${code(one.list.room)} as well.`,
          ]
        : [],
    ),
  ];
  return said.length === 0 ? undefined : lines(...said);
}

function arrival(
  origin: RoomId | undefined,
  rooms: readonly RoomId[],
  { world, name }: { world: WorldView; name: (id: RoomId) => Say },
): Say {
  if (origin !== undefined && world.settings.spaces.has(origin))
    return say`Now protected, through the space ${name(origin)}: ${all(rooms, name)}.`;
  if (origin !== undefined)
    return say`${name(origin)} was upgraded: its successor ${all(rooms, name)} is protected as well.`;
  return say`Now protected: ${all(rooms, name)}.`;
}

function predecessorOf(room: RoomId, world: WorldView): RoomId | undefined {
  return world.rooms.get(room)?.predecessor;
}

function all(rooms: readonly RoomId[], name: (id: RoomId) => Say): Say {
  const shown = rooms.slice(0, named).map((room) => say`${name(room)} ${code(room)}`);
  const more = rooms.length > named ? say` and ${count(rooms.length - named, "more room")}` : "";
  return say`${joined(shown)}${more}`;
}
