/**
 * Once a day, where lists that we may not write to have changed: a line for each of them. Where there is a report of the
 * morning, it is told there.
 */
import type { Batch } from "../../bot/part.ts";
import { listChangesSince } from "../../commands/shared/list-changes.ts";
import { dayMs } from "../../kit/duration.ts";
import { bullets, lines, say } from "../../kit/say.ts";
import { nextTimeOfDay } from "../../kit/time-zones.ts";
import type { Words } from "../../model/actions/action.ts";
import type { Decision } from "../../model/decision.ts";
import type { Past } from "../../model/past-acts.ts";
import type { WorldView } from "../../model/world/view.ts";
import { isWritable } from "../../policy/rule-writing.ts";
import type { Announcements } from "../announcements.ts";

export interface ListDigestOptions {
  readonly world: WorldView;
  readonly past: Pick<Past, "rulesGoneFrom">;
  readonly prefix: string;
  readonly announcements: Pick<Announcements, "of">;
  readonly zone: string;
}

/** Minutes since midnight. */
const toldAt = 8 * 60;
/** More would not fit a phone. */
const shownLists = 8;

export class ListDigest {
  readonly name = "digest of lists";
  readonly #options: ListDigestOptions;
  #dueAt: number | undefined;

  constructor(options: ListDigestOptions) {
    this.#options = options;
  }

  caughtUp(): void {
    this.#setNext(this.#options.world.now);
  }

  says({ at }: Pick<Batch, "at">): readonly Decision<Words>[] {
    if (this.#dueAt === undefined) return [];
    // The clock was set back: the next time is not as far off as it seemed.
    if (this.#dueAt - at > dayMs) this.#setNext(at);
    if (at < this.#dueAt) return [];
    const due = this.#dueAt;
    this.#setNext(at);
    const { world, announcements } = this.#options;
    const changed = listChangesSince(due - dayMs, this.#options, ({ room }) => !isWritable(room, world));
    if (changed.length === 0) return [];
    const more = changed.length - shownLists;
    const text = lines(
      say`Lists of others since yesterday:`,
      bullets(changed.slice(0, shownLists)),
      more > 0 ? say`... and ${more} more.` : undefined,
    );
    return [announcements.of(text, `lists of others until ${due}`, at)].filter((one) => one !== undefined);
  }

  nextAt(): number | undefined {
    return this.#dueAt;
  }

  #setNext(at: number): void {
    this.#dueAt = nextTimeOfDay(toldAt, this.#options.zone, at);
  }
}
