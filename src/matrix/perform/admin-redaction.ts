/** One request to Synapse's admin API that redacts a person in many rooms, followed to its end. */
import type { Clock } from "../../kit/clock.ts";
import { asObject, asString } from "../../kit/json.ts";
import type { ActionOf } from "../../model/actions/action.ts";
import { path, type RestClient } from "../http/client.ts";
import type { Done } from "./results.ts";
import { MatrixFault } from "../http/errors.ts";

/** Returns when Synapse has finished, so that "done" means done; its own status is kept for a day. */
export async function redactByServer(
  action: ActionOf<"redact-by-server">,
  { client, clock }: { client: RestClient; clock: Clock },
  signal: AbortSignal,
): Promise<Done> {
  const { rooms, limit, reason } = action;
  const answer = await client.transport.request("POST", path`/_synapse/admin/v1/user/${action.user}/redact`, {
    body: { rooms, limit, ...(reason === "" ? {} : { reason }) },
    signal,
    isWrite: true,
  });
  const id = asString(asObject(answer)?.["redact_id"]);
  if (id === undefined) return { kind: "done" };
  for (let waitMs = 50; !signal.aborted; waitMs = Math.min(waitMs * 2, 5_000)) {
    const status = asObject(
      await client.transport.request("GET", path`/_synapse/admin/v1/user/redact_status/${id}`, { signal }),
    )?.["status"];
    // Not a passing fault: Synapse has given up, and asking again would begin from the start.
    if (status === "failed")
      throw new MatrixFault(400, "REDACT_FAILED", "the homeserver could not redact everything");
    if (status !== "active" && status !== "scheduled") break;
    await clock.sleep(waitMs, signal);
  }
  return { kind: "done" };
}
