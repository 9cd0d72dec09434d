/** `raid`, `shut`, `calm` and `release`: rooms closed to newcomers or to all but the staff, and open again as they were. */
import { bullets, code, count, lines, say, type Say } from "../../kit/say.ts";
import { describeTime, parseDuration } from "../../kit/duration.ts";
import { shutLevel, shutOf, voicesOf, type Spares } from "../../decisions/waves/voice.ts";
import { occasionOf } from "../../model/decision.ts";
import type { RoomId, UserId } from "../../model/ids.ts";
import type { PathChange } from "../../model/path-changes.ts";
import type { RoomMode } from "../../model/room-mode.ts";
import type { RoomView } from "../../model/room.ts";
import { doorClosedForMs, doorToClose } from "../../policy/join-rule.ts";
import { closedForNow, isForGood } from "../../policy/knock-gate.ts";
import { isLeftAlone } from "../../policy/own-people.ts";
import {
  defineCommand,
  optional,
  problem,
  yesFirst,
  type ArgumentValues,
  type CommandContext,
  type Proposal,
  type Reply,
} from "../define.ts";
import { containedNow } from "../shared/contained.ts";
import { expiryOf } from "../shared/expiry-flag.ts";
import { numbered } from "../shared/numbered.ts";
import { notProtected, roomsMeant } from "../shared/people.ts";
import { roomName } from "../shared/room-names.ts";

type Room = ArgumentValues["room"] | undefined;

/** Rooms named in a reply; the others are counted. */
const named = 5;

const takes = {
  room: optional("room", "only this room, or a space with its rooms; without it all protected rooms"),
  time: optional("rest", "for how long, such as 30m or 2h; without it until calm"),
};

export const raid = defineCommand({
  words: ["raid"],
  role: "moderator",
  about:
    "Close rooms to newcomers at once: whoever spoke there before can speak, whoever is new can only read. Protections look closer at newcomers meanwhile. It is put back as it was by `calm`, or after so long.",
  takes,
  flags: {
    knock: {
      type: "boolean",
      about:
        "Close the door, too: for two hours at least nobody can join by themselves, people knock, and I answer them (`knocks`). Once a day in a room at most.",
    },
    for: { type: "duration", about: "The same as a time without it." },
  },
  examples: ["raid", "raid 2h", "raid #lobby:example.org 30m", "raid --knock"],
  reply: ({ room, time = "" }, { knock, for: forMs }, context) =>
    closing({ mode: "raid", closesDoor: knock, room, time, forMs, context }),
});

export const shut = defineCommand({
  words: ["shut"],
  role: "moderator",
  about:
    "Close rooms to everybody but the staff (level 50): for when nothing else helps. It is put back as it was by `calm`, or after so long.",
  takes,
  examples: ["shut #lobby:example.org 1h", "shut"],
  reply: ({ room, time = "" }, _flags, context) => closing({ mode: "shut", room, time, context }),
});

interface Closing {
  readonly mode: "raid" | "shut";
  /** Nobody can join by themselves, either. */
  readonly closesDoor?: boolean;
  readonly room: Room;
  readonly time: string;
  /** In place of `time`. */
  readonly forMs?: number | undefined;
  readonly context: CommandContext;
}

function closing({ mode, closesDoor = false, room, time, forMs: flag, context }: Closing): Reply {
  const { world } = context;
  const objection = notProtected(room, world);
  if (objection) return problem(objection);
  const asked = parseDuration(time.trim());
  if (time.trim() !== "" && asked === undefined)
    return problem(
      say`I did not understand ${code(time, 50)} as a span of time; ${code("30m")} or ${code("2h")} is one`,
    );
  const rooms = meant(room, context);
  if (rooms.length === 0) return problem(say`there is no protected room that I am in`);
  const until = expiryOf(flag ?? asked, context);
  const closed = rooms.map((one) => closeOne(one, { mode, until, context }));
  const doors = closesDoor ? rooms.map((one) => closeDoor(one, context)) : [];
  const open = [...closed, ...doors].flatMap(({ why }) => why ?? []);
  const leftOut = closed.reduce((sum, one) => sum + (one.leftOut ?? 0), 0);
  const silenced = new Set(closed.flatMap(({ newcomers = [] }) => newcomers)).size;
  const end = say`${code(`${context.prefix} calm`)} opens ${rooms.length === 1 ? "it" : "them"} again${until === undefined ? "" : say`, or the time at ${describeTime(until)}`}.`;
  const where = whereOf(rooms, world);
  const who =
    mode === "shut"
      ? say`Closing ${where} to all but the staff (level ${String(shutLevel)}).`
      : say`Closing ${where} to newcomers: who spoke there before keeps their voice${silenced > 0 ? say`, ${count(silenced, "person", "people")} who came lately ${silenced === 1 ? "does" : "do"} not` : ""}.`;
  return {
    say: lines(
      say`${who} ${end}`,
      doors.some(({ acts }) => acts.length > 0)
        ? say`Nobody can join by themselves for two hours at least: ${code(`${context.prefix} knocks`)} shows who asks.`
        : undefined,
      open.length > 0 ? bullets(open.slice(0, named)) : undefined,
      open.length > named ? say`... and so in ${open.length - named} more` : undefined,
    ),
    acts: [...closed, ...doors].flatMap(({ acts }) => acts),
    waitsFor: yesFirst(
      leftOut > 0
        ? say`${count(leftOut, "person", "people")} who spoke here lately would be silenced, too: not all can be named`
        : undefined,
    ),
  };
}

interface Closed {
  readonly acts: readonly Proposal[];
  readonly newcomers?: readonly UserId[];
  readonly leftOut?: number;
  /** Why newcomers can speak there all the same. */
  readonly why?: Say;
}

function closeOne(
  room: RoomView,
  { mode, until, context }: { mode: "raid" | "shut"; until: number | undefined; context: CommandContext },
): Closed {
  const { world } = context;
  const word = setMode(room.id, mode, { until, context });
  const standing = world.stored.containments.get(room.id, "levels");
  const isStanding = standing !== undefined && standing.endedAt === undefined;
  const name = roomName(room.id, world, 60);
  if (mode === "raid" && isStanding && isShut(standing.changes)) {
    const calm = code(`${context.prefix} calm`);
    return { acts: [], why: say`${name} is shut: only the staff can speak there, until ${calm}.` };
  }
  if (mode === "raid" && isStanding) return { acts: [word] };
  const voices = mode === "raid" ? voicesOf(room, new Set(), sparing(context)) : undefined;
  const changes = mode === "raid" ? voices?.changes : shutOf(room, shutLevel);
  if (!changes) return { acts: [word], why: whyNot(room, name, mode) };
  const action = { kind: "contain", room: room.id, key: "levels", changes, stayMs: 0, waves: [] } as const;
  const replaces = room.event("m.room.power_levels")?.eventId ?? "";
  const counts = voices ? { newcomers: voices.newcomers, leftOut: voices.leftOut } : {};
  return { acts: [word, { action, replaces }], ...counts };
}

function closeDoor(room: RoomView, { world, at }: CommandContext): Pick<Closed, "acts" | "why"> {
  const change = doorToClose(room, { world, at });
  const name = roomName(room.id, world, 60);
  if (change === "closed") return { acts: [] };
  if (change === "closed today")
    return {
      acts: [],
      why: say`${name}: its door was closed and opened less than a day ago, and stays as it is.`,
    };
  if (change === "no right")
    return { acts: [], why: say`${name}: I may not change its join rule, so its door stays as it is.` };
  const replaces = room.event("m.room.join_rules")?.eventId ?? "";
  const action = { kind: "contain", room: room.id, key: "join-rule", changes: [change] } as const;
  return { acts: [{ action: { ...action, stayMs: doorClosedForMs, waves: [] }, replaces }] };
}

function whyNot(room: RoomView, name: Say, mode: "raid" | "shut"): Say {
  if (!room.event("m.room.power_levels")) return say`${name} has no power levels to change.`;
  const needed = room.power.neededForMessage("m.room.message");
  const wanted = mode === "shut" ? shutLevel : room.power.usualLevel + 1;
  if (needed >= wanted)
    return say`${name} is closed to them already: it takes level ${needed} to speak there.`;
  return say`${name} stays open: level ${wanted} would let people do more there than speak.`;
}

function isShut(changes: readonly PathChange[]): boolean {
  return changes.some(({ path, ours }) => path[0] !== "users" && Number(ours) >= shutLevel);
}

function setMode(
  room: RoomId,
  mode: RoomMode,
  { until, context: { world, event } }: { until: number | undefined; context: CommandContext },
): Proposal {
  const before = world.stored.roomModes.get(room)?.word?.mode ?? "by-itself";
  const end = until === undefined ? {} : { until };
  return { action: { kind: "set-room-mode", room, mode, before, ...end }, replaces: event };
}

function sparing(context: CommandContext): Spares {
  const { world, at } = context;
  return { world, at, isSpared: (user) => isLeftAlone(user, context) };
}

/** The protected rooms that are meant, as far as I am in them. Nobody speaks in a space. */
function meant(room: Room, { world }: Pick<CommandContext, "world">): readonly RoomView[] {
  const rooms = roomsMeant(room, world);
  return [...world.protectedRooms()].filter(({ id, isSpace }) => !isSpace && (rooms?.has(id) ?? true));
}

function whereOf(rooms: readonly RoomView[], world: CommandContext["world"]): Say {
  const [one] = rooms;
  return rooms.length === 1 ? roomName(one!.id, world) : say`${count(rooms.length, "room")}`;
}

export const calm = defineCommand({
  words: ["calm"],
  role: "moderator",
  about:
    "Open rooms again that are closed, by `raid`, by `shut` or by me: everything is put back as it was, but for what others have changed meanwhile. What a wave that goes on would lead to is not done again there.",
  takes: { room: takes.room },
  examples: ["calm", "calm #lobby:example.org"],
  reply({ room }, _flags, context) {
    const { world } = context;
    const objection = notProtected(room, world);
    if (objection) return problem(objection);
    const rooms = roomsMeant(room, world);
    const { roomModes } = world.stored;
    const closed = new Set(closedForNow(world).map((one) => one.room));
    for (const one of roomModes.all())
      if (roomModes.of(one.room, context.at) !== "calm") closed.add(one.room);
    const ids = [...closed].filter((id) => rooms?.has(id) ?? true);
    if (ids.length === 0)
      return { say: say`All is calm: ${room ? say`it is open` : say`no room is closed`}.` };
    return {
      say: say`Opening ${namesOf(ids, world)} again, as ${ids.length === 1 ? "it was" : "they were"}.`,
      acts: ids.flatMap((id) => opening(id, context)),
    };
  },
});

export const release = defineCommand({
  words: ["release"],
  role: "moderator",
  about:
    "Open the rooms again that were closed because of one incident, by its number; without it, show which rooms are closed, why and until when.",
  takes: { incident: optional("word", "the number that its message gave", "incident") },
  examples: ["release 214", "release"],
  reply({ incident }, _flags, context) {
    const { world } = context;
    const standing = closedForNow(world);
    if (incident === undefined) return { say: containedNow(context) ?? say`All is calm: no room is closed.` };
    const because = numbered(incident, context)?.because;
    if (!because) return problem(say`${code(incident, 50)} is no number that I gave`);
    const occasion = occasionOf(because);
    const ids = standing
      .filter((one) => occasionOf(one.because) === occasion || one.waves.includes(occasion))
      .map(({ room }) => room);
    if (ids.length === 0) return { say: say`No room is closed because of ${code(incident)}.` };
    const rooms = [...new Set(ids)];
    return {
      say: say`Opening ${namesOf(rooms, world)} again, as ${rooms.length === 1 ? "it was" : "they were"}.`,
      acts: rooms.flatMap((id) => opening(id, context)),
    };
  },
});

/** What is taken back in the room, and that it is calm from now on, whatever has begun by now. */
function opening(id: RoomId, context: CommandContext): readonly Proposal[] {
  const { stored, settings } = context.world;
  const standing = stored.containments.in(id).filter((one) => !isForGood(one, settings));
  return [
    setMode(id, "calm", { until: undefined, context }),
    ...standing.map(({ key, at }): Proposal => ({
      action: key === "acl" ? { kind: "readmit-servers", room: id } : { kind: "release", room: id, key },
      replaces: String(at),
    })),
  ];
}

function namesOf(ids: readonly RoomId[], world: CommandContext["world"]): Say {
  const [one] = ids;
  return ids.length === 1 ? roomName(one!, world) : say`${count(ids.length, "room")}`;
}
