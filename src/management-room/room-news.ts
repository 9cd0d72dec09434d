/**
 * Rooms and lists that are protected or followed now, or no longer, without a command: because of a space or an upgrade.
 * They are gathered until they can be told in one message.
 */
import { code, count, joined, lines, say, someOf, type Say } from "../kit/say.ts";
import { roomName } from "../commands/shared/room-names.ts";
import type { Outcome } from "../model/decision.ts";
import type { RoomId } from "../model/ids.ts";
import type { SettingChange } from "../model/settings/change.ts";
import { holdersIn, isSpace, type ProtectedRoom } from "../model/settings/holders.ts";
import type { WorldView } from "../model/world/view.ts";

/** How long to wait for more: a space comes room by room, and a new room has a name only once we are in it. */
const quietMs = 3_000;
const longestMs = 15_000;
/** Rooms named in each sentence; the others are counted. */
const named = 5;
/** People named who have not come along to a new management room. */
const mostMissing = 10;

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
  return [
    "protect",
    "unprotect",
    "follow-space",
    "unfollow-space",
    "let-go",
    "watch",
    "use-management-room",
  ].includes(kind);
}

function newsOf(changes: readonly SettingChange[], world: WorldView): Say | undefined {
  const name = (id: RoomId) => roomName(id, world, 60);
  const said = [
    ...changes.flatMap((one) => (one.kind === "use-management-room" ? moved(one.room, world) : [])),
    ...arrivals(changes, { world, name }),
    ...departures(changes, { world, name }),
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

/** Whoever was in the old management room and is not in this one can command no longer. */
function moved(room: RoomId, world: WorldView): readonly Say[] {
  const before = world.rooms.get(room)?.predecessor;
  const missing = before
    ? [...world.members.membersOf(before, ["join"])].filter(
        (user) => !world.isModerator(user) && user !== world.self,
      )
    : [];
  const named = missing.map((user) => code(user));
  return [
    say`The management room was upgraded: this room has taken its place, and I hear commands here.`,
    ...(missing.length > 0
      ? [
          say`Not here yet, and no ${missing.length === 1 ? "moderator" : "moderators"} until they are: ${someOf(named, mostMissing)}.`,
        ]
      : []),
  ];
}

interface Telling {
  readonly world: WorldView;
  readonly name: (id: RoomId) => Say;
}

function arrivals(changes: readonly SettingChange[], telling: Telling): readonly Say[] {
  const { world, name } = telling;
  const spaces = changes.flatMap((one) => (one.kind === "follow-space" ? one : []));
  // A space is taken for a room until it is seen: it is told as a space alone.
  const areSpaces = new Set(spaces.map(({ room }) => room));
  // Two spaces may have brought the same room.
  const added = new Map(
    changes
      .flatMap((one) => (one.kind === "protect" && world.isProtected(one.room.room) ? one.room : []))
      .toReversed()
      .map((one) => [one.room, one] as const),
  );
  const byOrigin = Map.groupBy(
    [...added.values()].toReversed().filter(({ room }) => !areSpaces.has(room)),
    (one) => originOf(one, world),
  );
  return [
    ...spaces
      .filter(({ room }) => world.isProtected(room))
      .map(({ room, through, heldBy }) => {
        const outer = through ?? heldBy?.find(isSpace);
        return outer
          ? say`The space ${name(room)}, which is in ${name(outer)}, is followed too.`
          : say`${name(room)} is a space: I follow it, and protect the rooms in it.`;
      }),
    ...[...byOrigin].map(([origin, rooms]) =>
      arrival(
        origin,
        rooms.map(({ room }) => room),
        telling,
      ),
    ),
  ];
}

/** What nothing holds any more. What one space let go and something else holds is no news. */
function departures(changes: readonly SettingChange[], { world, name }: Telling): readonly Say[] {
  const gone = new Set(
    changes.flatMap((one) =>
      (one.kind === "let-go" || one.kind === "unprotect" || one.kind === "unfollow-space") &&
      !world.isProtected(one.room)
        ? one.room
        : [],
    ),
  );
  const [spaces, rooms] = [true, false].map((areSpaces) =>
    [...gone].filter((id) => (world.rooms.get(id)?.isSpace === true) === areSpaces),
  );
  return [
    ...(rooms!.length > 0
      ? [
          say`No longer protected, as no space that I follow holds ${rooms!.length === 1 ? "it" : "them"}: ${all(rooms!, name)}.`,
        ]
      : []),
    ...spaces!.map((space) => {
      const stay = [...(world.rooms.get(space)?.children().keys() ?? [])].filter((id) =>
        world.isProtected(id),
      );
      return stay.length === 0
        ? say`The space ${name(space)} is followed no longer, nor are its rooms protected: no space holds it any more.`
        : say`The space ${name(space)} is followed no longer: no space holds it any more. ${count(stay.length, "room")} in it ${stay.length === 1 ? "stays" : "stay"} protected, as something else holds ${stay.length === 1 ? "it" : "them"}.`;
    }),
  ];
}

function arrival(origin: RoomId | undefined, rooms: readonly RoomId[], { world, name }: Telling): Say {
  if (origin !== undefined && world.settings.spaces.has(origin))
    return say`Now protected, through the space ${name(origin)}: ${all(rooms, name)}.`;
  if (origin !== undefined)
    return say`${name(origin)} was upgraded: its successor ${all(rooms, name)} is protected as well.`;
  return say`Now protected: ${all(rooms, name)}.`;
}

/** The space that brought it, or else the room that it continues. */
function originOf(room: ProtectedRoom, world: WorldView): RoomId | undefined {
  return holdersIn(room).find(isSpace) ?? world.rooms.get(room.room)?.predecessor;
}

function all(rooms: readonly RoomId[], name: (id: RoomId) => Say): Say {
  const shown = rooms.slice(0, named).map((room) => say`${name(room)} ${code(room)}`);
  const more = rooms.length > named ? say` and ${count(rooms.length - named, "more room")}` : "";
  return say`${joined(shown)}${more}`;
}
