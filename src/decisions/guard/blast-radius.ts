/**
 * What may go ahead one by one but not all together: weighs the rules that come, by list, and the decisions of a batch,
 * by the command or the room behind them. What is too much becomes a question.
 */
import { dayMs, minuteMs } from "../../kit/duration.ts";
import type { Say } from "../../kit/say.ts";
import type { ActionOf } from "../../model/actions/action.ts";
import type { Cause, Decision } from "../../model/decision.ts";
import type { EventId, RoomId, UserId } from "../../model/ids.ts";
import type { Observation } from "../../model/observation.ts";
import type { HeldAct } from "../../model/question.ts";
import { sameness, type Rule } from "../../model/policy-rule.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { AclOptions } from "../../policy/server-acl/spared-servers.ts";
import { hitsOf, noLongerAllowed, type Hit, type Weighing } from "../../policy/impact/rule-reach.ts";
import { Impact, type ImpactLimits } from "../../policy/impact/impact.ts";
import { RecentHits } from "./recent-hits.ts";
import { addAction, addListed, type Listed } from "./act-impact.ts";

export interface BlastLimits extends ImpactLimits {
  readonly windowMinutes: number;
}

/** Rules of one list that have to wait. */
export interface HeldRules {
  readonly list: RoomId;
  readonly rules: readonly EventId[];
  readonly impact: Impact;
  readonly reasons: readonly Say[];
}

/** What a protection would do in an incident. */
export interface HeldFindings {
  readonly protection: string;
  readonly incident: string;
  readonly acts: readonly HeldAct[];
}

/** Decisions that have to wait: all of a command, of an incident, or what lists ask for in rooms new to them. */
export interface HeldDecisions {
  readonly by: { readonly command: EventId } | { readonly rooms: readonly RoomId[] } | HeldFindings;
  readonly impact: Impact;
  readonly reasons: readonly Say[];
}

type RuleCause = Extract<Cause, { kind: "rule" }>;

/** After a yes for a room, what lists ask for there passes for so long. */
const acceptedRoomMs = dayMs;

export class BlastRadius {
  readonly #limits: BlastLimits;
  readonly #acl: AclOptions | undefined;
  /** Whom the rules of a list, or a protection, have hit lately without a question. */
  readonly #hits: RecentHits;
  /** What the open question about rooms is about, as it grows. */
  #heldInRooms: Impact | undefined;
  /** Rules that came lately: they were weighed when they came. */
  readonly #fresh = new Map<EventId, number>();
  /** Commands of the newest batch that wait whoever they hit, and why. */
  readonly #needsYes = new Map<EventId, Say>();
  /** Commands of the newest batch. */
  #commands: ReadonlySet<EventId> = new Set();

  /** `acl` is left out where no server ACLs are written: rules for servers hit nobody then. */
  constructor(limits: BlastLimits, acl: AclOptions | undefined) {
    this.#limits = limits;
    this.#acl = acl;
    this.#hits = new RecentHits(limits.windowMinutes * minuteMs);
  }

  /** Commands are weighed when they are answered; what they find later, as messages to redact, belongs to them. */
  commandsSeen(seen: readonly Observation[]): void {
    this.#needsYes.clear();
    this.#commands = new Set(seen.flatMap((one) => (one.kind === "command" ? one.event.eventId : [])));
  }

  /** People whom a list's rules have hit before we were started, as the journal tells. */
  remember(list: RoomId, user: UserId, at: number): void {
    this.#hits.note(list, user, at);
  }

  /** The command says itself that it is dangerous. */
  needsYes(command: EventId, why: Say): void {
    this.#needsYes.set(command, why);
  }

  /**
   * Which of the rules that came have to wait. Ours were weighed with the command that wrote them; writing a rule that
   * was applied anew changes nothing.
   */
  weighRules(
    moved: { readonly came: readonly Rule[]; readonly went: readonly Rule[] },
    weighing: Weighing,
  ): readonly HeldRules[] {
    const { world, rulesInForce, at } = weighing;
    this.#forgetBefore(at);
    const before = new Set(moved.went.filter((rule) => !rulesInForce.isOff(rule)).map(sameness));
    const byList = new Map<RoomId, Set<Rule>>();
    const add = (rule: Rule) => byList.set(rule.list, (byList.get(rule.list) ?? new Set()).add(rule));
    for (const rule of moved.came) {
      this.#fresh.set(rule.eventId, at);
      const isSettled =
        rule.sender === world.self || world.settings.accepted.has(rule.eventId) || rulesInForce.isOff(rule);
      if (isSettled || rule.recommendation === "allow" || rule.recommendation === "other") continue;
      if (before.has(sameness(rule))) continue;
      add(rule);
    }
    const newlyReached = noLongerAllowed(moved, weighing);
    for (const rule of newlyReached.keys()) add(rule);
    const came = new Set(moved.came);
    return [...byList].flatMap(([list, rules]) => {
      const hits = hitsOf([...rules], weighing, this.#acl);
      const reached = hits.filter(({ rule, user }) => came.has(rule) || newlyReached.get(rule)?.has(user));
      return this.#weighList(list, reached, weighing);
    });
  }

  /** Which of the decisions have to wait. */
  weigh(
    decisions: readonly Decision[],
    weighing: Weighing,
  ): { allowed: readonly Decision[]; held: readonly HeldDecisions[] } {
    const byCommand = Map.groupBy(decisions, ({ because }) =>
      because.kind === "command" ? because.event : undefined,
    );
    const held: HeldDecisions[] = [];
    const stopped = new Set<Decision>();
    for (const [command, those] of byCommand) {
      const one = command === undefined ? undefined : this.#weighCommand(command, those, weighing);
      if (!one) continue;
      held.push(one);
      for (const decision of those) stopped.add(decision);
    }
    for (const one of this.#weighFindings(decisions, weighing)) {
      if (one.question) held.push(one.question);
      for (const decision of one.stopped) stopped.add(decision);
    }
    const byRooms = this.#weighRooms(decisions, weighing);
    if (byRooms.question) held.push(byRooms.question);
    for (const decision of byRooms.stopped) stopped.add(decision);
    return {
      allowed: stopped.size === 0 ? decisions : decisions.filter((decision) => !stopped.has(decision)),
      held,
    };
  }

  /**
   * First the rules that hit regulars or staff: those wait by themselves. If the others are too much together, all of
   * them wait that hit anybody at all.
   */
  #weighList(list: RoomId, hits: readonly Hit[], weighing: Weighing): readonly HeldRules[] {
    const { world, at } = weighing;
    if (hits.length === 0) return [];
    const impactOf = (those: readonly Hit[]) => {
      const impact = new Impact({ world, limits: this.#limits, at });
      for (const { room, user, server } of those) {
        impact.add(room, user);
        if (server !== undefined) impact.addServer(room, server);
      }
      return impact;
    };
    const everything = impactOf(hits);
    const hitBefore = this.#hits.of(list, at);
    const earlier = new Set(hitBefore.keys());
    if (everything.tooMuch(earlier).length === 0) {
      for (const user of everything.people) hitBefore.set(user, at);
      return [];
    }
    const precious = new Set([
      ...(everything.regulars.size > this.#limits.maxRegulars ? everything.regulars : []),
      ...(everything.staff.size > this.#limits.maxStaff ? everything.staff : []),
    ]);
    const held = new Set(hits.filter(({ user }) => precious.has(user)).map(({ rule }) => rule.eventId));
    const others = hits.filter(({ rule }) => !held.has(rule.eventId));
    const rest = held.size === 0 ? everything : impactOf(others);
    if (rest.tooMuch(earlier).length > 0) for (const { rule } of others) held.add(rule.eventId);
    else for (const user of rest.people) hitBefore.set(user, at);
    // One question tells of everything of the list that waits.
    const waiting = waitingRules(list, world).filter(({ eventId }) => !held.has(eventId));
    const isAll = waiting.length === 0 && hits.every(({ rule }) => held.has(rule.eventId));
    const impact = isAll
      ? everything
      : impactOf([
          ...hits.filter(({ rule }) => held.has(rule.eventId)),
          ...hitsOf(waiting, weighing, this.#acl),
        ]);
    return [{ list, rules: [...held], impact, reasons: impact.tooMuch(earlier) }];
  }

  #weighCommand(
    command: EventId,
    decisions: readonly Decision[],
    { world, rulesInForce, at }: Weighing,
  ): HeldDecisions | undefined {
    if (!this.#commands.has(command)) return undefined;
    // Confirmed, or going on after a restart.
    if (world.questions.ofCommand(command)?.answer?.yes === true) return undefined;
    const impact = new Impact({ world, limits: this.#limits, at });
    for (const { action } of decisions) addAction(impact, action, { world, rulesInForce });
    const own = this.#needsYes.get(command);
    const reasons = [...(own ? [own] : []), ...impact.tooMuch()];
    return reasons.length > 0 ? { by: { command }, impact, reasons } : undefined;
  }

  /** What protections would do to people that cannot be taken back whole. Mutes, redactions and words go on meanwhile. */
  #weighFindings(
    decisions: readonly Decision[],
    { world, rulesInForce, at }: Weighing,
  ): readonly { readonly question: HeldDecisions | undefined; readonly stopped: readonly Decision[] }[] {
    const removals = decisions.flatMap((decision) =>
      decision.because.kind === "finding" && isRemoval(decision)
        ? [{ decision, because: decision.because }]
        : [],
    );
    if (removals.length === 0) return [];
    return [...Map.groupBy(removals, ({ because }) => because.incident).values()].map((group) => {
      const { protection, incident } = group[0]!.because;
      const those = group.map(({ decision }) => decision);
      const asked = world.questions.ofIncident(incident);
      if (asked?.answer?.yes) return { question: undefined, stopped: [] };
      if (asked?.answer) return { question: undefined, stopped: those };
      // Regulars are spared unless the moderators said otherwise, and staff always.
      const limits = { ...this.#limits, maxRegulars: Infinity, maxStaff: Infinity };
      const impact = new Impact({ world, limits, at });
      for (const { action } of those) addAction(impact, action, { world, rulesInForce });
      const hitBefore = this.#hits.of(`protection ${protection}`, at);
      const reasons = impact.tooMuch(new Set(hitBefore.keys()));
      if (!asked && reasons.length === 0) {
        for (const user of impact.people) hitBefore.set(user, at);
        return { question: undefined, stopped: [] };
      }
      const acts = those.map(({ action, because }) => ({ action, because }));
      return { question: { by: { protection, incident, acts }, impact, reasons }, stopped: those };
    });
  }

  /** What the lists ask for by rules that are not new: in a room newly protected, after an exemption has ended. */
  #weighRooms(
    decisions: readonly Decision[],
    { world, rulesInForce, at }: Weighing,
  ): { question: HeldDecisions | undefined; stopped: readonly Decision[] } {
    const impact = new Impact({ world, limits: this.#limits, at });
    const waiting = new Impact({ world, limits: this.#limits, at });
    const counted = new Map<RoomId, Decision[]>();
    const stopped: Decision[] = [];
    const ofLists: Listed[] = [];
    const isWeighed = (rule: Rule, user: UserId) => this.#isWeighed(rule, user, { world, at });
    for (const decision of decisions) {
      const room = this.#roomToWeigh(decision, { world, at });
      if (!room) continue;
      if (world.settings.rejected.has(room)) stopped.push(decision);
      else if (world.questions.holding(room) !== undefined) {
        // Newcomers are no part of the question.
        if (addListed(waiting, decision, { world, rulesInForce, isWeighed }).length > 0)
          stopped.push(decision);
      } else if (at - (world.settings.accepted.get(room) ?? -Infinity) > acceptedRoomMs) {
        const listed = addListed(impact, decision, { world, rulesInForce, isWeighed });
        if (listed.length === 0) continue;
        counted.set(room, [...(counted.get(room) ?? []), decision]);
        const { because } = decision;
        if (because.kind !== "rule" || !isOwn(because, world)) ofLists.push(...listed);
      }
    }
    if (counted.size === 0) return { question: undefined, stopped };
    // People who are reached one by one count with those whom the list has hit before.
    const earlier = new Set(ofLists.flatMap(({ list }) => [...this.#hits.of(list, at).keys()]));
    if (impact.tooMuch(earlier).length === 0) {
      for (const { list, user } of ofLists) this.#hits.of(list, at).set(user, at);
      return { question: undefined, stopped };
    }
    const those = [...counted.values()].flat();
    // One question tells of all rooms that wait.
    const isFirst = world.questions.openAboutRooms() === undefined;
    const all = (this.#heldInRooms =
      (!isFirst && this.#heldInRooms) || new Impact({ world, limits: this.#limits, at }));
    for (const decision of those) addListed(all, decision, { world, rulesInForce, isWeighed });
    return {
      question: { by: { rooms: [...counted.keys()] }, impact: all, reasons: all.tooMuch(earlier) },
      stopped: [...stopped, ...those],
    };
  }

  /** A ban by an older rule, or an ACL by which older rules reach further, or over one that is not ours. Newer rules were weighed when they came. */
  #roomToWeigh(
    { action, because }: Decision,
    { world, at }: { world: WorldView; at: number },
  ): RoomId | undefined {
    if (action.kind === "ban" && because.kind === "rule") {
      if (world.settings.accepted.has(because.event)) return undefined;
      const isWeighed = this.#fresh.has(because.event) && !this.#isOutOfReach(action, because, { world, at });
      return isWeighed ? undefined : action.room;
    }
    if (action.kind !== "set-server-acl" || because.kind === "command") return undefined;
    if (because.kind === "lists" && because.reachesAnew) return action.room;
    // Over one of ours go only rules that have moved, and those were weighed when they came.
    const current = world.rooms.get(action.room)?.event("m.room.server_acl");
    return current?.sender === world.self ? undefined : action.room;
  }

  /** The rule has got its yes, or was weighed when it came with the person among those whom it hits. */
  #isWeighed(
    { eventId, sender, list }: Rule,
    user: UserId,
    { world, at }: { world: WorldView; at: number },
  ): boolean {
    if (world.settings.accepted.has(eventId)) return true;
    return this.#fresh.has(eventId) && (sender === world.self || this.#hits.of(list, at).has(user));
  }

  /** Somebody who counts, and whom the list's rules of others did not reach yet when they came. */
  #isOutOfReach(
    { room, user }: ActionOf<"ban">,
    because: RuleCause,
    { world, at }: { world: WorldView; at: number },
  ): boolean {
    if (isOwn(because, world) || this.#hits.of(because.list, at).has(user)) return false;
    return new Impact({ world, limits: this.#limits, at }).add(room, user);
  }

  #forgetBefore(at: number): void {
    const from = at - this.#limits.windowMinutes * minuteMs;
    for (const [rule, cameAt] of this.#fresh) {
      if (cameAt >= from && cameAt <= at) break;
      this.#fresh.delete(rule);
    }
  }
}

function isRemoval({ action: { kind } }: Decision): boolean {
  return kind === "ban" || kind === "kick" || kind === "write-policy";
}

/** A rule that we wrote was weighed with the command behind it. */
function isOwn({ list, event }: RuleCause, world: WorldView): boolean {
  return world.lists.get(list)?.ruleOf(event)?.sender === world.self;
}

function waitingRules(list: RoomId, world: WorldView): readonly Rule[] {
  const about = world.questions.openAbout(list)?.about;
  if (about?.kind !== "rules") return [];
  return about.rules.flatMap((event) => world.lists.get(list)?.ruleOf(event) ?? []);
}
