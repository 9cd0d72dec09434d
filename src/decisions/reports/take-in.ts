/** From a report to the case that it opens or adds to; or why it counts nothing. */
import { dayMs } from "../../kit/duration.ts";
import type { UserId } from "../../model/ids.ts";
import {
  oneCaseMs,
  withEvent,
  withReport,
  withVoice,
  type Case,
  type Voice,
} from "../../model/reports/cases.ts";
import { categories, categoryOf, reasonKept, type Report } from "../../model/reports/report.ts";
import { withRecent, type Reporter } from "../../model/reports/reporters.ts";
import { weightOfVoice, type WhoReports } from "../../model/reports/weight.ts";
import { isHeard } from "../../model/settings/reports.ts";
import { membershipAgeOf } from "../../model/signals/membership-age.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";

export interface ReportLimits {
  /** Whose reports weigh more. */
  readonly trusted: readonly UserId[];
  /** Whoever brings more voices within an hour is not heard for a day. */
  readonly voicesAnHour: number;
}

export interface TakingIn extends ReportLimits {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
  readonly at: number;
}

export type TakenIn =
  | { readonly is: "ignored" }
  /** It is about a message of ours. */
  | { readonly is: "about-us" }
  /** No other case can be opened. */
  | { readonly is: "beyond" }
  | {
      readonly is: "taken";
      readonly case: Case;
      /** Where it is a new voice: what is known of its reporter now. */
      readonly reporter: Reporter | undefined;
      /** They are not heard for a day, as they reported too much. */
      readonly isTooMuch: boolean;
    };

const ignored = { is: "ignored" } as const;

export function takeIn(report: Report, taking: TakingIn): TakenIn {
  const { world, at } = taking;
  const { cases, reporters } = world.stored;
  const { by, user, event, room } = report;
  if (cases.ofReport(report.id) || by === user || by === world.self || !world.isProtected(room))
    return ignored;
  if (!countsAtAll(by, taking)) return ignored;
  if (user === world.self) return { is: "about-us" };
  const open = cases.ofUser(user);
  const known = open && Math.abs(at - open.lastAt) < oneCaseMs ? open : undefined;
  // Of what moderators have looked at they are not told again.
  if (!known && cases.ofUserEver(user).some((one) => one.events.some((other) => other.event === event)))
    return ignored;
  if (!known && world.members.membershipOf(room, user) === "ban") return ignored;
  if (!known && !open && cases.isFull) return { is: "beyond" };
  const before = known ?? newCase(cases.nextId, user, at);
  const isNewVoice = !before.voices.some((voice) => voice.by === by);
  const said = isNewVoice ? withVoice(before, voiceOf(report, taking)) : withReason(before, report);
  const what = report.what ? { what: report.what } : {};
  const grown = withCategory(withReport(withEvent(said, { room, event, ...what }), report.id, at), report);
  const reporter = isNewVoice ? withRecent(reporters.get(by), by, at) : undefined;
  const isTooMuch = (reporter?.recent.length ?? 0) >= taking.voicesAnHour && !isTrusted(by, taking);
  return { is: "taken", case: grown, reporter, isTooMuch };
}

/** Nothing that accounts of a wave, or people under a ban, say of others counts; nor what somebody says who was silenced. */
function countsAtAll(by: UserId, { world, rulesInForce }: TakingIn): boolean {
  if (!isHeard(by, world.settings, world.dueBy)) return false;
  if (rulesInForce.verdict(by)?.kind === "ban" && !rulesInForce.exemptionOf(by)) return false;
  const member = world.stored.waveMembers.get(by);
  const wave = member && world.stored.waves.get(member.wave);
  return wave === undefined || wave.stage === "suspected" || world.settings.excused.has(by);
}

function newCase(id: number, user: UserId, at: number): Case {
  return { id, user, openedAt: at, lastAt: at, voices: [], more: 0, events: [], reports: [] };
}

function voiceOf({ by, way, reason }: Report, taking: TakingIn): Voice {
  const { at } = taking;
  return { by, at, way, weight: weightOfVoice(whoIs(by, taking)), reason: reason.slice(0, reasonKept) };
}

function whoIs(user: UserId, taking: TakingIn): WhoReports {
  const { world, at } = taking;
  const ages = world
    .protectedRoomsOf(user, ["join"])
    .map((room) => membershipAgeOf(world, { room, user, at }) ?? Infinity);
  return {
    reporter: world.stored.reporters.get(user),
    isNew: Math.max(-Infinity, ...ages) < dayMs,
    isRegular: world.regulars.isRegular(user, at),
    isTrusted: isTrusted(user, taking),
  };
}

function isTrusted(user: UserId, { world, trusted }: TakingIn): boolean {
  return world.isSpared(user) || trusted.includes(user);
}

/** The first words of somebody are kept, unless they had none. */
function withReason(one: Case, { by, reason }: Report): Case {
  if (reason === "") return one;
  const voices = one.voices.map((voice) =>
    voice.by === by && voice.reason === "" ? { ...voice, reason: reason.slice(0, reasonKept) } : voice,
  );
  return { ...one, voices };
}

/** The worst that anybody says. */
function withCategory(one: Case, { reason }: Report): Case {
  const said = [one.category, categoryOf(reason)];
  const category = categories.find((name) => said.includes(name));
  return category ? { ...one, category } : one;
}
