/** `lists together` and `lists apart`: which lists are of one owner, so that they have one voice. */
import { joined, lines, say } from "../../kit/say.ts";
import type { WatchedList } from "../../model/settings/lists.ts";
import { defineCommand, needed, problem } from "../define.ts";
import { listName } from "../shared/room-names.ts";
import { notWatched, trustingAll, watchedList } from "./trust.ts";

export const listsTogether = defineCommand({
  words: ["lists", "together"],
  role: "admin",
  about: "Say that two lists are of one owner: together they have one voice.",
  takes: {
    list: needed("list", "shortcode, room id or alias"),
    other: needed("list", "the other list"),
  },
  examples: ["lists together coc !list-b:example.org"],
  reply({ list, other }, _flags, context) {
    const { world, rulesInForce } = context;
    const [one, two] = [watchedList(list.room, context), watchedList(other.room, context)];
    if (!one || !two) return notWatched(one ? other.room : list.room, world);
    const names = say`${listName(one.room, world)} and ${listName(two.room, world)}`;
    if (one.room === two.room) return problem(say`it takes two lists to be of one owner`);
    const { trust } = rulesInForce;
    if (groupOf(one) === groupOf(two) || trust.ownerOf(one.room) === trust.ownerOf(two.room))
      return { say: say`${names} have one voice already.` };
    const next = world.settings.lists
      .filter((each) => [groupOf(one), groupOf(two)].includes(groupOf(each)))
      .map((each) => ({ ...each, owner: groupOf(one) }));
    return trustingAll(next, {
      now: say`${names} have one voice: what they say counts once.`,
      before: say`${names} would have one voice: what they say would count once.`,
      context,
    });
  },
});

export const listsApart = defineCommand({
  words: ["lists", "apart"],
  role: "admin",
  about: "Take back lists together for a list: it speaks for itself.",
  takes: { list: needed("list", "shortcode, room id or alias") },
  examples: ["lists apart coc"],
  reply({ list }, _flags, context) {
    const { world } = context;
    const watched = watchedList(list.room, context);
    if (!watched) return notWatched(list.room, world);
    const others = world.settings.lists.filter(
      (each) => each.room !== watched.room && groupOf(each) === groupOf(watched),
    );
    if (others.length === 0) {
      const byPeople = world.settings.lists.filter(
        ({ room }) =>
          room !== watched.room &&
          context.rulesInForce.trust.ownerOf(room) === context.rulesInForce.trust.ownerOf(watched.room),
      );
      const why = say`The same people write ${joined(byPeople.map(({ room }) => listName(room, world)))}: that I cannot take back.`;
      return problem(
        lines(
          say`nobody said that ${listName(watched.room, world)} is of one owner with another`,
          byPeople.length > 0 ? why : undefined,
        ),
      );
    }
    const [first] = others;
    return trustingAll(
      [withOwner(watched, undefined), ...others.map((each) => withOwner(each, first!.room))],
      {
        now: say`${listName(watched.room, world)} speaks for itself.`,
        before: say`${listName(watched.room, world)} would speak for itself.`,
        context,
      },
    );
  },
});

/** What is the same for lists that were put together. */
function groupOf({ room, owner }: WatchedList): WatchedList["room"] {
  return owner ?? room;
}

/** Whoever is alone with an owner of their own needs none. */
function withOwner(list: WatchedList, owner: WatchedList["room"] | undefined): WatchedList {
  const { owner: _, ...others } = list;
  return owner === undefined || owner === list.room ? others : { ...others, owner };
}
