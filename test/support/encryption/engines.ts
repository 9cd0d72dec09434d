/** Tyr's engine in this process in place of a worker, so that the fake clock sees its work and a story can cut it off. */
import { type Engine, engineQuestions, type OpenEngine } from "../../../src/matrix/crypto/engine.ts";
import type { Indexed } from "../../../src/store/indexed.ts";
import type { FakeClock } from "../fake-clock.ts";

export class Engines {
  readonly #clock: FakeClock;
  readonly #stores = new Set<Indexed>();

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  /** `whileAlive`: what the run waits for never comes once it is dead. */
  opener(whileAlive: <T>(work: Promise<T>) => Promise<T>): OpenEngine {
    return async ({ user, device, store }) => {
      const { openOlmEngine, openIndexed } = await this.#clock.standStill(load());
      const indexed = openIndexed(store.path, this.#clock);
      this.#stores.add(indexed);
      indexed.install();
      const open = openOlmEngine({ user, device, store: indexed, key: store.key });
      const engine = await whileAlive(open);
      const ask = (question: keyof Engine) => (argument: unknown) => {
        const answer = engine[question] as (argument: unknown) => Promise<unknown>;
        return whileAlive(answer.call(engine, argument));
      };
      const asked = Object.fromEntries(engineQuestions.map((name) => [name, ask(name)]));
      const close = async (): Promise<void> => {
        await engine.close();
        this.#close(indexed);
      };
      return { ...asked, close } as unknown as Engine;
    };
  }

  /** The process is dead: what is not on the disk never gets there. */
  cut(): void {
    for (const store of this.#stores) this.#close(store);
  }

  #close(store: Indexed): void {
    if (this.#stores.delete(store)) store.close();
  }
}

/** The library is large: only stories that encrypt load it. */
async function load() {
  const { initAsync } = await import("@matrix-org/matrix-sdk-crypto-wasm");
  await initAsync();
  const { openOlmEngine } = await import("../../../src/matrix/crypto/olm-engine.ts");
  const { openIndexed } = await import("../../../src/store/indexed.ts");
  return { openOlmEngine, openIndexed };
}
