/** A world to live in: rooms, lists and people, as the seed has it. */
import type { Story } from "../support/story.ts";
import type { Chance } from "./chance.ts";

export interface Town {
  /** Protected at the start; `spareRooms` may become so. */
  readonly rooms: string[];
  readonly spareRooms: string[];
  /** Lists watched at the start, in their order; `spareLists` may be watched later. */
  readonly lists: string[];
  readonly spareLists: string[];
  readonly people: string[];
  /** In the management room at the start, the first moderator apart. */
  readonly moderators: string[];
  /** People with the bot's level or more in their room. */
  readonly admins: ReadonlyMap<string, string>;
  /** Who may write to a list. */
  readonly keepers: ReadonlyMap<string, string>;
}

export const servers = [
  "hs.test",
  "friend.test",
  "evil.test",
  "sub.evil.test",
  "mixed.test",
  "other.example",
];
const localparts = ["ann", "bob", "Bob", "spammer", "spam_1", "eve", "mal", "quiet", "zoe", "tim"];

export function foundTown(story: Story, chance: Chance): Town {
  const versions = ["11", "12"];
  const people = inhabitants(story, chance);
  const rooms = Array.from({ length: chance.integer(1, 4) }, (_, i) =>
    story.room(`Room ${i + 1}`, {
      version: chance.pick(versions),
      joinRule: chance.pick(["public", "public", "public", "knock", "invite"]),
    }),
  );
  const spareRooms = [story.room("Spare", { version: chance.pick(versions) })];
  const admins = new Map<string, string>();
  for (const room of [...rooms, ...spareRooms]) admins.set(room, staff(story, chance, room));
  const { lists, spareLists, keepers } = library(story, chance);
  const moderators = chance.some(people, 0.15).slice(0, 2);
  for (const user of moderators) {
    story.homeserver.invite(story.managementRoom, story.moderator, user);
    story.homeserver.join(story.managementRoom, user);
  }
  for (const room of rooms) for (const user of chance.some(people, 0.6)) enter(story, room, user);
  return { rooms, spareRooms, lists, spareLists, people, moderators, admins, keepers };
}

function inhabitants(story: Story, chance: Chance): string[] {
  const found = new Set<string>();
  const wanted = chance.integer(2, 12);
  while (found.size < wanted) {
    const [localpart, server] = [chance.pick(localparts), chance.pick(servers)];
    // Our server makes no upper-case accounts; others may have had them for years.
    const user = `@${server === "hs.test" ? localpart.toLowerCase() : localpart}:${server}`;
    if (found.has(user)) continue;
    found.add(user);
    if (server === "hs.test") story.homeserver.createUser(user.slice(1, user.indexOf(":")));
  }
  return [...found];
}

/** A room admin whom the bot cannot touch, and who can do to the bot what admins do. */
function staff(story: Story, chance: Chance, room: string): string {
  const { homeserver, moderator } = story;
  const { userId } = homeserver.createUser(`admin${chance.integer(100, 999)}`);
  homeserver.invite(room, moderator, userId);
  homeserver.join(room, userId);
  const power = homeserver.state(room, "m.room.power_levels")!.content;
  const users = power["users"] as Record<string, number>;
  homeserver.setState(room, moderator, "m.room.power_levels", "", {
    ...power,
    users: { ...users, [userId]: chance.pick([100, 100, 50]) },
  });
  return userId;
}

/** Lists of ours, where the bot may write, and of others, where it may not. */
function library(story: Story, chance: Chance) {
  const keepers = new Map<string, string>([[story.list, story.moderator]]);
  const make = (name: string, isOurs: boolean): string => {
    const list = story.room(name, {
      botLevel: isOurs ? 100 : 0,
      initialState: [{ type: "org.matrix.mjolnir.shortcode", content: { shortcode: name.toLowerCase() } }],
    });
    keepers.set(list, story.moderator);
    return list;
  };
  const lists = [story.list];
  if (chance.happens(0.4)) lists.push(make("Second", true));
  if (chance.happens(0.5)) lists.push(make("Foreign", false));
  if (chance.happens(0.5)) lists.reverse();
  return { lists, spareLists: [make("Other", chance.happens(0.5))], keepers };
}

function enter(story: Story, room: string, user: string): void {
  const { homeserver, moderator } = story;
  if (homeserver.state(room, "m.room.join_rules")?.content["join_rule"] !== "public")
    homeserver.invite(room, moderator, user);
  homeserver.join(room, user);
}
