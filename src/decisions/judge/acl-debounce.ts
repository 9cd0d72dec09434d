/**
 * When to write server ACLs. The first change of a burst goes out at once; then one more round when that one is
 * written and the rules have stopped coming, or after a limit. Each ACL is a large event that every server of the room
 * has to check, so a burst of rules must not become a burst of ACLs. Knows time only by being told.
 */
import type { Cause } from "../../model/decision.ts";
import type { EventId } from "../../model/ids.ts";

type CommandCause = Extract<Cause, { kind: "command" }>;

export interface AclPaceLimits {
  /** Rules that come closer together than this belong to one burst. */
  readonly quietMs: number;
  /** A burst that does not end, or a round that one slow room holds up, gets the next round after this. */
  readonly maxWaitMs: number;
}

export class AclDebounce {
  readonly #limits: AclPaceLimits;
  #firstChange: number | undefined;
  #reachesAnew = false;
  #lastChange = 0;
  #lastRound = -Infinity;
  /** ACLs of earlier rounds that are not written yet. */
  #outstanding = 0;
  /** Commands whose effect the next round is. */
  readonly #commands = new Map<EventId, CommandCause>();

  constructor(limits: AclPaceLimits) {
    this.#limits = limits;
  }

  /** What seems to lie ahead was noted before our clock was set back: no wait may grow by as much as that. */
  lookedAt(now: number): void {
    if (this.#firstChange !== undefined) this.#firstChange = Math.min(now, this.#firstChange);
    this.#lastChange = Math.min(now, this.#lastChange);
    this.#lastRound = Math.min(now, this.#lastRound);
  }

  /**
   * Something that ACLs depend on has changed, by a command perhaps. `reachesAnew`: no rule has moved, so that those which
   * were weighed when they came may reach others now.
   */
  note(
    at: number,
    { command, reachesAnew = false }: { command?: Cause | undefined; reachesAnew?: boolean } = {},
  ): void {
    this.#reachesAnew ||= reachesAnew;
    if (command?.kind === "command") this.#commands.set(command.event, command);
    this.#firstChange ??= at;
    this.#lastChange = at;
  }

  /** When the next round should be written: at or before now means at once; undefined when nothing waits. */
  dueAt(): number | undefined {
    if (this.#firstChange === undefined) return undefined;
    const isBurst = this.#firstChange - this.#lastRound < this.#limits.maxWaitMs;
    if (!isBurst) return this.#firstChange;
    const latest = this.#firstChange + this.#limits.maxWaitMs;
    return this.#outstanding > 0 ? latest : Math.min(this.#lastChange + this.#limits.quietMs, latest);
  }

  /** Commands that wait for the next round. */
  get waiting(): ReadonlySet<EventId> {
    return new Set(this.#commands.keys());
  }

  /** A round was decided. Gives back the newest command that it is the effect of, if there is one. */
  decided(at: number): { readonly command: CommandCause | undefined; readonly reachesAnew: boolean } {
    this.#firstChange = undefined;
    this.#lastRound = at;
    const command = [...this.#commands.values()].at(-1);
    const reachesAnew = this.#reachesAnew;
    this.#commands.clear();
    this.#reachesAnew = false;
    return { command, reachesAnew };
  }

  /** An ACL was handed over to be written. */
  began(): void {
    this.#outstanding++;
  }

  /** An ACL is written, or will not be. While a round is written the server is slow, and so are the rules. */
  ended(at: number): void {
    this.#outstanding = Math.max(0, this.#outstanding - 1);
    this.#lastChange = Math.max(this.#lastChange, at);
  }
}
