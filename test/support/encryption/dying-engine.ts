/**
 * The engine in its worker, as in a real run, for stories in which it dies or falls silent. Time stands still while it works.
 */
import { systemClock } from "../../../src/kit/clock.ts";
import { engineQuestions, type Engine, type OpenEngine } from "../../../src/matrix/crypto/engine.ts";
import { engineInWorker } from "../../../src/matrix/crypto/worker-client.ts";
import type { FakeClock } from "../fake-clock.ts";

/** The library ends its process where something is encrypted of which nobody has the key. */
const deadly = { room: "!nobody:example.org", type: "m.room.message", content: { body: "x" } };

export class DyingEngine {
  /** The next of these questions is its death, and its death again when it is asked once more. */
  diesOf: keyof Engine | undefined;
  /** It answers none of these. */
  isSilentAt: keyof Engine | undefined;
  /** It rejects all of these, for this reason. */
  refuses: { readonly question: keyof Engine; readonly reason: string } | undefined;
  /** How often it was killed; each time it dies twice. */
  deaths = 0;

  opener(clock: FakeClock): OpenEngine {
    return async (device) => {
      const engine = await clock.standStill(engineInWorker(systemClock)(device));
      const ask = (question: keyof Engine) => (argument: unknown) => {
        if (this.isSilentAt === question) return new Promise(() => {});
        if (this.refuses?.question === question) return Promise.reject(new Error(this.refuses.reason));
        if (this.diesOf !== question) {
          const asked = engine[question] as (argument: unknown) => Promise<unknown>;
          return clock.standStill(asked(argument).then(ofThisRealm));
        }
        this.diesOf = undefined;
        this.deaths += 1;
        return clock.standStill(engine.encrypt(deadly));
      };
      return Object.fromEntries(engineQuestions.map((name) => [name, ask(name)])) as unknown as Engine;
    };
  }
}

/** What comes from another thread is of no class that Jest's realm knows; bytes are left as they are. */
function ofThisRealm(answer: unknown): unknown {
  const text = JSON.stringify(answer);
  return text === undefined || text.includes('"bytes":') ? answer : JSON.parse(text);
}
