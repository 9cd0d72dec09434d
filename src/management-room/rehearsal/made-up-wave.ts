/**
 * The wave of a rehearsal: who comes when, and what they say. Made-up accounts of servers that cannot exist, with names of
 * one form, who write within seconds of joining; the last ones come from a second server, when the first is kept out.
 */
import type { RoomEvent, StateEvent } from "../../model/event.ts";
import { serverOf, type EventId, type RoomId, type UserId } from "../../model/ids.ts";
import { isPresent } from "../../model/member-record.ts";
import type { Seen } from "../../model/observation.ts";
import { madeUpEnding } from "../../model/rehearsal.ts";
import type { WorldView } from "../../model/world/view.ts";
import { isServerAllowed } from "../../policy/server-acl/compile.ts";

/** One thing that one of them does. */
export interface Doing {
  /** Ms since the wave began. */
  readonly afterMs: number;
  readonly user: UserId;
  readonly room: RoomId;
  readonly event: EventId;
  /** Undefined where they join. */
  readonly text: string | undefined;
}

/** How fast they come, and how soon each writes: as waves do that have been seen, and slow enough to be read. */
const [betweenMs, untilWordMs] = [4_000, 2_000];
/** The last ones come from elsewhere. */
const shareOfFirstServer = 0.75;
/** Far enough apart that names differ in most of their digits. */
const [smallest, stepOfNames] = [0x3fa9c2d10e, 0x1d3b7];

const greetings = ["Dear friend", "Hello dear", "Good day", "Hi friends"];
const offers = [
  "earn money at home with our trading group",
  "our group doubles your savings every week",
  "get a free gift card from our sponsors today",
];

/** `seed`: two rehearsals have different people. */
export function madeUpWave({
  rooms,
  accounts,
  seed,
}: {
  readonly rooms: readonly RoomId[];
  readonly accounts: number;
  readonly seed: number;
}): readonly Doing[] {
  const first = smallest + (Math.abs(seed) % 1_000_000) * 0x1_0000;
  return Array.from({ length: accounts }, (_, i) => {
    const server = i < accounts * shareOfFirstServer ? "one" : "two";
    const user = `@a${(first + i * stepOfNames).toString(16)}:${server}${madeUpEnding}` as UserId;
    const room = rooms[i % rooms.length]!;
    const doing = (afterMs: number, what: string, text?: string): Doing => ({
      ...{ afterMs, user, room, text },
      event: `$rehearsal-${seed}-${i}-${what}` as EventId,
    });
    const text = `${greetings[i % greetings.length]} number ${i + 1}, ${offers[i % offers.length]}, join now at https://gifts${madeUpEnding}/x`;
    return [doing(i * betweenMs, "join"), doing(i * betweenMs + untilWordMs, "word", text)];
  })
    .flat()
    .toSorted((a, b) => a.afterMs - b.afterMs);
}

/** What a homeserver would tell of it; undefined where the room does not let them. */
export function seenOf({ user, room, event, text }: Doing, world: WorldView, at: number): Seen | undefined {
  const known = world.rooms.get(room);
  const membership = world.members.membershipOf(room, user);
  const acl = known?.event("m.room.server_acl")?.content;
  if (!known || membership === "ban" || !isServerAllowed(acl, serverOf(user))) return undefined;
  const common = { sender: user, eventId: event, sentAt: at };
  if (text === undefined) {
    // Whatever the room asks of those who come, they have it; until we close it.
    if (world.stored.containments.standing().some((one) => one.room === room && one.key === "join-rule"))
      return undefined;
    const content = { membership: "join", displayname: user.slice(1, user.indexOf(":")) };
    const joined: StateEvent = { ...common, type: "m.room.member", stateKey: user, content };
    return { kind: "state", room, event: joined, fromTimeline: true };
  }
  if (!isPresent(membership) || known.power.of(user) < known.power.neededForMessage("m.room.message"))
    return undefined;
  const said: RoomEvent = { ...common, type: "m.room.message", content: { msgtype: "m.text", body: text } };
  return { kind: "message", room, event: said, late: false };
}
