/** Which rooms are protected, by themselves or through a space, which are kept out, and where the management room is. */
import { without, withoutAll, withEntry, withOne, withoutEntry } from "../../kit/immutable.ts";
import type { RoomId } from "../ids.ts";
import type { AnswerSettings } from "./answers.ts";
import type { ChangeRows } from "./change-row.ts";

export interface ProtectedRoom {
  readonly room: RoomId;
  /** Servers that may help to join. */
  readonly via: readonly string[];
  /** The space through which it came under protection: leaving that space's children ends it. */
  readonly space: RoomId | undefined;
}

export interface RoomSettings {
  readonly managementRoom: RoomId | undefined;
  readonly rooms: ReadonlyMap<RoomId, ProtectedRoom>;
  /** Spaces whose rooms are protected, each with the servers that may help to join it. */
  readonly spaces: ReadonlyMap<RoomId, readonly string[]>;
  /** Spaces that are followed because another space holds them, each with that other space. */
  readonly spacesWithin: ReadonlyMap<RoomId, RoomId>;
  /** Rooms, spaces and lists taken out by command: neither a space nor the config brings them back. */
  readonly excluded: ReadonlySet<RoomId>;
}

export type RoomChange =
  | { readonly kind: "use-management-room"; readonly room: RoomId }
  | { readonly kind: "protect"; readonly room: ProtectedRoom }
  /** `excludes`: a person took it out, so it does not come back by itself. */
  | { readonly kind: "unprotect"; readonly room: RoomId; readonly excludes: boolean }
  /** `through`: the space that holds it; leaving that one ends it. */
  | {
      readonly kind: "follow-space";
      readonly room: RoomId;
      readonly via: readonly string[];
      readonly through?: RoomId;
    }
  /** The spaces within it go, too. `excludes`: as with rooms, but absent means yes. */
  | { readonly kind: "unfollow-space"; readonly room: RoomId; readonly excludes?: boolean };

export const roomChanges: ChangeRows<RoomSettings & Pick<AnswerSettings, "rejected">, RoomChange> = {
  "use-management-room": {
    apply: (_settings, { room }) => ({ managementRoom: room }),
    // A start sets it, out of the config: no command does.
    inverse: () => undefined,
    holds: ({ room }, { managementRoom }) => managementRoom === room,
    subject: ({ room }) => room,
  },
  protect: {
    apply: ({ rooms, excluded, rejected }, { room }) => ({
      rooms: withEntry(rooms, room.room, room),
      excluded: without(excluded, room.room),
      // A no to applying the lists there was given when the room was protected before.
      rejected: rejected.has(room.room) ? withoutAll(rejected, [room.room]) : rejected,
    }),
    inverse: ({ room: { room } }) => ({ kind: "unprotect", room, excludes: false }),
    holds: ({ room: { room } }, { rooms }) => rooms.has(room),
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
    apply: ({ spaces, spacesWithin, rooms, excluded }, { room, via, through }) => ({
      spaces: withEntry(spaces, room, via),
      spacesWithin: through ? withEntry(spacesWithin, room, through) : withoutEntry(spacesWithin, room),
      // Before we had seen what it is, the space may have been protected as a room.
      rooms: withoutEntry(rooms, room),
      excluded: without(excluded, room),
    }),
    inverse: ({ room }) => ({ kind: "unfollow-space", room }),
    holds: ({ room }, { spaces }) => spaces.has(room),
    subject: ({ room }) => room,
  },
  "unfollow-space": {
    apply: ({ spaces, spacesWithin, rooms, excluded }, { room, excludes }) => {
      const gone = withSpacesIn(room, spacesWithin);
      const stays = ([id]: readonly [RoomId, unknown]) => !gone.has(id);
      return {
        spaces: new Map([...spaces].filter(stays)),
        spacesWithin: new Map([...spacesWithin].filter(stays)),
        rooms: new Map([...rooms].filter(([, { space }]) => space === undefined || !gone.has(space))),
        excluded: excludes === false ? excluded : withOne(excluded, room),
      };
    },
    // Its rooms and inner spaces come back by themselves: the followed space names them.
    inverse: ({ room }, { spaces, spacesWithin }) => {
      const via = spaces.get(room);
      const through = spacesWithin.get(room);
      return via && { kind: "follow-space", room, via, ...(through ? { through } : {}) };
    },
    holds: ({ room }, { spaces }) => !spaces.has(room),
    subject: ({ room }) => room,
  },
};

/** The space, those that it holds, and those that they hold in turn. */
function withSpacesIn(space: RoomId, within: RoomSettings["spacesWithin"]): ReadonlySet<RoomId> {
  const all = new Set([space]);
  // A Set may grow while it is iterated: spaces added here are visited as well.
  for (const outer of all) for (const [inner, holder] of within) if (holder === outer) all.add(inner);
  return all;
}
