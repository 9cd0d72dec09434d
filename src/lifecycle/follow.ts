/** Following the homeserver once the bot is built: what each sync is handed to, and what its failures mean. */
import type { Config } from "../config/schema.ts";
import type { Clock } from "../kit/clock.ts";
import type { Log } from "../kit/log.ts";
import { plain, say } from "../kit/say.ts";
import type { AccountStatus } from "../matrix/account-status.ts";
import type { Encryption } from "../matrix/crypto/encryption.ts";
import type { MatrixFault } from "../matrix/http/errors.ts";
import type { Transport } from "../matrix/http/transport.ts";
import type { ReportPollOptions } from "../matrix/report-poll.ts";
import type { SyncOptions } from "../matrix/sync/sync.ts";
import { ruleEventTypes } from "../model/policy-rule.ts";
import { watchedStateTypes } from "../model/room.ts";
import type { World } from "../model/world/world.ts";
import type { BuiltBot } from "./build-bot.ts";
import type { Rehearsals } from "./rehearsals.ts";

/** While we write much, a sync for every write of ours would cost the server as much as the writes. */
const breathMs = 250;
const muchWork = 4;

export interface FollowOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly transport: Transport;
  readonly world: World;
  readonly built: BuiltBot;
  readonly rehearsals: Rehearsals;
  readonly accountStatus: AccountStatus;
  readonly encryption: Encryption;
}

/** `caughtUp` is called when rooms were told once and the management room is known. */
export function syncOptionsOf(options: FollowOptions, caughtUp: () => void): SyncOptions {
  const { config, clock, transport, world, built, rehearsals } = options;
  const { bot, health } = built;
  let isFollowing = false;
  return {
    transport,
    clock,
    encryption: options.encryption,
    self: world.self,
    limits: config.sync,
    stateTypes: watchedStateTypes(ruleEventTypes),
    receiptsOf: () => (config.duty.seenIsEnough ? world.settings.managementRoom : undefined),
    isJoined: (room) => world.rooms.get(room)?.ownMembership === "join",
    wentRound: () => (health.wentRoundAt = clock.now()),
    breathMs: () => (bot.executor.pending > muchWork ? breathMs : 0),
    deliver: (seen) => {
      bot.receive(rehearsals.taken(seen));
      if (seen.at(-1)?.kind !== "synced") return;
      health.heardAt = clock.now();
      if (isFollowing || world.settings.managementRoom) caughtUp();
      isFollowing = true;
    },
    trouble: (fault) => noteTrouble(fault, options),
  };
}

/** What users of the homeserver report, where we administer it. */
export function reportPollOf({
  config: { reports },
  ...shared
}: Pick<FollowOptions, "config" | "clock" | "transport" | "world" | "built">): ReportPollOptions {
  const { clock, transport, world, built } = shared;
  const known = world.stored.serverReports;
  return {
    clock,
    transport,
    everyMs: reports.everySeconds * 1_000,
    isOn: () => reports.fromHomeserver && world.isServerAdmin,
    hasBegun: () => known.seen !== undefined,
    isKnown: (number) => known.isKnown(number),
    receive: (seen) => built.bot.receive(seen),
  };
}

/** `fault` is undefined when syncs work again. */
function noteTrouble(fault: MatrixFault | undefined, { built, accountStatus, log }: FollowOptions): void {
  built.health.syncTrouble = fault?.isAccountTrouble ? undefined : fault?.message;
  if (fault) accountStatus.refused(fault, "sync");
  else accountStatus.succeeded("sync");
  if (fault)
    log.warn({ reason: fault.message, code: fault.errcode }, "sync failed; trying again until it works");
  else log.info({}, "sync works again");
}

/**
 * Our account is locked or suspended, or free again. Moderators hear of it when it is over: until then nothing can be
 * said.
 */
export function noteAccountTrouble(
  trouble: string | undefined,
  { built, clock, log }: { built: BuiltBot | undefined; clock: Clock; log: Log },
): void {
  if (trouble !== undefined)
    log.warn({ reason: trouble }, "our account is locked or suspended; going on when it is free");
  else log.info({}, "our account is free again; going on");
  if (!built) return;
  const before = built.health.accountTrouble;
  built.health.accountTrouble = trouble;
  if (trouble === undefined && before !== undefined)
    built.announce(
      say`My account was locked or suspended by an administrator of the homeserver (${plain(before, 200)}). It is free again, and I go on with what was left.`,
      `account free ${clock.now()}`,
      true,
    );
}
