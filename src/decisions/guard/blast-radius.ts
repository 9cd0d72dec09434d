/**
 * What may be done one by one but not all together: weighs the rules that come, by list, and the decisions of a batch, by
 * the command, the incident or the room behind them. What is too much becomes a question.
 */
import { minuteMs } from "../../kit/duration.ts";
import { say, type Say } from "../../kit/say.ts";
import type { Action, ActionOf } from "../../model/actions/action.ts";
import type { Decision } from "../../model/decision.ts";
import type { EventId, RoomId, UserId } from "../../model/ids.ts";
import type { Question } from "../../model/question.ts";
import type { Observation } from "../../model/observation.ts";
import { Impact } from "../../policy/impact/impact.ts";
import type { Weighing } from "../../policy/impact/rule-reach.ts";
import type { AclOptions } from "../../policy/server-acl/spared-servers.ts";
import { addAction, cutOffBy } from "./act-impact.ts";
import type { BlastLimits, HeldDecisions, HeldRules } from "./held.ts";
import { OwnRemovals } from "./own-removals.ts";
import { RecentHits, RecentRules } from "./recent-hits.ts";
import { weighFindings } from "./weigh-findings.ts";
import { ModeratorBudgets, type BudgetLimits } from "./moderator-budgets.ts";
import { isLarge } from "./second-person.ts";
import { RoomWeigher } from "./weigh-rooms.ts";
import { weighRules, type RuleMoves } from "./weigh-rules.ts";

const forTwo = say`it is more than one person decides alone`;

export class BlastRadius {
  readonly #limits: BlastLimits;
  readonly #acl: AclOptions | undefined;
  /** People whom the rules of a list, or a protection, have hit within the window without a question. */
  readonly #hits: RecentHits;
  readonly #rules: RecentRules;
  readonly #rooms: RoomWeigher;
  readonly #own: OwnRemovals;
  /** Undefined where no second person is asked for. */
  readonly #budgets: ModeratorBudgets | undefined;
  /** Commands of the newest batch that wait whomever they hit, and why. */
  readonly #needsYes = new Map<EventId, Say>();
  /** Commands of the newest batch. */
  #commands: ReadonlySet<EventId> = new Set();

  /** `acl` is undefined where no server ACLs are written: rules for servers hit nobody then. */
  constructor(limits: BlastLimits, acl: AclOptions | undefined, budgets?: BudgetLimits) {
    const windowMs = limits.windowMinutes * minuteMs;
    this.#limits = limits;
    this.#acl = acl;
    this.#hits = new RecentHits(windowMs);
    this.#rules = new RecentRules(windowMs);
    this.#own = new OwnRemovals(limits.commandPeopleAnHour);
    const hasBudgets = budgets && limits.secondPerson !== "off";
    this.#budgets = hasBudgets ? new ModeratorBudgets(budgets) : undefined;
    this.#rooms = new RoomWeigher({ limits, hits: this.#hits, rules: this.#rules });
  }

  /** Commands are weighed when they are replied to; what they find later, as messages to redact, belongs to them. */
  commandsSeen(seen: readonly Observation[]): void {
    this.#needsYes.clear();
    this.#commands = new Set(seen.flatMap((one) => (one.kind === "command" ? one.event.eventId : [])));
  }

  /** People whom a list's rules have hit before we were started, as the journal tells. */
  remember(list: RoomId, user: UserId, at: number): void {
    this.#hits.note(list, [user], at);
  }

  /** Whom commands have removed before we were started, as the journal tells. */
  rememberRemoved(user: UserId, at: number): void {
    this.#own.remember(user, at);
  }

  /** What moderators did by commands before we were started, as the journal tells. */
  rememberSpent(spent: Parameters<ModeratorBudgets["remember"]>[0]): void {
    this.#budgets?.remember(spent);
  }

  /** An ACL that lists had written before we were started, as the journal tells: whom it cut off counts on. */
  rememberAcl(
    { action, at }: { readonly action: ActionOf<"set-server-acl">; readonly at: number },
    view: Pick<Weighing, "world" | "rulesInForce">,
  ): void {
    const impact = new Impact({ world: view.world, limits: this.#limits, at });
    for (const { rule, user } of cutOffBy(action, view))
      if (rule.sender !== view.world.self && impact.add(action.room, user))
        this.#hits.note(rule.list, [user], at);
  }

  /** The command says itself that it is dangerous. */
  needsYes(command: EventId, why: Say): void {
    this.#needsYes.set(command, why);
  }

  /** Which rules have to wait: of those that came, and of those that reach more people as an allow rule went. */
  weighRules(moved: RuleMoves, weighing: Weighing): readonly HeldRules[] {
    return weighRules(moved, { ...weighing, ...this.#memory });
  }

  /** Which of the decisions have to wait. */
  weigh(
    decisions: readonly Decision[],
    weighing: Weighing,
  ): { readonly allowed: readonly Decision[]; readonly held: readonly HeldDecisions[] } {
    const weighed = [
      ...this.#weighCommands(decisions, weighing),
      ...weighFindings(decisions, { ...weighing, ...this.#memory }),
      this.#rooms.weigh(decisions, weighing),
    ];
    const stopped = new Set(weighed.flatMap((one) => one.stopped));
    return {
      allowed: stopped.size === 0 ? decisions : decisions.filter((decision) => !stopped.has(decision)),
      held: weighed.flatMap(({ question }) => question ?? []),
    };
  }

  get #memory() {
    return { limits: this.#limits, acl: this.#acl, hits: this.#hits, rules: this.#rules };
  }

  /** A command waits as a whole. */
  #weighCommands(
    decisions: readonly Decision[],
    weighing: Weighing,
  ): readonly { readonly question: HeldDecisions; readonly stopped: readonly Decision[] }[] {
    if (this.#commands.size === 0) return [];
    const byCommand = Map.groupBy(decisions, ({ because }) =>
      because.kind === "command" ? because.event : undefined,
    );
    return [...byCommand].flatMap(([command, stopped]) => {
      const question = command === undefined ? undefined : this.#weighCommand(command, stopped, weighing);
      return question ? [{ question, stopped }] : [];
    });
  }

  /** Whether what a command would do is for two people to decide; where everything is that waits, of what waits anyway. */
  needsSecond(actions: readonly Action[], weighing: Weighing, { waits = false } = {}): boolean {
    const { secondPerson } = this.#limits;
    if (secondPerson === "off") return false;
    return (secondPerson === "always" && waits) || isLarge(actions, { ...weighing, limits: this.#limits });
  }

  #weighCommand(
    command: EventId,
    decisions: readonly Decision[],
    { world, rulesInForce, at }: Weighing,
  ): HeldDecisions | undefined {
    if (!this.#commands.has(command)) return undefined;
    const impact = new Impact({ world, limits: this.#limits, at });
    for (const { action } of decisions) addAction(impact, action, { world, rulesInForce });
    const question = world.questions.ofCommand(command);
    // It has its yes, or is taken up after a restart that came after the yes.
    if (question?.answer?.yes === true)
      return this.#afterYes(question, { command, decisions, impact, world, at });
    const needed = [this.#needsYes.get(command), ...impact.tooMuch()].flatMap((one) => one ?? []);
    const actions = decisions.map(({ action }) => action);
    const others = this.#own.weigh(actions, at, { waits: needed.length > 0, world });
    const waits = needed.length > 0 || others !== undefined;
    const isForTwo = this.needsSecond(actions, { world, rulesInForce, at }, { waits });
    const overBudget = this.#overBudget(decisions, { impact, world, at, waits: waits || isForTwo });
    const reasons = [needed, others ?? [], overBudget ?? []].flat();
    // Who may go on by their own yes would have no bound.
    const isOver = overBudget !== undefined || (others !== undefined && this.#limits.secondPerson !== "off");
    const needsSecond = isForTwo || isOver;
    if (needsSecond && reasons.length === 0) reasons.push(forTwo);
    return reasons.length > 0 ? { by: { command }, impact, reasons, needsSecond } : undefined;
  }

  /** What somebody said yes to themselves they have done alone. */
  #afterYes(
    { about, answer }: Question,
    {
      command,
      decisions,
      impact,
      world,
      at,
    }: Done & { readonly command: EventId; readonly decisions: readonly Decision[] },
  ): HeldDecisions | undefined {
    const isOwn = about.kind === "command" && !about.second && answer?.by === about.event.sender;
    const overBudget = isOwn ? this.#overBudget(decisions, { impact, world, at, waits: false }) : undefined;
    return overBudget && { by: { command }, impact, reasons: [overBudget], needsSecond: true };
  }

  /** Why the moderator who said the command has done enough alone. */
  #overBudget(
    decisions: readonly Decision[],
    { impact, world, at, waits }: Done & { readonly waits: boolean },
  ): Say | undefined {
    const because = decisions[0]?.because;
    if (because?.kind !== "command" || because.by === world.self) return undefined;
    const actions = decisions.map(({ action }) => action);
    return this.#budgets?.weigh(actions, { by: because.by, hits: impact.people, at, world, waits });
  }
}

/** What a command would do, and when. */
interface Done extends Pick<Weighing, "world" | "at"> {
  readonly impact: Impact;
}
