/** Which reports of the homeserver's list were taken in already: the highest number, and the newest, as some show late. */
import { UnwrittenItems } from "../unwritten-items.ts";

export interface SeenReports {
  /** What was there before is the business of whoever looked at it then. */
  readonly from: number;
  readonly highest: number;
  /** The newest of those seen. */
  readonly recent: readonly number[];
}

export type ServerReportsView = Readonly<Pick<ServerReports, "seen" | "isKnown">>;

const remembered = 500;
const key = "homeserver";

export class ServerReports {
  readonly storedAs = "server-reports";
  readonly unwritten = new UnwrittenItems<SeenReports>();
  readonly #recent = new Set<number>();
  /** Undefined before the list was looked at for the first time. */
  seen: Omit<SeenReports, "recent"> | undefined;

  get view(): ServerReportsView {
    return this;
  }

  isKnown(id: number): boolean {
    if (!this.seen) return false;
    return id <= this.seen.from || this.#recent.has(id) || id <= this.#oldest();
  }

  /** The first look: only what comes from now on is news. */
  begin(highest: number): void {
    this.seen ??= { from: highest, highest };
    this.#note();
  }

  add(id: number): void {
    if (!this.seen) return;
    this.seen = { ...this.seen, highest: Math.max(this.seen.highest, id) };
    this.#recent.add(id);
    for (const old of this.#recent) {
      if (this.#recent.size <= remembered) break;
      this.#recent.delete(old);
    }
    this.#note();
  }

  restore(_key: string, { recent, ...seen }: SeenReports): void {
    this.seen = seen;
    for (const id of recent) this.#recent.add(id);
  }

  /** What is older than all that is remembered was seen, or is too old to matter; nothing while few are. */
  #oldest(): number {
    return this.#recent.size < remembered ? -Infinity : Math.min(...this.#recent);
  }

  #note(): void {
    if (this.seen) this.unwritten.note(key, { ...this.seen, recent: [...this.#recent] });
  }
}
