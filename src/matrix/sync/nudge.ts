/**
 * Ends a /sync that the homeserver holds back although nothing is to be waited for: tuwunel answers one without news after
 * five seconds, whatever its `timeout` says. A message to our own device is news, and touches no room.
 */
import type { Clock } from "../../kit/clock.ts";
import type { UserId } from "../../model/ids.ts";
import { path } from "../http/client.ts";
import type { Transport } from "../http/transport.ts";

/** Whoever answers at once has answered by then. Where the server is only slow, the message does no harm. */
const heldBackMs = 1_000;

export interface NudgeOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly self: UserId;
}

/** `asked`: the request, which never rejects. */
export async function nudgeIfHeldBack(
  asked: Promise<unknown>,
  { transport, clock, self }: NudgeOptions,
  signal: AbortSignal,
): Promise<void> {
  const answered = new AbortController();
  void asked.then(() => answered.abort());
  await clock.sleep(heldBackMs, AbortSignal.any([answered.signal, signal]));
  if (answered.signal.aborted || signal.aborted) return;
  const where = path`/_matrix/client/v3/sendToDevice/org.tyr.nudge/${`nudge-${clock.now()}`}`;
  const body = { messages: { [self]: { "*": {} } } };
  // Without it the answer comes late, and is as good.
  await transport.request("PUT", where, { body, retries: 0, on429: "fail", signal }).catch(() => {});
}
