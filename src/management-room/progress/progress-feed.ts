/**
 * Feeds the progress messages with all that happens to acts, findings and lists, and decides the messages that are due.
 */
import { isOfHeat } from "../../automod/heat.ts";
import type { Batch, LeftOver, LookedAt, NotDone } from "../../bot/part.ts";
import { exemption } from "../../commands/shared/rate-limits.ts";
import { roomName } from "../../commands/shared/room-names.ts";
import type { FindingResponse } from "../../decisions/respond/respond.ts";
import type { RulesMoved } from "../../decisions/judge/judge.ts";
import { undo } from "../../decisions/undo.ts";
import { isStaffAlarm } from "../../decisions/staff/alarm.ts";
import { keepNewest } from "../../kit/bounded.ts";
import { describeRoughly } from "../../kit/duration.ts";
import { code, count, say, type Say } from "../../kit/say.ts";
import type { ActionOf, Notified, Words } from "../../model/actions/action.ts";
import { decide, occasionOf, type Decision, type Outcome } from "../../model/decision.ts";
import type { EventId, RoomId } from "../../model/ids.ts";
import type { Health } from "../../model/health.ts";
import type { Past, PastAct } from "../../model/past-acts.ts";
import { isOver } from "../../model/policy-rule.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";
import type { Notify } from "../notify.ts";
import { FoundSums } from "./findings-summary.ts";
import type { TellView } from "./message-text.ts";
import type { ProgressMessages } from "./progress-messages.ts";
import { earlierMessages } from "./resume.ts";
import { summariseRules, type RuleCounts } from "./rules-summary.ts";
import type { ProgressMessage } from "./schedule.ts";
import { urgencyOf } from "./urgency.ts";

export interface ProgressFeedOptions {
  readonly world: WorldView;
  readonly past: Past;
  readonly rulesInForce: RulesInForce;
  readonly messages: ProgressMessages;
  readonly notify: Pick<Notify, "of">;
  /** The command prefix, for commands that a message suggests. */
  readonly prefix: string;
  readonly health: () => Pick<Health, "pending" | "expectedMs">;
  /** Commands for which more is about to be decided: their replies are not complete before that. */
  readonly awaiting: () => Iterable<EventId>;
}

/** Incidents that may still go on. */
const incidentsSummed = 100;

export class ProgressFeed {
  readonly name = "progress messages";
  readonly #options: ProgressFeedOptions;
  readonly #world: WorldView;
  readonly #messages: ProgressMessages;
  readonly #ruleCounts = new Map<RoomId, RuleCounts>();
  /** What was found, by incident. */
  readonly #found = new Map<string, FoundSums>();
  #isOpen = false;

  constructor(options: ProgressFeedOptions) {
    this.#options = options;
    this.#world = options.world;
    this.#messages = options.messages;
  }

  /** From here on changes of lists are news. */
  caughtUp(): void {
    this.#isOpen = true;
  }

  seen({ moved, at }: Batch): void {
    this.#rulesMoved(moved, at);
  }

  proposes({ findings, at }: LookedAt): readonly never[] {
    for (const one of findings) this.#finding(one, at);
    return [];
  }

  guarded({ refused }: NotDone): void {
    for (const { decision, ...refusal } of refused) this.#messages.refused(decision, refusal);
  }

  numbered(occasion: string, number: number): void {
    this.#messages.numbered(occasion, number);
  }

  handedOver(decision: Decision): void {
    if (decision.action.kind !== "tell" && decision.action.kind !== "react") this.#messages.planned(decision);
  }

  ended(outcome: Outcome, at: number): void {
    this.#messages.ended(outcome, at);
  }

  nextAt(): number | undefined {
    return this.#messages.nextAt();
  }

  says({ seen, at }: Batch): readonly Decision<Words>[] {
    for (const one of seen)
      if (one.kind === "progress" || one.kind === "put-off") this.#messages.progress(one);
    this.#messages.awaiting(new Set(this.#options.awaiting()), at);
    const room = this.#world.settings.managementRoom;
    if (!room) return [];
    return this.#messages
      .due(at, this.#view(room, at))
      .map(({ action, because }) =>
        decide<Words>(action.kind === "react" ? this.#marked(action) : action, because, { at, replaces: "" }),
      );
  }

  /** Goes on with the replies that an earlier run did not complete, and with what it told of waves. */
  resume({ unanswered }: LeftOver, at: number): void {
    const { past } = this.#options;
    const waves = this.#world.stored.waves.open().map(({ id }) => id);
    const room = this.#world.settings.managementRoom;
    for (const [wave, earlier] of earlierMessages(waves, { past, room, at })) {
      this.#messages.resumeIncident(wave, earlier, at);
      this.#numberAgain(wave);
    }
    for (const because of unanswered) {
      const acts = past.ofOccasion(because.event);
      if (isOnlyRead(acts)) {
        this.#askToRepeat(because, acts, at);
        continue;
      }
      this.#messages.resume(because, acts, at);
      this.#numberAgain(because.event);
    }
  }

  #numberAgain(occasion: string): void {
    const number = this.#options.past.numberOf(occasion);
    if (number !== undefined) this.#messages.numbered(occasion, number);
  }

  /** The message as it should be now that it is sent. */
  newest(decision: Decision): Decision {
    const { action } = decision;
    const text =
      action.kind === "tell"
        ? this.#messages.newest(action, this.#view(action.room, decision.at))
        : undefined;
    return action.kind === "tell" && text ? { ...decision, action: { ...action, say: text } } : decision;
  }

  /**
   * What a command wanted to read first was lost with the run before us; its question, where it has put one, was not.
   */
  #askToRepeat(because: LeftOver["unanswered"][number], past: readonly PastAct[], at: number): void {
    if (this.#world.questions.ofCommand(because.event)) return;
    const headline = say`I was stopped before I had read what ${code(because.text, 100)} needs. Nothing was done: please say it again.`;
    this.#messages.command(because.event, { headline, because, at, isProblem: true, past });
  }

  /** What protections found is told in one message an incident. */
  #finding(one: FindingResponse, at: number): void {
    const { finding, incident } = one;
    // A wave has a headline of its own; of a moderator's account the question tells.
    if (isToldByQuestion(one) || isStaffAlarm(one) || this.#world.stored.waves.get(incident)) return;
    let sums = this.#found.get(incident);
    if (!sums) this.#found.set(incident, (sums = new FoundSums()));
    keepNewest(this.#found, incidentsSummed);
    sums.add(one);
    const { protection, about, sentence } = finding;
    const who = about.kind === "person" ? { user: about.user } : {};
    const headline = sums.describe(protection, (room) => roomName(room, this.#world));
    this.#messages.found({ kind: "finding", protection, incident, ...who, sentence }, headline, at);
  }

  /**
   * Rules that others wrote, and ours that ended by themselves: what commands did to rules is told in their replies.
   */
  #rulesMoved(moved: RulesMoved, at: number): void {
    const { self } = this.#world;
    const came = moved.came.filter((rule) => rule.sender !== self);
    const went = moved.went.filter((rule) => rule.sender !== self || isOver(rule, this.#world.dueBy));
    if (!this.#isOpen || came.length + went.length === 0) return;
    this.#messages.listsChanged((already) => {
      if (!already) this.#ruleCounts.clear();
      return summariseRules(this.#ruleCounts, { came, went }, this.#world);
    }, at);
  }

  /** Our own offer bears the marks of a question already, and no account may react twice with the same to one event. */
  #marked(action: ActionOf<"react">): ActionOf<"react"> {
    if (!this.#world.questions.ofMessage(action.event)) return action;
    return { ...action, with: action.with === "✅" ? "☑️" : "⚠️" };
  }

  #view(room: RoomId, at: number): TellView {
    return {
      room,
      notified: (key, message) => this.#notified(key, message, at),
      roomName: (id) => roomName(id, this.#world),
      cause: (reasons) => reasons.describe(this.#world, this.#options.rulesInForce),
      delay: this.#delay(),
      undoWith: (number) =>
        this.#hasUndo(number) ? code(`${this.#options.prefix} undo ${number}`) : undefined,
    };
  }

  /** Whether an undo of it would do anything: people who were kicked, for example, can often come back by themselves. */
  #hasUndo(number: number): boolean {
    const { past, rulesInForce } = this.#options;
    const occasion = past.ofNumber(number);
    if (!occasion) return false;
    const incident = occasionOf(occasion.because);
    if (isOfHeat(occasion.because) && this.#world.stored.heat.metIn(incident).length > 0) return true;
    const acts = past.ofOccasion(incident);
    return undo(acts, { world: this.#world, rulesInForce, past }).acts.length > 0;
  }

  #notified(key: string, message: ProgressMessage, at: number): Notified | undefined {
    const occasion = message.wasUrgent ? undefined : urgencyOf(key, message, this.#world);
    if (!occasion) return undefined;
    message.wasUrgent = true;
    return this.#options.notify.of(occasion, at);
  }

  /** Why work takes long, where the homeserver's rate limits are the reason. */
  #delay(): Say | undefined {
    const { pending, expectedMs } = this.#options.health();
    if (expectedMs === undefined) return undefined;
    return say`The homeserver limits how fast I may write: ${count(pending, "act")} to go, about ${describeRoughly(expectedMs)}. ${exemption(this.#world)}`;
  }
}

/** What is held and nothing else is told by the question about it. */
function isToldByQuestion({ responses, mode }: FindingResponse): boolean {
  return (
    mode === "act" && responses.includes("hold") && responses.every((one) => one === "hold" || one === "call")
  );
}

/** Whether all these acts are a command's reads: its reply is still to come. */
function isOnlyRead(past: readonly PastAct[]): boolean {
  return past.every(({ decision: { because } }) => because.kind === "command" && because.reads === true);
}
