/** Assigns the words of a command to its arguments, in whatever order they were typed as long as it is clear. */
import { code, say, type Say } from "../../kit/say.ts";
import { normaliseEntity, type RuleKind } from "../../model/policy-rule.ts";
import type { ArgumentKind, ArgumentSpec, Command, Entity, ParseContext } from "../define.ts";
import { fitOf, isManyInOne, looksLikeId, readArgument, cleaned } from "./read-argument.ts";
import {
  problemAt,
  missingArgument,
  possibleName,
  oneAtATime,
  personByName,
  personOrServer,
  spelledOtherwise,
  valueFromReply,
  impliedValue,
  fillFromReply,
  type FoundValue,
  type ArgumentProblem,
} from "./implied-arguments.ts";
import type { Token } from "./tokenise.ts";
import { foldName } from "../../kit/invisible-characters.ts";

type Values = Readonly<Record<string, unknown>>;
export type Arranged =
  | {
      readonly ok: true;
      readonly values: Values;
      /** Further people, servers or rooms beside the value of `who`, each once. */
      readonly others: readonly Entity[];
      /** A word that was taken for a server, and may be a display name: once it is looked up, the command may be asked about. */
      readonly name?: string;
      /** Said in the reply: values that were taken from the message replied to, or found by a display name. */
      readonly notes: readonly Say[];
    }
  | ArgumentProblem;

/**
 * Each word goes to an argument that it surely is (an id, a list's shortcode), else to the first that it may be (a plain
 * word), so that a list and an entity may come in either order. The first word that fits no argument begins the text at
 * the end, if the command takes one.
 */
export function arrange(
  typedTokens: readonly Token[],
  { takes: specs, takesSeveral }: Pick<Command, "takes" | "takesSeveral">,
  context: ParseContext & { readonly written?: Readonly<Record<string, string>> },
): Arranged {
  const tokens = takesSeveral ? typedTokens.flatMap(partsOf) : typedTokens;
  const others: Entity[] = [];
  let maybeName: { readonly name?: string } = {};
  const values: Record<string, unknown> = { ...context.written };
  const notes: Say[] = [];
  const names = Object.keys(specs);
  const nextMissing = (kinds: (kind: ArgumentKind) => boolean = () => true) =>
    names.find((name) => !(name in values) && !specs[name]!.optional && kinds(specs[name]!.kind));
  const take = (name: string, { value, note }: FoundValue) => {
    values[name] = value;
    if (note) notes.push(note);
  };
  for (let i = 0; i < tokens.length; i++) {
    const token = cleaned(tokens[i]!);
    const typed = argumentFor(token, { next: tokens[i + 1], values, specs, context });
    if (takesSeveral && "who" in values && typed === undefined) {
      const more = oneMore(token, tokens[i + 1], { spec: specs["who"]!, context });
      if (more && !more.ok) return more;
      if (more) others.push(...more.found);
      if (more) continue;
    }
    const name = typed ?? nextMissing((kind) => kind !== "rest");
    if (name === undefined) {
      const rest = restArgument(token, { values, specs, context });
      if (typeof rest === "object") return rest;
      values[rest] = textOf(tokens.slice(i));
      break;
    }
    const { kind } = specs[name]!;
    if (!takesSeveral && isManyInOne(tokens[i]!, tokens[i + 1], kind)) return oneAtATime(tokens[i]!);
    const person =
      typed && mayBeName(token, { typed, values, specs }) ? personCalled(token, context) : undefined;
    if (person) {
      if (!person.ok) return person;
      take(person.name, person);
      continue;
    }
    const isNamed = (values["kind"] ?? "user") === "user";
    const one = typed
      ? readFitting(token, kind, context)
      : impliedValue(token, { name, kind, isNamed, context });
    if (!one.ok) return one;
    const unclear = isUnclear(one.value, kind) && "kind" in specs && !("kind" in values);
    const bearers = unclear ? personOrServer(token, context) : undefined;
    if (bearers) return bearers;
    if (unclear) maybeName = possibleName(token, kind);
    take(name, one);
    // The value came from the message replied to: the word is still to be assigned.
    if (!one.usesWord) i--;
  }
  if (tokens.length === 0) fillFromReply(specs, { context, take });
  const lacking = fillMissing(specs, { nextMissing, context, take });
  if (lacking) return lacking;
  return { ok: true, ...withOthers(withKind(values), others), notes, ...maybeName };
}

/**
 * The argument that takes the rest of the line, from this word on. A second person, room or message where the command
 * takes one is none: as the beginning of a reason it would be left out without a word.
 */
function restArgument(
  token: Token,
  {
    values,
    specs,
    context,
  }: { values: Values; specs: Readonly<Record<string, ArgumentSpec>>; context: ParseContext },
): string | ArgumentProblem {
  const rest = Object.keys(specs).find((name) => specs[name]!.kind === "rest");
  if (rest === undefined) return problemAt(say`I do not know what to do with ${code(token.text)}`, token);
  const isAgain = Object.keys(values).some(
    (name) =>
      ["entity", "person", "room", "event"].includes(specs[name]!.kind) &&
      isOneMore(token, specs[name]!, context),
  );
  // Further ones are what an argument of this name is for.
  if (!isAgain || rest === "more") return rest;
  return problemAt(
    say`I take one at a time: give a command for each of them. If ${code(token.text, 60)} belongs to the reason, put that into quotes`,
    token,
  );
}

/** Takes what is missing from the message replied to; gives the problem where that names none. */
function fillMissing(
  specs: Readonly<Record<string, ArgumentSpec>>,
  {
    nextMissing,
    context,
    take,
  }: {
    nextMissing: () => string | undefined;
    context: ParseContext;
    take: (name: string, one: FoundValue) => void;
  },
): ArgumentProblem | undefined {
  for (let missing = nextMissing(); missing !== undefined; missing = nextMissing()) {
    const spec = specs[missing]!;
    const other = valueFromReply(spec.kind, context) ?? missingArgument(missing, spec, context);
    if (!other.ok) return other;
    take(missing, other);
  }
  return undefined;
}

/** `@a:x,@b:y` as two words. */
function partsOf(token: Token): readonly Token[] {
  if (!isManyInOne(token, undefined, "entity")) return [token];
  return [...token.typed.matchAll(/[^,;]+/g)].map(({ index, 0: text }) => ({
    ...token,
    text,
    typed: text,
    start: token.start + index,
  }));
}

/** The ids after the first one; none for an "and" between them. Undefined where the reason or another argument begins. */
function oneMore(
  token: Token,
  next: Token | undefined,
  { spec, context }: { spec: ArgumentSpec; context: ParseContext },
): { readonly ok: true; readonly found: readonly Entity[] } | ArgumentProblem | undefined {
  if (isBetween(token, next, spec, context)) return { ok: true, found: [] };
  if (isOneMore(token, spec, context)) {
    const one = readFitting(token, spec.kind, context);
    return one.ok ? { ok: true, found: [one.value as Entity] } : one;
  }
  return !token.isQuoted && /^@./.test(token.text) ? notWhole(token) : undefined;
}

/** Whether it was taken for a server by its looks alone. */
function isUnclear(value: unknown, kind: ArgumentKind): boolean {
  return kind === "entity" && (value as Entity).isUnclear === true;
}

/** One more id right after the first ones. Words with a dot may belong to the reason, and what is quoted does. */
function isOneMore(token: Token, { kind }: ArgumentSpec, context: ParseContext): boolean {
  const isId = looksLikeId(token.text) || /^@[^:]*:./.test(token.text);
  return !token.isQuoted && isId && fitOf(token, kind, context) === "sure";
}

/** It may be one more person, who would be left out without a word. */
function notWhole(token: Token): ArgumentProblem {
  return problemAt(
    say`${code(token.text, 60)} is no whole id, such as ${code("@name:server")}. If it belongs to the reason, put that into quotes`,
    token,
  );
}

/** "and" between two ids. */
function isBetween(
  { text, isQuoted }: Token,
  next: Token | undefined,
  spec: ArgumentSpec,
  context: ParseContext,
): boolean {
  return (
    !isQuoted &&
    /^(?:and|&|\+|,)$/i.test(text) &&
    next !== undefined &&
    isOneMore(cleaned(next), spec, context)
  );
}

function withOthers(
  values: Values,
  others: readonly Entity[],
): Pick<Extract<Arranged, { ok: true }>, "values" | "others"> {
  const texts = new Set([(values["who"] as Entity | undefined)?.text]);
  return { values, others: others.filter(({ text }) => !texts.has(text) && texts.add(text)) };
}

/** Whether the word may be a display name: the argument takes the number of an incident, and this is no number. */
function mayBeName(
  token: Token,
  { typed, values, specs }: { typed: string; values: Values; specs: Readonly<Record<string, ArgumentSpec>> },
): boolean {
  const { kind, fromReply } = specs[typed]!;
  if (kind !== "word" || fromReply !== "incident" || "who" in values || !("who" in specs)) return false;
  return !/^(#?\d+|last)$/i.test(token.text);
}

/** The person of that display name. Undefined where it was looked up and nobody has it: then the command refuses the word. */
function personCalled(
  token: Token,
  context: ParseContext,
): ((FoundValue & { readonly name: string }) | ArgumentProblem) | undefined {
  const name = "who";
  const one = personByName(token, "entity", context);
  if (one) return one.ok ? { ...one, name } : one;
  const wanted = possibleName(token, "entity");
  const isLookedUp = wanted.name === undefined || context.lookedUp.names?.has(foldName(wanted.name)) === true;
  return isLookedUp
    ? undefined
    : { ...problemAt(say`Nobody here is called ${code(token.text, 60)}`, token), ...wanted };
}

function readFitting(token: Token, kind: ArgumentKind, context: ParseContext): FoundValue | ArgumentProblem {
  const read = readArgument(token.text, kind, context);
  const misspelt = "problem" in read ? undefined : spelledOtherwise(token, read.value, { kind, context });
  if (misspelt) return misspelt;
  if (!("problem" in read)) return { ok: true, value: read.value, note: undefined, usesWord: true };
  // `@bob` has the @ of a user id and no server: it may be a display name.
  const person = kind === "entity" ? personByName(token, kind, context) : undefined;
  return person ?? { ...problemAt(read.problem, token), ...possibleName(token, kind) };
}

/** The name of the argument that the word fits; undefined where it fits none. */
function argumentFor(
  token: Token,
  {
    next,
    values,
    specs,
    context,
  }: {
    next: Token | undefined;
    values: Values;
    specs: Readonly<Record<string, ArgumentSpec>>;
    context: ParseContext;
  },
): string | undefined {
  // "user", "room" and "server" name a kind only before the entity; after it they belong to the reason.
  const isKindOver = "who" in values;
  const open = Object.keys(specs).filter(
    (name) =>
      !(name in values) && specs[name]!.kind !== "rest" && !(isKindOver && specs[name]!.kind === "kind"),
  );
  const fits = (word: Token, wanted: "sure" | "maybe") =>
    open.filter((name) => fitOf(word, specs[name]!.kind, context) === wanted);
  const [first, ...others] = fits(token, "sure");
  // The room id of a list could also be the entity of a ban. It is the list if the next word can be the entity, unless
  // the word "room" stands before it.
  const list = others.find((name) => specs[name]!.kind === "list");
  if (first !== undefined && list !== undefined && next && !("kind" in values)) {
    const [ofNext] = fits(cleaned(next), "sure");
    if (ofNext !== list && specs[first]!.kind === "entity") return list;
  }
  return first ?? fits(token, "maybe")[0];
}

/** A kind before the entity (`ban server evil.example`) overrides the kind that the entity looks like. */
function withKind(values: Record<string, unknown>): Values {
  const kind = values["kind"] as RuleKind | undefined;
  const entity = values["who"] as Entity | undefined;
  return kind && entity && typeof entity === "object"
    ? { ...values, who: { ...entity, kind, text: normaliseEntity(kind, entity.text), isUnclear: false } }
    : values;
}

function textOf(tokens: readonly Token[]): string {
  return tokens.map((token) => token.text).join(" ");
}
