/**
 * Appeals: somebody who is banned invites us to a room, and writes there why they should be let in again. That becomes a case
 * like what is reported; when it is over they are answered, and we leave.
 */
import type { Batch } from "../../bot/part.ts";
import { appealBy, withWords } from "../../decisions/reports/appeals.ts";
import { dayMs, hourMs } from "../../kit/duration.ts";
import { decide, type Decision, type Outcome } from "../../model/decision.ts";
import type { Action } from "../../model/actions/action.ts";
import { parseUserId, type RoomId } from "../../model/ids.ts";
import type { ObservationOf, Seen } from "../../model/observation.ts";
import type { Case } from "../../model/reports/cases.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";
import type { CaseMessages } from "./case-messages.ts";

export interface AppealDeskOptions {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
  readonly messages: Pick<CaseMessages, "changed">;
  /** In a dry run nobody is written to. */
  readonly isDryRun: boolean;
  /** Believed at once. */
  readonly believe: (seen: Seen, at: number) => void;
}

/** Whoever wrote nothing by then is left. */
const patienceMs = dayMs;

const welcome =
  "Write here why you should be let in again: all of it within a few messages. The moderators read it, and I answer here when they have decided.";
const accepted = "The moderators have looked at this: your ban is lifted, and you can come back.";
const denied = "The moderators have looked at this, and your ban stays.";

export class AppealDesk {
  readonly name = "appeals";
  readonly #options: AppealDeskOptions;
  readonly #world: WorldView;
  readonly #acts: Decision[] = [];
  #lookedAt = -Infinity;

  constructor(options: AppealDeskOptions) {
    this.#options = options;
    this.#world = options.world;
  }

  seen({ seen, at }: Pick<Batch, "seen" | "at">): void {
    for (const one of seen) {
      if (one.kind === "own-membership") this.#membership(one);
      else if (one.kind === "message" || one.kind === "opened") this.#written(one);
      else if (one.kind === "state" && one.event.type === "m.room.member") this.#left(one);
    }
    this.#settle(at);
  }

  proposes(): readonly Decision[] {
    return this.#acts.splice(0);
  }

  ended({ decision: { action, because }, result }: Outcome, at: number): void {
    const isLift = action.kind === "unban" && because.kind === "command" && result.kind === "done";
    if (isLift) this.#over(action, because.by, at);
    this.#settle(at);
  }

  nextAt(): number | undefined {
    return this.#acts.length > 0 ? this.#world.now : undefined;
  }

  #membership({ room, membership, by, at }: ObservationOf<"own-membership">): void {
    const known = this.#world.stored.cases.appealIn(room);
    if (known) {
      if (membership === "leave" || membership === "ban") this.#believe(gone(known), at);
      return;
    }
    if (membership !== "invite" || !by || this.#options.isDryRun || this.#world.isWanted(room)) return;
    const one = appealBy(by, room, { ...this.#options, at });
    if (!one) return;
    this.#believe(one, at);
    this.#act({ kind: "join", room, via: [] }, `appeal ${one.id}`);
  }

  #written({ room, event, at }: ObservationOf<"message" | "opened">): void {
    const one = this.#world.stored.cases.appealIn(room);
    const grown = one && !one.isOver ? withWords(one, event, at) : one;
    if (!grown || grown === one) return;
    this.#believe(grown, at);
    this.#options.messages.changed(grown.id);
  }

  /** Somebody let them in with their own client. */
  #left({ room, event: { sender, stateKey, content }, fromTimeline, at }: ObservationOf<"state">): void {
    const user = parseUserId(stateKey);
    if (!user || !fromTimeline || sender === user || sender === this.#world.self) return;
    if (!this.#world.isProtected(room) || !this.#world.isModerator(sender)) return;
    if (content["membership"] === "leave" || content["membership"] === "invite")
      this.#over({ user }, sender, at);
  }

  /** They are banned nowhere any more. */
  #over({ user }: { readonly user: Case["user"] }, by: Case["user"], at: number): void {
    const one = this.#world.stored.cases.appealOf(user);
    const isJudged = one && this.#world.settings.caseWords.get(one.id)?.is === "closed";
    if (!one || one.isOver || isJudged || this.#world.protectedRoomsOf(user, ["ban"]).length > 0) return;
    const word = { is: "closed", outcome: "acted", by, at } as const;
    const change = { kind: "judge-case", report: one.id, user, word } as const;
    this.#options.believe({ kind: "settings-changed", change }, at);
    this.#options.messages.changed(one.id);
  }

  /** What is over, by whatever word, is answered and left; and so is whoever writes nothing. */
  #settle(at: number): void {
    const { cases } = this.#world.stored;
    const words = this.#world.settings.caseWords;
    for (const room of cases.appealRooms()) {
      const one = cases.appealIn(room)!;
      this.#welcome(one, at);
      const word = words.get(one.id);
      if (word?.is === "closed") {
        const more = word.answer ? ` They write: ${word.answer}` : "";
        const text = word.outcome === "acted" ? accepted : denied;
        this.#post(room, `${text}${more}`, `answer to appeal ${one.id}`);
        this.#leave(one, at);
      } else if (one.isOver) this.#leave(one, at);
    }
    if (Math.abs(at - this.#lookedAt) < hourMs) return;
    this.#lookedAt = at;
    for (const room of cases.appealRooms()) {
      const one = cases.appealIn(room)!;
      if (one.appeal?.words === "" && Math.abs(at - one.openedAt) >= patienceMs)
        this.#leave({ ...one, isOver: true }, at);
    }
  }

  /** As soon as we know the room, and with it whether it is encrypted. */
  #welcome(one: Case, at: number): void {
    const { appeal } = one;
    if (!appeal || appeal.isWelcomed || one.isOver || !this.#world.rooms.get(appeal.room)?.isKnown) return;
    this.#believe({ ...one, appeal: { ...appeal, isWelcomed: true } }, at);
    this.#post(appeal.room, welcome, `welcome to appeal ${one.id}`);
  }

  #leave(one: Case, at: number): void {
    const { room } = one.appeal!;
    const isIn = this.#world.rooms.get(room)?.ownMembership === "join";
    this.#believe(gone({ ...one, isOver: true }), at);
    if (isIn) this.#act({ kind: "leave", room }, `end of appeal ${one.id}`);
  }

  #post(room: RoomId, text: string, key: string): void {
    if (this.#world.rooms.get(room)?.ownMembership !== "join") return;
    this.#act({ kind: "post", room, text, users: [], key }, key);
  }

  #act(action: Action, what: string): void {
    this.#acts.push(decide(action, { kind: "self", what }, { at: this.#world.now, replaces: what }));
  }

  #believe(one: Case, at: number): void {
    this.#options.believe({ kind: "case", case: one }, at);
  }
}

function gone(one: Case): Case {
  return one.appeal ? { ...one, appeal: { ...one.appeal, isLeft: true } } : one;
}
