/**
 * How much somebody did with their own client within ten minutes. The time at which a server says that an act was sent
 * tells work that was held up from a burst; but it is the server's word, so a third of what reached us counts all the same.
 */
import { minuteMs } from "../../kit/duration.ts";
import type { EventId, UserId } from "../ids.ts";
import type { CollectionViews } from "../world/collections.ts";
import type { StaffAct } from "./staff-acts.ts";
import { standingOf, type StaffWorld } from "./standing.ts";

export interface StaffCount {
  /** People removed or silenced: a regular is three, who came within a day a third. */
  readonly removals: number;
  /** Levels changed: a person who is given the same one in several rooms is one change. */
  readonly levels: number;
  /** ACL entries, rules taken off lists, bans lifted, other state written over. */
  readonly changes: number;
  /** By how much the three are raised: for the pace of a script, and for an hour in which they never acted. */
  readonly factor: number;
  /** The oldest act that counts, ms since the epoch. */
  readonly since: number;
}

export const nothingCounted: StaffCount = { removals: 0, levels: 0, changes: 0, factor: 1, since: Infinity };

const windowMs = 10 * minuteMs;
/** So many times as much may reach us at once as is too much, where its server says that it was sent over a longer time. */
const burst = 3;
/** So many removals in so short a time are made by a script. */
const [scriptRemovals, scriptMs] = [5, 5_000] as const;
const raised = 1.5;

interface World extends StaffWorld {
  readonly stored: Pick<CollectionViews, "staffAlarms" | "staffActs" | "staffHours">;
}

/** What had been done when the act was: of several that came together each is counted with those before it. */
export function countAt(user: UserId, event: EventId, world: World): StaffCount {
  const newest = world.stored.staffActs.get(user, event);
  return newest ? countUpTo(newest, world) : nothingCounted;
}

/** With the newest act of theirs, if that is not over. */
export function countNow(user: UserId, world: World, at: number): StaffCount {
  let newest: StaffAct | undefined;
  for (const act of world.stored.staffActs.of(user)) newest = act;
  return newest && Math.abs(at - newest.at) < windowMs ? countUpTo(newest, world) : nothingCounted;
}

function countUpTo(newest: StaffAct, world: World): StaffCount {
  const { user, at } = newest;
  const standing = standingOf(user, world, at);
  if (standing === "trusted" || standing === "stopped") return nothingCounted;
  const from = world.settings.staffVerdicts.get(user)?.until ?? 0;
  const acts: StaffAct[] = [];
  for (const act of world.stored.staffActs.of(user))
    if (act.seq <= newest.seq && act.at >= from && Math.abs(at - act.at) < windowMs && act.thirds)
      acts.push(act);
  const saidAt = Math.max(0, ...acts.map(sentAtOf));
  const sent = acts.filter((act) => saidAt - sentAtOf(act) < windowMs);
  const counted = (kinds: Counted) => Math.max(sumOf(sent, kinds), Math.floor(sumOf(acts, kinds) / burst));
  const isScript = isMadeByScript(sent);
  const isUnusual = world.stored.staffHours.isUnusual(user, at);
  const factor = (isScript ? raised : 1) * (isUnusual ? raised : 1);
  return {
    removals: Math.floor(counted("removals") * factor),
    levels: Math.floor(counted("levels") * factor),
    changes: Math.floor(counted("changes") * factor),
    factor,
    since: Math.min(Infinity, ...acts.map((act) => act.at)),
  };
}

type Counted = "removals" | "levels" | "changes";

const countedAs: Readonly<Record<StaffAct["kind"], Counted>> = {
  ban: "removals",
  kick: "removals",
  mute: "removals",
  levels: "levels",
  unban: "changes",
  acl: "changes",
  rule: "changes",
  state: "changes",
};

/** Whoever is removed from several rooms is one person, worth the most of it. */
function sumOf(acts: readonly StaffAct[], what: Counted): number {
  const worth = new Map<string, number>();
  for (const { kind, counts, thirds = 0 } of acts)
    if (countedAs[kind] === what)
      for (const one of counts) worth.set(one, Math.max(worth.get(one) ?? 0, thirds));
  return [...worth.values()].reduce((sum, one) => sum + one, 0) / 3;
}

function isMadeByScript(acts: readonly StaffAct[]): boolean {
  const firstAt = new Map<string, number>();
  for (const act of acts)
    if (act.kind === "ban" || act.kind === "kick")
      for (const one of act.counts) firstAt.set(one, Math.min(firstAt.get(one) ?? Infinity, sentAtOf(act)));
  const times = [...firstAt.values()].toSorted((one, other) => one - other);
  return times.some((time, i) => (times[i + scriptRemovals - 1] ?? Infinity) - time <= scriptMs);
}

/** A time in the future is the server's word, and no later than its arrival. */
function sentAtOf({ at, sentAt }: StaffAct): number {
  return sentAt > 0 ? Math.min(sentAt, at) : at;
}
