/**
 * When to write server ACLs. The first change of a burst is written at once; the next round follows when that is written
 * and rules have stopped coming, or after a limit. Each ACL is a large event that every server of the room has to check,
 * so a burst of rules must not become a burst of ACLs. Has no clock: every call says the time.
 */
import type { Cause } from "../../model/decision.ts";
import type { EventId } from "../../model/ids.ts";

type CommandCause = Extract<Cause, { kind: "command" }>;

export interface AclPaceLimits {
  /** Rules that come closer together than this belong to one burst. */
  readonly quietMs: number;
  /** The next round comes after this at the latest, though the burst has not ended, or a slow room holds up the last round. */
  readonly maxWaitMs: number;
}

export class AclDebounce {
  readonly #limits: AclPaceLimits;
  #firstChange: number | undefined;
  #reachesAnew = false;
  #lastChange = 0;
  #lastRound = -Infinity;
  /** How many ACLs of earlier rounds are not written yet. */
  #outstanding = 0;
  /** Commands that changed the rules and whose ACLs come with the next round. */
  readonly #commands = new Map<EventId, CommandCause>();

  constructor(limits: AclPaceLimits) {
    this.#limits = limits;
  }

  /** A noted time in the future means that our clock was set back. It becomes now, or the wait would last as much longer. */
  lookedAt(now: number): void {
    if (this.#firstChange !== undefined) this.#firstChange = Math.min(now, this.#firstChange);
    this.#lastChange = Math.min(now, this.#lastChange);
    this.#lastRound = Math.min(now, this.#lastRound);
  }

  /**
   * Something that ACLs depend on has changed, perhaps by a command. `reachesAnew`: it was no rule, but rooms or people,
   * so that rules which were weighed before may reach others now.
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

  /** When the next round is to be written, in ms; now or earlier means at once; undefined when nothing waits. */
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

  /** A round was decided. Gives the newest command whose effect the round is, if there is one. */
  decided(at: number): { readonly command: CommandCause | undefined; readonly reachesAnew: boolean } {
    this.#firstChange = undefined;
    this.#lastRound = at;
    const command = [...this.#commands.values()].at(-1);
    const reachesAnew = this.#reachesAnew;
    this.#commands.clear();
    this.#reachesAnew = false;
    return { command, reachesAnew };
  }

  /** An ACL of the round is being written. */
  began(): void {
    this.#outstanding++;
  }

  /** An ACL was written or has failed. The quiet time begins anew: while ACLs are written, rules come more slowly, too. */
  ended(at: number): void {
    this.#outstanding = Math.max(0, this.#outstanding - 1);
    this.#lastChange = Math.max(this.#lastChange, at);
  }
}
