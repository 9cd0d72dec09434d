/**
 * Which lists are of one owner: moderators said so, or somebody who may write rules in both has shown themself in both, by a
 * rule, by making the room, or by its power levels. To be named in the levels of a list is not enough: anybody could name
 * the writers of others there, and so take their voices from them.
 */
import type { RoomId, UserId } from "../model/ids.ts";
import { stableRuleType, type Rule } from "../model/policy-rule.ts";
import type { WatchedList } from "../model/settings/lists.ts";
import type { WorldView } from "../model/world/view.ts";

/** Who has written the rules of each list, with how many there are of each. */
export class ListWriters {
  readonly #byList = new Map<RoomId, Map<UserId, number>>();

  add({ list, sender }: Rule): void {
    const writers = this.#byList.get(list) ?? new Map<UserId, number>();
    this.#byList.set(list, writers.set(sender, (writers.get(sender) ?? 0) + 1));
  }

  remove({ list, sender }: Rule): void {
    const writers = this.#byList.get(list);
    const left = (writers?.get(sender) ?? 0) - 1;
    if (left > 0) writers?.set(sender, left);
    else writers?.delete(sender);
  }

  of(list: RoomId): Iterable<UserId> {
    return this.#byList.get(list)?.keys() ?? [];
  }
}

type OwnersView = Pick<WorldView, "rooms" | "self">;

/** For each list that has others of its owner beside it, the first of them. */
export function ownersOf(
  lists: readonly WatchedList[],
  writers: ListWriters,
  world: OwnersView,
): ReadonlyMap<RoomId, RoomId> {
  const groups: { readonly lists: Set<RoomId>; readonly marks: Set<string> }[] = [];
  for (const list of lists) {
    const marks = new Set<string>([list.owner ?? list.room, ...peopleBehind(list.room, writers, world)]);
    const joined = groups.filter((group) => [...marks].some((mark) => group.marks.has(mark)));
    for (const group of joined) groups.splice(groups.indexOf(group), 1);
    groups.push({
      lists: new Set([...joined.flatMap((group) => [...group.lists]), list.room]),
      marks: new Set([...joined.flatMap((group) => [...group.marks]), ...marks]),
    });
  }
  const rank = (room: RoomId) => lists.findIndex((list) => list.room === room);
  return new Map(
    groups
      .filter((group) => group.lists.size > 1)
      .flatMap((group) => {
        const [first] = [...group.lists].sort((a, b) => rank(a) - rank(b));
        return [...group.lists].map((room) => [room, first!] as const);
      }),
  );
}

function peopleBehind(list: RoomId, writers: ListWriters, world: OwnersView): readonly UserId[] {
  const room = world.rooms.get(list);
  if (!room) return [];
  const makers = ["m.room.create", "m.room.power_levels"].flatMap((type) => room.event(type)?.sender ?? []);
  const type = stableRuleType("user");
  return [...new Set([...writers.of(list), ...makers])].filter(
    (user) => user !== world.self && room.power.canSendState(user, type),
  );
}

/** Of what ownership follows besides rules: changes of it are noticed by this. */
export function levelsOfLists(lists: readonly WatchedList[], { rooms }: OwnersView): string {
  return lists.map(({ room }) => rooms.get(room)?.event("m.room.power_levels")?.eventId ?? "").join(" ");
}
