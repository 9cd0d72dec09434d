/** The first message of a run: what is watched, what was taken over, what is wrong, and what to do next. */
import type { BuiltBot } from "./build-bot.ts";
import { listName, roomNameAndId } from "../commands/shared/room-names.ts";
import { stopInForce } from "../commands/general/stop.ts";
import { summaryOf } from "../commands/general/status.ts";
import { problemsOf } from "../commands/shared/problems.ts";
import { bullets, code, count, lines, say, type Say } from "../kit/say.ts";
import type { World } from "../model/world/world.ts";
import type { TakenOver, ConfiguredRooms } from "./configured-rooms.ts";
import { takeoverSummary, type AppliedTakeover } from "../takeover/summary.ts";
import type { Takeover } from "../takeover/earlier-bot.ts";

export interface StartMessageOptions {
  readonly built: BuiltBot;
  readonly world: World;
  readonly configuredRooms: ConfiguredRooms;
  readonly earlierBot: Takeover;
  readonly takenOver: TakenOver;
  readonly prefix: string;
}

export function startMessage({
  built,
  world,
  configuredRooms,
  earlierBot,
  takenOver,
  prefix,
}: StartMessageOptions): Say {
  const tookOver = takeoverSummary(
    earlierBot,
    inForce({ configuredRooms, world, earlierBot, takenOver, prefix }),
  );
  const { problems } = configuredRooms;
  const health = built.health.now;
  const away = built.ignoredCommands();
  const missed =
    away > 0
      ? say`I did not run ${count(away, "command")} typed while I was away: please say it again.`
      : undefined;
  const hint =
    [...world.protectedIds()].length === 0
      ? say`${code(`${prefix} rooms add #room:server`)} protects a room or a space, ${code(`${prefix} help`)} shows what else I do.`
      : undefined;
  return lines(
    summaryOf(world),
    health.restriction,
    stopInForce({ world, prefix }),
    hint,
    missed,
    tookOver,
    problems.length > 0 ? bullets(problems) : undefined,
    problemsOf(world, health, prefix),
  );
}

/** The parts of an earlier bot's setup (rooms, lists, default list) that are in force now, with the names to show. */
function inForce({
  configuredRooms,
  world,
  earlierBot,
  takenOver,
  prefix,
}: Pick<
  StartMessageOptions,
  "configuredRooms" | "world" | "earlierBot" | "takenOver" | "prefix"
>): AppliedTakeover {
  const { defaultList: wanted } = earlierBot;
  const list = wanted === undefined ? undefined : configuredRooms.useDefaultList(world, wanted);
  return {
    rooms: takenOver.rooms.map((room) => roomNameAndId(room, world)),
    lists: takenOver.lists.map((room) => say`${listName(room, world)} ${code(room)}`),
    defaultList: list && listName(list, world),
    notTakenOver: [
      ...takenOver.left,
      ...(wanted === undefined || list
        ? []
        : [
            say`The default list ${code(wanted)}: no list that I can read has this shortcode. ${code(`${prefix} lists default <list>`)} chooses one`,
          ]),
    ],
  };
}
