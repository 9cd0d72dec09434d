/** What was stored, believed again after a restart. Restoring is no change: nothing is judged or written for it. */
import { isRuleType } from "../policy-rule.ts";
import { shortcodeOf } from "./apply-state.ts";
import type { Beliefs } from "./beliefs.ts";
import type { Row, RowOf } from "./changes.ts";
import { restoreItem } from "./collections.ts";
import { staffOf } from "./note-names.ts";

const restorers: { readonly [Kind in Row["kind"]]: (beliefs: Beliefs, row: RowOf<Kind>) => void } = {
  state: restoreState,
  member: (beliefs, { room, user, record }) => {
    if (!record) return;
    beliefs.members.restore(room, user, record);
    if (room === beliefs.settings.managementRoom && record.membership === "join")
      beliefs.stored.names.restoreStaff(user);
  },
  room: restoreRoom,
  settings: (beliefs, { settings }) => {
    beliefs.settings = settings;
    for (const list of settings.lists) beliefs.list(list.room);
  },
  item: (beliefs, row) => restoreItem(beliefs.stored, row),
  // Rows that only delete: the store never reads them back.
  "room-forgotten": () => undefined,
  "room-gone": () => undefined,
};

export function restore<Kind extends Row["kind"]>(beliefs: Beliefs, kind: Kind, row: RowOf<Kind>): void {
  restorers[kind](beliefs, row);
}

function restoreState(beliefs: Beliefs, { room, type, event }: RowOf<"state">): void {
  if (!event) return;
  // At time 0, by which no rule has expired: what has meanwhile goes with the first observation, and its bans with it.
  if (isRuleType(type)) beliefs.list(room).apply(event, 0);
  else beliefs.room(room).keep(event);
  if (type === "m.room.power_levels" && beliefs.isProtected(room))
    for (const user of staffOf(beliefs, room)) beliefs.stored.names.restoreStaff(user);
  if (type === "org.matrix.mjolnir.shortcode") beliefs.list(room).shortcode = shortcodeOf(event);
}

function restoreRoom(beliefs: Beliefs, { room: id, summary }: RowOf<"room">): void {
  const room = beliefs.room(id);
  room.ownMembership = summary.ownMembership;
  room.trouble = summary.trouble;
  room.wasRemoved = summary.wasRemoved;
  room.aclByHand = summary.aclByHand;
  if (summary.membersKnown) beliefs.membersKnown.add(id);
}
