/** What lists ask for by rules that are not new, weighed by room: in a room newly protected, after an exemption has ended. */
import { dayMs } from "../../kit/duration.ts";
import type { ActionOf } from "../../model/actions/action.ts";
import type { Cause, Decision } from "../../model/decision.ts";
import type { RoomId, UserId } from "../../model/ids.ts";
import type { Rule } from "../../model/policy-rule.ts";
import type { WorldView } from "../../model/world/view.ts";
import { Impact } from "../../policy/impact/impact.ts";
import type { Weighing } from "../../policy/impact/rule-reach.ts";
import { addListed, type Listed } from "./act-impact.ts";
import type { BlastLimits, HeldDecisions } from "./held.ts";
import type { RecentHits, RecentRules } from "./recent-hits.ts";

type RuleCause = Extract<Cause, { kind: "rule" }>;

/** After a yes for a room, what lists ask for there is done without a question for so long. */
const acceptedRoomMs = dayMs;

/** The decisions of one batch, sorted. */
interface Sorted {
  readonly stopped: Decision[];
  /** By room, those that are weighed now. */
  readonly counted: Map<RoomId, Decision[]>;
  readonly impact: Impact;
  /** People whom rules of others would remove. */
  readonly listed: Listed[];
}

export class RoomWeigher {
  readonly #limits: BlastLimits;
  readonly #hits: RecentHits;
  readonly #rules: RecentRules;
  /** The impact that the open question about rooms tells of; it grows with each room. */
  #heldInRooms: Impact | undefined;

  constructor(options: {
    readonly limits: BlastLimits;
    readonly hits: RecentHits;
    readonly rules: RecentRules;
  }) {
    this.#limits = options.limits;
    this.#hits = options.hits;
    this.#rules = options.rules;
  }

  weigh(
    decisions: readonly Decision[],
    weighing: Weighing,
  ): { readonly question: HeldDecisions | undefined; readonly stopped: readonly Decision[] } {
    const { world, at } = weighing;
    const { stopped, counted, impact, listed } = this.#sorted(decisions, weighing);
    if (counted.size === 0) return { question: undefined, stopped };
    // People who are reached one by one count with those whom the list has hit before.
    const earlier = new Set(listed.flatMap(({ list }) => [...this.#hits.of(list, at).keys()]));
    if (impact.tooMuch(earlier).length === 0) {
      for (const { list, user } of listed) this.#hits.note(list, [user], at);
      return { question: undefined, stopped };
    }
    const held = [...counted.values()].flat();
    // One question tells of all rooms that wait.
    const isFirst = world.questions.openAboutRooms() === undefined;
    const all = (this.#heldInRooms = (!isFirst && this.#heldInRooms) || this.#impact(weighing));
    for (const decision of held) this.#add(all, decision, weighing);
    return {
      question: { by: { rooms: [...counted.keys()] }, impact: all, reasons: all.tooMuch(earlier) },
      stopped: [...stopped, ...held],
    };
  }

  #sorted(decisions: readonly Decision[], weighing: Weighing): Sorted {
    const { world, at } = weighing;
    const sorted: Sorted = { stopped: [], counted: new Map(), impact: this.#impact(weighing), listed: [] };
    const waiting = this.#impact(weighing);
    for (const decision of decisions) {
      const room = this.#roomToWeigh(decision, weighing);
      if (!room) continue;
      const isRejected = world.settings.rejected.has(room);
      if (isRejected && isAgainstPerson(decision.action)) sorted.stopped.push(decision);
      else if (isRejected || world.questions.holding(room) !== undefined) {
        // Newcomers are no part of the question, nor are those whom newer rules were weighed for.
        if (this.#add(waiting, decision, weighing).length > 0) sorted.stopped.push(decision);
      } else if (at - (world.settings.accepted.get(room) ?? -Infinity) > acceptedRoomMs)
        this.#count(decision, room, { sorted, weighing });
    }
    return sorted;
  }

  #count(
    decision: Decision,
    room: RoomId,
    { sorted, weighing }: { readonly sorted: Sorted; readonly weighing: Weighing },
  ): void {
    const listed = this.#add(sorted.impact, decision, weighing);
    if (listed.length === 0) return;
    sorted.counted.set(room, [...(sorted.counted.get(room) ?? []), decision]);
    const { because } = decision;
    if (because.kind !== "rule" || !isOwn(because, weighing.world)) sorted.listed.push(...listed);
  }

  /**
   * The room of a ban by an older rule, of an ACL by which older rules reach further or would have if nobody had to be
   * asked, or of one that replaces an ACL that is not ours. Newer rules were weighed when they came.
   */
  #roomToWeigh({ action, because }: Decision, { world, at }: Weighing): RoomId | undefined {
    if (isAgainstPerson(action) && because.kind === "rule") {
      // Of lists that speak together the newest rule was weighed for all of them.
      const rules = [because.event, ...(because.with ?? []).map(({ event }) => event)];
      if (rules.some((rule) => world.settings.accepted.has(rule))) return undefined;
      const isNew = rules.some((rule) => this.#rules.has(rule));
      const isWeighed = isNew && !this.#isOutOfReach(action, because, { world, at });
      return isWeighed ? undefined : action.room;
    }
    if (action.kind !== "set-server-acl" || because.kind === "command") return undefined;
    if (because.kind === "lists" && because.reachesAnew) return action.room;
    // Whatever else changes the room's ACL would bring about what waits, or got a no.
    if (world.settings.rejected.has(action.room) || world.questions.holding(action.room) !== undefined)
      return action.room;
    // What changes in an ACL of ours are rules that came or went, and those were weighed then.
    const current = world.rooms.get(action.room)?.event("m.room.server_acl");
    return current?.sender === world.self ? undefined : action.room;
  }

  /** Somebody who counts, and whom the list's rules of others did not reach yet when they came. */
  #isOutOfReach(
    { room, user }: ActionOf<"ban" | "mute">,
    because: RuleCause,
    { world, at }: { readonly world: WorldView; readonly at: number },
  ): boolean {
    const lists = [because.list, ...(because.with ?? []).map(({ list }) => list)];
    if (isOwn(because, world) || lists.some((list) => this.#hits.of(list, at).has(user))) return false;
    return new Impact({ world, limits: this.#limits, at }).add(room, user);
  }

  #add(impact: Impact, decision: Decision, { world, rulesInForce, at }: Weighing): readonly Listed[] {
    const isWeighed = (rule: Rule, user: UserId) => this.#isWeighed(rule, user, { world, at });
    return addListed(impact, decision, { world, rulesInForce, isWeighed });
  }

  /** Whether the rule was accepted, or this person was counted when the rule came. */
  #isWeighed(
    { eventId, sender, list }: Rule,
    user: UserId,
    { world, at }: { readonly world: WorldView; readonly at: number },
  ): boolean {
    if (world.settings.accepted.has(eventId)) return true;
    return this.#rules.has(eventId) && (sender === world.self || this.#hits.of(list, at).has(user));
  }

  #impact({ world, at }: Weighing): Impact {
    return new Impact({ world, limits: this.#limits, at });
  }
}

function isAgainstPerson(action: Decision["action"]): action is ActionOf<"ban" | "mute"> {
  return action.kind === "ban" || action.kind === "mute";
}

/** A rule that we wrote was weighed with the command behind it. */
function isOwn({ list, event }: RuleCause, world: WorldView): boolean {
  return world.lists.get(list)?.ruleOf(event)?.sender === world.self;
}
