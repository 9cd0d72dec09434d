/**
 * The smallest cut that contains a room: one state event that keeps a threat from speaking there, and harms as few others as
 * can be. Pure: each possible cut has a price, which is how many people it silences who are no threat, and a cover.
 */
import { hourMs, minuteMs } from "../../kit/duration.ts";
import type { ContainedKey, PathChange } from "../../model/path-changes.ts";
import { serverOf, type ServerName, type UserId } from "../../model/ids.ts";
import type { RoomView } from "../../model/room.ts";
import { doorClosedForMs, doorToClose } from "../../policy/join-rule.ts";
import { voicesOf, type Spares } from "./voice.ts";

export interface Threat {
  readonly servers: ReadonlySet<ServerName>;
  readonly members: ReadonlySet<UserId>;
  /** None of its members has said anything. */
  readonly isSilent?: boolean;
}

export interface Cut {
  readonly key: ContainedKey;
  readonly changes: readonly PathChange[];
  /** The part of the threat in the room that is silenced by it, from 0 to 1. */
  readonly covers: number;
  /** People in the room who are no threat and cannot speak by it. */
  readonly silenced: readonly UserId[];
  /** How many that are, and who may come within the next ten minutes besides. */
  readonly price: number;
  /** It silences so many others, or people who speak here, that a person has to say yes. */
  readonly asks: boolean;
  readonly stayMs: number;
}

export interface CutView extends Spares {
  /** Whether server ACLs are written at all. */
  readonly acls: boolean;
}

/** A cut that leaves more of the threat is no cut. */
export const enoughCover = 0.9;
/** More people who are no threat are not silenced without a yes: a keynote brings hundreds. */
const mostOutsiders = 50;

export const shortestStayMs = 10 * minuteMs;
/** People who may be about to come, in the time of the shortest stay. */
const expectedShare = shortestStayMs / hourMs;
/** A cut is no argument for people who may come: each of them counts half. */
const expectedWeight = 0.5;
/** Servers kept out of a room by one ACL: about 12 kB. A wave of more brings others along all the time. */
const mostServers = 500;
/** People of one server who are looked at, to see whether anybody of ours is among them. */
const mostLooked = 1_000;

/**
 * Where they are equally cheap: an ACL leaves everybody else as they are; with the voice of newcomers go those who have never
 * spoken; a join rule closes the door to everybody for hours.
 */
const preference: readonly ContainedKey[] = ["acl", "levels", "join-rule"];

/** All that are possible, the best first: those that cover enough, then by price. */
export function cutsFor(room: RoomView, threat: Threat, view: CutView): readonly Cut[] {
  const there = [...threat.members].filter(
    (user) => view.world.members.membershipOf(room.id, user) === "join" && !view.isSpared(user),
  );
  return [
    serversCut(room, there, { threat, view }),
    voiceCut(room, there, { threat, view }),
    joinCut(room, threat, view),
  ]
    .flatMap((cut) => cut ?? [])
    .sort(
      (a, b) =>
        Number(b.covers >= enoughCover) - Number(a.covers >= enoughCover) ||
        a.price - b.price ||
        preference.indexOf(a.key) - preference.indexOf(b.key),
    );
}

/** Further servers of a threat, beside those that are kept out already. */
export function moreServersCut(
  room: RoomView,
  threat: Threat,
  { keptOut, view }: { readonly keptOut: number; readonly view: CutView },
): Cut | undefined {
  const cut = serversCut(room, [], { threat, view });
  return cut && cut.changes.length + keptOut <= mostServers ? cut : undefined;
}

/** Servers with nobody but the threat, or with strangers alone: those of regulars and of ourselves never. */
function serversCut(
  room: RoomView,
  there: readonly UserId[],
  { threat: { servers, members }, view }: { threat: Threat; view: CutView },
): Cut | undefined {
  const { world, acls } = view;
  const denied = acls ? [...servers].filter((server) => !isHome(server, view)) : [];
  const able = room.power.canSendState(world.self, "m.room.server_acl");
  const isFew = denied.length > 0 && denied.length <= mostServers;
  if (!isFew || !able || !world.membersKnown.has(room.id)) return undefined;
  const set = new Set(denied);
  const outsiders: UserId[] = [];
  for (const server of denied)
    for (const user of world.members.usersOfServer(server))
      if (!members.has(user) && world.members.membershipOf(room.id, user) === "join") outsiders.push(user);
  const covered = there.filter((user) => set.has(serverOf(user))).length;
  return {
    key: "acl",
    changes: denied.map((server) => ({ path: ["deny", server], ours: true })),
    covers: there.length === 0 ? denied.length / servers.size : covered / there.length,
    silenced: outsiders,
    price: outsiders.length,
    asks: outsiders.length > mostOutsiders,
    stayMs: shortestStayMs,
  };
}

/** Whether anybody of the server is one of us: a moderator, an exempt person, a regular, or somebody with a level. */
function isHome(server: ServerName, { world, isSpared, at }: CutView): boolean {
  if (server === serverOf(world.self)) return true;
  let looked = 0;
  for (const user of world.members.usersOfServer(server)) {
    if (isSpared(user) || world.regulars.isRegular(user, at)) return true;
    const rooms = world.protectedRoomsOf(user, ["join"]);
    if (rooms.some((id) => world.rooms.get(id)?.power.isAboveUsual(user) === true)) return true;
    // A server with more people than that is none that a wave brought along.
    if (++looked === mostLooked) return true;
  }
  return false;
}

function voiceCut(
  room: RoomView,
  there: readonly UserId[],
  { threat, view }: { threat: Threat; view: CutView },
): Cut | undefined {
  const voices = voicesOf(room, threat.members, view);
  if (!voices) return undefined;
  const { level, changes, silenced, leftOut } = voices;
  const named = new Set(changes.flatMap(({ path }) => (path[0] === "users" ? (path[1] ?? []) : [])));
  const covered = there.filter((user) => room.power.of(user) < level && !named.has(user)).length;
  const joins = view.world.stored.usual.of(room.id, view.at)?.joins ?? 0;
  return {
    key: "levels",
    changes,
    covers: there.length === 0 ? 1 : covered / there.length,
    silenced,
    price: silenced.length + joins * expectedShare * expectedWeight,
    asks: silenced.length > mostOutsiders || leftOut > 0,
    stayMs: shortestStayMs,
  };
}

/** Keeps accounts out that are still to come: only of use against those who do not speak. */
function joinCut(room: RoomView, { isSilent }: Threat, { world, at }: CutView): Cut | undefined {
  const change = doorToClose(room, { world, at });
  if (typeof change === "string") return undefined;
  const joins = world.stored.usual.of(room.id, at)?.joins ?? 0;
  return {
    key: "join-rule",
    changes: [change],
    covers: isSilent ? 1 : 0,
    silenced: [],
    // Whoever is in the room may speak on; whoever would have come in this time has to wait for long.
    price: (joins * doorClosedForMs) / hourMs,
    asks: false,
    stayMs: doorClosedForMs,
  };
}
