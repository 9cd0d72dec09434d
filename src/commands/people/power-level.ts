/** `powerlevel`: sets somebody's power level, at most to that of the moderator who asks for it. */
import { code, count, lines, say, type Say } from "../../kit/say.ts";
import type { UserId } from "../../model/ids.ts";
import { largestLevel, type LevelEntry, type PowerLevels } from "../../model/power-levels.ts";
import { roomNamed } from "../../model/named.ts";
import type { RoomView } from "../../model/room.ts";
import type { WorldView } from "../../model/world/view.ts";
import { defineCommand, needed, optional, problem, yesFirst, type Proposal } from "../define.ts";
import { objectionOfAsker } from "../shared/own-level.ts";
import { severalRooms } from "../shared/several-rooms.ts";

/** In more rooms than this the command waits for a yes. */
const manyRooms = 3;
const namedLevels: ReadonlyMap<string, number> = new Map([
  ["user", 0],
  ["moderator", 50],
  ["mod", 50],
  ["admin", 100],
]);

export const powerLevel = defineCommand({
  words: ["powerlevel"],
  role: "admin",
  also: [["pl"]],
  about:
    "Set somebody's power level in one or all protected rooms. Not above your own there, and not of somebody who stands as high as you. Lowering a moderator waits for a yes.",
  takes: {
    who: needed("person", "@name:server"),
    level: needed(
      "word",
      "a number, user (0), moderator (50), admin (100), or default to remove their entry",
    ),
    room: optional(
      "room",
      "only this room, or a space with its rooms; without it all protected rooms, spaces left out",
    ),
    more: optional("rest", "further rooms"),
  },
  flags: {
    force: { type: "boolean", about: "Without a question first. Your own level and mine still count." },
  },
  examples: [
    "powerlevel @helper:example.org moderator #lobby:example.org",
    "powerlevel @helper:example.org 50",
    "powerlevel @helper:example.org default",
    "powerlevel @helper:example.org 50 #lobby:example.org #games:example.org",
  ],
  reply({ who, level: word, room, more = "" }, { force }, context) {
    const { world, expected } = context;
    const where = severalRooms(room, more, context);
    if ("problem" in where) return problem(where.problem);
    if (where.rest !== "") return problem(say`${code(where.rest, 100)} is no room`);
    if (who.isGlob) return problem(say`A level is given to one person, and ${code(who.text)} may be many`);
    const level = levelIn(word);
    if (level === "none")
      return problem(say`${code(word)} is no level: a whole number, user, moderator, admin or default`);
    const user = who.text as UserId;
    const meant = where.rooms;
    const rooms = [...world.protectedRooms()].filter(
      ({ id }) => meant?.has(id) ?? !world.settings.spaces.has(id),
    );
    const changed: RoomView[] = [];
    const refused: { room: RoomView; why: Say }[] = [];
    for (const one of rooms) {
      if (hasEntry(expected.powerFor(one.id, user), user, level)) continue;
      const why = objectionOfAsker(one, { user, level, by: context.by });
      if (why) refused.push({ room: one, why });
      else changed.push(one);
    }
    const acts = changed.map((one): Proposal => ({
      action: {
        kind: "set-power-level",
        room: one.id,
        user,
        level,
        before: expected.powerFor(one.id, user)?.entryOf(user),
      },
      replaces: one.event("m.room.power_levels")?.eventId ?? "",
    }));
    const said = lines(
      say`Power level ${level ?? "default"} for ${code(user)} in ${count(acts.length, "room")}`,
      refused.length > 0 ? notSet(refused, world.self) : undefined,
    );
    if (acts.length === 0 && refused.length === 0)
      return { say: say`${code(user)} has that level in ${count(rooms.length, "room")} already` };
    const why =
      lowersModerator(user, level, { rooms: changed, world, by: context.by }) ??
      (acts.length > manyRooms
        ? say`it changes the power levels of ${count(acts.length, "room")}`
        : undefined);
    return {
      say: said,
      acts,
      isProblem: acts.length === 0,
      waitsFor: force ? undefined : yesFirst(why),
    };
  },
});

function hasEntry(power: PowerLevels | undefined, user: UserId, level: number | undefined): boolean {
  return (power?.entryOf(user) ?? undefined) === level;
}

function levelIn(word: string): number | undefined | "none" {
  const lower = word.toLowerCase();
  if (lower === "default") return undefined;
  const level = namedLevels.get(lower) ?? (/^-?\d{1,16}$/.test(word) ? Number(word) : "none");
  return typeof level === "number" && Math.abs(level) > largestLevel ? "none" : level;
}

/** Who lowers a fellow moderator, or themselves, may not be able to raise them again. */
function lowersModerator(user: UserId, level: LevelEntry, { rooms, world, by }: Lowering): Say | undefined {
  if (!world.isSpared(user)) return undefined;
  const lowered = rooms.filter(({ power }) => (level ?? power.usualLevel) < power.of(user));
  if (lowered.length === 0) return undefined;
  const from = Math.max(...lowered.map(({ power }) => power.of(user)));
  const fall = say`from ${String(from)} to ${String(level ?? lowered[0]!.power.usualLevel)} in ${count(lowered.length, "room")}`;
  return user === by
    ? say`it lowers your own level ${fall}, and you could not raise it again`
    : say`${code(user)} is a moderator, and it lowers their level ${fall}`;
}

interface Lowering {
  readonly rooms: readonly RoomView[];
  readonly world: WorldView;
  readonly by: UserId;
}

function notSet(refused: readonly { readonly room: RoomView; readonly why: Say }[], self: UserId): Say {
  const first = refused[0]!;
  const more = refused.length > 1 ? say` and ${count(refused.length - 1, "more room")}` : "";
  return say`Not in ${roomNamed(first.room, { self, maxLength: 60 })}${more}: ${first.why}.`;
}
