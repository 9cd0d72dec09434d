/**
 * Whether our account may act. An administrator of the homeserver may lock it (nothing works) or suspend it (it reads,
 * and says nothing): both are waited for, and told once when they begin and once when they are over.
 */
import type { MatrixFault } from "./http/errors.ts";

export class AccountStatus {
  /** In the homeserver's words; undefined while all is well. */
  trouble: string | undefined;
  readonly #told: (trouble: string | undefined) => void;
  /** What was refused: a suspended account may still do other things, and their success means nothing. */
  readonly #refused = new Set<string>();

  constructor(told: (trouble: string | undefined) => void) {
    this.#told = told;
  }

  refused(fault: MatrixFault, what: string): void {
    if (!fault.isAccountTrouble) return;
    this.#refused.add(what);
    if (this.trouble !== undefined) return;
    this.trouble = fault.message;
    this.#told(fault.message);
  }

  succeeded(what: string): void {
    if (!this.#refused.has(what)) return;
    this.#refused.clear();
    this.trouble = undefined;
    this.#told(undefined);
  }
}
