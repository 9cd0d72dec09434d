/** Redactions: of one event, and by Synapse's admin API of all that a person wrote in many rooms. */
import type { ActionOf } from "../../model/actions/action.ts";
import { asString } from "../../kit/json.ts";
import { path } from "../http/client.ts";
import { MatrixFault } from "../http/errors.ts";
import type { ActContext } from "./act-context.ts";
import { reasonOf } from "./membership.ts";
import { written, type Done } from "./results.ts";

/** The SDK's method makes a new transaction id at each call, so that a retry could redact twice. */
export function redact(action: ActionOf<"redact" | "hold">, { writes, decision }: ActContext): Promise<Done> {
  const where = path`/_matrix/client/v3/rooms/${action.room}/redact/${action.event}/${decision.id}`;
  const answer = writes.call("PUT", where, { body: reasonOf(action) });
  return written(answer.then(({ event_id: made }) => made));
}

const firstLookMs = 50;
const longestLookMs = 5_000;

/** Resolves when Synapse has finished, so that "done" means done. */
export async function redactByServer(
  action: ActionOf<"redact-by-server">,
  { reads, clock, signal }: ActContext,
): Promise<Done> {
  const { rooms, limit } = action;
  const begun = await reads
    .with({ on429: "fail" })
    .call("POST", path`/_synapse/admin/v1/user/${action.user}/redact`, {
      body: { rooms, limit, ...reasonOf(action) },
    });
  const id = asString(begun["redact_id"]);
  if (id === undefined) return { kind: "done" };
  for (let waitMs = firstLookMs; !signal.aborted; waitMs = Math.min(waitMs * 2, longestLookMs)) {
    const { status } = await reads.call("GET", path`/_synapse/admin/v1/user/redact_status/${id}`);
    // Not a passing fault: Synapse has given up, and asking again would begin from the start.
    if (status === "failed")
      throw new MatrixFault(400, "REDACT_FAILED", "the homeserver could not redact everything");
    if (status !== "active" && status !== "scheduled") break;
    await clock.sleep(waitMs, signal);
  }
  return { kind: "done" };
}
