/**
 * Reports at the desk: takes in what people report, keeps one case for each person, follows how it ends, and thanks the room.
 * What reports lead to by themselves is decided by protections, which are asked of them like of anything else.
 */
import type { Batch, LookedAt } from "../../bot/part.ts";
import { roomName } from "../../commands/shared/room-names.ts";
import { lackOfRoomPower } from "../../decisions/guard/room-power.ts";
import { actedByHand, actedByUs, judged, type ActedOn } from "../../decisions/reports/closing.ts";
import { takeIn, type ReportLimits } from "../../decisions/reports/take-in.ts";
import { hourMs } from "../../kit/duration.ts";
import { code, count, say } from "../../kit/say.ts";
import type { Words } from "../../model/actions/action.ts";
import { decide, type Decision, type Outcome } from "../../model/decision.ts";
import type { RoomEvent } from "../../model/event.ts";
import type { RoomId, UserId } from "../../model/ids.ts";
import type { Observation, ObservationOf, Seen } from "../../model/observation.ts";
import { openForMs, peopleIn, type Case } from "../../model/reports/cases.ts";
import type { Report } from "../../model/reports/report.ts";
import { isHeard, type CaseWord } from "../../model/settings/reports.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";
import type { Announcements } from "../announcements.ts";
import { claimIn } from "./claims.ts";
import type { CaseMessages } from "./case-messages.ts";
import type { LookingUp } from "./looking-up.ts";
import { aboutUs, silencedForMs, silencedWords } from "./wording.ts";

export interface ReportDeskOptions {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
  readonly limits: ReportLimits;
  readonly thanks: boolean;
  readonly prefix: string;
  readonly announcements: Pick<Announcements, "of">;
  readonly messages: CaseMessages;
  readonly lookingUp: LookingUp;
  /** What a message commands us, without what addresses us. */
  readonly lineOf: (event: RoomEvent) => string | undefined;
  /** Believed at once. */
  readonly believe: (seen: Seen, at: number) => void;
}

/** Of messages of ours that are reported; whoever wants to fill the room finds another way. */
const mostAboutUs = 3;
const lookEveryMs = hourMs;

export class ReportDesk {
  readonly name = "reports";
  readonly #options: ReportDeskOptions;
  readonly #world: WorldView;
  /** What is to be said and done next. */
  readonly #said: Decision<Words>[] = [];
  readonly #acts: Decision[] = [];
  #words: ReadonlyMap<number, CaseWord>;
  #aboutUsAt: number[] = [];
  readonly #thankedAt = new Map<RoomId, number>();
  #lookedAt = -Infinity;
  #isFullTold = false;

  constructor(options: ReportDeskOptions) {
    this.#options = options;
    this.#world = options.world;
    this.#words = options.world.settings.caseWords;
  }

  caughtUp(): void {
    for (const { id } of this.#world.stored.cases.open()) this.#options.messages.changed(id);
  }

  /** Before protections are asked, which look at what is reported. */
  seen({ seen, at }: Pick<Batch, "seen" | "at">): void {
    for (const one of seen) this.#see(one);
    this.#followWords(at);
    this.#expire(at);
  }

  /** What people reported with goes, so that who is reported need not see it; rooms are thanked. */
  proposes(): readonly Decision[] {
    return this.#acts.splice(0);
  }

  ended(outcome: Outcome, at: number): void {
    this.#options.messages.ended(outcome, at);
    const acted = actedByUs(outcome);
    if (acted) this.#acted(acted, at);
    this.#followWords(at);
  }

  says({ at }: Pick<LookedAt, "at">): readonly Decision<Words>[] {
    return [...this.#said.splice(0), ...this.#options.messages.says(at)];
  }

  nextAt(): number | undefined {
    // What the end of an act led to is done with the next batch.
    return this.#acts.length > 0 ? this.#world.now : this.#options.messages.nextAt();
  }

  #see(one: Observation): void {
    if (one.kind === "message") this.#claimed(one);
    else if (one.kind === "report" && one.report) this.#reported(one.report, one.at);
    else if (one.kind === "reports-begun") this.#begun(one);
    else if (one.kind === "state" && this.#world.isProtected(one.room)) {
      const acted = actedByHand(one);
      const by = acted?.by;
      if (acted && by && by !== this.#world.self && this.#world.isModerator(by)) this.#acted(acted, one.at);
    }
  }

  #claimed(one: ObservationOf<"message">): void {
    const world = this.#world;
    if (!world.settings.reporting || !world.isProtected(one.room) || one.event.sender === world.self) return;
    const claim = claimIn(one, this.#options.lineOf);
    if (!claim || world.stored.cases.ofReport(claim.id)) return;
    if (isHeard(claim.by, world.settings, world.dueBy)) this.#options.lookingUp.claimed(claim, one.at);
    else this.#remove(claim);
  }

  #reported(report: Report, at: number): void {
    const taken = takeIn(report, { ...this.#options, ...this.#options.limits, at });
    if (taken.is === "about-us") this.#aboutUs(report, at);
    if (taken.is === "beyond") this.#full(at);
    this.#remove(report);
    if (taken.is !== "taken") return;
    this.#options.believe({ kind: "case", case: taken.case }, at);
    this.#options.messages.changed(taken.case.id);
    if (taken.reporter) this.#options.believe({ kind: "reporter", reporter: taken.reporter }, at);
    if (taken.isTooMuch) this.#silence(report.by, at);
  }

  /** Nobody else sees then who reports. A moderator's, and where we may not, stays. */
  #remove({ said: event, by: user, room, id }: Pick<Report, "said" | "by" | "room" | "id">): void {
    if (!event || this.#world.isSpared(user)) return;
    if (lackOfRoomPower({ of: "redact", room }, this.#world)) return;
    const action = { kind: "redact", room, event, user, reason: "" } as const;
    this.#acts.push(decide(action, { kind: "self", what: id }, { at: this.#world.now, replaces: "" }));
  }

  #aboutUs({ by, room, reason, id }: Report, at: number): void {
    this.#aboutUsAt = this.#aboutUsAt.filter((then) => Math.abs(at - then) < hourMs);
    if (this.#aboutUsAt.length >= mostAboutUs) return;
    this.#aboutUsAt.push(at);
    this.#tell(this.#options.announcements.of(aboutUs(by, reason, roomName(room, this.#world)), id, at));
  }

  /** Not heard for a day; cases that only they have made are closed, and teach nothing but that. */
  #silence(by: UserId, at: number): void {
    const { believe, announcements, prefix } = this.#options;
    const muted = { at, until: this.#world.dueBy + silencedForMs };
    believe({ kind: "settings-changed", change: { kind: "mute-reporter", user: by, muted } }, at);
    const alone = [...this.#world.stored.cases.open()].filter(
      (one) => peopleIn(one) === 1 && one.voices[0]?.by === by && !this.#world.settings.caseWords.has(one.id),
    );
    for (const one of alone) this.#close(one, { is: "closed", outcome: "nothing", at });
    const text = silencedWords(by, { cases: alone.length, prefix });
    this.#tell(announcements.of(text, `silenced ${by} ${at}`, at, { who: [by] }));
  }

  #full(at: number): void {
    if (this.#isFullTold) return;
    this.#isFullTold = true;
    const { announcements, prefix } = this.#options;
    const text = say`More people are reported than I keep cases of. Others are left out until some are closed: ${code(`${prefix} reports`)} shows them.`;
    this.#tell(announcements.of(text, `reports are full ${at}`, at));
  }

  #begun({ total, at }: ObservationOf<"reports-begun">): void {
    const there =
      total > 0
        ? say`${count(total, "report")} that ${total === 1 ? "was" : "were"} there before ${total === 1 ? "is" : "are"} left to you, in the homeserver's own list`
        : say`There are none so far`;
    const text = say`From now on I take in what users of my homeserver report of messages in protected rooms. ${there}.`;
    this.#tell(this.#options.announcements.of(text, "reports of the homeserver", at));
  }

  #acted({ user, by }: ActedOn, at: number): void {
    const one = this.#world.stored.cases.ofUser(user);
    if (one) this.#close(one, { is: "closed", outcome: "acted", ...(by ? { by } : {}), at });
  }

  #close({ id: report, user }: Case, word: CaseWord, at = word.at): void {
    this.#options.believe(
      { kind: "settings-changed", change: { kind: "judge-case", report, user, word } },
      at,
    );
    this.#followWords(at);
  }

  /** Whatever moderators said since this was last looked at, by a command, an undo or by acting. */
  #followWords(at: number): void {
    const [before, now] = [this.#words, this.#world.settings.caseWords];
    if (before === now) return;
    this.#words = now;
    for (const id of new Set([...before.keys(), ...now.keys()])) {
      const [was, is] = [before.get(id), now.get(id)];
      const one = was === is ? undefined : this.#world.stored.cases.get(id);
      if (!one) continue;
      this.#isFullTold = false;
      const { case: after, reporters } = judged(one, is, (user) => this.#world.stored.reporters.get(user));
      this.#options.believe({ kind: "case", case: after }, at);
      for (const reporter of reporters) this.#options.believe({ kind: "reporter", reporter }, at);
      this.#options.messages.changed(id);
      if (after.isOver && !one.isOver && is?.by) this.#thank(after, at);
    }
  }

  /** By a person's word alone; no room is thanked for what a machine closed. */
  #thank(one: Case, at: number): void {
    if (!this.#options.thanks || !one.voices.some(({ way }) => way !== "homeserver")) return;
    for (const room of new Set(one.events.map((event) => event.room))) {
      if (Math.abs(at - (this.#thankedAt.get(room) ?? -Infinity)) < hourMs) continue;
      if (!this.#world.isProtected(room) || lackOfRoomPower({ of: "message", room }, this.#world)) continue;
      this.#thankedAt.set(room, at);
      const text = "Thank you to those who reported something here: moderators have looked at it.";
      const action = { kind: "post", room, text, users: [], key: `thanks for report ${one.id}` } as const;
      this.#acts.push(decide(action, { kind: "self", what: action.key }, { at, replaces: "" }));
    }
  }

  /** What nobody wanted to judge goes by itself, and teaches nothing. */
  #expire(at: number): void {
    if (Math.abs(at - this.#lookedAt) < lookEveryMs) return;
    this.#lookedAt = at;
    for (const one of [...this.#world.stored.cases.open()])
      if (Math.abs(at - one.lastAt) >= openForMs)
        this.#options.believe({ kind: "case", case: { ...one, isOver: true } }, at);
  }

  #tell(message: Decision<Words> | undefined): void {
    if (message) this.#said.push(message);
  }
}
