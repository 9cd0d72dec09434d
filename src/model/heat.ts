/**
 * Heat: what weak signs add up to that would be nothing alone. Rules give it to people, and to servers, over all rooms;
 * each gain halves again and again, so it is computed when it is asked for. Nothing that anybody wrote is in it.
 */
import { keepNewest } from "../kit/bounded.ts";
import type { EventId, RoomId, ServerName, UserId } from "./ids.ts";
import { UnwrittenItems } from "./unwritten-items.ts";

/** Heat as it was at a time, ms since the epoch, from which on it halves every `halfLifeMs`. */
interface Cooling {
  readonly heat: number;
  readonly at: number;
  readonly halfLifeMs: number;
}

/** What one hit of one rule gave. */
export interface HeatGain extends Cooling {
  readonly rule: string;
  readonly room: RoomId;
  readonly event: EventId;
  /** The same for nearly the same text; absent where there is none to be told from others. */
  readonly textKey?: number;
  /** The incident of the rule, where it does more than to give heat. */
  readonly incident?: string;
  /** The event may be removed, and no step of heat has done so. */
  readonly isRemovable?: true;
}

/** The step that was taken last. */
export interface HeatStep {
  /** The step is that of so much heat. */
  readonly from: number;
  readonly at: number;
  readonly rooms: readonly RoomId[];
  /** In which mode: what was only told is no reason not to act. */
  readonly mode: string;
}

export interface HeatRecord {
  /** The newest ones, oldest first. */
  readonly gains: readonly HeatGain[];
  /** What is left of those before them. */
  readonly older?: Cooling;
  readonly step?: HeatStep;
  /** The incidents of the newest steps: who takes one of them back takes the heat with it. */
  readonly incidents?: readonly string[];
}

/** Somebody who has heat: ids of people and names of servers cannot be mistaken for one another. */
export type Heated = UserId | ServerName;

/** What is colder is forgotten. */
const leastHeat = 1;
/** So many gains tell why; more would not be read. */
const gainsKept = 16;
export const incidentsKept = 4;
/** People and servers; up to four kilobytes each. More are not warm at once but in an attack, where heat is not what helps. */
const usuallyRemembered = 4_096;

/** As much as is left of it. A clock that was set back cools as one that went on. */
export function cooled({ heat, at, halfLifeMs }: Cooling, now: number): number {
  return heat * 2 ** (-Math.abs(now - at) / halfLifeMs);
}

export function heatOf({ gains, older }: HeatRecord, now: number): number {
  return gains.reduce((sum, gain) => sum + cooled(gain, now), older ? cooled(older, now) : 0);
}

export function withGain(record: HeatRecord | undefined, gain: HeatGain): HeatRecord {
  const gains = [...(record?.gains ?? []), gain];
  if (gains.length <= gainsKept) return { ...record, gains };
  const [oldest, ...kept] = gains as [HeatGain, ...HeatGain[]];
  const before = record?.older;
  // What was held up on its way may be older than what came before it.
  const at = Math.max(gain.at, oldest.at, before?.at ?? 0);
  const rest = before ? cooled(before, at) : 0;
  const older = { heat: rest + cooled(oldest, at), at, halfLifeMs: oldest.halfLifeMs };
  return { ...record, gains: kept, older };
}

/** Who has how much heat, to read only. */
export type HeatView = Readonly<Pick<Heat, "get" | "of" | "metIn">>;

export class Heat {
  readonly storedAs = "heat";
  readonly unwritten = new UnwrittenItems<HeatRecord>();
  readonly #remembered: number;
  /** Whoever gained something last is the last. */
  readonly #all = new Map<Heated, HeatRecord>();

  /** Beyond so many people and servers the coldest are forgotten. */
  constructor(remembered = usuallyRemembered) {
    this.#remembered = remembered;
  }

  get view(): HeatView {
    return this;
  }

  get(who: Heated): HeatRecord | undefined {
    return this.#all.get(who);
  }

  /** How much there is left of it, rounded. */
  of(who: Heated, now: number): number {
    const record = this.#all.get(who);
    return record ? Math.round(heatOf(record, now)) : 0;
  }

  /** Those whose heat led to a step in the incident. */
  metIn(incident: string): readonly Heated[] {
    return [...this.#all].flatMap(([who, { incidents }]) =>
      incidents?.includes(incident) === true ? who : [],
    );
  }

  set(who: Heated, record: HeatRecord, now: number): void {
    this.#all.delete(who);
    this.#all.set(who, record);
    this.unwritten.note(who, record);
    // The one that gained nothing for longest: a look each time is enough for all to go in the end.
    for (const [one, { gains, older }] of this.#all) {
      if (heatOf(older ? { gains, older } : { gains }, now) >= leastHeat) break;
      this.#delete(one);
    }
    if (this.#all.size > this.#remembered) this.#forgetColdest(now);
  }

  /**
   * A moderator took the incidents back, for these people or for all: what was given in them is gone, and all heat of those
   * whom its steps met.
   */
  forgive(incidents: ReadonlySet<string>, those: Iterable<Heated> = [...this.#all.keys()]): void {
    for (const who of those) {
      const record = this.#all.get(who);
      if (!record) continue;
      if (record.incidents?.some((one) => incidents.has(one)) === true) {
        this.#delete(who);
        continue;
      }
      const gains = record.gains.filter(({ incident }) => incident === undefined || !incidents.has(incident));
      if (gains.length === record.gains.length) continue;
      const left = { ...record, gains };
      this.#all.set(who, left);
      this.unwritten.note(who, left);
    }
  }

  restore(who: string, record: HeatRecord): void {
    this.#all.set(who as Heated, record);
    keepNewest(this.#all, this.#remembered);
  }

  /** An eighth at once, as all have to be compared. */
  #forgetColdest(now: number): void {
    const byHeat = [...this.#all].map(([who, record]) => [who, heatOf(record, now)] as const);
    byHeat.sort(([, one], [, other]) => one - other);
    for (const [who] of byHeat.slice(0, Math.ceil(this.#remembered / 8))) this.#delete(who);
  }

  #delete(who: Heated): void {
    this.#all.delete(who);
    this.unwritten.note(who, undefined);
  }
}
