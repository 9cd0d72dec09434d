/**
 * Reads the past of rooms for a try of a protection: one request at a time, the room that lags behind first, so that all
 * of them are read equally far back when a bound ends it. Then has what was read worked off, in slices.
 */
import { asArray, asString } from "../../kit/json.ts";
import type { ActionOf } from "../../model/actions/action.ts";
import type { RoomId } from "../../model/ids.ts";
import { describeRoughly } from "../../kit/duration.ts";
import { eventsOfPage, longestReadMs, mostPages, type PastEvent, type Trial } from "../../model/trial.ts";
import { path, type RestClient } from "../http/client.ts";
import { MatrixFault } from "../http/errors.ts";
import { decodePastEvent } from "../sync/decode-past.ts";
import type { ActContext } from "./act-context.ts";
import type { Done } from "./results.ts";

/** Between two notes of how far it has come. */
const noteEveryMs = 2_000;
/** Nothing else waits longer for it. */
const sliceMs = 5;
const mostOfSlice = 20;

/** A room whose past is being read, from its end. */
interface Reading {
  readonly room: RoomId;
  from: string | undefined;
  /** How far back it was read, ms since the epoch. */
  reached: number;
  isOver: boolean;
  /** Nothing is before what was read. */
  hasBegun: boolean;
}

export async function tryProtection(action: ActionOf<"try-protection">, context: ActContext): Promise<Done> {
  const { decision, deliver } = context;
  const trial = context.beginTrial(action, decision);
  if (!trial) throw new MatrixFault(400, "BUSY", "another protection is being tried, or this one is gone");
  await new PastReader(action, context, trial).read();
  const isDone = !trial.isCalledOff() && (await workOff(trial, context));
  deliver([{ kind: "tried", decision: decision.id, report: isDone ? trial.report() : undefined }]);
  return { kind: "done" };
}

class PastReader {
  readonly #since: number;
  readonly #context: ActContext;
  readonly #reads: RestClient;
  readonly #trial: Trial;
  readonly #rooms: readonly Reading[];
  readonly #startedAt: number;
  #notedAt: number;
  #pages = 0;
  #events = 0;

  constructor({ rooms, since }: ActionOf<"try-protection">, context: ActContext, trial: Trial) {
    this.#since = since;
    this.#context = context;
    this.#reads = context.reads.with({ on429: "fail" });
    this.#trial = trial;
    this.#startedAt = this.#notedAt = context.clock.now();
    const reached = this.#startedAt;
    this.#rooms = rooms.map((room) => ({ room, from: undefined, reached, isOver: false, hasBegun: false }));
  }

  async read(): Promise<void> {
    for (let next = this.#next(); next; next = this.#next()) {
      await this.#readPage(next);
      this.#note();
    }
    this.#trial.wasRead(
      this.#readFrom,
      this.#rooms.every(({ hasBegun }) => hasBegun),
    );
  }

  /** As long as the homeserver wants, and as there is time. */
  #rest(ms: number): Promise<void> {
    const { clock, signal } = this.#context;
    const leftMs = Math.max(0, longestReadMs - Math.abs(clock.now() - this.#startedAt));
    return clock.sleep(Math.min(ms, leftMs), signal);
  }

  /** The room of which least was read; undefined where all is read, or a bound is reached. */
  #next(): Reading | undefined {
    const { clock, signal } = this.#context;
    const isOver =
      signal.aborted ||
      this.#trial.isCalledOff() ||
      this.#trial.isFull() ||
      this.#pages >= mostPages ||
      Math.abs(clock.now() - this.#startedAt) >= longestReadMs;
    if (isOver) return undefined;
    return this.#rooms.filter((one) => !one.isOver).toSorted((a, b) => b.reached - a.reached)[0];
  }

  /** From where on every room was read. */
  get #readFrom(): number {
    const lagging = this.#rooms.filter(({ isOver }) => !isOver).map(({ reached }) => reached);
    return Math.max(this.#since, ...lagging);
  }

  async #readPage(reading: Reading): Promise<void> {
    const { room, from } = reading;
    this.#pages++;
    try {
      const answer = await this.#reads.call("GET", path`/_matrix/client/v3/rooms/${room}/messages`, {
        query: { dir: "b", limit: String(eventsOfPage), ...(from === undefined ? {} : { from }) },
      });
      const page = (asArray(answer["chunk"]) ?? []).flatMap((raw) => decodePastEvent(room, raw) ?? []);
      this.#events += page.length;
      this.#trial.take(room, page);
      const end = asString(answer["end"]);
      reading.reached = Math.min(reading.reached, usualTimeOf(page) ?? reading.reached);
      reading.hasBegun = end === undefined || end === from;
      reading.isOver = reading.hasBegun || reading.reached < this.#since;
      reading.from = end;
    } catch (error) {
      if (!(error instanceof MatrixFault) || error.isUnknownToken) throw error;
      // It is asked again, as long as there is time.
      if (error.isLimited) return this.#rest(error.retryAfterMs ?? 0);
      reading.isOver = reading.hasBegun = true;
      this.#trial.cannotRead(room, error.message);
    }
  }

  #note(): void {
    const { clock, deliver, decision } = this.#context;
    const now = clock.now();
    if (Math.abs(now - this.#notedAt) < noteEveryMs) return;
    this.#notedAt = now;
    const whole = this.#startedAt - this.#since;
    const done = Math.max(1, this.#startedAt - this.#readFrom);
    const events = Math.round((this.#events * whole) / done);
    const leftMs = ((now - this.#startedAt) * (whole - done)) / done;
    const left = `${describeRoughly(Math.min(leftMs, longestReadMs))} left`;
    const note = `${this.#events.toLocaleString("en")} of about ${events.toLocaleString("en")} events, ${left}. To end it: ❌ on this message`;
    deliver([{ kind: "progress", decision, note }]);
  }
}

/** The time in the middle of the page: of single events it is the word of a sender, who may lie. */
function usualTimeOf(page: readonly PastEvent[]): number | undefined {
  const times = page.map(({ seen }) => seen.event.sentAt).toSorted((a, b) => a - b);
  return times[Math.floor(times.length / 2)];
}

/** In slices, between which everything else goes on; false where it was called off. */
async function workOff(trial: Trial, { clock, signal }: ActContext): Promise<boolean> {
  for (let isMore = true; isMore; await clock.sleep(0, signal)) {
    const began = clock.now();
    for (let done = 0; isMore && done < mostOfSlice && clock.now() - began < sliceMs; done++)
      isMore = trial.work();
    if (signal.aborted || trial.isCalledOff()) return false;
  }
  return true;
}
