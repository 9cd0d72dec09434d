/**
 * The engine in a thread of its own: a panic of the library ends this thread and not Tyr, and its writes to the disk keep
 * no ban waiting. Begun by `worker-client.ts`; sends nothing over the network and knows no time.
 */
import { parentPort, workerData } from "node:worker_threads";
import { openIndexed } from "../../store/indexed.ts";
import type { Engine, EngineStore } from "./engine.ts";
import { openOlmEngine } from "./olm-engine.ts";

export interface WorkerData {
  readonly user: string;
  readonly device: string;
  readonly store: EngineStore;
}

export interface Question {
  readonly id: number;
  readonly question: keyof Engine;
  readonly argument: unknown;
}

/** `id` 0: the engine is open, or cannot be opened. */
export type Answer =
  { readonly id: number; readonly answer: unknown } | { readonly id: number; readonly error: string };

const port = parentPort!;
const { user, device, store } = workerData as WorkerData;

function answer(message: Answer): void {
  port.postMessage(message);
}

async function open(): Promise<Engine | undefined> {
  try {
    const indexed = openIndexed(store.path);
    indexed.install();
    const engine = await openOlmEngine({ user, device, store: indexed, key: store.key });
    answer({ id: 0, answer: undefined });
    return engine;
  } catch (error) {
    answer({ id: 0, error: messageOf(error) });
    return undefined;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const engine = await open();
if (!engine) port.close();
port.on("message", ({ id, question, argument }: Question) => {
  const ask = engine![question] as (argument: unknown) => Promise<unknown>;
  // Whatever is thrown on the way to a promise is an answer as well, and ends nothing.
  const asked = (async () => ask.call(engine, argument))();
  asked.then(
    (found) => answer({ id, answer: found }),
    (error: unknown) => {
      // A panic of the library: nothing that is asked of it afterwards can be trusted.
      if (error instanceof Error && error.name === "RuntimeError") throw error;
      answer({ id, error: messageOf(error) });
    },
  );
});
