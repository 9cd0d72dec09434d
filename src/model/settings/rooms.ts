/** Which rooms are protected and what holds each, which are kept out, and where the management room is. */
import { without, withoutAll, withEntry, withOne, withoutEntry } from "../../kit/immutable.ts";
import type { RoomId } from "../ids.ts";
import type { AnswerSettings } from "./answers.ts";
import type { ChangeRows } from "./change-row.ts";
import {
  heldRoom,
  holdersIn,
  holdersOf,
  settled,
  withHolders,
  withoutHolders,
  type HeldRooms,
  type Holder,
  type ProtectedRoom,
} from "./holders.ts";

export interface RoomSettings extends HeldRooms {
  readonly managementRoom: RoomId | undefined;
  /** Rooms, spaces and lists taken out by command: neither a space nor the config brings them back. */
  readonly excluded: ReadonlySet<RoomId>;
  /** All rooms that we are in are protected. */
  readonly protectsJoined: true | undefined;
}

export type RoomChange =
  | { readonly kind: "use-management-room"; readonly room: RoomId }
  /** Protects the room. `room.heldBy`: who wants it protected (a person, the config, a space); it stays so while one of them does. */
  | { readonly kind: "protect"; readonly room: ProtectedRoom }
  /** Ends the protection, whoever wants it. `excludes`: a person said so, and no space or config may bring it back. */
  | { readonly kind: "unprotect"; readonly room: RoomId; readonly excludes: boolean }
  /** `through`: the space that holds it; `heldBy`: all that hold it. Without both a person named it. */
  | {
      readonly kind: "follow-space";
      readonly room: RoomId;
      readonly via: readonly string[];
      readonly through?: RoomId;
      readonly heldBy?: readonly Holder[];
    }
  /** Whatever holds it; spaces and rooms that nothing else holds go, too. `excludes`: as with rooms, but absent means yes. */
  | { readonly kind: "unfollow-space"; readonly room: RoomId; readonly excludes?: boolean }
  /** One more thing holds a room that is protected or a space that is followed. */
  | { readonly kind: "hold"; readonly room: RoomId; readonly by: Holder }
  /** One thing less holds it; when it was the last, the room is protected no longer. */
  | { readonly kind: "let-go"; readonly room: RoomId; readonly by: Holder }
  | { readonly kind: "protect-joined"; readonly on: boolean };

type Changed = Partial<RoomSettings>;

export const roomChanges: ChangeRows<RoomSettings & Pick<AnswerSettings, "rejected">, RoomChange> = {
  "use-management-room": {
    // Protected, it would let a rule remove its own moderators.
    apply: ({ rooms }, { room }) => ({ managementRoom: room, rooms: withoutEntry(rooms, room) }),
    // A start sets it, out of the config, or an upgrade: no command does.
    inverse: () => undefined,
    holds: ({ room }, { managementRoom }) => managementRoom === room,
    subject: ({ room }) => room,
  },
  protect: {
    apply: (settings, { room }) => ({
      ...withHeld(settings, room.room, { via: room.via, holders: holdersIn(room) }),
      excluded: without(settings.excluded, room.room),
      // A no to what lists ask for in the room, from an earlier time under protection, counts no longer: it is asked anew.
      rejected: settings.rejected.has(room.room)
        ? withoutAll(settings.rejected, [room.room])
        : settings.rejected,
    }),
    inverse: ({ room }, before) => lettingGo(room.room, holdersIn(room), before),
    holds: ({ room }, now) => isHeldBy(room.room, holdersIn(room), now),
    subject: ({ room: { room } }) => room,
  },
  unprotect: {
    apply: ({ rooms, excluded }, { room, excludes }) => ({
      rooms: withoutEntry(rooms, room),
      excluded: excludes ? withOne(excluded, room) : excluded,
    }),
    inverse: ({ room: id }, { rooms }) => {
      const room = rooms.get(id);
      return room && { kind: "protect", room };
    },
    holds: ({ room }, { rooms }) => !rooms.has(room),
    subject: ({ room }) => room,
  },
  "follow-space": {
    apply: (settings, change) => {
      const { room, via } = change;
      // Before we had seen what it is, the space may have been protected as a room.
      const spaces = withEntry(settings.spaces, room, settings.spaces.get(room) ?? via);
      const holders = withHolders(
        settings.spaces.has(room) ? holdersOf(room, settings) : [],
        holdersOfFollowed(change),
      );
      return {
        ...withSpaceHolders({ ...settings, spaces }, room, holders),
        spaces,
        rooms: withoutEntry(settings.rooms, room),
        excluded: without(settings.excluded, room),
      };
    },
    inverse: (change, before) =>
      lettingGo(change.room, holdersOfFollowed(change), { ...before, rooms: new Map() }),
    holds: (change, now) =>
      now.spaces.has(change.room) && isHeldBy(change.room, holdersOfFollowed(change), now),
    subject: ({ room }) => room,
  },
  "unfollow-space": {
    apply: (settings, { room, excludes }) => ({
      ...settled(
        {
          ...settings,
          spaces: withoutEntry(settings.spaces, room),
          spacesWithin: withoutEntry(settings.spacesWithin, room),
        },
        settings,
      ),
      excluded: excludes === false ? settings.excluded : withOne(settings.excluded, room),
    }),
    // Its rooms and inner spaces come back by themselves: the followed space names them.
    inverse: ({ room }, before) => {
      const via = before.spaces.get(room);
      const heldBy = before.spacesWithin.get(room);
      return via && { kind: "follow-space", room, via, ...(heldBy ? { heldBy } : {}) };
    },
    holds: ({ room }, { spaces }) => !spaces.has(room),
    subject: ({ room }) => room,
  },
  hold: {
    apply: (settings, { room, by }) =>
      holdersOf(room, settings).length === 0 ? {} : withHeld(settings, room, { via: [], holders: [by] }),
    inverse: ({ room, by }, before) =>
      holdersOf(room, before).length === 0 ? undefined : lettingGo(room, [by], before),
    holds: ({ room, by }, now) => isHeldBy(room, [by], now),
    subject: ({ room }) => room,
  },
  "let-go": {
    apply: withoutHolder,
    inverse: ({ room, by }, before) => {
      if (!isHeldBy(room, [by], before)) return undefined;
      const via = before.spaces.get(room);
      return via
        ? { kind: "follow-space", room, via, heldBy: [by] }
        : { kind: "protect", room: heldRoom({ room, via: before.rooms.get(room)!.via }, [by]) };
    },
    holds: ({ room, by }, now) => !isHeldBy(room, [by], now),
    subject: ({ room }) => room,
  },
  "protect-joined": {
    apply: (settings, { on }) => ({
      protectsJoined: on ? true : undefined,
      ...(on ? {} : { rooms: withoutJoined(settings.rooms) }),
    }),
    inverse: ({ on }, { protectsJoined }) =>
      on === (protectsJoined === true) ? undefined : { kind: "protect-joined", on: !on },
    holds: ({ on }, { protectsJoined }) => on === (protectsJoined === true),
    subject: () => undefined,
  },
};

/** The room or followed space with more that holds it; a room that is new is protected by that. */
function withHeld(
  settings: RoomSettings,
  room: RoomId,
  { via, holders }: { readonly via: readonly string[]; readonly holders: readonly Holder[] },
): Changed {
  const all = withHolders(holdersOf(room, settings), holders);
  if (settings.spaces.has(room)) return withSpaceHolders(settings, room, all);
  const known = settings.rooms.get(room);
  return { rooms: withEntry(settings.rooms, room, heldRoom(known ?? { room, via }, all)) };
}

function withoutHolder(
  settings: RoomSettings,
  { room, by }: { readonly room: RoomId; readonly by: Holder },
): Changed {
  if (!isHeldBy(room, [by], settings)) return {};
  const left = holdersOf(room, settings).filter((holder) => holder !== by);
  const known = settings.rooms.get(room);
  if (known)
    return {
      rooms:
        left.length > 0
          ? withEntry(settings.rooms, room, heldRoom(known, left))
          : withoutEntry(settings.rooms, room),
    };
  const after =
    left.length > 0
      ? { ...settings, ...withSpaceHolders(settings, room, left) }
      : {
          ...settings,
          spaces: withoutEntry(settings.spaces, room),
          spacesWithin: withoutEntry(settings.spacesWithin, room),
        };
  return settled(after, settings);
}

function withSpaceHolders(
  { spacesWithin }: RoomSettings,
  room: RoomId,
  holders: readonly Holder[],
): Pick<RoomSettings, "spacesWithin"> {
  const isNamed = holders.length === 1 && holders[0] === "hand";
  return {
    spacesWithin: isNamed ? withoutEntry(spacesWithin, room) : withEntry(spacesWithin, room, holders),
  };
}

function withoutJoined(rooms: RoomSettings["rooms"]): RoomSettings["rooms"] {
  return new Map(
    [...rooms].flatMap(([id, room]) => {
      const left = withoutHolders(room, (holder) => holder === "joined");
      return left ? [[id, left] as const] : [];
    }),
  );
}

/** The change that undoes a protection: takes away those holders that were not there before; undefined where all were. */
function lettingGo(room: RoomId, holders: readonly Holder[], before: RoomSettings): RoomChange | undefined {
  const there = holdersOf(room, before);
  const [by, ...more] = holders.filter((holder) => !there.includes(holder));
  if (by === undefined) return undefined;
  if (more.length === 0) return { kind: "let-go", room, by };
  return { kind: "unprotect", room, excludes: false };
}

function isHeldBy(room: RoomId, holders: readonly Holder[], settings: RoomSettings): boolean {
  const there = holdersOf(room, settings);
  return holders.every((holder) => there.includes(holder));
}

function holdersOfFollowed({
  through,
  heldBy,
}: Extract<RoomChange, { kind: "follow-space" }>): readonly Holder[] {
  return heldBy ?? [through ?? "hand"];
}
