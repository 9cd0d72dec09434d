/** What policy servers asked of us, by their signed messages, and what became of it: how many of each. */
import { UnwrittenItems } from "./unwritten-items.ts";

/**
 * `obeyed`: it was done. `forged`: not signed by the room's policy server. `stale`: it may be older than an hour. `beyond`:
 * more than is done in an hour.
 */
export type PolicyVerdict = "obeyed" | "forged" | "stale" | "beyond";

export interface PolicyCommandCount {
  readonly verdict: PolicyVerdict;
  readonly times: number;
  /** The newest, ms since the epoch. */
  readonly at: number;
}

/** To read only. */
export type PolicyCommandsView = Readonly<Pick<PolicyCommands, "get">>;

export class PolicyCommands {
  readonly storedAs = "policy-command";
  readonly unwritten = new UnwrittenItems<PolicyCommandCount>();
  /** One for each verdict. */
  readonly #all = new Map<PolicyVerdict, PolicyCommandCount>();

  get view(): PolicyCommandsView {
    return this;
  }

  get(verdict: PolicyVerdict): PolicyCommandCount | undefined {
    return this.#all.get(verdict);
  }

  count(verdict: PolicyVerdict, at: number): void {
    const one = { verdict, times: (this.#all.get(verdict)?.times ?? 0) + 1, at };
    this.#all.set(verdict, one);
    this.unwritten.note(verdict, one);
  }

  restore(_verdict: string, one: PolicyCommandCount): void {
    this.#all.set(one.verdict, one);
  }
}
