/**
 * What follows where a room is contained for a wave: more servers are kept out where it brings them along, and the next cut is
 * made where it is heard all the same. One step at a time, as each is an event for everybody in the room.
 */
import type { Contained } from "../../model/containments.ts";
import { serverOf, type RoomId, type ServerName } from "../../model/ids.ts";
import type { RoomView } from "../../model/room.ts";
import { readServerAcl } from "../../model/server-acl.ts";
import type { WorldView } from "../../model/world/view.ts";
import { cutsFor, enoughCover, moreServersCut, type Cut, type CutView, type Threat } from "./cut.ts";
import { heldBadly, stepMs, type HeardFrom } from "./holds.ts";

/** What is known of the wave in the room. */
export interface WaveThere {
  readonly threat: Threat;
  /** Those of its servers from which accounts came there. */
  readonly from: ReadonlySet<ServerName>;
  /** Its members that were heard in contained rooms, since the last look. */
  readonly heard: readonly HeardFrom[];
  /** Somebody wants it contained, whomever that silences. */
  readonly isYes: boolean;
  readonly view: CutView;
}

export interface Following {
  readonly cut?: Cut;
  /** None of these is made without a yes; the best first. */
  readonly waits?: readonly Cut[];
  /** When there is more to do although nothing happens, ms since the epoch. */
  readonly againAt?: number;
}

/** What is known of a room for as long as one containment stands. */
interface Watched {
  readonly since: number;
  /** When the last step was taken, which servers it added, and how often any were added. */
  stepAt: number;
  servers: readonly ServerName[];
  additions: number;
  /** How many servers of the wave were let in when none of them could be kept out. */
  openTo: number;
  /** Servers from which members were heard although they were kept out. */
  readonly leaks: Set<ServerName>;
}

/** A wave that brings others along after so many steps has them without end: newcomers lose their voice then. */
const mostAdditions = 8;
/** An ACL that does not show what is kept out is not written yet; after so long it is refused, and waited for no longer. */
const writtenMs = 10 * stepMs;

export class FollowUps {
  readonly #world: WorldView;
  readonly #rooms = new Map<RoomId, Watched>();
  #leaks = 0;

  constructor(world: WorldView) {
    this.#world = world;
  }

  /** Servers from which members were heard although they were kept out. */
  leaksIn(room: RoomId): ReadonlySet<ServerName> {
    return this.#rooms.get(room)?.leaks ?? new Set();
  }

  /** How often one was heard for the first time. */
  get leaks(): number {
    return this.#leaks;
  }

  /** In a room that is contained for the wave. */
  next(room: RoomView, wave: WaveThere): Following {
    const { at } = wave.view;
    const standing = this.#world.stored.containments.in(room.id);
    if (standing.some(({ pending }) => pending)) return {};
    const acl = standing.find(({ key }) => key === "acl");
    const watched = this.#in(room.id, (acl ?? standing[0]!).at);
    const isVoiceless = standing.some(({ key }) => key === "levels");
    const leaked = watched.leaks.size;
    const heard = heardIn(room, standing, { heard: wave.heard, watched });
    this.#leaks += watched.leaks.size - leaked;
    const mayAdd = acl && !isVoiceless && isWritten(room, acl, { watched, at });
    const missing = mayAdd ? missingIn(acl, wave.threat) : [];
    const bringsNew = missing.length !== watched.openTo && missing.some((one) => wave.from.has(one));
    if (heard.size === 0 && !bringsNew) return {};
    const since = Math.max(standing[0]!.at, watched.stepAt);
    if (at >= since && at - since < stepMs) return bringsNew ? { againAt: since + stepMs } : {};
    // A homeserver that limits writes has enough to do with rooms that are not contained yet.
    if (bringsNew && heard.size === 0 && !this.#areAllWritten(at)) return { againAt: at + stepMs };
    const addition = mayAdd && missing.length > 0 ? added(room, wave, { acl, missing, watched }) : undefined;
    if (missing.length > 0 && !addition) watched.openTo = missing.length;
    if (heard.size === 0 && !addition) return {};
    const taken = new Set(standing.map(({ key }) => key));
    const { cut, waits } = chosen(room, wave, { addition, heard, taken });
    if (!cut) return waits ? { waits } : {};
    watched.stepAt = at;
    watched.servers = cut === addition ? serversOf(cut) : [];
    if (cut === addition) watched.additions++;
    return { cut };
  }

  #areAllWritten(at: number): boolean {
    const { rooms, stored } = this.#world;
    return stored.containments.standing().every((one) => {
      const room = one.key === "acl" ? rooms.get(one.room) : undefined;
      return !room || isWritten(room, one, { watched: this.#in(one.room, one.at), at });
    });
  }

  #in(room: RoomId, since: number): Watched {
    let watched = this.#rooms.get(room);
    if (watched?.since !== since) {
      watched = { since, stepAt: -Infinity, servers: [], additions: 0, openTo: 0, leaks: new Set() };
      this.#rooms.set(room, watched);
    }
    return watched;
  }
}

/** The cheapest; further servers before what silences newcomers, unless others than these are heard. */
function chosen(
  room: RoomView,
  { threat, isYes, view }: WaveThere,
  {
    addition,
    heard,
    taken,
  }: {
    readonly addition: Cut | undefined;
    readonly heard: ReadonlySet<ServerName>;
    readonly taken: ReadonlySet<string>;
  },
): Pick<Following, "cut" | "waits"> {
  const adds = new Set(addition ? serversOf(addition) : []);
  const isEnough = addition !== undefined && [...heard].every((server) => adds.has(server));
  if (isEnough && addition.price === 0) return { cut: addition };
  const others = cutsFor(room, threat, view).filter(
    ({ key, covers }) => !taken.has(key) && covers >= enoughCover,
  );
  const all = [...(isEnough ? [addition] : []), ...others];
  if (isEnough) all.sort((one, other) => one.price - other.price);
  else if (addition) all.push(addition);
  const cut = all.find(({ asks }) => !asks) ?? (isYes ? all[0] : undefined);
  if (cut) return { cut };
  return all.length > 0 ? { waits: all.slice(0, 2) } : {};
}

function added(
  room: RoomView,
  { threat: { members }, view }: WaveThere,
  {
    acl,
    missing,
    watched,
  }: { readonly acl: Contained; readonly missing: readonly ServerName[]; readonly watched: Watched },
): Cut | undefined {
  if (watched.additions >= mostAdditions) return undefined;
  const threat = { servers: new Set(missing), members };
  return moreServersCut(room, threat, { keptOut: acl.changes.length, view });
}

/** Servers of members that are heard although they were contained there. */
function heardIn(
  room: RoomView,
  standing: readonly Contained[],
  { heard, watched }: { readonly heard: readonly HeardFrom[]; readonly watched: Watched },
): ReadonlySet<ServerName> {
  const all = new Set<ServerName>();
  if (heard.length === 0) return all;
  for (const one of standing) {
    // A closed door silences nobody who is in: it is judged only where nothing else was done about the wave.
    if (one.key === "join-rule" && standing.length > 1) continue;
    if (one.key === "acl" && !isWritten(room, one, { watched, at: heard.at(-1)!.at })) continue;
    const keptOut = new Set(serversOf(one));
    const isThrough = ({ user }: HeardFrom) => keptOut.has(serverOf(user));
    // Servers that were added a moment ago have not been kept out for long.
    const since = { ...one, at: Math.max(one.at, watched.stepAt) };
    for (const server of heldBadly(since, heard.filter(isThrough))) {
      all.add(server);
      watched.leaks.add(server);
    }
    for (const server of heldBadly(
      one,
      heard.filter((message) => !isThrough(message)),
    ))
      all.add(server);
  }
  return all;
}

/** What was kept out last shows in the ACL of the room. */
function isWritten(
  room: RoomView,
  acl: Contained,
  { watched, at }: { readonly watched: Watched; readonly at: number },
): boolean {
  const newest = watched.servers.length > 0 ? watched.servers : serversOf(acl);
  const shown = new Set(readServerAcl(room.event("m.room.server_acl")?.content)?.deny);
  return newest.some((server) => shown.has(server)) || at - Math.max(acl.at, watched.stepAt) >= writtenMs;
}

/** Not those that somebody has let in again: theirs counts. */
function missingIn(acl: Contained, { servers }: Threat): readonly ServerName[] {
  const known = new Set([...serversOf(acl), ...serversOf({ changes: acl.lost ?? [] })]);
  return [...servers].filter((server) => !known.has(server));
}

function serversOf({ changes }: Pick<Contained, "changes">): readonly ServerName[] {
  return changes.flatMap(({ path: [table, server] }) => (table === "deny" ? [server as ServerName] : []));
}
