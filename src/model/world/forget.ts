/** What is forgotten of a room that we leave: everything, or its members alone. */
import type { RoomId } from "../ids.ts";
import type { Beliefs } from "./beliefs.ts";
import { storeRoom } from "./rows.ts";

/** The room is no concern of ours, so nothing of it is kept; nor are the rules of a list that was only previewed. */
export function forgetRoom(beliefs: Beliefs, id: RoomId): void {
  const isKnown = beliefs.rooms.delete(id);
  beliefs.rulesRooms.delete(id);
  beliefs.lists.get(id)?.clear();
  beliefs.stored.usual.forget(id);
  if (!beliefs.lists.delete(id) && !isKnown) return;
  beliefs.membersKnown.delete(id);
  beliefs.members.forgetRoom(id);
  beliefs.stored.spoken.forgetRoom(id);
  beliefs.changes.store({ kind: "room-gone", room: id });
}

/** Members of a room that we are not in cannot be followed, so they are read again on return. */
export function forgetMembers(beliefs: Beliefs, id: RoomId): void {
  beliefs.membersKnown.delete(id);
  beliefs.stored.usual.forget(id);
  for (const user of beliefs.members.membersOf(id, ["ban"])) {
    const record = beliefs.members.get(id, user);
    if (record?.forList) beliefs.ownEchoes.keepList(id, user, { stamp: record.stamp, list: record.forList });
  }
  beliefs.members.forgetRoom(id);
  beliefs.stored.spoken.forgetRoom(id);
  beliefs.changes.store({ kind: "room-forgotten", room: id });
  storeRoom(beliefs, beliefs.room(id));
}
