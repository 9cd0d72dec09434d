/** What a server says of itself as a policy server (client-server specification, `/.well-known/matrix/policy_server`). */
import type { Clock } from "../kit/clock.ts";
import { asObject, type JsonObject } from "../kit/json.ts";
import { policyServerOf, type FoundPolicyServer } from "../model/policy-server.ts";
import { MatrixFault } from "./http/errors.ts";
import type { Transport } from "./http/transport.ts";

/** A moderator waits for it. */
const timeoutMs = 5_000;
/** One key in JSON: a longer answer is something else. */
const mostBytes = 64 * 1024;

/** Asks the server itself, without our access token, and follows no redirection: it is asked for one key and no more. */
export async function policyServerAt(
  transport: Pick<Transport, "exchange">,
  via: string,
  clock: Clock,
): Promise<FoundPolicyServer> {
  const end = new AbortController();
  void clock.sleep(timeoutMs, end.signal).then(() => end.abort());
  try {
    const { body } = await transport.exchange("GET", "/.well-known/matrix/policy_server", {
      ...{ origin: `https://${via}`, timeoutMs, retries: 0, on429: "fail", wantsBytes: true, mostBytes },
      signal: end.signal,
    });
    const said = objectIn(body);
    const found = said && policyServerOf(via, asObject(said["public_keys"])?.["ed25519"]);
    return found ?? { problem: "what it answered has no key in it" };
  } catch (error) {
    return { problem: problemOf(error, end.signal.aborted) };
  } finally {
    end.abort();
  }
}

function objectIn(body: unknown): JsonObject | undefined {
  if (!(body instanceof Uint8Array)) return asObject(body);
  try {
    return asObject(JSON.parse(Buffer.from(body).toString("utf8")));
  } catch {
    return undefined;
  }
}

/** What such a server wrote into an error is not shown. */
function problemOf(error: unknown, isTooLate: boolean): string {
  if (isTooLate) return "it did not answer within 5 seconds";
  if (!(error instanceof MatrixFault)) return "it did not answer";
  if (error.status === 404) return "it says nothing of a policy server (404)";
  if (error.status > 0) return `it answered with status ${error.status}`;
  return `it could not be reached (${error.errcode})`;
}
