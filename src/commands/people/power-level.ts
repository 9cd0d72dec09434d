/** `powerlevel`: sets somebody's power level, at most to that of the moderator who asks for it. */
import { code, count, lines, plain, say, type Say } from "../../kit/say.ts";
import type { UserId } from "../../model/ids.ts";
import type { RoomView } from "../../model/room.ts";
import { defineCommand, needed, optional, problem, type Proposal } from "../define.ts";
import { notProtected } from "../shared/people.ts";

/** In more rooms than this the command waits for a yes. */
const manyRooms = 3;
const namedLevels: Readonly<Record<string, number>> = { user: 0, moderator: 50, mod: 50, admin: 100 };
/** The largest integer in canonical JSON (spec appendices: within ±(2^53 - 1)). */
const largest = 2 ** 53 - 1;

export const powerLevel = defineCommand({
  words: ["powerlevel"],
  also: [["pl"]],
  about:
    "Set somebody's power level in one or all protected rooms. Not above your own there, and not of somebody who stands as high as you.",
  takes: {
    who: needed("person", "@name:server"),
    level: needed(
      "word",
      "a number, user (0), moderator (50), admin (100), or default to remove their entry",
    ),
    room: optional("room", "only this room; without it all protected rooms"),
  },
  flags: {
    force: { type: "boolean", about: "Leave out the checks of your own level. Mine still counts." },
  },
  examples: [
    "powerlevel @helper:example.org moderator #lobby:example.org",
    "powerlevel @helper:example.org 50",
    "powerlevel @helper:example.org default",
  ],
  reply({ who, level: word, room }, { force }, context) {
    const { world } = context;
    const objection = notProtected(room, world);
    if (objection) return problem(objection);
    if (who.isGlob) return problem(say`A level is given to one person, and ${code(who.text)} may be many`);
    const level = levelIn(word);
    if (level === "none")
      return problem(say`${code(word)} is no level: a whole number, user, moderator, admin or default`);
    const user = who.text as UserId;
    const rooms = [...world.protectedRooms()].filter(({ id }) => !room || room.id === id);
    const acts: Proposal[] = [];
    const refused: { room: RoomView; why: Say }[] = [];
    for (const one of rooms) {
      const why = force ? undefined : objectionOfAsker(one, { user, level, by: context.by });
      if (why) refused.push({ room: one, why });
      else if (one.power.entryOf(user) !== level)
        acts.push({
          action: { kind: "set-power-level", room: one.id, user, level, before: one.power.entryOf(user) },
          replaces: one.event("m.room.power_levels")?.eventId ?? "",
        });
    }
    const said = lines(
      say`Power level ${level ?? "default"} for ${code(user)} in ${count(acts.length, "room")}`,
      refused.length > 0 ? notSet(refused) : undefined,
    );
    if (acts.length === 0 && refused.length === 0)
      return { say: say`${code(user)} has that level in ${count(rooms.length, "room")} already` };
    return {
      say: said,
      acts,
      isProblem: acts.length === 0,
      ...(acts.length > manyRooms
        ? {
            waitsFor: { kind: "yes", why: say`it changes the power levels of ${count(acts.length, "room")}` },
          }
        : {}),
    };
  },
});

function levelIn(word: string): number | undefined | "none" {
  const lower = word.toLowerCase();
  if (lower === "default") return undefined;
  const level = namedLevels[lower] ?? (/^-?\d{1,16}$/.test(word) ? Number(word) : "none");
  return typeof level === "number" && Math.abs(level) > largest ? "none" : level;
}

/** Why the moderator may not set this level: it is above their own, or the person's level is not below theirs. As the room itself would judge (spec, authorization rules). */
function objectionOfAsker(
  { power }: RoomView,
  { user, level, by }: { user: UserId; level: number | undefined; by: UserId },
): Say | undefined {
  const own = power.of(by);
  if ((level ?? 0) > own) return say`your own level is ${String(own)}`;
  if (user !== by && power.of(user) >= own)
    return say`they have ${String(power.of(user))} and you ${String(own)}`;
  return undefined;
}

function notSet(refused: readonly { readonly room: RoomView; readonly why: Say }[]): Say {
  const first = refused[0]!;
  const more = refused.length > 1 ? say` and ${count(refused.length - 1, "more room")}` : "";
  return say`Not in ${plain(first.room.label, 60)}${more}: ${first.why}. ${code("--force")} sets it all the same.`;
}
