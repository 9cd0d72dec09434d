/** Something that may happen in a step. */
import type { Simulation } from "../simulation.ts";

export interface Operation {
  readonly name: string;
  /** How often it happens, compared with the others. */
  readonly weight: number;
  /**
   * Does it and says what was done, for the trace; undefined where there is nothing to do it with. A refusal of the
   * server (a `MatrixError`) is as good as anything else.
   */
  readonly act: (simulation: Simulation) => string | undefined | Promise<string | undefined>;
}
