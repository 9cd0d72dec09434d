/** One try of a protection on the past: takes pages, works them off in slices, and reports. */
import type { Protection } from "../automod/define.ts";
import type { RoomId, UserId } from "../model/ids.ts";
import type { StashView } from "../model/stash.ts";
import type { Counted, Fate, Met, PastRead, TrialReport } from "../model/trial-report.ts";
import { warmUpMs, type PastEvent, type Trial } from "../model/trial.ts";
import type { WorldLimits } from "../model/world/limits.ts";
import type { WorldView } from "../model/world/view.ts";
import type { RulesInForce } from "../policy/rules-in-force.ts";
import { fateOf, isHere, isRegularNow, type FateView } from "../policy/fates.ts";
import { Past } from "./past.ts";
import { PastWorld } from "./past-world.ts";
import { Replay, type MetPerson } from "./replay.ts";

export interface BacktestOptions {
  readonly protection: Protection;
  readonly world: WorldView;
  readonly limits: WorldLimits;
  readonly rulesInForce: RulesInForce;
  /** What was removed and kept: without it the past would hold only the innocent. */
  readonly stash: Pick<StashView, "get">;
  readonly rooms: readonly RoomId[];
  /** Both in ms since the epoch. */
  readonly since: number;
  readonly until: number;
  readonly isCalledOff: () => boolean;
}

/** Done in one go. Less than 5 ms on a slow machine, even where each event has much text. */
const eventsAtOnce = 10;
const peopleAtOnce = 500;
/** Rows of each table in a report. */
const mostRows = 10;
const mostExamples = 20;

export class Backtest implements Trial {
  readonly isCalledOff: () => boolean;
  readonly #options: BacktestOptions;
  readonly #past: Past;
  readonly #unread = new Map<RoomId, string>();
  #events = 0;
  #from: number;
  /** More was there to read. */
  #isCut = false;
  #replay: Replay | undefined;
  #work: Iterator<void> | undefined;

  constructor(options: BacktestOptions) {
    this.#options = options;
    this.isCalledOff = options.isCalledOff;
    this.#past = new Past(options);
    this.#from = options.since;
  }

  isFull(): boolean {
    return this.#past.isFull;
  }

  take(_room: RoomId, page: readonly PastEvent[]): void {
    this.#events += page.length;
    for (const event of page) this.#past.add(event.isRedacted ? this.#asKept(event) : event);
  }

  #asKept(past: PastEvent): PastEvent {
    const { seen, before } = past;
    const kept = seen.kind === "message" ? this.#options.stash.get(seen.event.eventId) : undefined;
    // By its own room and author, whoever else could bear that id.
    if (!kept || seen.kind !== "message" || kept.room !== seen.room || kept.user !== seen.event.sender)
      return past;
    const event = { ...seen.event, type: kept.type, content: kept.content };
    return { seen: { ...seen, event }, isRedacted: false, wasKept: true, before };
  }

  cannotRead(room: RoomId, why: string): void {
    this.#unread.set(room, why);
  }

  wasRead(from: number, isWhole: boolean): void {
    const { protection, world, limits, rulesInForce, until } = this.#options;
    const hasBegun = isWhole && !this.#past.hasOlder;
    this.#from = hasBegun ? Math.max(from, Math.min(this.#past.oldestAt, until)) : from;
    this.#isCut = from > this.#options.since;
    const past = new PastWorld({
      world,
      limits,
      protection: protection.name,
      past: this.#past,
      from: this.#from,
    });
    this.#replay = new Replay({
      protection: protection.rule?.apart() ?? protection,
      world: past.world,
      rulesInForce,
      countedFrom: this.#countedFrom,
    });
    this.#work = this.#worked(past, this.#replay);
  }

  work(): boolean {
    return this.#work?.next().done === false;
  }

  report(): TrialReport {
    const replay = this.#replay!;
    const { removed, lastSaid } = replay;
    const view = this.#fateView(replay);
    const fates = fatesOf(replay, view);
    const of = (fate: Fate) => [...replay.met.values()].filter(({ user }) => fates.get(user) === fate);
    const wrong = of("wrong");
    const all = [...wrong, ...of("unknown"), ...of("right")];
    return {
      read: this.#read(replay),
      messages: replay.messages,
      people: { right: of("right").length, wrong: wrong.length, unknown: of("unknown").length },
      regulars: {
        now: wrong.filter(({ user }) => isRegularNow(user, view)).length,
        byThen: wrong.filter(({ wasRegular }) => wasRegular).length,
        gone: wrong.filter(({ user }) => !isHere(user, view)).length,
      },
      spared: replay.spared.size,
      removed: {
        all: removed.size,
        met: [...removed].filter((user) => replay.met.has(user)).length,
        unseen: [...removed].filter((user) => !lastSaid.has(user) && !replay.met.has(user)).length,
      },
      byRoom: byRoom(all),
      wrongDomains: mostOften(wrong.flatMap(({ domains }) => [...domains])),
      untold: { messages: replay.untold, parts: mostOften([...replay.unknownParts]) },
      examples: all.flatMap((one) => examplesOf(one, fates.get(one.user)!)).slice(0, mostExamples),
    };
  }

  /** Every message that it meets. */
  allMet(): readonly Met[] {
    const replay = this.#replay!;
    const fates = fatesOf(replay, this.#fateView(replay));
    return [...replay.met.values()].flatMap(({ user, messages }) =>
      messages.map(({ room, event }) => ({ room, event, user, fate: fates.get(user)! })),
    );
  }

  #fateView({ removed, lastSaid }: Replay): FateView {
    const { world, rulesInForce, until } = this.#options;
    return { world, rulesInForce, removed, lastSaid, now: until };
  }

  #read({ redacted, kept }: Replay): PastRead {
    const { rooms, until } = this.#options;
    return {
      from: this.#from,
      countedFrom: this.#countedFrom,
      until,
      isCut: this.#isCut,
      events: this.#events,
      rooms: rooms.length - this.#unread.size,
      unread: [...this.#unread].map(([room, why]) => ({ room, why })),
      redacted,
      kept,
    };
  }

  /** A quarter at most: of a single day something has to be left. */
  get #countedFrom(): number {
    const { until } = this.#options;
    return this.#from + Math.min(warmUpMs, (until - this.#from) / 4);
  }

  *#worked(past: PastWorld, replay: Replay): Iterator<void> {
    let done = 0;
    for (const _ of past.filled()) if (++done % peopleAtOnce === 0) yield;
    for (const event of this.#past.from(this.#from)) {
      replay.see(event);
      if (++done % eventsAtOnce > 0) continue;
      // Nothing of this world is stored.
      past.world.takeRows();
      yield;
    }
  }
}

function fatesOf({ met }: Replay, view: FateView): ReadonlyMap<UserId, Fate> {
  return new Map([...met.values()].map((one) => [one.user, fateOf(one, view)]));
}

function byRoom(people: readonly MetPerson[]): TrialReport["byRoom"] {
  const counts = Map.groupBy(
    people.flatMap(({ messages }) => messages),
    ({ room }) => room,
  );
  return [...counts]
    .map(([room, messages]) => ({ room, messages: messages.length }))
    .toSorted((a, b) => b.messages - a.messages)
    .slice(0, mostRows);
}

function mostOften(counts: readonly (readonly [string, number])[]): readonly Counted[] {
  const sums = new Map<string, number>();
  for (const [what, times] of counts) sums.set(what, (sums.get(what) ?? 0) + times);
  return [...sums]
    .map(([what, times]) => ({ what, times }))
    .toSorted((a, b) => b.times - a.times || (a.what < b.what ? -1 : 1))
    .slice(0, mostRows);
}

/** A few of each person, so that a single flood does not fill the page. */
function examplesOf({ user, messages }: MetPerson, fate: Fate): readonly Met[] {
  return messages.slice(0, 3).map(({ room, event }) => ({ room, event, user, fate }));
}
