/** `protections add`, `edit`, `remove`, `history`, `back`: protections that moderators write in the management room. */
import { describeTime } from "../../kit/duration.ts";
import { bullets, code, count, joined, lines, say, someOf } from "../../kit/say.ts";
import { forgetting } from "../../model/settings/protections.ts";
import type { RuleVersion, StoredRule } from "../../model/settings/rules.ts";
import { valuesOf } from "../../automod/define.ts";
import { documentOf } from "../../automod/one-line.ts";
import type { Rule } from "../../automod/rule.ts";
import { lookOf } from "../../automod/scope.ts";
import { defineCommand, needed, problem, type CommandContext, type Proposal, type Reply } from "../define.ts";
import { settingsChange } from "../shared/settings-change.ts";
import { heldBy } from "../shared/rule-files.ts";
import { fileOf, knownIn, roomsWithSettings, unknownProtection } from "./named.ts";
import { described, howToGoOn, newRuleObjection, readWritten } from "./written-rule.ts";

const example = "when author is newcomer and any link where (not known) then redact+warn";

export const protectionsAdd = defineCommand({
  words: ["protections", "add"],
  role: "admin",
  about:
    "Make a protection of your own, in one line or as a code block. It begins in shadow: it looks and does nothing, until you let it act. docs/writing-protections.md explains the language.",
  takes: {
    name: needed("word", "how it shall be called"),
    rule: needed("written", "when ... on ... then ... or heat ..., or a code block"),
  },
  examples: [
    `protections add new-links ${example}`,
    "protections add shouting when text.capitals > 80% and text.length > 40 then redact+warn redact+mute",
    "protections add capitals when text.capitals > 80% and text.length > 40 heat 20",
    'protections add admins on joins when author.display has "admin" then alert',
  ],
  reply({ name: typed, rule: written }, _flags, context) {
    const name = typed.toLowerCase();
    const objection = newRuleObjection(name, context);
    if (objection) return problem(objection);
    const read = readWritten(name, { text: documentOf(name, written), context });
    if ("problem" in read) return read.problem;
    const version = versionOf(1, read.text, context);
    return {
      say: lines(
        say`${code(name)}, version 1, in shadow: it looks and does nothing.`,
        ...described(read.rule, read.warnings, context),
        howToGoOn(name, context),
      ),
      acts: [settingsChange({ kind: "write-rule", rule: name, version, inForce: 1 })],
    };
  },
});

export const protectionsEdit = defineCommand({
  words: ["protections", "edit"],
  role: "admin",
  about:
    "Change a protection of your own. While the old version tells, asks or acts, a new one that looks for something else is tried beside it, in shadow.",
  takes: {
    name: needed("word", "its name"),
    rule: needed("written", "what changes: when ..., on ..., then ..., or all of it as a code block"),
  },
  examples: [
    "protections edit new-links then redact+warn redact+mute",
    `protections edit new-links ${example}`,
  ],
  reply: ({ name, rule: written }, _flags, context) =>
    withRule(name, context, (stored, called) => {
      if (stored.file !== undefined) return changedInFile(called, context);
      if (stored.from)
        return problem(
          say`${code(called)} comes from a rules room, and is changed there. ${code(`${context.prefix} protections share ${called}`)} shows it: by a reply to that, ${code(`${context.prefix} protections add`)} makes one of your own.`,
        );
      const newest = stored.versions.at(-1)!;
      const text = documentOf(called, written, newest.text);
      if (text === newest.text)
        return { say: say`${code(called)} says that already, in version ${newest.number}` };
      const read = readWritten(called, { text, context });
      if ("problem" in read) return read.problem;
      const number = newest.number + 1;
      const beside = isTriedBeside(read.rule, called, context);
      const version = versionOf(number, read.text, context);
      const inForce = beside ? stored.inForce : number;
      return {
        say: lines(
          beside
            ? say`${code(called)}, version ${number}, is tried in shadow beside version ${stored.inForce}, which goes on.`
            : say`${code(called)} is version ${number} from now on.`,
          ...described(read.rule, read.warnings, context),
          beside
            ? say`${code(`${context.prefix} protections hits ${called}`)} compares them, ${code(`${context.prefix} protections act ${called}`)} lets the new one take its place.`
            : undefined,
        ),
        acts: [settingsChange({ kind: "write-rule", rule: called, version, inForce })],
      };
    }),
});

export const protectionsRemove = defineCommand({
  words: ["protections", "remove"],
  role: "admin",
  about:
    "Remove a protection of your own, with its versions and settings; or all that a rule file held which is gone.",
  takes: { name: needed("word", "its name, or the name of the file that is gone") },
  examples: ["protections remove new-links", "protections remove protections/lobby.yaml"],
  reply: ({ name }, _flags, context) =>
    removingFile(name, context) ??
    withRule(name, context, ({ file, from }, called) => {
      if (file !== undefined && !isGone(file, context)) return changedInFile(called, context);
      if (from && context.world.rulesRooms.get(from)?.rules.has(called.slice(called.indexOf("/") + 1)))
        return problem(
          say`${code(called)} comes from a rules room that I follow, and would come again. ${code(`${context.prefix} protections disable ${called}`)} switches it off, ${code(`${context.prefix} protections unfollow ${called.split("/", 1)[0]!}`)} removes all of the room.`,
        );
      return {
        say: say`${code(called)} is removed, with its settings`,
        acts: removing(called, context),
      };
    }),
});

/** Undefined where it is not the name of a rule file that is gone. */
function removingFile(name: string, context: CommandContext): Reply | undefined {
  if (!isGone(name, context)) return undefined;
  const { rules, lists } = heldBy(name, context.world.settings);
  if (rules.length + lists.length === 0) return undefined;
  const names = [...rules, ...lists].map((one) => code(one));
  return {
    say: say`What ${code(name, 120)} held is removed: ${someOf(names, 20)}`,
    acts: [
      ...rules.flatMap((rule) => removing(rule, context)),
      ...lists.map((list) => settingsChange({ kind: "remove-rule-list", list })),
    ],
  };
}

function isGone(file: string, { world }: CommandContext): boolean {
  return world.stored.ruleFileTroubles.of(file)?.kind === "gone";
}

function removing(rule: string, context: CommandContext): readonly Proposal[] {
  // So that a later rule of the same name does not begin with the mode of this one.
  const forgotten = forgetting(rule, context.world.settings);
  return [...forgotten, { kind: "remove-rule", rule } as const].map((change) => settingsChange(change));
}

function changedInFile(name: string, context: CommandContext): Reply {
  return problem(say`${code(name)} comes from ${fileOf(name, context)}, and is changed there.`);
}

export const protectionsHistory = defineCommand({
  words: ["protections", "history"],
  role: "viewer",
  about: "Show the versions of a protection of your own.",
  takes: { name: needed("word", "its name") },
  examples: ["protections history new-links"],
  reply: ({ name }, _flags, context) =>
    withRule(name, context, ({ versions, inForce, file }, called) => ({
      say: lines(
        say`${code(called)} has ${count(versions.length, "version")}:`,
        bullets(
          versions.toReversed().map(({ number, by, at, text }) => {
            const role =
              number === inForce ? say` in force,` : number > inForce ? say` tried in shadow,` : "";
            const who =
              file !== undefined && by === context.world.self
                ? say`from ${code(file, 120)}`
                : say`by ${code(by)}`;
            return say`${number},${role} ${who} on ${describeTime(at)}: ${code(text.trim(), 600)}`;
          }),
        ),
        say`${code(`${context.prefix} protections back ${called} <version>`)} returns to one of them.`,
      ),
    })),
});

export const protectionsBack = defineCommand({
  words: ["protections", "back"],
  role: "admin",
  about: "Return to an earlier version of a protection of your own, at once and in the mode that it is in.",
  takes: { name: needed("word", "its name"), version: needed("word", "the number of the version") },
  examples: ["protections back new-links 3"],
  reply: ({ name, version }, _flags, context) =>
    withRule(name, context, ({ versions, inForce }, called) => {
      const number = versions.find((one) => String(one.number) === version)?.number;
      if (number === undefined)
        return problem(
          say`${code(called)} has no version ${code(version, 20)}: there are ${joined(versions.map((one) => say`${one.number}`))}.`,
        );
      if (number === inForce) return { say: say`Version ${number} of ${code(called)} is in force already` };
      return {
        say: say`${code(called)} is version ${number} again`,
        acts: [settingsChange({ kind: "use-rule", rule: called, inForce: number })],
      };
    }),
});

function withRule(
  typed: string,
  context: CommandContext,
  then: (stored: StoredRule, name: string) => Reply,
): Reply {
  const name = typed.toLowerCase();
  const stored = context.world.settings.rules.get(name);
  if (stored) return then(stored, name);
  const { origins } = knownIn(context);
  const origin = origins.get(name);
  if (origin === "file") return changedInFile(name, context);
  if (origin === "shipped")
    return problem(
      say`${code(name)} comes with me: its settings can be changed (${code(`${context.prefix} protections show ${name}`)}), what it looks for cannot.`,
    );
  return unknownProtection(typed, [...context.world.settings.rules.keys()]);
}

function versionOf(number: number, text: string, { by, at }: CommandContext): RuleVersion {
  return { number, text, by, at };
}

/** What looks for something else is tried first, where the present version does more than look. */
function isTriedBeside(rule: Rule, name: string, context: CommandContext): boolean {
  const now = knownIn(context).all.find((one) => one.name === name);
  if (!now) return false;
  if (lookOf({ ...now, settings: now.own, scope: now.rule?.scope }) === lookOf(rule)) return false;
  const { settings } = context.world;
  return [undefined, ...roomsWithSettings(name, context)].some((room) => {
    const { enabled, mode } = valuesOf(now, settings, room);
    return enabled && mode !== "shadow";
  });
}
