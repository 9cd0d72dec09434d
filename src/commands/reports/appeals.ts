/** `appeals`: what people who are banned write to be let in again, and the answer to them. */
import { describeTime } from "../../kit/duration.ts";
import { code, count, lines, plain, say, type Say } from "../../kit/say.ts";
import type { Case } from "../../model/reports/cases.ts";
import { defineCommand, needed, optional, problem, type CommandContext } from "../define.ts";
import { pageFlag, pagesOf } from "../shared/paging.ts";
import { settingsChange } from "../shared/settings-change.ts";

const wordsShown = 300;
const answerLength = 500;

export const appealsList = defineCommand({
  words: ["appeals"],
  role: "viewer",
  also: [["appeals", "list"]],
  about: "Show what people who are banned write to be let in again, and nobody has answered.",
  takes: {},
  flags: { all: { type: "boolean", about: "Those that are answered as well." }, page: pageFlag },
  examples: ["appeals", "appeals --all"],
  reply(_args, { all, page }, { world, prefix }) {
    const { cases } = world.stored;
    const shown = [...(all ? cases.all() : cases.open())].filter(
      ({ appeal }) => appeal && appeal.words !== "",
    );
    const heard = world.settings.appealing
      ? say`Whoever is banned can invite ${code(world.self)} to a direct room and write there.`
      : say`Nobody who is banned can write to me: ${code(`${prefix} appeals on`)} lets them.`;
    if (shown.length === 0) return { say: lines(say`No appeal waits.`, heard) };
    const items = shown.map((one) => () => described(one, world));
    const again = `${prefix} appeals${all ? " --all" : ""}`;
    return { say: lines(pagesOf(say`${count(shown.length, "appeal")}`, items, { page, again }), heard) };
  },
});

export const appealsOn = defineCommand({
  words: ["appeals", "on"],
  role: "admin",
  about: "Let people who are banned write to me in a direct room; what they write is put to you here.",
  takes: {},
  examples: ["appeals on"],
  reply(_args, _flags, { world, by, at }) {
    if (world.settings.appealing) return { say: say`They can write to me already.` };
    return {
      say: lines(
        say`From now on whoever is banned here can invite ${code(world.self)} to a direct room and write there; once a week at most.`,
        say`They have to know of it: the setting appeals.contact of my config is added to the reason of every ban.`,
      ),
      acts: [settingsChange({ kind: "hear-appeals", on: { by, at } })],
    };
  },
});

export const appealsOff = defineCommand({
  words: ["appeals", "off"],
  role: "admin",
  about: "No longer let people who are banned write to me. Those who have written are still answered.",
  takes: {},
  examples: ["appeals off"],
  reply(_args, _flags, { world }) {
    if (!world.settings.appealing) return { say: say`Nobody who is banned can write to me.` };
    return {
      say: say`People who are banned can no longer write to me.`,
      acts: [settingsChange({ kind: "hear-appeals", on: null })],
    };
  },
});

export const appealsDeny = defineCommand({
  words: ["appeals", "deny"],
  role: "moderator",
  about:
    "Leave a ban as it is, and tell so whoever appealed, with your words if you give any. To let them in, lift the ban: unban.",
  takes: { appeal: needed("word", "the number of the appeal"), text: optional("rest", "what they are told") },
  examples: ["appeals deny 31", "appeals deny 31 we talked about this twice, in spring and in summer"],
  reply({ appeal, text }, _flags, context) {
    const { world, by, at } = context;
    const one = appealNumbered(appeal, context);
    if (!one)
      return problem(
        say`I know no appeal ${code(appeal, 60)}; ${code(`${context.prefix} appeals`)} shows those there are`,
      );
    if (world.settings.caseWords.get(one.id)?.is === "closed" || one.isOver)
      return problem(say`appeal ${one.id} is answered already`);
    if (text !== undefined && text.length > answerLength)
      return problem(say`the answer may have ${answerLength} characters, and this has ${text.length}`);
    const answer = text === undefined ? {} : { answer: text };
    const word = { is: "closed", outcome: "nothing", by, at, ...answer } as const;
    return {
      say: say`The ban of ${code(one.user)} stays. I tell them.`,
      acts: [settingsChange({ kind: "judge-case", report: one.id, user: one.user, word })],
    };
  },
});

function appealNumbered(text: string, { world }: CommandContext): Case | undefined {
  const id = /^#?\d{1,9}$/.test(text) ? Number(text.replace("#", "")) : undefined;
  const one = id === undefined ? undefined : world.stored.cases.get(id);
  return one?.appeal ? one : undefined;
}

function described(one: Case, { settings }: CommandContext["world"]): Say {
  const word = settings.caseWords.get(one.id);
  const status =
    word?.is === "closed"
      ? word.outcome === "acted"
        ? say`: let in`
        : say`: the ban stays`
      : word
        ? say`: taken by ${code(word.by)}`
        : "";
  return say`${one.id}: ${code(one.user)}, ${describeTime(one.openedAt)}${status}: “${plain(one.appeal!.words, wordsShown)}”`;
}
