/** The health of this run, kept in one place, with a view for moderators (`status`) and one for probes. */
import type { AclRound } from "../decisions/judge/server-acls.ts";
import type { Clock } from "../kit/clock.ts";
import type { Say } from "../kit/say.ts";
import type { EncryptionHealth, Health, Pulse } from "../model/health.ts";
import type { RulesInForce } from "../policy/rules-in-force.ts";

export interface OwnHealthOptions {
  readonly clock: Clock;
  readonly rulesInForce: RulesInForce;
  /** What this run does not do (as a dry run), in a sentence; undefined for an ordinary one. */
  readonly restriction: Say | undefined;
  /** What waits to be done, and how long that takes. */
  readonly work: () => Pick<Health, "pending" | "atWork" | "pauseLeftMs" | "expectedMs" | "limitedEveryMs">;
  /** When waiting server rules are written to the ACLs. */
  readonly aclsDueAt: () => number | undefined;
  /** Why the data folder cannot be written, in words. */
  readonly diskTrouble: () => string | undefined;
  /** Why what was removed cannot be kept or read, in words. */
  readonly stashTrouble: () => string | undefined;
  readonly encryption: () => EncryptionHealth;
  /** Why protections of the room cannot be used, by their names. */
  readonly protectionsBroken: () => Health["unused"]["protections"];
}

export class OwnHealth {
  readonly startedAt: number;
  /** The last sync failed, in words; undefined while all is well. */
  syncTrouble: string | undefined;
  /** Our account is locked or suspended, in the homeserver's words. */
  accountTrouble: string | undefined;
  /** Configured rooms and lists that could not be found yet, in words. */
  lost: readonly Say[] = [];
  /** Server ACLs as they were compiled last. */
  acls: AclRound | undefined;
  /** When the last sync request ended, well or badly, ms since the epoch. */
  wentRoundAt: number | undefined;
  /** When the homeserver last answered one well, ms since the epoch. */
  heardAt: number | undefined;
  /** Everything was read and judged once, and the moderators were told so. */
  isWatching = false;
  readonly #options: OwnHealthOptions;

  constructor(options: OwnHealthOptions) {
    this.#options = options;
    this.startedAt = options.clock.now();
  }

  /** For moderators. */
  get now(): Health {
    const { clock, restriction, rulesInForce, work, aclsDueAt, diskTrouble, stashTrouble } = this.#options;
    const { protectionsBroken, encryption } = this.#options;
    const dueAt = aclsDueAt();
    const { startedAt, syncTrouble, accountTrouble, lost, acls } = this;
    return {
      startedAt,
      restriction,
      ...work(),
      syncTrouble,
      accountTrouble,
      diskTrouble: diskTrouble(),
      stashTrouble: stashTrouble(),
      encryption: encryption(),
      lost,
      acls: {
        refused: acls?.refused ?? [],
        leftOut: acls?.leftOut ?? [],
        dueMs: dueAt === undefined ? undefined : Math.max(0, dueAt - clock.now()),
      },
      unused: { rules: rulesInForce.index.unindexed().length, protections: protectionsBroken() },
    };
  }

  /** For probes. */
  get pulse(): Pulse {
    const { diskTrouble, encryption } = this.#options;
    const health = encryption();
    const areKeysKept = health.kind !== "on" || health.notKept === undefined;
    const { isWatching, wentRoundAt, syncTrouble, accountTrouble } = this;
    return {
      isCaughtUp: isWatching,
      // Negative: the clock was set back.
      quietForMs:
        wentRoundAt === undefined ? undefined : Math.max(0, this.#options.clock.now() - wentRoundAt),
      isUnanswered: syncTrouble !== undefined,
      isLocked: accountTrouble !== undefined,
      isDiskInTrouble: diskTrouble() !== undefined || !areKeysKept,
    };
  }
}
