/**
 * One bot from its settings and its seams: opens the data folder, runs one session after another, and says why a run
 * ended.
 */
import type { Bot } from "../bot/bot.ts";
import type { Config } from "../config/schema.ts";
import type { Say } from "../kit/say.ts";
import { Transport } from "../matrix/http/transport.ts";
import type { SettingInForce } from "../model/config-entry.ts";
import type { Callbacks } from "../model/callbacks.ts";
import type { Pulse } from "../model/health.ts";
import type { Reading } from "../model/metrics.ts";
import type { WebDesk } from "../model/web-desk.ts";
import type { World } from "../model/world/world.ts";
import { openDatabase, type Database } from "../store/database.ts";
import { DataUnusable } from "../store/storage-errors.ts";
import { Session, type Ending, type Seams } from "./session.ts";

export interface Tyr {
  /** Runs until `signal` aborts or nothing can be done any more. Rejects only on a fault of ours. */
  run(signal: AbortSignal): Promise<Ending>;
  /** Resolves with the first message when Tyr watches. */
  readonly ready: Promise<Say>;
  readonly world: () => World | undefined;
  readonly bot: () => Bot | undefined;
  /** How the run is getting on, for those who ask from outside. */
  readonly pulse: () => Pulse;
  /** Answers a homeserver that asks before it lets something happen; undefined where the config has no secret for it. */
  readonly callbacks: Callbacks | undefined;
  /** For the web page: undefined before there is a bot. */
  readonly desk: () => WebDesk | undefined;
  /** For monitoring. */
  readonly readings: () => readonly Reading[];
}

/** A login that lasts less than this is not repeated. */
const shortestSessionMs = 60_000;

/** Before there is a bot. */
const noPulse: Pulse = {
  isCaughtUp: false,
  quietForMs: undefined,
  isUnanswered: false,
  isLocked: false,
  isDiskInTrouble: false,
};

/** `inForce`: the config as moderators may look at it. */
export function assemble(config: Config, seams: Seams, inForce: readonly SettingInForce[] = []): Tyr {
  const { clock, log, random, send } = seams;
  let tellReady: (say: Say) => void;
  const ready = new Promise<Say>((resolve) => (tellReady = resolve));
  let session: Session | undefined;
  const { secret } = config.antispam;

  async function run(signal: AbortSignal): Promise<Ending> {
    const db = openOrRefusal(config.dataPath, seams.openDatabase ?? openDatabase);
    if (typeof db === "string") return { kind: "cannot-start", message: db };
    try {
      for (;;) {
        const transport = new Transport({ send, clock, random, limits: config.network });
        session = new Session({ config, inForce, seams, db, transport, tellReady });
        const begunAt = clock.now();
        const ending = await session.run(signal);
        // A token that we got by password is replaced once it is no longer good; one of the config is a person's affair,
        // and so is a homeserver that takes back every token it gives.
        const lastedMs = clock.now() - begunAt;
        // Negative: the clock was set back.
        const isFresh = session.account.hasLoggedIn && lastedMs >= 0 && lastedMs < shortestSessionMs;
        if (ending.kind !== "token-revoked" || isFresh || !session.account.forgetToken(ending)) return ending;
        log.warn({}, "the kept access token is no longer good; logging in again");
      }
    } finally {
      db.close();
    }
  }

  return {
    run,
    ready,
    world: () => session?.world,
    bot: () => session?.bot,
    pulse: () => session?.pulse ?? noPulse,
    // Before there is a bot nobody knows whom to refuse.
    callbacks: secret && {
      secret: secret.reveal(),
      answer: (asked) => session?.answer(asked) ?? "allowed",
    },
    desk: () => session?.desk,
    readings: () => session?.readings ?? [],
  };
}

function openOrRefusal(dataPath: string, open: (dataPath: string) => Database): Database | string {
  try {
    return open(dataPath);
  } catch (error) {
    if (error instanceof DataUnusable) return error.message;
    throw error;
  }
}
