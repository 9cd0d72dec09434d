/** `since`: shows, kicks, bans or mutes all who joined within a time. */
import {
  describeDuration,
  describeTime,
  durationExamples,
  minuteMs,
  parseDuration,
} from "../../kit/duration.ts";
import { bullets, code, count, folded, lines, plain, say, type Say } from "../../kit/say.ts";
import type { RoomId, UserId } from "../../model/ids.ts";
import { nearest } from "../../kit/did-you-mean.ts";
import type { WorldView } from "../../model/world/view.ts";
import { isLeftAlone } from "../../policy/own-people.ts";
import { defineCommand, needed, optional, problem, type CommandContext, type Proposal } from "../define.ts";
import { muting, unmuting } from "./mute.ts";
import { sinceIn } from "../shared/since-time.ts";
import { roomName } from "../shared/room-names.ts";
import type { PersonInRoom } from "../shared/people.ts";
import { severalRooms } from "../shared/several-rooms.ts";

const shown = 100;
const acts = ["show", "kick", "ban", "mute", "unmute"] as const;
type Act = (typeof acts)[number];

const noun: Readonly<Record<Exclude<Act, "show">, string>> = {
  kick: "Kick",
  ban: "Ban",
  mute: "Mute",
  unmute: "Unmute",
};

export const since = defineCommand({
  words: ["since"],
  role: "moderator",
  about:
    "Show, kick, ban, mute or unmute those who joined a protected room within a time and are still there, as far as I was there to see it. Moderators and exempt people are left out.",
  takes: {
    time: needed(
      "word",
      'how long ago at most (30m, 12h, 7d), or since when: 03:10, 2026-11-21, "2026-11-21 13:04" (UTC)',
    ),
    act: needed("word", "show, kick, ban, mute or unmute"),
    room: optional("room", "only this room, or a space with its rooms; without it all protected rooms"),
    more: optional(
      "rest",
      "further rooms, and why; with some reasons (such as spam) a ban removes what they wrote, too",
    ),
  },
  flags: {
    limit: {
      type: "number",
      about: "Nothing is done if these are more people than this.",
      default: 500,
    },
  },
  examples: [
    "since 30m show",
    "since 2h ban #lobby:example.org spam wave",
    "since 10m mute",
    "since 2026-11-21 show",
    "since 1h kick #community-space:example.org",
    "since 1h mute #lobby:example.org #games:example.org",
  ],
  reply({ time, act: word, room, more = "" }, { limit }, context) {
    const { world, at } = context;
    const from = sinceIn(time, at);
    if (from === undefined)
      return problem(
        say`${code(time)} is no span of time (${plain(durationExamples.join(", "))}), no time of day (03:10) and no date (2026-11-21)`,
      );
    if (from > at) return problem(say`${describeTime(from)} is still to come`);
    const act = acts.find((one) => one === word.toLowerCase());
    if (!act) {
      const guess = nearest(word.toLowerCase(), [...acts]);
      return problem(
        say`${code(word)} is nothing I can do to them: ${plain(acts.join(", "))}${guess ? say`. Did you mean ${code(guess)}?` : ""}`,
      );
    }
    const where = severalRooms(room, more, context);
    if ("problem" in where) return problem(where.problem);
    const { rooms, rest: reason } = where;
    const there = arrivals(from, { rooms, context });
    const people = new Set(there.map(({ user }) => user)).size;
    const who = say`${count(people, "person", "people")} who joined ${within(time, from, at)}`;
    if (act === "show" || people === 0) return { say: listed(who, there, world) };
    if (people > limit)
      return problem(
        say`these are ${count(people, "person", "people")}, and the limit is ${limit}: ${code(`--limit ${people}`)} does it`,
      );
    const proposals = there.flatMap((one) => proposalsFor(act, one, { reason, context }));
    return {
      say: say`${noun[act]} of ${who}`,
      acts: proposals,
      ...(people > 1 && act !== "unmute"
        ? { waitsFor: { kind: "yes", why: say`it is ${count(people, "person", "people")} at once` } }
        : {}),
    };
  },
});

/** As it was asked: in a span, or since a time. */
function within(asked: string, from: number, at: number): string {
  return parseDuration(asked) === undefined
    ? `since ${describeTime(from)}`
    : `in the last ${describeDuration(at - from)}`;
}

/** People who joined after `from` and are still there, newest first. The time of joins before ours is not known: those are left out. */
function arrivals(
  from: number,
  { rooms, context }: { rooms: ReadonlySet<RoomId> | undefined; context: CommandContext },
): readonly PersonInRoom[] {
  const { world } = context;
  const found: (PersonInRoom & { since: number })[] = [];
  for (const { id: room } of world.protectedRooms()) {
    if (rooms && !rooms.has(room)) continue;
    for (const user of world.members.membersOf(room, ["join"])) {
      const joined = (world.members.get(room, user)?.since ?? 0) * minuteMs;
      if (joined === 0 || joined + minuteMs <= from) continue;
      if (isLeftAlone(user, context)) continue;
      found.push({ room, user, since: joined });
    }
  }
  return found.toSorted((a, b) => b.since - a.since);
}

function proposalsFor(
  act: Exclude<Act, "show">,
  { room, user }: PersonInRoom,
  { reason, context }: { reason: string; context: CommandContext },
): readonly Proposal[] {
  const { world, config } = context;
  const replaces = String(world.members.get(room, user)?.stamp);
  switch (act) {
    case "kick":
      return [{ action: { kind: "kick", room, user, reason }, replaces }];
    case "ban":
      return [
        {
          action: { kind: "ban", room, user, reason, redacts: config.redactReasons.match(reason) },
          replaces,
        },
      ];
    case "mute":
      return [muting({ room, user }, { reason, end: undefined, context }) ?? []].flat();
    case "unmute":
      return unmuting(user, { rooms: new Set([room]), reason, context });
  }
}

function listed(who: Say, there: readonly PersonInRoom[], world: WorldView): Say {
  if (there.length === 0) return say`${who}`;
  const rooms = Map.groupBy(there, ({ user }) => user);
  const items = [...rooms].slice(0, shown).map(([user, places]) => describe(user, places, world));
  const more = rooms.size > shown ? [say`... and ${rooms.size - shown} more`] : [];
  return lines(say`${who}:`, folded(say`Newest first`, bullets([...items, ...more])));
}

function describe(user: UserId, places: readonly PersonInRoom[], world: WorldView): Say {
  const first = roomName(places[0]!.room, world);
  return say`${code(user)} in ${first}${places.length > 1 ? say` and ${places.length - 1} more` : ""}`;
}
