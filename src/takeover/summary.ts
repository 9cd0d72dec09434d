/** The summary of a takeover for moderators: what was taken over, what it is called now, and what was not taken over. */
import { bold, bullets, code, count, folded, joined, lines, plain, say, type Say } from "../kit/say.ts";
import type { ForeignBot } from "../model/settings/foreign-bots.ts";
import type { SettingValues } from "../model/settings/protections.ts";
import type { Takeover, MappedProtection } from "./earlier-bot.ts";

/** The part of a takeover that is in force now, each item by its name. */
export interface AppliedTakeover {
  readonly rooms: readonly Say[];
  readonly lists: readonly Say[];
  readonly defaultList: Say | undefined;
  /** What proved impossible when it was tried, in addition to what the readers had found. */
  readonly notTakenOver: readonly Say[];
}

/** Longer parts are folded away. */
const foldedFrom = 4;
/** An event has at most 65,536 bytes: further items of a part are only counted. */
const shownItems = 25;

/** Undefined where there were no traces of another bot, and all places for them could be read. */
export function takeoverSummary(takeover: Takeover, applied: AppliedTakeover): Say | undefined {
  const { rooms, lists, defaultList } = applied;
  const { protections, changes, bots, isOurs = false } = takeover;
  const notTakenOver = [...applied.notTakenOver, ...takeover.notTakenOver];
  if (bots.length === 0 && !isOurs) return part("Not taken over", notTakenOver);
  const parts = [
    count(rooms.length, "room"),
    count(lists.length, "list"),
    ...(defaultList ? [say`${defaultList} as the default list`] : []),
    ...(protections.length > 0 ? [count(protections.length, "protection")] : []),
  ];
  return lines(
    bots.length > 0
      ? ofOthers(bots, parts)
      : say`${bold(say`Taken from the account's data`)}, where an earlier data folder of mine kept it: ${listed(parts)}. Exemptions, the journal and how protections were set were in that folder alone.`,
    part("Rooms", rooms),
    part("Lists", lists),
    part("Protections", protections.map(described)),
    part("Different from now on", changes),
    part("Not taken over", notTakenOver),
  );
}

function ofOthers(bots: readonly ForeignBot[], parts: readonly Say[]): Say {
  const origins = listed(bots.map((bot) => plain(sources[bot])));
  const prefixes = listed(bots.map((bot) => code(`!${bot}`)));
  const [they, them] = bots.length === 1 ? ["that bot still runs", "it"] : ["those bots still run", "them"];
  return say`${bold(say`Taken over from ${origins}`)}: ${listed(parts)}. Commands with ${prefixes} are understood, too. If ${they}, stop ${them}: two of them would undo each other's work.`;
}

const sources: Readonly<Record<ForeignBot, string>> = {
  mjolnir: "a Mjolnir's account data",
  draupnir: "a Draupnir's account data",
  meowlnir: "a Meowlnir's state in the management room",
};

function described({ name, becomes, values, differs, lists = [] }: MappedProtection): Say {
  const filled = lists.map(
    (list) => say`, ${count(list.entries.length, "entry", "entries")} in the list ${code(list.name)}`,
  );
  const settings = filled.reduce((all, one) => say`${all}${one}`, settingsOf(values));
  return say`${plain(name)} is now ${code(becomes)}: ${settings}${differs === undefined ? "" : say`. ${plain(differs)}`}`;
}

function settingsOf(values: SettingValues): Say {
  const said = Object.entries(values).flatMap(([name, value]) =>
    name === "enabled" ? [] : [say`${name} ${code(String(value))}`],
  );
  return joined(said);
}

function part(title: string, items: readonly Say[]): Say | undefined {
  if (items.length === 0) return undefined;
  const beyond = items.length - shownItems;
  const shown = beyond > 0 ? [...items.slice(0, shownItems), say`and ${beyond} more`] : items;
  const heading = say`${title} (${items.length.toLocaleString("en")})`;
  return items.length < foldedFrom
    ? lines(say`${heading}:`, bullets(shown))
    : folded(heading, bullets(shown));
}

/** "a, b and c" */
function listed(parts: readonly Say[]): Say {
  const [first = say``, ...others] = parts;
  return others.reduce(
    (all, one, i) => (i === others.length - 1 ? say`${all} and ${one}` : say`${all}, ${one}`),
    first,
  );
}
