/** The executor of one bot: acts are performed on the homeserver, settings at once, and a dry run records instead. */
import type { Config } from "../config/schema.ts";
import { removedWords, reportedWords } from "../commands/shared/removed-words.ts";
import { isForEarnest, recording } from "./dry-run.ts";
import { Executor } from "../executor/executor.ts";
import type { Clock } from "../kit/clock.ts";
import type { RestClient } from "../matrix/http/client.ts";
import type { Sealing } from "../matrix/crypto/sealing.ts";
import type { MatrixFault } from "../matrix/http/errors.ts";
import { performer } from "../matrix/perform/perform.ts";
import type { AccountStatus } from "../matrix/account-status.ts";
import { isLocal, type LocalAction } from "../model/actions/traits.ts";
import type { Decision } from "../model/decision.ts";
import type { Seen } from "../model/observation.ts";
import type { StashView } from "../model/stash.ts";
import type { World } from "../model/world/world.ts";
import type { trialsOf } from "./begin-trial.ts";
import { noticingPolicyServers } from "./noticing-policy-servers.ts";
import { renderingOnSend } from "./render-on-send.ts";
import { tellingPutOff } from "./telling-put-off.ts";
import { listAsFile } from "../policy/list-file.ts";

type Perform = ReturnType<typeof performer>;

type Renew = (decision: Decision) => Decision;

export interface ExecutorOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly world: World;
  readonly client: RestClient;
  readonly sealing: Sealing;
  readonly stash: StashView;
  readonly accountStatus: AccountStatus;
  /** The access token is no longer good. */
  readonly tokenRevoked: (fault: MatrixFault) => void;
  /** Moderators' settings may have changed. */
  readonly settingsChanged: () => void;
  /** Asked of each act in a dry run: whether it is recorded instead of performed. */
  readonly isRecorded: ((decision: Decision) => boolean) | undefined;
  /** In a rehearsal: what stands between the acts and the homeserver. */
  readonly playing: ((perform: Perform) => Perform) | undefined;
  readonly receive: (seen: readonly Seen[]) => void;
  readonly beginTrial: ReturnType<typeof trialsOf>;
  /** Told how each act ended, and asked whether it is still wanted. */
  readonly reports: Pick<ConstructorParameters<typeof Executor>[0], "ended" | "stillHolds">;
  /** Acts with what can be known only now that they are done, and messages as they should be now that they are sent. */
  readonly renewed: { readonly act: Renew; readonly message: Renew };
}

export function buildExecutor(options: ExecutorOptions): Executor {
  const { reports, receive, renewed } = options;
  const { startConcurrency, maxConcurrency, maxQueuedPerRoom } = options.config.executor;
  const performed = noticingPolicyServers(performFor(options), options);
  const perform = tellingPutOff(renderingOnSend(performed, renewed.message), (decision, message) =>
    receive([{ kind: "put-off", decision, message }]),
  );
  return new Executor({
    ...reports,
    clock: options.clock,
    limits: { start: startConcurrency, max: maxConcurrency, maxQueuedPerRoom },
    perform: async (decision, signal) => {
      const { action } = decision;
      if (!isLocal(action)) return perform(renewed.act(decision), signal);
      // Nothing follows from servers that are kept out in a dry run, not even later.
      if (options.config.dryRun && action.kind === "deny-servers") return { kind: "recorded" };
      const change = changeOf(action);
      if (change) receive([change]);
      options.settingsChanged();
      return { kind: "done" };
    },
  });
}

/** Ours to do, not the homeserver's. */
function changeOf(action: LocalAction): Seen | undefined {
  switch (action.kind) {
    case "change-settings":
      return { kind: "settings-changed", change: action.change };
    case "answer-question":
      return { ...action, kind: "answered" };
    // Noted with its outcome.
    case "deny-servers":
    case "readmit-servers":
    case "set-room-mode":
      return undefined;
    case "forget-removed":
      // The stash forgets in the transaction that ends the act.
      return undefined;
  }
}

/** Performs acts on the homeserver; in a dry run only records them. */
function performFor(options: ExecutorOptions): Perform {
  const { config, world } = options;
  const { redaction, sync, answers, limits, network } = config;
  const perform = performer({
    client: options.client,
    sealing: options.sealing,
    clock: options.clock,
    self: world.self,
    limits: {
      maxSearchPages: redaction.maxPages,
      maxGapPages: sync.maxGapPages,
      maxAnswerLength: answers.maxLength,
      maxBans: limits.bansRead,
      maxReason: limits.reasonLength,
      writeTimeoutMs: Math.min(network.writeTimeoutMs, network.timeoutMs),
    },
    deliver: options.receive,
    beginTrial: options.beginTrial,
    tokenRevoked: options.tokenRevoked,
    appealLine: config.appeals.contact,
    accountStatus: options.accountStatus,
    removedWords: ({ of, limit }) =>
      removedWords(options.stash.of(of, limit), { world, at: options.clock.now() }),
    reportedWords: (events, { report, of }) => reportedWords(events, { report, all: of.length }),
    fileOf: ({ list: room, format }) => {
      const list = world.lists.get(room);
      return list && listAsFile(list, { format, maxBytes: world.limits.exportKilobytes * 1024 });
    },
  });
  if (options.playing) return options.playing(perform);
  if (!config.dryRun) return perform;
  const isForEarnestHere = ({ action }: Decision) => isForEarnest(action, world.settings.managementRoom);
  return recording(perform, options.isRecorded ?? isForEarnestHere);
}
