/** What is at hand while one act is performed: clients for its requests, and ways to tell what comes of it. */
import type { Clock } from "../../kit/clock.ts";
import type { Say } from "../../kit/say.ts";
import type { ActionOf } from "../../model/actions/action.ts";
import type { Decision } from "../../model/decision.ts";
import type { RoomEvent } from "../../model/event.ts";
import type { UserId } from "../../model/ids.ts";
import type { Seen } from "../../model/observation.ts";
import type { Trial } from "../../model/trial.ts";
import type { Sealing } from "../crypto/sealing.ts";
import type { RestClient } from "../http/client.ts";
import type { TextFile } from "./message-content.ts";

export interface ActLimits {
  /** Pages of `/messages` read to search one person's events in a room. */
  readonly maxSearchPages: number;
  /** Pages of `/messages` read to fill one gap. */
  readonly maxGapPages: number;
  /** Bans of one room that are read. */
  readonly maxBans: number;
  /** Characters of a ban's reason that are kept. */
  readonly maxReason: number;
  /** Bytes of a message to moderators. */
  readonly maxAnswerLength: number;
  /** A write without an answer after this time is given up, and tried again by the executor. */
  readonly writeTimeoutMs: number;
}

export interface ActOptions {
  readonly client: RestClient;
  readonly sealing: Sealing;
  readonly clock: Clock;
  readonly self: UserId;
  readonly limits: ActLimits;
  /** Takes what an act found out. */
  readonly deliver: (seen: readonly Seen[]) => void;
  /** Added to the reason of every ban; undefined: nothing. */
  readonly appealLine: string | undefined;
  /** What was removed, as it is shown. */
  readonly removedWords: (action: ActionOf<"show-removed">) => Say;
  /** What was reported, as it is shown: what could be read of it. */
  readonly reportedWords: (events: readonly RoomEvent[], action: ActionOf<"show-reported">) => Say;
  /** What is in the file at the moment it is sent; undefined where the list is gone. */
  readonly fileOf: (action: ActionOf<"send-file">) => TextFile | undefined;
  /** Undefined while another one goes on. */
  readonly beginTrial: (action: ActionOf<"try-protection">, decision: Decision) => Trial | undefined;
}

export interface ActContext extends Omit<ActOptions, "client"> {
  readonly decision: Decision;
  readonly signal: AbortSignal;
  /** This act was sent before and its answer was lost: what is already as wanted may be our own work. */
  readonly isRepeated: boolean;
  /** Waits out a 429 and retries passing faults. */
  readonly reads: RestClient;
  /** One attempt. At a failure the act gives up its place to others; the executor lets its room rest and tries again. */
  readonly writes: RestClient;
  /** As `writes`, but as long as any request may take: joins, rooms made and uploads are slow without anything wrong. */
  readonly slowWrites: RestClient;
}

export function actContext(
  { client, ...options }: ActOptions,
  act: Pick<ActContext, "decision" | "signal" | "isRepeated">,
): ActContext {
  const { signal } = act;
  const slowWrites = client.with({ signal, retries: 0, on429: "fail" });
  return {
    ...options,
    ...act,
    reads: client.with({ signal, on429: "wait" }),
    writes: slowWrites.with({ timeoutMs: options.limits.writeTimeoutMs }),
    slowWrites,
  };
}
