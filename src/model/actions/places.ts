/**
 * What an act sets in its room. Of several acts on one place the newest counts: what waits before it need not be done any
 * more, and what is decided next has to look at it, as the room does not show it yet.
 */
import type { Action, ActionOf } from "./action.ts";
import { isRoomStateWrite, roomOf, type StateWriteKind } from "./traits.ts";

/** Undefined for acts that set nothing, or that a newer act does not replace. */
export function placeSetBy(action: Action): string | undefined {
  const what = isRoomStateWrite(action) ? whatIsSet(action) : undefined;
  return what && `${roomOf(action) ?? ""}\n${what}`;
}

function whatIsSet<K extends StateWriteKind>(action: ActionOf<K>): string | undefined {
  return set[action.kind](action);
}

/** A row for every kind that writes a room's state. */
const set: { readonly [K in StateWriteKind]: (action: ActionOf<K>) => string | undefined } = {
  ban: ({ user }) => `member ${user}`,
  unban: ({ user }) => `member ${user}`,
  // A removal and an invitation are moments: neither takes the place of a ban.
  kick: () => undefined,
  invite: () => undefined,
  "refuse-knock": () => undefined,
  mute: ({ user }) => `level ${user}`,
  unmute: ({ user }) => `level ${user}`,
  "set-power-level": ({ user }) => `level ${user}`,
  "write-policy": ({ eventType, stateKey }) => `rule ${eventType}\n${stateKey}`,
  "remove-policy": ({ eventType, stateKey }) => `rule ${eventType}\n${stateKey}`,
  "set-server-acl": () => "server ACL",
  "set-policy-server": () => "policy server",
  "clear-policy-server": () => "policy server",
  contain: ({ key }) => `containment ${key}`,
  release: ({ key }) => `containment ${key}`,
  // Several may put back different values of one event.
  "put-back": () => undefined,
  "describe-command": ({ stateKey }) => `description ${stateKey}`,
  join: () => "our membership",
  leave: () => "our membership",
};
