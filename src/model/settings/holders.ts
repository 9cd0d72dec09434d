/**
 * What keeps a room protected and a space followed. Several things may: each lets go for itself, and only when nothing
 * holds it any more the room is given up.
 */
import type { RoomId } from "../ids.ts";

/** A person's word (by command or in the config), that all rooms we are in are protected, or the followed space that has it. */
export type Holder = "hand" | "joined" | RoomId;

export interface ProtectedRoom {
  readonly room: RoomId;
  /** Servers that may help to join. */
  readonly via: readonly string[];
  /** The space that holds it; undefined where a person named it. */
  readonly space: RoomId | undefined;
  /** All that hold it, where that is anything but the one that `space` tells. */
  readonly heldBy?: readonly Holder[];
}

/** What is protected, and what holds it. */
export interface HeldRooms {
  /** Protected rooms, followed spaces left out. */
  readonly rooms: ReadonlyMap<RoomId, ProtectedRoom>;
  /** Spaces that are protected together with their rooms, each with the servers that may help to join it. */
  readonly spaces: ReadonlyMap<RoomId, readonly string[]>;
  /** What holds each followed space, where that is anything but a person's word. */
  readonly spacesWithin: ReadonlyMap<RoomId, readonly Holder[]>;
}

type Held = Pick<ProtectedRoom, "space" | "heldBy">;

export function holdersIn({ space, heldBy }: Held): readonly Holder[] {
  return heldBy ?? [space ?? "hand"];
}

/** Everything that holds the room or space; nothing where it is neither protected nor followed. */
export function holdersOf(room: RoomId, { rooms, spaces, spacesWithin }: HeldRooms): readonly Holder[] {
  const held = rooms.get(room);
  if (held) return holdersIn(held);
  return spaces.has(room) ? (spacesWithin.get(room) ?? ["hand"]) : [];
}

/** The shortest form: versions that know of one holder alone read it as what a person named, or as of the first space. */
export function heldRoom(
  { room, via }: Pick<ProtectedRoom, "room" | "via">,
  holders: readonly Holder[],
): ProtectedRoom {
  const space = holders.includes("hand") ? undefined : holders.find(isSpace);
  return holders.length === 1 && holders[0] !== "joined"
    ? { room, via, space }
    : { room, via, space, heldBy: holders };
}

/** The room; of a followed space also the rooms that it holds, and those of the spaces in it. */
export function roomsWithin(room: RoomId, settings: HeldRooms): ReadonlySet<RoomId> {
  const all = new Set([room]);
  if (!settings.spaces.has(room)) return all;
  // A Set may grow while it is iterated: spaces added here are visited as well.
  for (const outer of all)
    if (settings.spaces.has(outer))
      for (const inner of [...settings.rooms.keys(), ...settings.spaces.keys()])
        if (holdersOf(inner, settings).includes(outer)) all.add(inner);
  return all;
}

export function withHolders(before: readonly Holder[], more: readonly Holder[]): readonly Holder[] {
  return [...new Set([...before, ...more])].toSorted((a, b) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1));
}

type Spaces = Pick<HeldRooms, "spaces" | "spacesWithin">;

/**
 * What is left of the rooms and spaces of `after` where a space has gone or has lost a holder: what hung on that alone goes,
 * too, and so do spaces that hold nothing but each other, in a circle.
 */
export function settled(after: HeldRooms, before: Spaces): HeldRooms {
  const [stood, standing] = [standingSpaces(before, before), standingSpaces(after, before)];
  const gone = new Set(
    [...before.spaces.keys()].filter((id) => !after.spaces.has(id) || (stood.has(id) && !standing.has(id))),
  );
  const stands = (holder: Holder) => !isSpace(holder) || !gone.has(holder);
  return {
    spaces: new Map([...after.spaces].filter(([id]) => !gone.has(id))),
    spacesWithin: new Map(
      [...after.spacesWithin].flatMap(([id, holders]) =>
        gone.has(id) ? [] : [[id, holders.filter(stands)] as const],
      ),
    ),
    rooms: new Map(
      [...after.rooms].flatMap(([id, room]) => {
        const left = withoutHolders(room, (holder) => !stands(holder));
        return left ? [[id, left] as const] : [];
      }),
    ),
  };
}

/** The room without some that hold it; undefined where nothing else does. */
export function withoutHolders(
  room: ProtectedRoom,
  isGone: (holder: Holder) => boolean,
): ProtectedRoom | undefined {
  const holders = holdersIn(room);
  const left = holders.filter((holder) => !isGone(holder));
  if (left.length === holders.length) return room;
  return left.length > 0 ? heldRoom(room, left) : undefined;
}

/** The spaces that something else than spaces among `all` holds, directly or through others. */
function standingSpaces({ spaces, spacesWithin }: Spaces, all: Pick<Spaces, "spaces">): ReadonlySet<RoomId> {
  const standing = new Set<RoomId>();
  const stands = (holder: Holder) => !isSpace(holder) || !all.spaces.has(holder) || standing.has(holder);
  for (let grown = -1; grown !== standing.size;) {
    grown = standing.size;
    for (const id of spaces.keys()) if ((spacesWithin.get(id) ?? ["hand"]).some(stands)) standing.add(id);
  }
  return standing;
}

/** The order in which they are told: a person's word first. */
function rankOf(holder: Holder): number {
  return holder === "hand" ? 0 : isSpace(holder) ? 1 : 2;
}

export function isSpace(holder: Holder): holder is RoomId {
  return holder !== "hand" && holder !== "joined";
}
