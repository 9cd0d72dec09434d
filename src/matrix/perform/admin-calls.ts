/** Calls to the homeserver beyond the rooms: how they are made, and how a refusal of ours is told. */
import type { Clock } from "../../kit/clock.ts";
import { asObject, type JsonObject } from "../../kit/json.ts";
import type { UserId } from "../../model/ids.ts";
import type { Seen } from "../../model/observation.ts";
import { path, type RestClient } from "../http/client.ts";
import { MatrixFault } from "../http/errors.ts";

export interface ServerCalls {
  readonly read: (where: string) => Promise<JsonObject>;
  readonly write: (method: string, where: string, body?: JsonObject) => Promise<JsonObject>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly deliver: (seen: readonly Seen[]) => void;
  /** This act was sent before and its answer was lost: what is so already may be so by us. */
  readonly isRepeated: boolean;
}

export function serverCalls(
  {
    client,
    ...options
  }: {
    client: RestClient;
    clock: Clock;
    deliver: ServerCalls["deliver"];
    limits: { writeTimeoutMs: number };
  },
  { signal, isRepeated }: { signal: AbortSignal; isRepeated: boolean },
): ServerCalls {
  const { transport } = client;
  const { writeTimeoutMs: timeoutMs } = options.limits;
  return {
    read: async (where) => asObject(await transport.request("GET", where, { signal })) ?? {},
    write: async (method, where, body = {}) =>
      asObject(
        await transport.request(method, where, { body, signal, isWrite: true, retries: 0, timeoutMs }),
      ) ?? {},
    clock: options.clock,
    deliver: options.deliver,
    signal,
    isRepeated,
  };
}

/** In our own words, and for good: asked again nothing would be otherwise. */
export function refusal(message: string): MatrixFault {
  return new MatrixFault(403, "REFUSED", message);
}

/** The server does not know the endpoint: an older one, or another than Synapse. */
export function isUnknownEndpoint(fault: unknown): boolean {
  return fault instanceof MatrixFault && fault.errcode === "M_UNRECOGNIZED";
}

export function isNotFound(fault: unknown): boolean {
  return fault instanceof MatrixFault && fault.errcode === "M_NOT_FOUND";
}

/** The same refusal of the server, with what can be done about it. */
export function withAdvice(fault: unknown, advice: string): unknown {
  if (!(fault instanceof MatrixFault) || fault.isPassing || fault.isLimited || fault.isUnknownToken)
    return fault;
  return new MatrixFault(fault.status, fault.errcode, `${fault.message}. ${advice}`);
}

/** What Synapse knows of an account of its own. */
export function synapseAccount(calls: ServerCalls, user: UserId): Promise<JsonObject> {
  return calls.read(path`/_synapse/admin/v2/users/${user}`).catch((fault: unknown) => {
    throw isNotFound(fault) ? refusal(`the homeserver has no account ${user}`) : fault;
  });
}

export function spareAdministrators(account: JsonObject, user: UserId): void {
  if (account["admin"] === true)
    throw refusal(`${user} is an administrator of the homeserver, and those are never touched`);
}
