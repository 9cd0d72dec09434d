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

interface Step {
  readonly at: number;
  /** Servers that it added, and how often any were added by then. */
  readonly servers: readonly ServerName[];
  readonly additions: number;
}

/** A wave that brings others along after so many steps has them without end: newcomers lose their voice then. */
const mostAdditions = 8;
/** An ACL that does not show what is kept out is not written yet; after so long it is refused, and waited for no longer. */
const writtenMs = 10 * stepMs;

export class FollowUps {
  readonly #world: WorldView;
  readonly #steps = new Map<RoomId, Step>();
  /** How many servers of the wave were let in when none of them could be kept out. */
  readonly #openTo = new Map<RoomId, number>();
  readonly #leaky = new Map<RoomId, ReadonlySet<ServerName>>();

  constructor(world: WorldView) {
    this.#world = world;
  }

  /** Servers from which members were heard although they were kept out. */
  leaksIn(room: RoomId): ReadonlySet<ServerName> {
    return this.#leaky.get(room) ?? new Set();
  }

  /** In a room that is contained for the wave. */
  next(room: RoomView, wave: WaveThere): Following {
    const { at } = wave.view;
    const standing = this.#world.stored.containments.in(room.id);
    if (standing.some(({ pending }) => pending)) return {};
    const [acl] = standing.filter(({ key }) => key === "acl");
    const isVoiceless = standing.some(({ key }) => key === "levels");
    const heard = this.#heardIn(room, standing, wave.heard);
    const mayAdd = acl && !isVoiceless && this.#isWritten(room, acl, at);
    const missing = mayAdd ? missingIn(acl, wave.threat) : [];
    const bringsNew =
      missing.length !== this.#openTo.get(room.id) && missing.some((one) => wave.from.has(one));
    if (heard.size === 0 && !bringsNew) return {};
    const since = Math.max(standing[0]!.at, this.#steps.get(room.id)?.at ?? -Infinity);
    if (at >= since && at - since < stepMs) return bringsNew ? { againAt: since + stepMs } : {};
    const addition = mayAdd && missing.length > 0 ? this.#addition(room, wave, { acl, missing }) : undefined;
    if (missing.length > 0 && !addition) this.#openTo.set(room.id, missing.length);
    if (heard.size === 0 && !addition) return {};
    const taken = new Set(standing.map(({ key }) => key));
    return this.#step(room, wave, { addition, heard, taken });
  }

  /** The cheapest; further servers before what silences newcomers, unless others than these are heard. */
  #step(
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
  ): Following {
    const added = new Set(addition ? serversOf(addition) : []);
    const isEnough = addition !== undefined && [...heard].every((server) => added.has(server));
    const others =
      isEnough && addition.price === 0
        ? []
        : cutsFor(room, threat, view).filter(({ key, covers }) => !taken.has(key) && covers >= enoughCover);
    const all = addition ? [addition, ...others] : others;
    if (isEnough) all.sort((one, other) => one.price - other.price);
    else if (addition) all.push(all.shift()!);
    const cut = all.find(({ asks }) => !asks) ?? (isYes ? all[0] : undefined);
    if (!cut) return all.length > 0 ? { waits: all.slice(0, 2) } : {};
    const before = this.#steps.get(room.id);
    const [servers, more] = cut === addition ? [serversOf(cut), 1] : [[], 0];
    this.#steps.set(room.id, { at: view.at, servers, additions: (before?.additions ?? 0) + more });
    return { cut };
  }

  #addition(
    room: RoomView,
    { threat: { members }, view }: WaveThere,
    { acl, missing }: { readonly acl: Contained; readonly missing: readonly ServerName[] },
  ): Cut | undefined {
    if ((this.#steps.get(room.id)?.additions ?? 0) >= mostAdditions) return undefined;
    const threat = { servers: new Set(missing), members };
    return moreServersCut(room, threat, { keptOut: acl.changes.length, view });
  }

  /** Servers of members that are heard although they were contained there. */
  #heardIn(
    room: RoomView,
    standing: readonly Contained[],
    heard: readonly HeardFrom[],
  ): ReadonlySet<ServerName> {
    if (heard.length === 0) return new Set();
    const all = new Set<ServerName>();
    for (const one of standing) {
      const [step, keptOut] = [this.#steps.get(room.id), new Set(serversOf(one))];
      if (one.key === "acl" && !this.#isWritten(room, one, heard.at(-1)!.at)) continue;
      const isThrough = ({ user }: HeardFrom) => keptOut.has(serverOf(user));
      const others = heldBadly(
        one,
        heard.filter((message) => !isThrough(message)),
      );
      // Servers that were added a moment ago have not been kept out for long.
      const since = { ...one, at: Math.max(one.at, step?.at ?? -Infinity) };
      const through = heldBadly(since, heard.filter(isThrough));
      if (through.size > 0) this.#leaky.set(room.id, new Set([...this.leaksIn(room.id), ...through]));
      for (const server of [...others, ...through]) all.add(server);
    }
    return all;
  }

  /** What was kept out last shows in the ACL of the room. */
  #isWritten(room: RoomView, acl: Contained, at: number): boolean {
    const step = this.#steps.get(room.id);
    const newest = step && step.servers.length > 0 ? step.servers : serversOf(acl);
    const shown = new Set(readServerAcl(room.event("m.room.server_acl")?.content)?.deny);
    return newest.some((server) => shown.has(server)) || at - Math.max(acl.at, step?.at ?? 0) >= writtenMs;
  }
}

/** Not those that somebody has let in again: theirs counts. */
function missingIn(acl: Contained, { servers }: Threat): readonly ServerName[] {
  const known = new Set([...serversOf(acl), ...serversOf({ changes: acl.lost ?? [] })]);
  return [...servers].filter((server) => !known.has(server));
}

function serversOf({ changes }: Pick<Contained, "changes">): readonly ServerName[] {
  return changes.flatMap(({ path: [table, server] }) => (table === "deny" ? [server as ServerName] : []));
}
