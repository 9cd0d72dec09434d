/** Rules that moderators write or take: what is wrong with one, and what it would do, in words. */
import { excerptOf, type FileProblem } from "../../automod/file-problems.ts";
import { hostWithin, listsOfDomains } from "../../automod/language/hosts.ts";
import type { Rule } from "../../automod/rule.ts";
import { looksIn } from "../../automod/scope.ts";
import { bullets, code, count, lines, plain, say, someOf, type Say } from "../../kit/say.ts";
import { describeKinds } from "../../model/facts/kinds.ts";
import { mostRules } from "../../model/settings/rules.ts";
import { longestRule } from "../../model/rules-room.ts";
import { problem, type CommandContext, type Reply } from "../define.ts";
import { answerOf, knownIn } from "./named.ts";
import { describeScope } from "./scope.ts";

/** Why no rule of this name can be added; undefined where one can. */
export function newRuleObjection(name: string, context: CommandContext): Say | undefined {
  const origin = knownIn(context).origins.get(name);
  if (origin === "room")
    return say`There is a protection ${code(name)} already. ${code(`${context.prefix} protections edit ${name} when ...`)} changes it.`;
  if (origin !== undefined)
    return say`${code(name)} is the name of a protection that ${origin === "file" ? "a file has" : "I have"} already: please choose another.`;
  if (context.world.settings.rules.size < mostRules) return undefined;
  return say`There are ${mostRules} protections of your own, and no more can be added.`;
}

type Written =
  | { readonly text: string; readonly rule: Rule; readonly warnings: readonly FileProblem[] }
  | { readonly problem: Reply };

/** All that is wrong is told at once; nothing is changed then. */
export function readWritten(
  name: string,
  { text, context }: { readonly text: string; readonly context: CommandContext },
): Written {
  if (text.length > longestRule)
    return { problem: problem(say`A rule may have ${longestRule} letters here, not ${text.length}.`) };
  const { rule, mistakes, warnings, documents } = context.registry.read(text, knownIn(context).lists);
  const isOne = documents === 1;
  if (rule && isOne && mistakes.length === 0 && rule.name === name) return { text, rule, warnings };
  const told = mistakes.map((one) => describeMistake(one, text));
  if (rule && rule.name !== name)
    told.push(say`the rule says that it is called ${code(rule.name)}, and the command says ${code(name)}`);
  if (!isOne)
    told.push(
      say`it is one rule at a time; lists are made with ${code(`${context.prefix} protections words <name> add ...`)}`,
    );
  return { problem: withMistakes(told) };
}

export function withMistakes(told: readonly Say[]): Reply {
  return problem(
    lines(say`Nothing is changed. ${count(told.length, "mistake")}:`, bullets(told.slice(0, mostTold))),
  );
}

const mostTold = 20;
/** "nothing is called "autor": "autor is newcomer and ...", did you mean author?" */
export function describeMistake(found: FileProblem, text: string): Say {
  const { line, message, hint } = found;
  const place = excerptOf(found);
  const where = text.trim().split("\n").length > 4 ? say`line ${line}: ` : "";
  return say`${where}${plain(message, 300)}: ${code(place, 160)}${hint === undefined ? "" : say` (${plain(hint, 300)})`}`;
}

export function described(
  rule: Rule,
  warnings: readonly FileProblem[],
  context: CommandContext,
): readonly Say[] {
  const { world } = context;
  const rooms = [...world.protectedIds()].filter((room) => looksIn(rule.scope, room, world)).length;
  return [
    say`It looks at ${plain(describeKinds(rule.on), 200)} in ${count(rooms, "room")}; its answer would be ${answerOf(rule, rule.ladder)}.`,
    ...describeScope(rule.scope, world),
    ...hostsInLists(rule, context),
    ...warnings.map(
      ({ message, hint }) =>
        say`Note: ${plain(message, 300)}${hint === undefined ? "" : say` (${plain(hint, 300)})`}.`,
    ),
  ];
}

/** Hosts in lists of which the rule asks for the domain: they are never found, and nothing says so later. */
function hostsInLists({ checked }: Rule, context: CommandContext): readonly Say[] {
  const { lists } = knownIn(context);
  return [...new Set(listsOfDomains(checked.meaning))].flatMap((name) => {
    const hosts = (lists.get(name)?.entries ?? []).filter((entry) => hostWithin(entry) !== undefined);
    if (hosts.length === 0) return [];
    const shown = hosts.slice(0, mostHosts).map((host) => code(host, 60));
    return [
      say`Note: ${someOf(shown, mostHosts, hosts.length)} in ${code(name)} ${hosts.length === 1 ? "is a host" : "are hosts"} within a domain, and ${code("link.domain")} is never one: ${code(`link.host in ${name}`)} looks for hosts.`,
    ];
  });
}

const mostHosts = 3;

export function howToGoOn(name: string, { prefix }: CommandContext): Say {
  return say`Try it on the past: ${code(`${prefix} protections try ${name}`)}. ${code(`${prefix} protections hits ${name}`)} shows whom it meets from now on; ${code(`${prefix} protections alert ${name}`)}, ${code(`ask ${name}`)} or ${code(`act ${name}`)} let it do more.`;
}
