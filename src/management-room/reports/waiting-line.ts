/** The one line that counts cases without a message of their own: edited as they come and go, another one after an hour. */
import { hourMs } from "../../kit/duration.ts";
import { code, count, say, type Say } from "../../kit/say.ts";
import type { EventId } from "../../model/ids.ts";

export interface WaitingLineOptions {
  readonly prefix: string;
  readonly messagesAnHour: number;
  /** Of these for what one person alone reports. */
  readonly mostOfOnePerson: number;
}

export interface LineToSay {
  readonly key: string;
  readonly revision: number;
  readonly edits: EventId | undefined;
  readonly said: Say;
}

interface Line {
  readonly key: string;
  readonly begunAt: number;
  revision: number;
  event: EventId | undefined;
  count: number;
  saidAt: number;
}

const editEveryMs = 15_000;

export class WaitingLine {
  readonly #options: WaitingLineOptions;
  #line: Line | undefined;

  constructor(options: WaitingLineOptions) {
    this.#options = options;
  }

  sent(key: string, event: EventId): void {
    if (this.#line?.key === key) this.#line.event = event;
  }

  /** What is to be said now that so many wait. */
  of(waiting: number, at: number): LineToSay | undefined {
    const line = this.#line;
    if (!line || Math.abs(at - line.begunAt) >= hourMs)
      return waiting > 0 ? this.#begin(waiting, at) : undefined;
    if (waiting === line.count || !line.event || Math.abs(at - line.saidAt) < editEveryMs) return undefined;
    [line.count, line.saidAt] = [waiting, at];
    line.revision++;
    return { key: line.key, revision: line.revision, edits: line.event, said: this.#words(waiting) };
  }

  /** When it is to be edited, ms since the epoch. */
  nextAt(waiting: number): number | undefined {
    const line = this.#line;
    return line?.event && waiting !== line.count ? line.saidAt + editEveryMs : undefined;
  }

  #begin(waiting: number, at: number): LineToSay {
    const key = `reports that wait ${at}`;
    this.#line = { key, begunAt: at, revision: 0, event: undefined, count: waiting, saidAt: at };
    return { key, revision: 0, edits: undefined, said: this.#words(waiting) };
  }

  #words(waiting: number): Say {
    const { prefix, messagesAnHour, mostOfOnePerson } = this.#options;
    if (waiting === 0) return say`No report waits without a message of its own any more.`;
    return say`${count(waiting, "more report")} ${waiting === 1 ? "waits" : "wait"} without a message: I write ${messagesAnHour} an hour, ${mostOfOnePerson} of them for what one person alone reports. ${code(`${prefix} reports`)} shows all.`;
  }
}
