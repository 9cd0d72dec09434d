/** What is noted of a rehearsal while it goes on, and how it is told in the end. */
import { asDone } from "../../commands/undo-words.ts";
import { describeDuration } from "../../kit/duration.ts";
import { bold, bullets, code, count, joined, lines, say, type Say } from "../../kit/say.ts";
import type { Action, Notified } from "../../model/actions/action.ts";
import type { Decision } from "../../model/decision.ts";
import type { EventId, RoomId, UserId } from "../../model/ids.ts";
import { madeUpEnding } from "../../model/rehearsal.ts";
import type { Doing } from "./made-up-wave.ts";

/** Of those people who are told by name the others are counted. */
const named = 5;

/** What is told by its number; rooms and messages have lines of their own. */
const counted = new Set<string>(["ban", "unban", "kick", "invite", "mute", "post"]);

export type EndOfRehearsal = "settled" | "stopped" | "late" | "real" | "broke";

export class Tally {
  readonly #begunAt: number;
  readonly #acts: Decision["action"]["kind"][] = [];
  readonly #came = new Set<UserId>();
  /** Who said each message that got through, and when; ms since the epoch. */
  readonly #said = new Map<EventId, { readonly user: UserId; readonly at: number; removedAt?: number }>();
  readonly #keptOut = new Set<UserId>();
  readonly #closed = new Set<RoomId>();
  #closedAt: number | undefined;
  #askedAt: number | undefined;
  #called: readonly UserId[] = [];
  #heard: { readonly user: UserId; readonly at: number } | undefined;
  #verdictAt: number | undefined;
  /** When something of it was last done, or said by a moderator. */
  lastAt: number;

  constructor(begunAt: number) {
    this.#begunAt = begunAt;
    this.lastAt = begunAt;
  }

  did({ user, event, text }: Doing, at: number, isLetIn: boolean): void {
    if (!isLetIn && text === undefined) this.#keptOut.add(user);
    else if (!isLetIn) return;
    else if (text === undefined) this.#came.add(user);
    else this.#said.set(event, { user, at });
  }

  asked(at: number, notifies: Notified | undefined): void {
    this.#askedAt ??= at;
    if (this.#called.length === 0 && typeof notifies === "object") this.#called = notifies.users;
  }

  heard(user: UserId, at: number): void {
    this.lastAt = at;
    if (this.#askedAt !== undefined) this.#heard ??= { user, at };
  }

  judged(at: number): void {
    this.#verdictAt ??= at;
  }

  acted({ action }: Decision, at: number): void {
    this.lastAt = at;
    if (counted.has(action.kind)) this.#acts.push(action.kind);
    const closed = roomClosedBy(action);
    if (closed) this.#closed.add(closed);
    if (closed) this.#closedAt ??= at;
    for (const [event, one] of this.#said) if (isRemovedBy(action, event, one.user)) one.removedAt ??= at;
  }

  report(end: EndOfRehearsal, at: number): Say {
    return lines(
      say`${bold("Rehearsal over")}, after ${this.#since(at)}. ${whyOver[end]} Nothing of it was done to anybody.`,
      bullets([this.#ofWave(), this.#ofTeam(), this.#ofActs(), this.#ofMessages(at)]),
    );
  }

  #ofWave(): Say {
    const came = say`${count(this.#came.size, "account")} came`;
    const known =
      this.#askedAt === undefined ? "I did not ask" : say`I asked after ${this.#since(this.#askedAt)}`;
    const closed =
      this.#closedAt === undefined
        ? "no room was closed to them"
        : say`${count(this.#closed.size, "room")} ${this.#closed.size === 1 ? "was" : "were"} closed to them after ${this.#since(this.#closedAt)}${this.#keptOut.size > 0 ? say`, ${this.#keptOut.size} more did not get in` : ""}`;
    return say`${came}; ${known}, ${closed}.`;
  }

  #ofTeam(): Say {
    const whom =
      this.#called.length === 0
        ? "Nobody was called"
        : say`Called: ${joined(this.#called.slice(0, named).map((user) => code(user)))}${this.#called.length > named ? say` and ${this.#called.length - named} more` : ""}`;
    if (this.#askedAt === undefined) return say`${whom}.`;
    if (!this.#heard) return say`${whom}. Nobody answered.`;
    const first = describeDuration(Math.max(0, this.#heard.at - this.#askedAt));
    const judged =
      this.#verdictAt === undefined
        ? say`nobody said what the wave is`
        : say`the decision came after ${describeDuration(Math.max(0, this.#verdictAt - this.#askedAt))}`;
    return say`${whom}. ${code(this.#heard.user)} answered after ${first}; ${judged}.`;
  }

  #ofActs(): Say {
    return this.#acts.length === 0
      ? say`Nobody would have been removed.`
      : say`I would have done: ${asDone(this.#acts)}.`;
  }

  #ofMessages(at: number): Say {
    const all = [...this.#said.values()];
    if (all.length === 0) return say`None of their messages would have been seen.`;
    const gone = all.filter(({ removedAt }) => removedAt !== undefined).length;
    const longest = Math.max(...all.map((one) => (one.removedAt ?? at) - one.at));
    return say`Of ${count(all.length, "message")} of theirs ${gone} would have been removed; the one that stood longest, for ${describeDuration(longest)}.`;
  }

  #since(at: number): string {
    return describeDuration(Math.max(0, at - this.#begunAt));
  }
}

const whyOver: Readonly<Record<EndOfRehearsal, Say>> = {
  settled: say`Nothing more came of it.`,
  stopped: say`You ended it.`,
  late: say`It had lasted long enough.`,
  real: say`Something real has come up: from now on all that you say is real.`,
  broke: say`Something broke in it; the log has more.`,
};

/** An ACL that names a made-up server closes its room to it; one that names none any more opens it. */
function roomClosedBy(action: Action): RoomId | undefined {
  if (action.kind === "contain") return action.room;
  if (action.kind !== "set-server-acl") return undefined;
  return action.content.deny.some((entry) => entry.endsWith(madeUpEnding)) ? action.room : undefined;
}

function isRemovedBy(action: Action, event: EventId, user: UserId): boolean {
  switch (action.kind) {
    case "ban":
      return action.redacts && action.user === user;
    case "redact":
    case "hold":
      return action.event === event;
    default:
      return false;
  }
}
