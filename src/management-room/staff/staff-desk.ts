/**
 * Accounts of moderators that act far more than moderators do: what each act is worth, one question for each account, its
 * call, and the level that is taken without a word where the config says so. What follows from the answer is a command.
 */
import type { Batch, LookedAt } from "../../bot/part.ts";
import type { FindingResponse } from "../../decisions/respond/respond.ts";
import { isStaffAlarm, staffProtection } from "../../decisions/staff/alarm.ts";
import { demotionOf } from "../../decisions/staff/demotion.ts";
import { weighed } from "../../decisions/staff/weigh.ts";
import { keepNewest } from "../../kit/bounded.ts";
import { code, say } from "../../kit/say.ts";
import type { ActionOf, Words } from "../../model/actions/action.ts";
import { decide, type Decision } from "../../model/decision.ts";
import type { RoomEvent } from "../../model/event.ts";
import type { EventId, RoomId, UserId } from "../../model/ids.ts";
import type { Seen } from "../../model/observation.ts";
import type { QuestionAbout } from "../../model/question.ts";
import { countNow, type StaffCount } from "../../model/staff/count.ts";
import type { StaffAct } from "../../model/staff/staff-acts.ts";
import type { StaffAlarm } from "../../model/staff/staff-alarms.ts";
import { accusedMs, isPaused, judgesOf, standingOf } from "../../model/staff/standing.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";
import type { Announcements } from "../announcements.ts";
import type { PutQuestions } from "../questions/put-question.ts";
import { titled } from "../questions/wording.ts";
import { describeAlarm } from "./wording.ts";

/** How much is too much, as the protection is set. */
export type StaffLimits = Pick<StaffCount, "removals" | "levels" | "changes">;

export interface StaffDeskOptions {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
  readonly pause: "commands" | "demote";
  readonly limits: () => StaffLimits;
  readonly put: Pick<PutQuestions, "begin">;
  readonly announcements: Pick<Announcements, "of">;
  /** Whether a message in this room is a command to us. */
  readonly isCommand: (room: RoomId, event: RoomEvent) => boolean;
  /** The command prefix, for commands that a message suggests. */
  readonly prefix: string;
  /** Believed at once. */
  readonly believe: (seen: Seen, at: number) => void;
}

/** By so much more than is too much somebody is stopped without a word. */
const farTooMuch = 3;
/** A question that grows is told again when it is larger by so much. */
const tellGrowth = 1.25;
const accountsRemembered = 200;

export class StaffDesk {
  readonly name = "staff";
  readonly #options: StaffDeskOptions;
  readonly #world: WorldView;
  /** Whose alarm is to be told anew. */
  readonly #news = new Set<UserId>();
  /** How many acts of theirs were told last. */
  readonly #told = new Map<UserId, number>();
  /** Alarms whose account was told that its commands do not count. */
  readonly #answered = new Set<string>();
  #ignored: { readonly user: UserId; readonly event: EventId }[] = [];

  constructor(options: StaffDeskOptions) {
    this.#options = options;
    this.#world = options.world;
  }

  /** Before protections are asked, which count it. */
  seen({ seen }: Pick<Batch, "seen">): void {
    this.#news.clear();
    this.#ignored = [];
    for (const one of seen) {
      if (one.kind === "message") this.#noteIgnored(one.room, one.event);
      if (one.kind !== "state") continue;
      const { sender, eventId } = one.event;
      const act = this.#world.stored.staffActs.get(sender, eventId);
      if (!act || act.thirds !== undefined) continue;
      this.#options.believe({ kind: "staff-weighed", act: weighed(act, this.#options) }, one.at);
      if (this.#isAccused(sender)) this.#news.add(sender);
    }
  }

  /** A new alarm; and, where the config says so, the level of who did far too much. */
  proposes({ findings, at }: Pick<LookedAt, "findings" | "at">): readonly Decision[] {
    for (const one of findings) if (isStaffAlarm(one)) this.#raise(one, at);
    if (this.#options.pause !== "demote") return [];
    return [...this.#news].flatMap((user) => this.#stopped(user, at));
  }

  says({ at }: Pick<Batch, "at">): readonly Decision<Words>[] {
    const asked = [...this.#news].flatMap((user) => this.#ask(user, at) ?? []);
    const told = this.#ignored.flatMap(({ user, event }) => this.#tellIgnored(user, event, at) ?? []);
    return [...asked, ...told];
  }

  /** Somebody said what it is, or it ended by itself. */
  isObsolete(about: QuestionAbout): boolean {
    return about.kind === "staff" && !this.#isAccused(about.user);
  }

  #isAccused(user: UserId): boolean {
    return standingOf(user, this.#world, this.#world.dueBy) === "accused";
  }

  #raise({ finding: { about }, incident }: FindingResponse, at: number): void {
    if (about.kind !== "person" || standingOf(about.user, this.#world, this.#world.dueBy) !== "free") return;
    const { user, room } = about;
    const { since } = countNow(user, this.#world, at);
    const alarm: StaffAlarm = { user, incident, at, since: Math.min(since, at), room };
    this.#options.believe({ kind: "staff-alarm", alarm }, at);
    this.#told.delete(user);
    this.#news.add(user);
  }

  /** Three times as much as is too much, and somebody else remains who can say what it is. */
  #stopped(user: UserId, at: number): readonly Decision[] {
    const alarm = this.#world.stored.staffAlarms.get(user);
    if (!alarm || alarm.isHandled || judgesOf(user, this.#world, this.#world.dueBy).length === 0) return [];
    const [count, limits] = [countNow(user, this.#world, at), this.#options.limits()];
    const isFar = (["removals", "levels", "changes"] as const).some(
      (what) => count[what] > farTooMuch * limits[what],
    );
    const { acts } = demotionOf(user, this.#world);
    if (!isFar || acts.length === 0) return [];
    this.#options.believe({ kind: "staff-alarm", alarm: { ...alarm, isHandled: true } }, at);
    this.#told.delete(user);
    const { incident } = alarm;
    const sentence = "far more than moderators do";
    const cause = { kind: "finding", protection: staffProtection, incident, user, sentence } as const;
    return acts.map((action) => decide(action, cause, { at, replaces: incident }));
  }

  #ask(user: UserId, at: number): Decision<ActionOf<"ask">> | undefined {
    const alarm = this.#world.stored.staffAlarms.get(user);
    if (!alarm || !this.#isAccused(user)) return undefined;
    // Taken up again after an undo of the answer: nobody is asked twice about the same.
    if ((this.#world.questions.ofStaff(user)?.askedAt ?? -Infinity) >= alarm.at && this.#isAnswered(user))
      return undefined;
    const acts = [...this.#world.stored.staffActs.of(user)].filter(
      (act) => act.at >= alarm.since && counts(act),
    );
    const told = this.#told.get(user);
    if (told !== undefined && acts.length < told * tellGrowth) return undefined;
    this.#told.set(user, acts.length);
    keepNewest(this.#told, accountsRemembered);
    const { factor } = countNow(user, this.#world, at);
    const demotion = demotionOf(user, this.#world);
    const what = describeAlarm({ alarm, acts, factor, demotion, world: this.#world });
    const about = {
      kind: "staff",
      user,
      acts: acts.length,
      ifFine: `staff trust ${user}`,
      ifNot: `staff stop ${user}`,
    } as const;
    const open = this.#world.questions.ofStaff(user);
    if (!open || open.answer)
      return this.#options.put.begin(about, what, { told: acts.length, withinMs: accusedMs, at }).message;
    const question = { ...open, about, say: titled(open.id, what) };
    this.#options.believe({ kind: "asked", question }, at);
    return undefined;
  }

  #isAnswered(user: UserId): boolean {
    return this.#world.questions.ofStaff(user)?.answer !== undefined;
  }

  #noteIgnored(room: RoomId, event: RoomEvent): void {
    const { sender: user, eventId } = event;
    const world = this.#world;
    if (!world.isModerator(user) || !isPaused(user, world, world.dueBy)) return;
    if (this.#options.isCommand(room, event)) this.#ignored.push({ user, event: eventId });
  }

  /** Once for each alarm: whoever it is knows then why nothing happens. */
  #tellIgnored(user: UserId, replyTo: EventId, at: number): Decision<ActionOf<"tell">> | undefined {
    const key = `${user} ${this.#world.stored.staffAlarms.get(user)?.at}`;
    if (this.#answered.has(key)) return undefined;
    this.#answered.add(key);
    keepNewest(this.#answered, accountsRemembered);
    const text = say`I do not obey ${code(user)} for now: another of you has to say first that it is them (${code(`${this.#options.prefix} staff`)}).`;
    const message = this.#options.announcements.of(text, `paused ${key}`, at);
    return message && { ...message, action: { ...message.action, replyTo } };
  }
}

function counts({ thirds = 0, counts: what }: StaffAct): boolean {
  return thirds > 0 && what.length > 0;
}
