/**
 * Which transactions of a file may run: one that writes at a time, and beside it those that read other stores; in the order
 * in which they were made where they share one ("Transaction scheduling", W3C Indexed Database API 3.0, section 2.7.2).
 */

export interface Turn {
  readonly writes: boolean;
  /** Ids of the stores that it reaches; undefined: all of them. */
  readonly scope: ReadonlySet<number> | undefined;
  /** Called once, maybe from within `add`: begins later than it returns. */
  begin(): void;
  /** The file is being closed: undoes it, and lets whoever waits for it know. */
  end(): void;
}

export class Schedule {
  readonly #turns: Turn[] = [];
  readonly #running = new Set<Turn>();
  #isClosed = false;

  add(turn: Turn): void {
    if (this.#isClosed) throw new DOMException("the file is closed", "InvalidStateError");
    this.#turns.push(turn);
    this.#beginAll();
  }

  remove(turn: Turn): void {
    const at = this.#turns.indexOf(turn);
    if (at >= 0) this.#turns.splice(at, 1);
    this.#running.delete(turn);
    this.#beginAll();
  }

  close(): void {
    this.#isClosed = true;
    for (const turn of this.#turns.splice(0)) turn.end();
  }

  #beginAll(): void {
    for (const [at, turn] of this.#turns.entries()) {
      if (this.#running.has(turn) || this.#turns.slice(0, at).some((earlier) => excludes(earlier, turn)))
        continue;
      this.#running.add(turn);
      turn.begin();
    }
  }
}

function excludes(one: Turn, other: Turn): boolean {
  if (!one.writes && !other.writes) return false;
  if (one.writes && other.writes) return true;
  if (!one.scope || !other.scope) return true;
  const { scope } = other;
  return [...one.scope].some((store) => scope.has(store));
}
