/**
 * Commands that have something read first (a list, a room's bans): once the reads have ended, well or badly, the command is
 * run again with their results. Bounded in number, in passes and in time; kept in memory alone, so that after a restart the
 * moderator is asked to repeat it.
 */
import type { Batch } from "../bot/part.ts";
import type { FoundBan } from "../model/event.ts";
import { roomOf } from "../model/actions/traits.ts";
import type { Decision, Outcome } from "../model/decision.ts";
import type { EventId } from "../model/ids.ts";
import type { Observation, Seen } from "../model/observation.ts";
import type { EarlierReads } from "../commands/looked-up.ts";

type Command = Extract<Observation, { kind: "command" }>;

interface Waiting {
  command: Command;
  readonly since: number;
  passes: number;
  isRunAgain: boolean;
  /** A command that was said later takes it back. */
  isCalledOff: boolean;
  readonly pending: Set<string>;
  /** That it reads. */
  readonly rooms: Set<string>;
  readonly outcomes: Outcome[];
  readonly bans: FoundBan[];
  bansLeftOut: number;
  tried: EarlierReads["tried"];
  readonly patienceMs: number;
}

/** A join and a read, each tried twice. */
const mostPasses = 4;
/** A moderator waits: after this the command is run with the results that there are. */
const usualPatienceMs = 5 * 60_000;
/** More than anybody types at once. Each may hold all the bans of a room. */
const mostWaiting = 10;

export class DeferredCommands {
  readonly name = "deferred commands";
  readonly #receive: (seen: readonly Seen[]) => void;
  readonly #waiting = new Map<EventId, Waiting>();

  constructor(receive: (seen: readonly Seen[]) => void) {
    this.#receive = receive;
  }

  /** After `stop` commands that were said before it are run to be told that they are not done. */
  seen({ seen }: Pick<Batch, "seen">): void {
    if (!seen.some((one) => one.kind === "settings-changed" && one.change.kind === "stop")) return;
    for (const waiting of this.#waiting.values()) waiting.command = { ...waiting.command, isOvertaken: true };
  }

  proposes({ seen }: Pick<Batch, "seen">): readonly never[] {
    for (const one of seen) {
      if (one.kind === "bans-read") this.found(one);
      if (one.kind === "tried") this.#tried(one);
    }
    return [];
  }

  says({ at }: Pick<Batch, "at">): readonly never[] {
    this.#receive(this.takeReady(at));
    return [];
  }

  /** The command is to be run again when its reads have ended. False where a bound is reached. */
  wait(command: Command, patienceMs = usualPatienceMs): boolean {
    const event = command.event.eventId;
    const known = this.#waiting.get(event);
    if (known ? known.passes >= mostPasses : this.#waiting.size >= mostWaiting) return false;
    const { at: since } = command;
    const waiting: Waiting = known ?? {
      command,
      since,
      passes: 0,
      isRunAgain: false,
      isCalledOff: false,
      pending: new Set(),
      rooms: new Set(),
      outcomes: [],
      bans: [],
      bansLeftOut: 0,
      tried: undefined,
      patienceMs,
    };
    waiting.passes++;
    waiting.isRunAgain = false;
    this.#waiting.set(event, waiting);
    return true;
  }

  /** The results of the reads that earlier passes of the command requested; undefined at the first pass. */
  earlierReads(command: EventId, at: number): EarlierReads | undefined {
    const waiting = this.#waiting.get(command);
    if (!waiting) return undefined;
    const { outcomes, bans, bansLeftOut, tried, isCalledOff } = waiting;
    return { outcomes, bans, bansLeftOut, tried, isCalledOff, isOverdue: isOverdue(waiting, at) };
  }

  /** The commands among these, and those that read a room among them, are run again to say that they are called off. */
  callOff(occasions: readonly string[]): void {
    for (const [command, waiting] of this.#waiting)
      if (occasions.some((one) => one === command || waiting.rooms.has(one))) waiting.isCalledOff = true;
  }

  /** The command got its reply. */
  replied(command: EventId): void {
    this.#waiting.delete(command);
  }

  handedOver({ id, action, because }: Decision): void {
    const waiting = because.kind === "command" && because.reads && this.#waiting.get(because.event);
    if (!waiting) return;
    waiting.pending.add(id);
    waiting.rooms.add(roomOf(action) ?? "");
  }

  ended(outcome: Outcome): void {
    const { id, because } = outcome.decision;
    const waiting = because.kind === "command" ? this.#waiting.get(because.event) : undefined;
    if (waiting?.pending.delete(id)) waiting.outcomes.push(outcome);
  }

  found({ decision, bans, more }: Extract<Observation, { kind: "bans-read" }>): void {
    for (const waiting of this.#waiting.values()) {
      if (!waiting.pending.has(decision)) continue;
      waiting.bans.push(...bans);
      waiting.bansLeftOut += more;
    }
  }

  #tried({ decision, report }: Extract<Observation, { kind: "tried" }>): void {
    for (const waiting of this.#waiting.values())
      if (waiting.pending.has(decision)) waiting.tried = { report };
  }

  /** Commands without a reply yet. */
  commands(): Iterable<EventId> {
    return this.#waiting.keys();
  }

  /** Commands to run again now, each once in a pass. */
  takeReady(at: number): readonly Seen[] {
    const ready = [...this.#waiting.values()].filter(
      (waiting) => !waiting.isRunAgain && (waiting.pending.size === 0 || isOverdue(waiting, at)),
    );
    for (const waiting of ready) waiting.isRunAgain = true;
    // Without the time stamps: it runs as of now.
    return ready.map(({ command: { at: _at, dueBy: _dueBy, ...command } }) => command);
  }

  /** When the first of them has waited long enough. */
  nextAt(): number | undefined {
    const ends = [...this.#waiting.values()].map(({ since, patienceMs }) => since + patienceMs);
    return ends.length > 0 ? Math.min(...ends) : undefined;
  }
}

/** Begun later than now: our clock was set back. */
function isOverdue({ since, patienceMs }: Waiting, at: number): boolean {
  return at - since >= patienceMs || at < since;
}
