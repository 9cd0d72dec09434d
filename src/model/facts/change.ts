/** What of a room a state event changes. */

const changes: ReadonlyMap<string, string> = new Map([
  ["m.room.name", "name"],
  ["m.room.topic", "topic"],
  ["m.room.avatar", "avatar"],
  ["m.room.power_levels", "levels"],
  ["m.room.server_acl", "acl"],
  ["m.room.pinned_events", "pinned"],
  ["m.room.join_rules", "join-rule"],
  ["im.vector.modular.widgets", "widget"],
  ["m.widget", "widget"],
  ["m.room.tombstone", "tombstone"],
  ["m.room.policy", "policy-server"],
  ["org.matrix.msc4284.policy", "policy-server"],
]);

export function changeOf(type: string): string | undefined {
  return changes.get(type);
}
