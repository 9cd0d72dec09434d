/** What one bot remembers of its run, and where it is written down. */
import { AclDebounce } from "../decisions/judge/acl-debounce.ts";
import { GapHealing } from "../decisions/judge/gap-healing.ts";
import { Watchdog } from "../decisions/judge/watchdog.ts";
import { BlastRadius } from "../decisions/guard/blast-radius.ts";
import { CoalescedActs } from "../decisions/in-flight/coalesced-acts.ts";
import { BlockedActs } from "../decisions/in-flight/blocked-acts.ts";
import { PendingRules } from "../decisions/in-flight/pending-rules.ts";
import { Revocations } from "../decisions/in-flight/revocations.ts";
import { Containing } from "../decisions/waves/containing.ts";
import { ActsInFlight } from "../model/acts-in-flight.ts";
import type { Seen } from "../model/observation.ts";
import { RulesInForce } from "../policy/rules-in-force.ts";
import { BufferedWrites } from "../store/buffered-writes.ts";
import { Stash } from "../journal/stash.ts";
import { JournalPast } from "../journal/past.ts";
import { Mailbox } from "../bot/mailbox.ts";
import { Searches } from "../bot/in-flight.ts";
import { distrustOf, type Distrusting } from "../management-room/distrust.ts";
import { RunningTrial } from "../management-room/running-trial.ts";
import type { Config } from "../config/schema.ts";
import { Journal, dryRunAt } from "../journal/journal.ts";
import type { Clock } from "../kit/clock.ts";
import { dayMs, hourMs, minuteMs } from "../kit/duration.ts";
import type { Log } from "../kit/log.ts";
import type { RestClient } from "../matrix/http/client.ts";
import type { EncryptionHealth } from "../model/health.ts";
import type { World } from "../model/world/world.ts";
import type { Database } from "../store/database.ts";
import { stashKeyIn } from "../store/stash-key.ts";
import { Snapshot } from "../store/snapshot.ts";

export interface MemoryOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly db: Database;
  readonly world: World;
  readonly client: RestClient;
  readonly encryption: { readonly health: EncryptionHealth };
}

export type Memory = ReturnType<typeof buildMemory>;

export function buildMemory({ config, clock, log, db, world, client, encryption }: MemoryOptions) {
  const rulesInForce = new RulesInForce(world, config.lists.threshold);
  const revocations = new Revocations(world.limits.setbacksRemembered);
  const journal = new Journal(db, config.dryRun ? dryRunAt(clock.now()) : undefined);
  const blast = new BlastRadius(config.guard, config.acl.enabled ? config.acl : undefined, config.budgets);
  const stash = buildStash(config, db);
  const counted = clock.now() - config.guard.windowMinutes * minuteMs;
  for (const { list, user, at } of journal.bannedForLists(counted)) blast.remember(list, user, at);
  for (const { user, at } of journal.removedByCommands(clock.now() - hourMs)) blast.rememberRemoved(user, at);
  if (config.guard.secondPerson !== "off")
    for (const spent of journal.spentByCommands(clock.now() - dayMs)) blast.rememberSpent(spent);
  for (const acl of journal.aclsForLists(counted)) blast.rememberAcl(acl, { world, rulesInForce });
  // What waits of an earlier run may have been taken back there.
  const [oldest] = journal.unfinished();
  for (const { by, at } of oldest ? journal.undone(oldest.decision.at) : [])
    revocations.undone(by.undoes ?? [], by, at);
  /** Our own doing, believed at once. */
  const distrust: Distrusting = (said) =>
    distrustOf(said, { world, encryption: () => encryption.health, ...config.encryption });
  const believe = (seen: Seen, at: number) => world.apply({ ...seen, at, dueBy: world.dueBy });
  return {
    mailbox: new Mailbox({ clock, log, dueBy: (at) => client.transport.serverTime.dueBy(at) }),
    rulesInForce,
    journal,
    past: new JournalPast(db, config.limits, stash),
    stash,
    writes: new BufferedWrites({
      db,
      snapshot: new Snapshot(db),
      log,
      maxKept: world.limits.unwrittenEntries,
    }),
    blast,
    inFlight: new ActsInFlight((decision) => revocations.undoOf(decision) !== undefined),
    blockedActs: new BlockedActs(world.limits.setbacksRemembered),
    pendingRules: new PendingRules(world.limits.setbacksRemembered),
    revocations,
    coalesced: new CoalescedActs(),
    searches: new Searches(),
    distrust,
    trial: new RunningTrial(world, distrust),
    aclDebounce: new AclDebounce(config.acl),
    gapHealing: new GapHealing(config.sync.healEveryMs),
    watchdog: new Watchdog(config.watchdog, clock.now()),
    containing: new Containing({
      world,
      rulesInForce,
      believe,
      act: config.waves.act,
      acls: config.acl.enabled,
    }),
    believe,
  };
}

function buildStash({ stash: limits, dataPath, dryRun: isDryRun }: Config, db: Database): Stash {
  const key = limits.enabled ? stashKeyIn(dataPath) : ({ kind: "none" } as const);
  return new Stash({ db, key, limits, isDryRun });
}
