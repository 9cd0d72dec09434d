/** `protections add`, with a file or as a reply to a message: takes a rule that somebody wrote elsewhere, after a yes. */
import { receive, withoutMark, type ReceivedRule } from "../../automod/shared-rule.ts";
import type { NamedList } from "../../automod/list-document.ts";
import { documentOfRule } from "../../automod/rule-document.ts";
import { code, count, joined, lines, plain, say, someOf, type Say } from "../../kit/say.ts";
import type { GivenText } from "../../model/heard-command.ts";
import type { ListKind } from "../../model/rule-lists.ts";
import { longestRule } from "../../model/rules-room.ts";
import { defineCommand, optional, problem, type CommandContext, type Reply } from "../define.ts";
import { settingsChange } from "../shared/settings-change.ts";
import { knownIn } from "./named.ts";
import { describeMistake, described, howToGoOn, newRuleObjection, withMistakes } from "./written-rule.ts";

/** Names and rates in a message; the others are counted. */
const named = 20;

export const protectionsTake = defineCommand({
  words: ["protections", "add"],
  role: "admin",
  about:
    "Take a rule from a file that is sent with this command as its caption, or as a reply to a file, to a shared rule or to a code block. It is shown first, and begins in shadow.",
  takes: { name: optional("word", "how it shall be called; without it as it calls itself") },
  examples: ["protections add", "protections add scam-links"],
  readsFirst: ["text"],
  reply({ name }, _flags, context) {
    const { given } = context.lookedUp;
    if (!given) return nothingGiven(name, context);
    if ("problem" in given) return problem(say`Nothing is changed: ${plain(given.problem)}.`);
    const { text, isChanged } = withoutMark(given.text);
    const chosen = chosenRule(text, name?.toLowerCase(), context);
    if ("say" in chosen) return chosen;
    const objection = newRuleObjection(chosen.rule.name, context) ?? listObjection(chosen, context);
    if (objection) return problem(objection);
    return taking(chosen, { given, isChanged, context });
  },
});

function nothingGiven(name: string | undefined, { prefix }: CommandContext): Reply {
  const typed = `${prefix} protections add ${name ?? "new-links"}`;
  return problem(
    say`What shall it look for? ${code(`${typed} when author is newcomer and links then redact+warn`)} says it in one line; a file, a shared rule or a code block is taken by a reply to it.`,
  );
}

/** Of several rules the one of that name; one alone gets the name that was typed. */
function chosenRule(text: string, name: string | undefined, context: CommandContext): ReceivedRule | Reply {
  const known = knownIn(context).lists;
  const read = receive(text, new Map([...known].map(([list, { kind }]) => [list, kind])));
  if ("mistakes" in read) return withMistakes(read.mistakes.map((one) => describeMistake(one, text)));
  const { rules } = read;
  const wanted = rules.length === 1 ? rules[0] : rules.find(({ rule }) => rule.name === name);
  const names = rules.map(({ rule }) => code(rule.name));
  if (!wanted && rules.length === 0) return problem(say`Nothing is changed: there is no rule in it.`);
  if (!wanted)
    return problem(
      say`There are ${count(rules.length, "rule")} in it, and one is taken at a time: ${someOf(names, named)}. ${code(`${context.prefix} protections add <name>`)}, again as a reply, says which.`,
    );
  const chosen = { ...wanted, rule: { ...wanted.rule, name: name ?? wanted.rule.name } };
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(chosen.rule.name))
    return problem(
      say`${code(chosen.rule.name, 60)} is no name of a rule: small letters, digits and - as in ${code("new-links")}.`,
    );
  const { length } = documentOfRule(chosen.rule);
  return length > longestRule
    ? problem(say`A rule may have ${longestRule} letters here, not ${length}.`)
    : chosen;
}

/** A list of the same name and of another kind would mean something else here. */
function listObjection({ rule, lists }: ReceivedRule, context: CommandContext): Say | undefined {
  const known = knownIn(context).lists;
  const other = lists.find(({ name, kind }) => (known.get(name)?.kind ?? kind) !== kind);
  if (!other) return undefined;
  return say`${code(rule.name)} looks into a list ${code(other.name)} of ${other.kind}, and yours of that name is one of ${known.get(other.name)!.kind}: nothing is changed.`;
}

interface Taking {
  readonly given: Exclude<GivenText, { readonly problem: string }>;
  readonly isChanged: boolean;
  readonly context: CommandContext;
}

function taking(received: ReceivedRule, { given, isChanged, context }: Taking): Reply {
  const { rule, lists } = received;
  const { name } = rule;
  const known = knownIn(context).lists;
  const made = lists.filter((list) => !known.has(list.name));
  const version = { number: 1, text: documentOfRule(rule), by: context.by, at: context.at };
  const acts = [
    ...made.map((list) =>
      settingsChange({
        kind: "edit-rule-list",
        list: list.name,
        of: list.kind,
        add: list.entries,
        remove: [],
      }),
    ),
    settingsChange({ kind: "write-rule", rule: name, version, inForce: 1 }),
  ];
  if (context.isConfirmed)
    return {
      say: lines(
        say`${code(name)}, version 1, in shadow: it looks and does nothing.`,
        ...described(rule, [], context),
        howToGoOn(name, context),
      ),
      acts,
    };
  return {
    say: lines(
      say`${code(name)}, from ${originOf(given)}:`,
      ...shownRule(received, context),
      ...made.map((list) => say`It brings its list ${code(list.name)}: ${entriesOf(list)}.`),
      ...lists.filter((list) => known.has(list.name)).map((list) => oursInstead(list, context)),
      isChanged
        ? say`Note: it was changed since it was shared: its text does not fit its digest.`
        : undefined,
      say`Take it? It begins in shadow: it looks and does nothing.`,
    ),
    acts,
    waitsFor: { kind: "own-question" },
  };
}

function originOf({ by, file }: Taking["given"]): Say {
  return file === undefined
    ? say`the message of ${code(by)}`
    : say`the file ${code(file, 60)} of ${code(by)}`;
}

/** What it looks for, what it would do and say, what it counts: nobody has to read YAML. */
export function shownRule(
  { rule, left, warnings }: Pick<ReceivedRule, "rule" | "left" | "warnings">,
  context: CommandContext,
): readonly Say[] {
  const counted = rule.checked.rates.map(({ written }) => code(written, 200));
  return [
    ...(rule.about === "" ? [] : [plain(rule.about)]),
    say`It looks for: ${code(rule.when, 2_000)}`,
    ...described(rule, warnings, context),
    ...(rule.warning === "" ? [] : [say`It warns with: ${plain(rule.warning, 500)}`]),
    ...(rule.reply === "" ? [] : [say`It replies: ${plain(rule.reply, 500)}`]),
    ...(counted.length === 0 ? [] : [say`It keeps count, of ${someOf(counted, 5)}.`]),
    ...(left.length === 0
      ? []
      : [say`Left out, as every community has its own: ${joined(left.map((one) => code(one)))}.`]),
  ];
}

function entriesOf({ kind, entries }: NamedList): Say {
  const unit: Readonly<Record<ListKind, string>> = {
    words: "word",
    links: "link",
    servers: "server",
    pictures: "picture",
  };
  return say`${count(entries.length, unit[kind])}, ${someOf(
    entries.slice(0, 10).map((entry) => code(entry, 40)),
    10,
    entries.length,
  )}`;
}

/** Other rules may look into the list that is there already: it is not touched. */
function oursInstead({ name, kind, entries }: NamedList, context: CommandContext): Say {
  const ours = knownIn(context).lists.get(name)?.entries.length ?? 0;
  return say`It looks into your list ${code(name)} (${count(ours, "entry", "entries")}), which stays as it is; the ${entries.length} of its own are left out. ${code(`${context.prefix} protections ${kind} ${name} add ...`)} adds to it.`;
}
