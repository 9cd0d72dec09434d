/** What changed, noted for the store: one row a state event, member or room. */
import type { StateEvent } from "../event.ts";
import type { RoomId, UserId } from "../ids.ts";
import type { PolicyList } from "../policy-list.ts";
import type { Room } from "../room.ts";
import type { Beliefs } from "./beliefs.ts";

export function storeState(beliefs: Beliefs, room: RoomId, event: StateEvent): void {
  const { type, stateKey } = event;
  beliefs.changes.store({ kind: "state", room, type, stateKey, event });
}

/** Nothing is in force any more under this type and state key. */
export function deleteState(beliefs: Beliefs, room: RoomId, type: string, stateKey: string): void {
  beliefs.changes.store({ kind: "state", room, type, stateKey, event: undefined });
}

/** Only what is needed to know the rule again is stored: a reason or an unknown field may have 60 kB. */
export function storeRuleEvent(beliefs: Beliefs, list: PolicyList, event: StateEvent): void {
  const content = list.contentToKeep(event);
  if (content) storeState(beliefs, list.room, { ...event, content });
  else deleteState(beliefs, list.room, event.type, event.stateKey);
}

export function storeMember(beliefs: Beliefs, room: RoomId, user: UserId): void {
  beliefs.changes.store({ kind: "member", room, user, record: beliefs.members.get(room, user) });
}

export function storeRoom(beliefs: Beliefs, room: Room): void {
  const { ownMembership, trouble, wasRemoved, aclByHand } = room;
  const membersKnown = beliefs.membersKnown.has(room.id);
  const summary = { ownMembership, trouble, wasRemoved, aclByHand, membersKnown };
  beliefs.changes.store({ kind: "room", room: room.id, summary });
}
