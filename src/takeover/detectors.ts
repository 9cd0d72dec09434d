/** Detectors of other bots that become a rule of ours as it ships, with an answer like theirs; what differs is told. */
import { asArray, asString, type JsonObject } from "../kit/json.ts";
import type { MappedList } from "./earlier-bot.ts";
import type { Counterpart, Mapping, OldSettings } from "./protections.ts";

interface Like {
  /** What that bot did. */
  readonly response: string;
  readonly differs?: string;
}

/** The rule as it ships but for its answer. */
export function like(
  becomes: string | readonly string[],
  { response, differs }: Like,
  values: Readonly<Record<string, string | number | boolean>> = {},
): Counterpart {
  return {
    kind: "becomes",
    read: (settings) =>
      [becomes].flat().map((one): Mapping => {
        const warning = settings.text("warningText");
        return {
          becomes: one,
          values: { enabled: true, response, ...values, ...(warning === undefined ? {} : { warning }) },
          differs,
        };
      }),
  };
}

/** Whoever began with a picture was banned by Mjolnir and Draupnir. */
export function firstMedia(response: string): Counterpart {
  return like("first-media", {
    response,
    differs: "Tyr looks at people who came within a day, and what regulars here have posted passes",
  });
}

/** `response`: to a word of the list, which stood in the bot's config. Its time of trust was in minutes. */
export function wordList(response: string): Counterpart {
  return like(
    "words",
    {
      response,
      differs:
        "Its words stood in its config: tyr import-config shows the command that adds them to the list bad-words, and until then nothing is found. Newcomers are those of the last hour; Tyr looks for whole words",
    },
    { newcomersOnly: true, newcomerHours: 1 },
  );
}

/** Servers whose newcomers were banned stood in the config. */
export function newJoiners(response: string): Counterpart {
  return like("new-servers", {
    response,
    differs:
      "Its servers stood in its config: tyr import-config shows the command that adds them to the list watched-servers, and until then nothing is found",
  });
}

const mostJoins = 300;
const mostMinutes = 1_440;

/** `joins`: so many within `minutes` are too many. */
export function joinRate(joins: number, minutes: number, differs: string): Mapping {
  if (joins > mostJoins || minutes > mostMinutes)
    return { impossible: `it let pass more joins than Tyr counts: up to ${mostJoins} within a day` };
  return {
    becomes: "join-rate",
    values: { enabled: true, limit: Math.max(2, joins), minutes: Math.max(1, minutes) },
    differs,
  };
}

export function joinWave(settings: OldSettings): Mapping {
  const joins = settings.count("maxPer", 50);
  return joinRate(
    joins,
    settings.count("timescaleMinutes", 60),
    "It made the room invite-only. Tyr calls whoever moderates, where it is also ten times what is usual there, and closes nothing",
  );
}

/** `response`: after a warning. */
export function flapping(settings: OldSettings, response: string): Mapping {
  const [limit, minutes] = [settings.count("maxChangesPerUser", 7), settings.count("timescaleMinutes", 60)];
  if (limit > 100 || minutes > mostMinutes)
    return { impossible: "it let pass more changes than Tyr counts: up to 100 within a day" };
  const warning = settings.text("warningText");
  return {
    becomes: "flapping",
    values: {
      enabled: true,
      limit: Math.max(2, limit),
      minutes,
      response,
      ...(warning === undefined ? {} : { warning }),
    },
    differs: "The warning comes with the first change that is too many, and the rest with the next",
  };
}

/** Each kind of media has a rule of its own. */
export function noMedia(content: JsonObject): readonly Mapping[] {
  const allows = (what: string) => content[what] === true;
  const kinds: readonly (readonly [string, readonly string[]])[] = [
    ["allow_images", ["no-images"]],
    ["allow_videos", ["no-videos"]],
    ["allow_audio", ["no-audio", "no-voice"]],
    ["allow_files", ["no-files"]],
    ["allow_stickers", ["no-stickers"]],
  ];
  const denied = kinds.flatMap(([allowing, rules]) => (allows(allowing) ? [] : rules));
  const mapped = denied.map((becomes) => ({ becomes, values: { enabled: true, response: "redact" } }));
  const ignored = (asArray(content["ignore_users"]) ?? []).length > 0;
  const differs = ignored
    ? "Whom it ignored (ignore_users) is looked at; exempt add spares a person from everything"
    : undefined;
  return [
    ...mapped.map((one, i) => ({ ...one, differs: i === 0 ? differs : undefined })),
    ...(allows("deny_custom_reactions")
      ? [{ becomes: "picture-reactions", values: { enabled: true, response: "redact" }, differs: undefined }]
      : []),
    ...(allows("deny_inline_images")
      ? [
          {
            becomes: "inline-pictures",
            values: { enabled: true, response: "redact", limit: 0 },
            differs: undefined,
          },
        ]
      : []),
  ];
}

const mostEntries = 5_000;
const longestEntry = 200;

/** Patterns that are mere words become entries of a list; others are told, with how a rule is written of them. */
export function fromPatterns(
  content: JsonObject,
  { becomes, list, response, fact }: { becomes: string; list: string; response: string; fact: string },
): Mapping {
  const patterns = (asArray(content["patterns"]) ?? []).flatMap((one) => asString(one) ?? []);
  const words = patterns.map(wordsOf);
  const entries = [...new Set(words.flatMap((word) => word ?? []))].slice(0, mostEntries);
  const others = patterns.filter((_, i) => words[i] === undefined);
  if (entries.length === 0 && others.length === 0) return { impossible: "it had no patterns" };
  const [first] = others;
  const left =
    first === undefined
      ? undefined
      : `${others.length === 1 ? "One pattern is" : `${others.length} patterns are`} no list of words: protections add makes a rule of one, with when ${fact} matches /${first.slice(0, 100)}/`;
  if (entries.length === 0) return { impossible: left! };
  const mapped: MappedList = { name: list, kind: "words", entries };
  return { becomes, values: { enabled: true, response }, differs: left, lists: [mapped] };
}

/**
 * A pattern finds its text anywhere; between borders of words, or between ^ and $, it is a whole one. Undefined for a
 * pattern with signs that mean more than themselves.
 */
function wordsOf(pattern: string): string | undefined {
  const [, open, inner = "", close] =
    /^(?:\(\?i\))?(\\b|\^)?([\p{L}\p{M}\p{N} _'-]+?)(\\b|\$)?$/u.exec(pattern.trim()) ?? [];
  const word = inner.trim();
  if (word.length < 3 || word.length > longestEntry) return undefined;
  return `${open ? "" : "*"}${word}${close ? "" : "*"}`;
}
