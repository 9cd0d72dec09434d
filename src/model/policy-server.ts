/**
 * The policy server of a room (client-server specification, `m.room.policy`): it is asked about every event before the
 * event is sent, and other servers show only what it has signed.
 */
import { asObject, asString, type JsonObject } from "../kit/json.ts";
import { parseServerName, type ServerName } from "./ids.ts";

export interface PolicyServer {
  /** Its name, with its port where it has one. */
  readonly via: string;
  /** By which it signs: ed25519, in base64 without padding. */
  readonly key: string;
}

/** What a look at a policy server came to: it, or why not, as a sentence. */
export type FoundPolicyServer = PolicyServer | { readonly problem: string };

export const policyType = "m.room.policy";
/** As it was called before it became part of the specification: read where the room has no event of the newer type. */
export const unstablePolicyType = "org.matrix.msc4284.policy";

/** 32 bytes. */
const keyPattern = /^[A-Za-z0-9+/]{43}$/;
/** Longer names are none (specification, "Server name"). */
const longestName = 230;

interface HasState {
  event(type: string): { readonly content: JsonObject } | undefined;
}

/** What the room's state says; undefined where it names none, or one that no server would ask. */
export function readPolicyServer(room: HasState): PolicyServer | undefined {
  const stable = room.event(policyType);
  if (stable) return fromContent(stable.content);
  const unstable = room.event(unstablePolicyType)?.content;
  return unstable && policyServerOf(unstable["via"], unstable["public_key"]);
}

function fromContent(content: JsonObject): PolicyServer | undefined {
  return policyServerOf(content["via"], asObject(content["public_keys"])?.["ed25519"]);
}

/** Undefined where it is none. */
export function policyServerOf(via: unknown, key: unknown): PolicyServer | undefined {
  const [name, base64] = [asString(via), asString(key)?.replaceAll("=", "")];
  if (name === undefined || base64 === undefined || !keyPattern.test(base64)) return undefined;
  return isServerWithPort(name) ? { via: name, key: base64 } : undefined;
}

/** The name of a server as `via` has it: in small letters, with its port where it has one. */
export function isServerWithPort(name: string): boolean {
  return name.length <= longestName && name === name.toLowerCase() && parseServerName(name) !== undefined;
}

/** As users, rules and server ACLs name it: without its port. */
export function serverNameOf({ via }: Pick<PolicyServer, "via">): ServerName {
  return parseServerName(via)!;
}

/** The content of the event; without a server it says that there is none. */
export function policyContent(server: PolicyServer | undefined): JsonObject {
  return server ? { via: server.via, public_keys: { ed25519: server.key } } : {};
}

export function unstablePolicyContent(server: PolicyServer | undefined): JsonObject {
  return server ? { via: server.via, public_key: server.key } : {};
}

/** Homeservers before Synapse 1.151 read the older event alone: it is kept in step where a room has one. */
export function hasUnstablePolicy(room: HasState): boolean {
  return room.event(unstablePolicyType) !== undefined;
}

/** Whether the room's state says exactly that, to servers of every age. */
export function showsPolicyServer(room: HasState, server: PolicyServer | undefined): boolean {
  const unstable = room.event(unstablePolicyType)?.content;
  const older = unstable && policyServerOf(unstable["via"], unstable["public_key"]);
  return (
    isSamePolicyServer(readPolicyServer(room), server) && (!unstable || isSamePolicyServer(older, server))
  );
}

export function isSamePolicyServer(one: PolicyServer | undefined, other: PolicyServer | undefined): boolean {
  return one?.via === other?.via && one?.key === other?.key;
}

/** Enough of a key to compare it by eye. */
export function shortKey({ key }: Pick<PolicyServer, "key">): string {
  return `${key.slice(0, 4)}…${key.slice(-4)}`;
}
