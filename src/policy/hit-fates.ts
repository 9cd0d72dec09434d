/**
 * What became of people whom a protection found: whether that was right. Of those to whom it did something, what it did
 * itself says nothing; what people said and did does.
 */
import type { UserId } from "../model/ids.ts";
import type { Past, PastAct } from "../model/past-acts.ts";
import type { RuleHit } from "../model/rule-hits.ts";
import type { Fate } from "../model/trial-report.ts";
import type { WorldView } from "../model/world/view.ts";
import { fateOf, isRegularNow, type FateView } from "./fates.ts";
import type { RulesInForce } from "./rules-in-force.ts";

export interface HitFatesView {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
  readonly past: Past;
  /** Ms since the epoch. */
  readonly at: number;
}

export type FateCounts = Readonly<Record<Fate, number>>;

/** Each is asked of the journal: of more people the newest are looked at. */
const mostPeople = 500;
/** Acts about one person that are looked at, the newest. */
const mostActs = 100;

/** People by what became of them. `hits`: oldest first. */
export function fatesOfHits(hits: readonly RuleHit[], view: HitFatesView): FateCounts {
  const byPerson = [...Map.groupBy(hits, ({ user }) => user)].slice(-mostPeople);
  const fates = byPerson.map(([user, theirs]) => fateOfFound(user, theirs, view));
  const of = (fate: Fate) => fates.filter((one) => one === fate).length;
  return { right: of("right"), wrong: of("wrong"), unknown: of("unknown") };
}

function fateOfFound(user: UserId, hits: readonly RuleHit[], view: HitFatesView): Fate {
  const said = hits.flatMap(({ incident }) => labelOf(incident, view.world) ?? []).at(-1);
  if (said !== undefined) return said ? "right" : "wrong";
  const { world, rulesInForce, at: now } = view;
  const firstAt = hits[0]!.at;
  const nobody: FateView = { world, rulesInForce, removed: new Set(), lastSaid: new Map(), now };
  if (!hits.some(({ acts }) => acts)) return fateOf({ user, firstAt, wasRegular: false }, nobody);
  if (world.isSpared(user)) return "wrong";
  if (isBannedByPeople(user, view) || wasRemovedByCommand(user, firstAt, view)) return "right";
  return isRegularNow(user, nobody) ? "wrong" : "unknown";
}

/** The last word about the incident: a label, or the answer to its question. */
function labelOf(incident: string | undefined, { settings, questions }: WorldView): boolean | undefined {
  if (incident === undefined) return undefined;
  const label = settings.labels.get(incident);
  if (label) return label.isRight;
  const asked = questions.ofIncident(incident)?.answer;
  if (asked?.by) return asked.yes;
  const held = questions.ofHeld([incident]).findLast(({ answer }) => answer?.by)?.answer;
  // A yes lets what was held through.
  return held && !held.yes;
}

function isBannedByPeople(user: UserId, { world, rulesInForce }: HitFatesView): boolean {
  const verdict = rulesInForce.verdict(user);
  if (verdict?.kind === "ban" && verdict.rule.sender !== world.self) return true;
  return world.protectedRoomsOf(user, ["ban"]).some((room) => !world.members.get(room, user)?.isOurs);
}

function wasRemovedByCommand(user: UserId, since: number, { world, past }: HitFatesView): boolean {
  const isGone = world.protectedRoomsOf(user, ["join"]).length === 0;
  return past.about(user, mostActs).some((act) => isRemoval(act, since) && isGone);
}

function isRemoval({ decision: { action, because, at }, result }: PastAct, since: number): boolean {
  if (result?.kind !== "done" || at < since) return false;
  const isByPeople = because.kind === "command" || because.kind === "rule";
  return isByPeople && (action.kind === "ban" || action.kind === "kick");
}
