/** `protections words`, `links`, `servers`, `pictures`: the lists that protections look into. */
import { domainOf, hostOf } from "../../kit/links.ts";
import { maxEntries, maxEntryLength, type ListKind } from "../../model/rule-lists.ts";
import { bullets, code, count, folded, joined, lines, plain, say, someOf, type Say } from "../../kit/say.ts";
import { listNameProblem } from "../../automod/list-document.ts";
import type { KnownList } from "../../automod/registry.ts";
import { defineCommand, optional, problem, type CommandContext, type Reply } from "../define.ts";
import { settingsChange } from "../shared/settings-change.ts";
import { fileOf, knownIn } from "./named.ts";

const mostLists = 20;
/** Entries in a reply; the others are counted. */
const entriesShown = 200;

export const protectionsWords = listCommand("words", "free nitro, *coin");
export const protectionsLinks = listCommand("links", "example.org, example.net");
export const protectionsServers = listCommand("servers", "spam.example");
export const protectionsPictures = listCommand("pictures", "mxc://spam.example/abc");

function listCommand(kind: ListKind, entries: string) {
  return defineCommand({
    words: ["protections", kind],
    role: "viewer",
    about: `Show or change the lists of ${kind} that protections look into: add or remove entries, with commas between them; delete removes the list.`,
    takes: {
      name: optional("word", "the name of the list"),
      change: optional("written", "add ..., remove ..., or delete"),
    },
    examples: [`protections ${kind}`, `protections ${kind} my-${kind} add ${entries}`],
    reply: ({ name, change }, _flags, context) => {
      if (name === undefined) return { say: listsOf(kind, context) };
      return change === undefined
        ? showing(name.toLowerCase(), kind, context)
        : changing(name.toLowerCase(), { kind, change, context });
    },
  });
}

function listsOf(kind: ListKind, context: CommandContext): Say {
  const lists = [...knownIn(context).lists].filter(([, list]) => list.kind === kind);
  const make = say`${code(`${context.prefix} protections ${kind} <name> add ...`)} makes one.`;
  if (lists.length === 0) return say`There are no lists of ${kind}. ${make}`;
  return lines(
    say`Lists of ${kind}:`,
    bullets(
      lists.map(([name, { entries }]) => say`${code(name)}: ${count(entries.length, "entry", "entries")}`),
    ),
    make,
  );
}

function showing(name: string, kind: ListKind, context: CommandContext): Reply {
  const list = knownIn(context).lists.get(name);
  if (list?.kind !== kind) return noList(name, kind, { list, context });
  if (list.origin === "shipped") return emptyList(name, kind, context);
  const shown = list.entries.slice(0, entriesShown).map((entry) => code(entry, 60));
  return {
    say: folded(
      say`${code(name)} has ${count(list.entries.length, "entry", "entries")}:`,
      someOf(shown, entriesShown, list.entries.length),
    ),
  };
}

function emptyList(name: string, kind: ListKind, context: CommandContext): Reply {
  const looking = knownIn(context).all.filter(({ lists }) => lists?.[name] !== undefined);
  return {
    say: say`${code(name)} is empty. Protections look into it: ${joined(looking.map((one) => code(one.name)))}. ${code(`${context.prefix} protections ${kind} ${name} add ...`)} fills it.`,
  };
}

function noList(
  name: string,
  kind: ListKind,
  { list, context }: { readonly list: KnownList | undefined; readonly context: CommandContext },
): Reply {
  const { prefix } = context;
  if (list)
    return problem(
      say`${code(name)} is a list of ${list.kind}: ${code(`${prefix} protections ${list.kind} ${name}`)}.`,
    );
  return problem(
    say`There is no list ${code(name, 60)}. ${code(`${prefix} protections ${kind} ${name} add ...`)} makes it.`,
  );
}

function changing(
  name: string,
  {
    kind,
    change,
    context,
  }: { readonly kind: ListKind; readonly change: string; readonly context: CommandContext },
): Reply {
  const list = knownIn(context).lists.get(name);
  if (list && list.kind !== kind) return noList(name, kind, { list, context });
  if (list?.origin === "file")
    return problem(say`${code(name)} comes from ${fileOf(name, context)}, and is changed there.`);
  const [, word = "", text = ""] = /^(\S*)\s*([\s\S]*)$/.exec(change)!;
  switch (word.toLowerCase()) {
    case "add":
      return adding(name, { kind, entries: entriesIn(text, kind), list, context });
    case "remove":
      return list
        ? removing(name, { list, entries: entriesIn(text, kind), context })
        : noList(name, kind, { list, context });
    case "delete":
      if (list?.origin === "shipped") return emptyList(name, kind, context);
      return list ? deleting(name, context) : noList(name, kind, { list, context });
    default:
      return problem(
        say`After the name stands what is done: ${code("add a, b")}, ${code("remove a, b")} or ${code("delete")}, not ${code(word, 40)}.`,
      );
  }
}

/** Commas or lines part the entries, and spaces where no entry has any; quotes around one are left out. */
function entriesIn(text: string, kind: ListKind): readonly string[] {
  const entries = text
    .split(kind === "words" ? /[,\n]/ : /[,\s]/)
    .map((entry) =>
      entry
        .trim()
        .replace(/^["“„«](.*)["”“»]$/, "$1")
        .trim(),
    )
    .filter((entry) => entry !== "");
  return [...new Set(entries)];
}

interface Editing {
  readonly entries: readonly string[];
  readonly context: CommandContext;
}

function adding(
  name: string,
  {
    kind,
    entries,
    list,
    context,
  }: Editing & { readonly kind: ListKind; readonly list: KnownList | undefined },
): Reply {
  const objection = list ? undefined : listNameProblem(name);
  if (objection !== undefined)
    return problem(say`${plain(objection)}: small letters, digits and - as in ${code("bad-words")}.`);
  if (entries.length === 0)
    return problem(say`After ${code("add")} stand the entries, with commas between them.`);
  const ours = [...context.world.settings.ruleLists.values()].filter(({ file }) => file === undefined);
  if ((list?.origin ?? "shipped") === "shipped" && ours.length >= mostLists)
    return problem(say`There are ${mostLists} lists already, and no more can be made.`);
  const long = entries.find((entry) => entry.length > maxEntryLength);
  if (long !== undefined)
    return problem(say`An entry may have ${maxEntryLength} letters; ${code(long, 40)} has ${long.length}.`);
  const had = new Set(list?.entries);
  const fresh = entries.filter((entry) => !had.has(entry));
  if (fresh.length === 0) return { say: say`${code(name)} has all of them already` };
  if (had.size + fresh.length > maxEntries)
    return problem(
      say`A list may have ${maxEntries} entries, and ${code(name)} would have ${had.size + fresh.length}.`,
    );
  const listed = listedIn(fresh);
  return {
    say: lines(
      list
        ? say`${code(name)}: added ${listed}; it has ${count(had.size + fresh.length, "entry", "entries")} now`
        : say`${code(name)} is a new list of ${kind}: ${listed}. Protections name it, as in ${code(usage(kind, name))}`,
      kind === "links" ? hostsAmong(fresh, name) : undefined,
    ),
    acts: [settingsChange({ kind: "edit-rule-list", list: name, of: kind, add: fresh, remove: [] })],
  };
}

/** `link.domain` is the registered part alone, and so never one of these. */
function hostsAmong(entries: readonly string[], name: string): Say | undefined {
  const hosts = entries.filter((entry) => {
    const host = hostOf(/^[a-z]+:/i.test(entry) ? entry : `https://${entry}`);
    return host !== "" && domainOf(host) !== host;
  });
  if (hosts.length === 0) return undefined;
  return say`${listedIn(hosts)} ${hosts.length === 1 ? "is a host" : "are hosts"} within a domain: ${code(`link.host in ${name}`)} looks for hosts, ${code(`link.domain in ${name}`)} does not find them.`;
}

const usages: Readonly<Record<ListKind, (name: string) => string>> = {
  words: (name) => `text has ${name}`,
  links: (name) => `any link.domain in ${name}`,
  servers: (name) => `author.server in ${name}`,
  pictures: (name) => `media.key in ${name}`,
};

function usage(kind: ListKind, name: string): string {
  return usages[kind](name);
}

function removing(name: string, { entries, list, context }: Editing & { readonly list: KnownList }): Reply {
  const byText = new Map(list.entries.map((entry) => [entry.toLowerCase(), entry]));
  const found = entries.flatMap((entry) => byText.get(entry.toLowerCase()) ?? []);
  const missing = entries.filter((entry) => !byText.has(entry.toLowerCase()));
  if (entries.length === 0)
    return problem(say`After ${code("remove")} stand the entries, with commas between them.`);
  if (missing.length > 0)
    return problem(
      say`Nothing is changed: ${code(name)} has no ${joined(missing.slice(0, 5).map((entry) => code(entry, 60)))}. ${code(`${context.prefix} protections ${list.kind} ${name}`)} shows what it has.`,
    );
  return {
    say: say`${code(name)}: removed ${listedIn(found)}; it has ${count(list.entries.length - found.length, "entry", "entries")} now`,
    acts: [settingsChange({ kind: "edit-rule-list", list: name, of: list.kind, add: [], remove: found })],
  };
}

function deleting(name: string, context: CommandContext): Reply {
  const { rules, ruleLists } = context.world.settings;
  const without = new Map(ruleLists);
  without.delete(name);
  const before = knownIn(context).broken;
  const broken = [...context.registry.preview({ rules, ruleLists: without }).broken.keys()].filter(
    (one) => !before.has(one),
  );
  if (broken.length > 0)
    return problem(
      say`${joined(broken.map((one) => code(one)))} ${broken.length === 1 ? "looks" : "look"} into ${code(name)}: nothing is changed.`,
    );
  return {
    say: say`The list ${code(name)} is deleted`,
    acts: [settingsChange({ kind: "remove-rule-list", list: name })],
  };
}

function listedIn(entries: readonly string[]): Say {
  return someOf(
    entries.slice(0, 10).map((entry) => code(plain(entry).text, 60)),
    10,
    entries.length,
  );
}
