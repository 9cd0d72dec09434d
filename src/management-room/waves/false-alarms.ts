/**
 * Makes good what a wave led to that turned out to be fine, besides taking it back: a line in the rooms where people noticed
 * it, and the offer to invite again whoever was removed.
 */
import type { LookedAt } from "../../bot/part.ts";
import { describeDuration, hourMs, minuteMs } from "../../kit/duration.ts";
import { count, say, type Say } from "../../kit/say.ts";
import type { Words } from "../../model/actions/action.ts";
import { decide, type Decision } from "../../model/decision.ts";
import type { RoomId } from "../../model/ids.ts";
import type { Past } from "../../model/past-acts.ts";
import type { Question } from "../../model/question.ts";
import type { WaveVerdict } from "../../model/settings/waves.ts";
import type { WorldView } from "../../model/world/view.ts";
import { closedBy, type Closed } from "../../policy/closed-by-wave.ts";
import { removedBy } from "../../policy/removed-by-wave.ts";
import type { PutQuestions } from "../questions/put-question.ts";

export interface FalseAlarmsOptions {
  readonly world: WorldView;
  readonly past: Pick<Past, "ofOccasion">;
  readonly ask: PutQuestions["offerOf"];
}

/** What was said longer ago is not made good anew after a restart. */
const freshMs = hourMs;
/** Bans that are not lifted, and rooms that are not open, by then stay so for a reason of their own. */
const patienceMs = 10 * minuteMs;
const lookEveryMs = 5_000;

export class FalseAlarms {
  readonly name = "false alarms";
  readonly #options: FalseAlarmsOptions;
  readonly #world: WorldView;
  /** Verdicts that all was done about. */
  readonly #settled = new WeakSet<WaveVerdict>();
  #nextAt: number | undefined;

  constructor(options: FalseAlarmsOptions) {
    this.#options = options;
    this.#world = options.world;
  }

  /** A line in each room, once it is open again; the journal knows those that were sent. */
  proposes({ at }: Pick<LookedAt, "at">): readonly Decision[] {
    return this.#open(at).flatMap(([wave, verdict]) => this.#apologies(wave, verdict, at));
  }

  says({ at }: Pick<LookedAt, "at">): readonly Decision<Words>[] {
    if (this.#isWaiting(at)) return [];
    const open = this.#open(at);
    this.#nextAt = undefined;
    return open.flatMap(([wave, verdict]) => {
      const { banned, outside } = removedBy(wave, this.#options);
      const isClosed = closedBy(wave, this.#options).some(({ isOpen }) => !isOpen);
      // They are offered together, once their bans are lifted.
      if ((banned.length > 0 || isClosed) && isPatient(verdict, at)) {
        this.#nextAt = at + lookEveryMs;
        return [];
      }
      this.#settled.add(verdict);
      if (outside.length === 0 || this.#isOffered(wave)) return [];
      const people = new Set(outside.map(({ user }) => user)).size;
      const text = commandOf(wave);
      const what = say`${count(people, "person", "people")} of the wave that was none ${people === 1 ? "is" : "are"} not back. Invite ${people === 1 ? "them" : "all of them"} again?`;
      return this.#options.ask({ kind: "offer", offer: "invite-back", text }, what, at) ?? [];
    });
  }

  nextAt(): number | undefined {
    return this.#nextAt;
  }

  /** What was looked at a moment ago has not changed much; nor is a moment longer than that, where the clock was set back. */
  #isWaiting(at: number): boolean {
    return this.#nextAt !== undefined && at < this.#nextAt && this.#nextAt - at <= lookEveryMs;
  }

  /** Waves of which somebody said lately that they are fine. */
  #open(at: number): readonly (readonly [string, WaveVerdict])[] {
    if (this.#isWaiting(at)) return [];
    return [...this.#world.settings.waveVerdicts].filter(
      ([, verdict]) =>
        verdict.is === "fine" && Math.abs(at - verdict.at) < freshMs && !this.#settled.has(verdict),
    );
  }

  #isOffered(wave: string): boolean {
    return [...this.#world.questions.all].some((one) => isOfferOf(one, wave));
  }

  #apologies(wave: string, verdict: WaveVerdict, at: number): readonly Decision[] {
    return [...this.#noticedIn(wave, isPatient(verdict, at))].map(([room, text]) =>
      decide(
        { kind: "post", room, text: text.text, users: [], key: `false alarm ${wave}` } as const,
        { kind: "self", what: `false alarm ${wave}` },
        { at, replaces: "" },
      ),
    );
  }

  /**
   * Rooms in which people could not speak or join, or somebody was muted. Of servers that were kept out nobody in the room
   * noticed anything. `waits`: a room that is closed is left out for now, as it may be open within moments.
   */
  #noticedIn(wave: string, waits: boolean): ReadonlyMap<RoomId, Say> {
    const closed = closedBy(wave, this.#options);
    const noticed = new Map<RoomId, Say>();
    for (const one of closed) if (one.isOpen || !waits) noticed.set(one.room, sorryFor(one));
    const closedRooms = new Set(closed.map(({ room }) => room));
    for (const { decision, result } of this.#options.past.ofOccasion(wave)) {
      const { action } = decision;
      if (action.kind !== "mute" || result?.kind !== "done" || !this.#world.isProtected(action.room))
        continue;
      if (!closedRooms.has(action.room))
        noticed.set(
          action.room,
          say`I took people here for a wave of spam, and was wrong. Sorry. They can speak again.`,
        );
    }
    return noticed;
  }
}

/** Rooms are opened, and bans lifted, for a while yet. */
function isPatient(verdict: WaveVerdict, at: number): boolean {
  return at - verdict.at < patienceMs;
}

function sorryFor({ key, forMs, isOpen }: Closed): Say {
  const now = isOpen ? "The room is open again." : "The room stays closed for now.";
  const time = describeDuration(Math.max(1, Math.round(forMs / minuteMs)) * minuteMs);
  return say`For ${time} newcomers could not ${key === "levels" ? "speak" : "join"} here: I took a crowd for a wave of spam, and was wrong. Sorry. ${now}`;
}

function commandOf(wave: string): string {
  return `waves invite wave-${wave}`;
}

function isOfferOf({ about }: Question, wave: string): boolean {
  return about.kind === "offer" && about.offer === "invite-back" && about.text === commandOf(wave);
}
