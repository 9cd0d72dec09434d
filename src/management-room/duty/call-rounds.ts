/**
 * Calls that nobody answers go on: after ten minutes to who is on duty next, after ten more to everybody on the roster,
 * and then no further. Any word, reaction or command of a moderator is an answer; that who was called
 * has read it is one, too. Also the test call, and how it went.
 */
import type { Batch } from "../../bot/part.ts";
import { keepNewest } from "../../kit/bounded.ts";
import { describeDuration, hourMs, minuteMs } from "../../kit/duration.ts";
import { code, joined, say, type Say } from "../../kit/say.ts";
import type { ActionOf } from "../../model/actions/action.ts";
import type { Decision, Outcome } from "../../model/decision.ts";
import { nextOnDuty, onDuty } from "../../model/duty.ts";
import type { EventId, UserId } from "../../model/ids.ts";
import type { Observation, ObservationOf } from "../../model/observation.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { Announcements } from "../announcements.ts";
import type { Distrusting } from "../distrust.ts";
import type { Notify } from "../notify.ts";

export interface CallRoundsOptions {
  readonly world: WorldView;
  readonly notify: Pick<Notify, "takeCalls" | "mentioned" | "with" | "noteCalled" | "wasCalledEnough">;
  readonly announcements: Pick<Announcements, "of">;
  /** The command prefix, for commands that a message suggests. */
  readonly prefix: string;
  /** That who was called has read the call is an answer. */
  readonly seenIsEnough: boolean;
  readonly distrust: Distrusting;
}

/** A call that nobody has answered. */
interface Open {
  readonly isTest: boolean;
  readonly calledAt: number;
  /** When the next round is due. */
  dueAt: number;
  /** Rounds after the call itself. */
  rounds: number;
  readonly called: Set<UserId>;
  /** The messages that call, and what came after them in the room: who has read one of them has seen the call. */
  readonly messages: Set<EventId>;
}

type Told = Decision<ActionOf<"tell">>;

const roundMs = 10 * minuteMs;
/** Newer ones remembered. Who reads a room reads to its end. */
const mostMessages = 200;

export class CallRounds {
  readonly name = "duty";
  readonly #options: CallRoundsOptions;
  readonly #world: WorldView;
  #open: Open | undefined;

  constructor(options: CallRoundsOptions) {
    this.#options = options;
    this.#world = options.world;
  }

  /** After a restart: what somebody was called for and nobody has answered is called for once more. */
  resumed(at: number): readonly never[] {
    const waits = this.#world.questions
      .open()
      .filter(
        ({ about, askedAt }) =>
          (about.kind === "wave" || about.kind === "staff") && Math.abs(at - askedAt) < hourMs,
      )
      .map(({ askedAt }) => askedAt);
    if (waits.length > 0) this.#begin(Math.max(...waits), [], { isTest: false });
    return [];
  }

  ended({ decision: { action }, result }: Outcome): void {
    const isCall = (action.kind === "tell" || action.kind === "ask") && action.notifies !== undefined;
    if (isCall && result.kind === "done" && result.eventId) this.#open?.messages.add(result.eventId);
  }

  says({ seen, at }: Pick<Batch, "seen" | "at">): readonly Told[] {
    const by = seen.flatMap((one) => this.#answererOf(one) ?? [])[0];
    const reader = by ? undefined : this.#readerIn(seen);
    return [
      ...(by ? this.#answered(by, at, "answered") : []),
      ...(reader ? this.#answered(reader, at, "has seen") : []),
      ...(seen.some(isTest) ? this.#test(at) : []),
      ...this.#noted(),
      ...this.#round(at),
    ];
  }

  nextAt(): number | undefined {
    return this.#open?.dueAt;
  }

  /** New calls: an open one takes them in, and its rounds go on as they were. */
  #noted(): readonly never[] {
    for (const call of this.#options.notify.takeCalls()) {
      if (!this.#open) this.#begin(call.at, call.users, { isTest: false });
      for (const user of call.users) this.#open?.called.add(user);
    }
    return [];
  }

  #begin(at: number, users: readonly UserId[], { isTest: test }: { readonly isTest: boolean }): void {
    const [called, messages] = [new Set(users), new Set<EventId>()];
    this.#open = { isTest: test, calledAt: at, dueAt: at + roundMs, rounds: 0, called, messages };
  }

  #answererOf(one: Observation): UserId | undefined {
    if (one.kind !== "message" && one.kind !== "command") return undefined;
    const { managementRoom } = this.#world.settings;
    const { sender } = one.event;
    const isAnswer =
      one.room === managementRoom && sender !== this.#world.self && this.#world.mayDo(sender, "moderator");
    return isAnswer && !this.#isRefused(one) ? sender : undefined;
  }

  /** A reaction tells that somebody is there, also where it answers no question: so does a read receipt. */
  #isRefused(one: ObservationOf<"message" | "command">): boolean {
    const why = this.#options.distrust(one);
    return why !== undefined && why !== "reaction";
  }

  /** Who was called and has read the call, or what came after it. */
  #readerIn(seen: readonly Observation[]): UserId | undefined {
    const open = this.#open;
    if (!open || !this.#options.seenIsEnough) return undefined;
    for (const one of seen) {
      if (!("room" in one) || one.room !== this.#world.settings.managementRoom) continue;
      if (one.kind === "receipt" && open.messages.has(one.event) && this.#isReader(one.user, open))
        return one.user;
      if (one.kind === "message" && !one.late && open.messages.size > 0) open.messages.add(one.event.eventId);
      keepNewest(open.messages, mostMessages);
    }
    return undefined;
  }

  /** That somebody else has the room open says nothing. */
  #isReader(user: UserId, { called }: Open): boolean {
    return called.has(user) && this.#world.mayDo(user, "moderator");
  }

  #answered(user: UserId, at: number, how: "answered" | "has seen"): readonly Told[] {
    const open = this.#open;
    this.#open = undefined;
    if (!open?.isTest) return [];
    const took = describeDuration(Math.max(0, at - open.calledAt));
    return this.#tell(say`${code(user)} ${how} the test call after ${took}.`, `test ${at}`, at);
  }

  #test(at: number): readonly Told[] {
    const text = say`This is a test call: whoever sees it says a word or reacts to it, and that is all.`;
    const message = this.#options.announcements.of(text, `test call ${at}`, at);
    if (!message) return [];
    const call = this.#options.notify.with(message, { kind: "test call" });
    const [made] = this.#options.notify.takeCalls();
    this.#begin(at, made?.users ?? [], { isTest: true });
    return [call];
  }

  #round(at: number): readonly Told[] {
    const open = this.#open;
    if (!open || at < open.dueAt) return [];
    open.rounds++;
    open.dueAt = at + roundMs;
    if (open.isTest) {
      this.#open = undefined;
      return this.#tell(
        say`Nobody answered the test call within ${describeDuration(roundMs)}.`,
        `test ${at}`,
        at,
      );
    }
    const users = this.#whom(open.rounds, open.called, at);
    if (open.rounds >= 2 || users.length === 0) this.#open = undefined;
    if (users.length === 0) return [];
    for (const user of users) open.called.add(user);
    this.#options.notify.noteCalled(users, at);
    return this.#callOn(users, open, at);
  }

  #callOn(users: readonly UserId[], { calledAt }: Open, at: number): readonly Told[] {
    const { announcements, notify, prefix } = this.#options;
    const since = describeDuration(Math.max(0, at - calledAt));
    const text = say`Nobody has answered for ${since}: ${joined(users.map((user) => code(user)))}, please look. ${code(`${prefix} questions`)} shows what waits; a word or a reaction stops the calls.`;
    const message = announcements.of(text, `call round ${at}`, at);
    const notifies = notify.mentioned(users);
    if (!message || !notifies) return [];
    return [{ ...message, action: { ...message.action, notifies } }];
  }

  /** First those who are next on the roster, then everybody on it. */
  #whom(round: number, called: ReadonlySet<UserId>, at: number): readonly UserId[] {
    const { settings } = this.#world;
    const next =
      round === 1
        ? [...onDuty(settings, at), ...(nextOnDuty(settings, at)?.users ?? [])]
        : [...settings.duty.keys()].filter((user) => (settings.offDuty.get(user) ?? 0) <= at);
    const isFree = (user: UserId) => !this.#options.notify.wasCalledEnough(user, at);
    return [...new Set(next)].filter(
      (user) => !called.has(user) && this.#world.mayDo(user, "moderator") && isFree(user),
    );
  }

  #tell(text: Say, what: string, at: number): readonly Told[] {
    const message = this.#options.announcements.of(text, what, at);
    return message ? [message] : [];
  }
}

function isTest(one: Observation): boolean {
  return one.kind === "settings-changed" && one.change.kind === "test-duty";
}
