/** Waits for a homeserver that does not answer, without end. */
import type { Clock } from "../../kit/clock.ts";
import { MatrixFault } from "./errors.ts";

const waitsMs = [100, 500, 1_000, 2_000, 5_000];

/**
 * Repeats `attempt` until it succeeds. Passing faults and a locked account are waited out; `told` gets the first of them.
 * Rejects with any other error, and with the last fault once `signal` aborts.
 */
export async function untilReachable<T>(
  attempt: () => Promise<T>,
  { clock, signal, told }: { clock: Clock; signal: AbortSignal; told: (fault: MatrixFault) => void },
): Promise<T> {
  for (let failures = 0; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof MatrixFault) || signal.aborted) throw error;
      if (!error.isPassing && !error.isAccountTrouble) throw error;
      if (failures === 0) told(error);
      await clock.sleep(waitsMs[Math.min(failures, waitsMs.length - 1)]!, signal);
      if (signal.aborted) throw error;
    }
  }
}
