/** Every morning, where anything happened since the last one or waits: what it was, in one message that notifies nobody. */
import type { Batch } from "../../bot/part.ts";
import { reportSince } from "../../commands/shared/report.ts";
import { dayMs } from "../../kit/duration.ts";
import { nextTimeOfDay } from "../../kit/time-zones.ts";
import type { ActionOf } from "../../model/actions/action.ts";
import type { Decision } from "../../model/decision.ts";
import type { Past } from "../../model/past-acts.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { Announcements } from "../announcements.ts";

export interface MorningReportOptions {
  readonly world: WorldView;
  readonly past: Past;
  readonly prefix: string;
  readonly announcements: Pick<Announcements, "of">;
  /** Minutes since midnight; undefined: no reports. */
  readonly reportAt: number | undefined;
  readonly zone: string;
}

export class MorningReport {
  readonly name = "morning report";
  readonly #options: MorningReportOptions;
  #dueAt: number | undefined;

  constructor(options: MorningReportOptions) {
    this.#options = options;
  }

  caughtUp(): void {
    this.#setNext(this.#options.world.now);
  }

  says({ at }: Pick<Batch, "at">): readonly Decision<ActionOf<"tell">>[] {
    if (this.#dueAt === undefined) return [];
    // The clock was set back: the next morning is not as far off as it seemed.
    if (this.#dueAt - at > dayMs) this.#setNext(at);
    if (at < this.#dueAt) return [];
    const due = this.#dueAt;
    this.#setNext(at);
    const text = reportSince(due - dayMs, this.#options);
    const message = text && this.#options.announcements.of(text, `report ${due}`, at);
    return message ? [message] : [];
  }

  nextAt(): number | undefined {
    return this.#dueAt;
  }

  #setNext(at: number): void {
    const { reportAt, zone } = this.#options;
    this.#dueAt = reportAt === undefined ? undefined : nextTimeOfDay(reportAt, zone, at);
  }
}
