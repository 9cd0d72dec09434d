/** `reports`: what people reported, the heaviest first; one of them; whose it is, and how it ended. */
import { describeTime } from "../../kit/duration.ts";
import { bullets, code, count, lines, plain, say, type Say } from "../../kit/say.ts";
import type { UserId } from "../../model/ids.ts";
import { peopleIn, type Case } from "../../model/reports/cases.ts";
import { roundedWeight, weightOf } from "../../model/reports/weight.ts";
import type { CaseWord } from "../../model/settings/reports.ts";
import { defineCommand, needed, optional, problem, type CommandContext, type Reply } from "../define.ts";
import { pageFlag, pagesOf } from "../shared/paging.ts";
import { roomName } from "../shared/room-names.ts";
import { settingsChange } from "../shared/settings-change.ts";

const number = "the number of the report";
const voicesShown = 10;

export const reportsList = defineCommand({
  words: ["reports"],
  role: "viewer",
  also: [["reports", "list"]],
  about:
    "Show what people reported and nobody has closed, the heaviest first; or one report, with all who made it.",
  takes: { report: optional("word", number) },
  flags: {
    all: { type: "boolean", about: "Those that are closed as well." },
    mine: { type: "boolean", about: "Only those that you have taken." },
    page: pageFlag,
  },
  examples: ["reports", "reports 31", "reports --mine"],
  reply({ report }, { all, mine, page }, context) {
    if (report !== undefined) return withCase(report, context, (one) => ({ say: described(one, context) }));
    const { world, prefix, by } = context;
    const cases = [...(all ? world.stored.cases.all() : world.stored.cases.open())].filter(
      ({ id, appeal }) => !appeal && (!mine || wordOn(id, context)?.by === by),
    );
    const heard = world.settings.reporting
      ? say`In protected rooms people report by 🚩 on a message, or a reply ${code(`${prefix} report`)} and why.`
      : say`Reports in protected rooms are off: ${code(`${prefix} reports on`)} has me hear them.`;
    if (cases.length === 0) return { say: lines(say`No report waits.`, heard) };
    const inOrder = cases.toSorted((a, b) => weightOf(b.voices) - weightOf(a.voices) || b.id - a.id);
    const items = inOrder.map((one) => () => oneLine(one, context));
    const again = `${prefix} reports${all ? " --all" : ""}${mine ? " --mine" : ""}`;
    return { say: lines(pagesOf(say`${count(cases.length, "report")}`, items, { page, again }), heard) };
  },
});

export const reportsTake = defineCommand({
  words: ["reports", "take"],
  role: "moderator",
  about: "Say that you look at a report, so that nobody else does.",
  takes: { report: needed("word", number) },
  examples: ["reports take 31"],
  reply: ({ report }, _flags, context) => withCase(report, context, taken, { isAppealToo: true }),
});

export const reportsClose = defineCommand({
  words: ["reports", "close"],
  role: "moderator",
  about:
    "Close a report: with nothing behind it, something was done about it; with the word nothing, nothing was wrong. Either teaches me whom to believe. What is done to a person closes their report by itself.",
  takes: { report: needed("word", number), how: optional("word", "nothing, where nothing was wrong") },
  examples: ["reports close 31", "reports close 31 nothing"],
  reply: ({ report, how }, _flags, context) =>
    withCase(report, context, (one) => {
      if (how !== undefined && how !== "nothing" && how !== "acted")
        return problem(
          say`${code(how, 60)} is no way to close a report: ${code("nothing")}, or no word at all`,
        );
      const outcome = how === "nothing" ? "nothing" : "acted";
      const word = wordOn(one.id, context);
      if (word?.is === "closed" && word.outcome === outcome)
        return { say: say`Report ${one.id} is closed already.` };
      const closed = { is: "closed", outcome, by: context.by, at: context.at } as const;
      const what = outcome === "nothing" ? "nothing wrong" : "acted";
      return judging(
        one,
        closed,
        say`Report ${one.id}, about ${code(one.user)}, is closed: ${what}.`,
        context,
      );
    }),
});

export const reportsRemove = defineCommand({
  words: ["reports", "remove"],
  role: "moderator",
  about: "Remove the messages that a report is about, and nothing else of that person.",
  takes: { report: needed("word", number) },
  examples: ["reports remove 31"],
  reply: ({ report }, _flags, context) =>
    withCase(report, context, (one) => {
      const { world } = context;
      const events = one.events.filter(({ room }) => world.isProtected(room));
      if (events.length === 0) return problem(say`none of that is in a room that I protect now`);
      const { user } = one;
      return {
        say: say`Removing ${count(events.length, "reported message")} of ${code(user)}`,
        acts: events.map(({ room, event }) => ({
          action: { kind: "redact", room, event, user, reason: "reported" },
        })),
      };
    }),
});

/** In one message. */
const eventsShown = 5;

export const reportsShow = defineCommand({
  words: ["reports", "show"],
  role: "moderator",
  about:
    "Read what was reported, folded away: text only, for everybody in this room. Pictures are not shown.",
  takes: { report: needed("word", number) },
  examples: ["reports show 31"],
  reply: ({ report }, _flags, context) =>
    withCase(report, context, (one) => {
      const room = context.world.settings.managementRoom;
      const events = one.events.filter((event) => context.world.isProtected(event.room)).slice(-eventsShown);
      if (!room || events.length === 0) return problem(say`none of that is in a room that I protect now`);
      const of = events.map(({ room: where, event }) => ({ room: where, event })).toReversed();
      return {
        say: say`What report ${one.id} is about comes as a message of its own.`,
        acts: [{ action: { kind: "show-reported", room, report: one.id, of }, replaces: context.event }],
      };
    }),
});

export const reportsMute = defineCommand({
  words: ["reports", "mute"],
  role: "moderator",
  about: "No longer hear what somebody reports.",
  takes: { who: needed("person", "whose reports") },
  flags: {
    for: { type: "duration", about: "For how long, such as 1d or 7d. Without it until reports unmute." },
  },
  examples: ["reports mute @crying-wolf:example.org", "reports mute @crying-wolf:example.org --for 7d"],
  reply({ who }, { for: forMs }, { world, by, at }) {
    if (who.isGlob) return problem(say`One at a time, by their id`);
    const user = who.text as UserId;
    if (world.isSpared(user)) return problem(say`${code(user)} is one of you`);
    const until = forMs === undefined ? {} : { until: world.dueBy + forMs };
    return {
      say: say`I do not hear what ${code(user)} reports${forMs === undefined ? "" : say` until ${describeTime(world.dueBy + forMs)}`}.`,
      acts: [settingsChange({ kind: "mute-reporter", user, muted: { by, at, ...until } })],
    };
  },
});

export const reportsUnmute = defineCommand({
  words: ["reports", "unmute"],
  role: "moderator",
  about: "Hear again what somebody reports.",
  takes: { who: needed("person", "whose reports") },
  examples: ["reports unmute @crying-wolf:example.org"],
  reply({ who }, _flags, { world }) {
    const user = who.text as UserId;
    if (!world.settings.mutedReporters.has(user))
      return problem(say`I hear ${code(who.text)} like anybody else`);
    return {
      say: say`I hear again what ${code(user)} reports.`,
      acts: [settingsChange({ kind: "mute-reporter", user, muted: null })],
    };
  },
});

export const reportsOn = defineCommand({
  words: ["reports", "on"],
  role: "admin",
  about:
    "Hear what people report in protected rooms: 🚩 on a message, or a reply with the word report and why.",
  takes: {},
  examples: ["reports on"],
  reply(_args, _flags, { world, by, at, prefix }) {
    if (world.settings.reporting) return { say: say`I hear them already.` };
    const words = `To report a message to the moderators, react to it with 🚩, or reply: ${prefix} report, and why. I take that away again at once: nobody else is to see it.`;
    return {
      say: lines(
        say`From now on I hear what people report in protected rooms. Tell them, in the topic or in a pinned message, or have me say it: ${code(`${prefix} announce ${words}`, 400)}`,
        say`I take away the 🚩 or the reply where I may redact, which is also how people see that it arrived.`,
      ),
      acts: [settingsChange({ kind: "hear-reports", on: { by, at } })],
    };
  },
});

export const reportsOff = defineCommand({
  words: ["reports", "off"],
  role: "admin",
  about: "No longer hear what people report in protected rooms. What was reported stays.",
  takes: {},
  examples: ["reports off"],
  reply(_args, _flags, { world }) {
    if (!world.settings.reporting) return { say: say`I hear none in rooms.` };
    return {
      say: say`I no longer hear what people report in rooms.`,
      acts: [settingsChange({ kind: "hear-reports", on: null })],
    };
  },
});

function taken(one: Case, context: CommandContext): Reply {
  const word = wordOn(one.id, context);
  const named = one.appeal ? say`Appeal ${one.id}, of` : say`Report ${one.id}, about`;
  if (word?.is === "closed" || one.isOver) return problem(say`${one.id} is closed already`);
  if (word?.by === context.by) return { say: say`${one.id} is yours already.` };
  const from = word ? say`, from ${code(word.by)}` : "";
  const isYours = { is: "taken", by: context.by, at: context.at } as const;
  return judging(one, isYours, say`${named} ${code(one.user)}, is yours${from}.`, context);
}

/** The case of the number; of one about a moderator only another admin decides. */
export function withCase(
  text: string,
  context: CommandContext,
  reply: (one: Case, context: CommandContext) => Reply,
  { isAppealToo = false } = {},
): Reply {
  const id = /^#?\d{1,9}$/.test(text) ? Number(text.replace("#", "")) : undefined;
  const one = id === undefined ? undefined : context.world.stored.cases.get(id);
  if (!one || (one.appeal && !isAppealToo))
    return problem(
      say`I know no report ${code(text, 60)}; ${code(`${context.prefix} reports`)} shows those there are`,
    );
  return reply(one, context);
}

/** Of a report about one of the team only an admin decides, and nobody of one about themself. */
function judging(one: Case, word: CaseWord, text: Say, { world, by }: CommandContext): Reply {
  const isStaff = world.isSpared(one.user);
  if (isStaff && one.user === by) return problem(say`report ${one.id} is about you: another of you has to`);
  return {
    say: text,
    acts: [settingsChange({ kind: "judge-case", report: one.id, user: one.user, word })],
    ...(isStaff ? { role: "admin" } : {}),
  };
}

function wordOn(id: number, { world }: CommandContext): CaseWord | undefined {
  return world.settings.caseWords.get(id);
}

function oneLine(one: Case, context: CommandContext): Say {
  const { world } = context;
  const where = one.events.at(-1)!.room;
  return say`${one.id}: ${code(one.user)} in ${roomName(where, world, 60)}, ${count(peopleIn(one), "person", "people")}, weight ${String(roundedWeight(one.voices))}, ${describeTime(one.lastAt)}${statusOf(one, context)}`;
}

function statusOf(one: Case, context: CommandContext): Say {
  const word = wordOn(one.id, context);
  if (word?.is === "taken") return say`: taken by ${code(word.by)}`;
  if (word) return say`: ${word.outcome === "acted" ? "acted" : "nothing wrong"}`;
  return one.isOver ? say`: nobody looked at it` : say`: nobody has it`;
}

function described(one: Case, context: CommandContext): Say {
  const { world, prefix } = context;
  const isStaff = world.isSpared(one.user);
  const voices = one.voices.slice(-voicesShown).map(({ by, at, weight, reason }) => {
    const why = reason.trim() === "" ? "" : say`: “${plain(reason, 200)}”`;
    return say`${code(by)}, ${describeTime(at)}, weight ${weight.toFixed(1)}${why}`;
  });
  const who = isStaff
    ? say`It is about one of you, who reads this: who reported it is not shown here.`
    : lines(say`Who reported it, the newest last:`, bullets(voices));
  return lines(
    oneLine(one, context),
    say`${count(one.events.length, "thing")} reported; ${code(`${prefix} reports show ${one.id}`)} reads it to you.`,
    who,
  );
}
