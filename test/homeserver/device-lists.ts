/** Whose devices or identity changed, told to those who share a room with them: `device_lists` of /sync and keys/changes. */
import type { Room } from "./room.ts";
import type { User, World } from "./world.ts";

export interface DeviceChange {
  readonly userId: string;
  readonly position: number;
  /** Where nobody else is told: signatures of one's own on others. */
  readonly toldOnly: string | undefined;
}

export interface DeviceLists {
  readonly changed: readonly string[];
  readonly left: readonly string[];
}

export function noteDeviceChange(
  world: World,
  { userId, toldOnly }: { readonly userId: string; readonly toldOnly?: string },
): void {
  world.deviceChanges.push({ userId, toldOnly, position: world.nextPosition() });
  world.changes.announce((other) =>
    toldOnly === undefined ? world.shareRoom(other, userId) : other === toldOnly,
  );
}

export function deviceLists(
  world: World,
  reader: User,
  { since, upTo }: { since: number; upTo: number },
): DeviceLists {
  const changed = new Set<string>();
  const gone = new Set<string>();
  for (const { userId, position, toldOnly } of world.deviceChanges) {
    if (position <= since || position > upTo) continue;
    const isTold = toldOnly === undefined ? world.shareRoom(reader.id, userId) : toldOnly === reader.id;
    if (isTold) changed.add(userId);
  }
  for (const room of world.roomsOf(reader.id)) {
    if (room.lastPosition <= since) continue;
    const movement = movements(room, reader.id, { since, upTo });
    for (const userId of movement.came) changed.add(userId);
    for (const userId of movement.went) gone.add(userId);
  }
  const left = [...gone].filter((userId) => userId !== reader.id && !world.shareRoom(reader.id, userId));
  return { changed: [...changed], left };
}

/** As Synapse: whoever joined, was invited or knocked, also where they were here already. */
function movements(
  room: Room,
  reader: string,
  { since, upTo }: { readonly since: number; readonly upTo: number },
): { readonly came: readonly string[]; readonly went: readonly string[] } {
  const was = room.membership(reader, since) === "join";
  const is = room.membership(reader, upTo) === "join";
  if (!is) return { came: [], went: was ? joinedMembers(room) : [] };
  const moved = room
    .changedKeys(since, upTo)
    .filter(({ type }) => type === "m.room.member")
    .map(({ stateKey }) => stateKey);
  const isPresent = (userId: string): boolean =>
    ["join", "invite", "knock"].includes(room.membership(userId, upTo) ?? "");
  return {
    came: [...(was ? [] : joinedMembers(room)), ...moved.filter(isPresent)],
    went: moved.filter((userId) => !isPresent(userId) && room.membership(userId, since) === "join"),
  };
}

function joinedMembers(room: Room): readonly string[] {
  return [...room.stateOfType("m.room.member")]
    .filter(({ content }) => content["membership"] === "join")
    .map(({ stateKey }) => stateKey ?? "");
}
