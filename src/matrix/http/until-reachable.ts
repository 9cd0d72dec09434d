/** Waiting for a homeserver that does not answer, as long as it takes. */
import type { Clock } from "../../kit/clock.ts";
import { MatrixFault } from "./errors.ts";

const waitsMs = [100, 500, 1_000, 2_000, 5_000];

/** Tries until it works; passing faults and a locked account are waited out and told once, anything else is thrown. */
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
