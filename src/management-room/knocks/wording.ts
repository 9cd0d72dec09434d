/** What moderators are told of people who ask to be let in, in a few lines that a phone shows whole. */
import { roomName } from "../../commands/shared/room-names.ts";
import { bullets, code, count, lines, plain, say, someOf, type Say } from "../../kit/say.ts";
import { serverOf, type RoomId } from "../../model/ids.ts";
import type { Knock, KnockPlace } from "../../model/knocks.ts";
import type { WorldView } from "../../model/world/view.ts";

/** People named with what they wrote; the others are counted, with the servers that most of them are of. */
const named = 5;
const shownServers = 3;
const shownRooms = 3;
const wordsShown = 80;

export interface KnocksTold {
  readonly people: readonly KnockPlace[];
  /** Who asks besides, and found no place. */
  readonly beyond: number;
  /** Where we can let nobody in, and why. */
  readonly shut: readonly Say[];
}

export function describeKnocks({ people, beyond, shut }: KnocksTold, world: WorldView): Say {
  const byRoom = Map.groupBy(people, ({ room }) => room);
  const rest = people.slice(named);
  return lines(
    say`${count(people.length, "person asks", "people ask")} to be let in: ${roomsOf(byRoom, world)}.`,
    bullets(people.slice(0, named).map((one) => describeOne(one, byRoom.size > 1, world))),
    rest.length > 0 ? say`... and ${rest.length} more, ${serversOf(rest)}.` : undefined,
    beyond > 0
      ? say`${count(beyond, "more person asks", "more people ask")} whom I do not keep; an answer does not reach them.`
      : undefined,
    ...shut,
  );
}

function roomsOf(byRoom: ReadonlyMap<RoomId, readonly KnockPlace[]>, world: WorldView): Say {
  const rooms = [...byRoom]
    .sort(([, one], [, other]) => other.length - one.length)
    .map(([id, there]) =>
      byRoom.size === 1 ? roomName(id, world, 60) : say`${roomName(id, world, 60)} (${there.length})`,
    );
  return someOf(rooms.slice(0, shownRooms), shownRooms, rooms.length);
}

function describeOne({ room, user }: KnockPlace, isRoomNamed: boolean, world: WorldView): Say {
  const knock: Partial<Knock> = world.stored.knocks.get(room, user) ?? {};
  const where = isRoomNamed ? say` at ${roomName(room, world, 40)}` : "";
  const known = knock.note === undefined ? "" : say` (${plain(knock.note, 100)})`;
  const said = knock.words === undefined ? "" : say`: “${plain(knock.words, wordsShown)}”`;
  return say`${code(user)}${where}${known}${said}`;
}

function serversOf(people: readonly KnockPlace[]): Say {
  const counts = [...Map.groupBy(people, ({ user }) => serverOf(user))]
    .map(([server, there]) => ({ server, people: there.length }))
    .sort((one, other) => other.people - one.people);
  const shown = counts
    .slice(0, shownServers)
    .map(({ server, people: of }) => say`${of} of ${code(server, 60)}`);
  return someOf(shown, shownServers, counts.length);
}
