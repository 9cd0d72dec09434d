/**
 * Whether our account is locked (nothing works) or suspended (it may read but not write). An administrator of the
 * homeserver does either; both are told when they begin and when they end, and acts wait meanwhile.
 */
import type { MatrixFault } from "./http/errors.ts";

export class AccountStatus {
  /** The homeserver's error message; undefined while the account is in good standing. */
  trouble: string | undefined;
  readonly #told: (trouble: string | undefined) => void;
  /** What was refused. Only the success of one of these ends the trouble: a suspended account may still do other things. */
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
