/** Gives the words of a command to its arguments: in what order they may come. */
import { code, say, type Say } from "../../kit/say.ts";
import { normaliseEntity, type RuleKind } from "../../model/policy-rule.ts";
import type { ArgumentKind, ArgumentSpec, Entity, ParseContext } from "../define.ts";
import { fitOf, isManyInOne, readArgument, tidied } from "./read-argument.ts";
import {
  failed,
  lacking,
  nameIn,
  oneAtATime,
  ofName,
  ofReply,
  standIn,
  takeOptional,
  type Found,
  type Misfit,
} from "./implied-arguments.ts";
import type { Token } from "./tokenise.ts";
import { foldName } from "../../kit/invisible-characters.ts";

type Values = Readonly<Record<string, unknown>>;
export type Arranged =
  | {
      readonly ok: true;
      readonly values: Values;
      /** Whom or what it took that was not typed as such. */
      readonly notes: readonly Say[];
    }
  | Misfit;

/**
 * Gives each word to the argument that it fits: first to one that it surely is, then to the first that it may be.
 * So a list and an entity may come in either order. From the first word that fits nothing, the rest is text.
 */
export function arrange(
  tokens: readonly Token[],
  specs: Readonly<Record<string, ArgumentSpec>>,
  reading: ParseContext,
): Arranged {
  const values: Record<string, unknown> = {};
  const notes: Say[] = [];
  const names = Object.keys(specs);
  const missingOne = (kinds: (kind: ArgumentKind) => boolean = () => true) =>
    names.find((name) => !(name in values) && !specs[name]!.optional && kinds(specs[name]!.kind));
  const found = (name: string, { value, note }: Found) => {
    values[name] = value;
    if (note) notes.push(note);
  };
  for (let i = 0; i < tokens.length; i++) {
    const token = tidied(tokens[i]!);
    const typed = openFor(token, { next: tokens[i + 1], values, specs, reading });
    const name = typed ?? missingOne((kind) => kind !== "rest");
    if (name === undefined) {
      const rest = names.find((one) => specs[one]!.kind === "rest");
      if (rest === undefined) return failed(say`I do not know what to do with ${code(token.text)}`, token);
      values[rest] = textOf(tokens.slice(i));
      break;
    }
    const { kind } = specs[name]!;
    if (isManyInOne(tokens[i]!, tokens[i + 1], kind)) return oneAtATime(tokens[i]!);
    const person =
      typed && mayBeName(token, { typed, values, specs }) ? nameMeant(token, reading) : undefined;
    if (person) {
      if (!person.ok) return person;
      found(person.name, person);
      continue;
    }
    const isNamed = (values["kind"] ?? "user") === "user";
    const one = typed ? readTyped(token, kind, reading) : standIn(token, { name, kind, isNamed, reading });
    if (!one.ok) return one;
    found(name, one);
    // What the reply gave leaves the word to the others.
    if (!one.isOfWord) i--;
  }
  if (tokens.length === 0) takeOptional(specs, { reading, found });
  for (let missing = missingOne(); missing !== undefined; missing = missingOne()) {
    const other = ofReply(specs[missing]!.kind, reading) ?? lacking(missing, specs[missing]!, reading);
    if (!other.ok) return other;
    found(missing, other);
  }
  return { ok: true, values: withKind(values), notes };
}

/** Where a number or `last` is taken, any other word may be the name of whom the command is about. */
function mayBeName(
  token: Token,
  { typed, values, specs }: { typed: string; values: Values; specs: Readonly<Record<string, ArgumentSpec>> },
): boolean {
  const { kind, fromReply } = specs[typed]!;
  if (kind !== "word" || fromReply !== "incident" || "who" in values) return false;
  return !/^(#?\d+|last)$/i.test(token.text);
}

/** Undefined where nobody is called so, and the word is for the command to refuse. */
function nameMeant(
  token: Token,
  reading: ParseContext,
): ((Found & { readonly name: string }) | Misfit) | undefined {
  const name = "who";
  const one = ofName(token, "entity", reading);
  if (one) return one.ok ? { ...one, name } : one;
  const wanted = nameIn(token, "entity");
  const isLookedUp = wanted.name === undefined || reading.lookedUp.names?.has(foldName(wanted.name)) === true;
  return isLookedUp
    ? undefined
    : { ...failed(say`Nobody here is called ${code(token.text, 60)}`, token), ...wanted };
}

function readTyped(token: Token, kind: ArgumentKind, reading: ParseContext): Found | Misfit {
  const read = readArgument(token.text, kind, reading);
  if (!("problem" in read)) return { ok: true, value: read.value, note: undefined, isOfWord: true };
  // `@bob` looks like an id and is none: somebody may be called that.
  const person = kind === "entity" ? ofName(token, kind, reading) : undefined;
  return person ?? { ...failed(read.problem, token), ...nameIn(token, kind) };
}

/** The argument that takes the word, if any does. */
function openFor(
  token: Token,
  {
    next,
    values,
    specs,
    reading,
  }: {
    next: Token | undefined;
    values: Values;
    specs: Readonly<Record<string, ArgumentSpec>>;
    reading: ParseContext;
  },
): string | undefined {
  // "user", "room" or "server" is a kind only before the entity; after it, it is a word of the reason.
  const isKindOver = "who" in values;
  const open = Object.keys(specs).filter(
    (name) =>
      !(name in values) && specs[name]!.kind !== "rest" && !(isKindOver && specs[name]!.kind === "kind"),
  );
  const fits = (word: Token, wanted: "sure" | "maybe") =>
    open.filter((name) => fitOf(word, specs[name]!.kind, reading) === wanted);
  const [first, ...others] = fits(token, "sure");
  // A list named by its room could be the room that is to be banned; but not if a word follows that may be it, unless
  // it is called a room.
  const list = others.find((name) => specs[name]!.kind === "list");
  if (first !== undefined && list !== undefined && next && !("kind" in values)) {
    const [ofNext] = fits(tidied(next), "sure");
    if (ofNext !== list && specs[first]!.kind === "entity") return list;
  }
  return first ?? fits(token, "maybe")[0];
}

/** A type word before the entity (`ban server evil.example`) overrides what the entity looks like. */
function withKind(values: Record<string, unknown>): Values {
  const kind = values["kind"] as RuleKind | undefined;
  const entity = values["who"] as Entity | undefined;
  return kind && entity && typeof entity === "object"
    ? { ...values, who: { ...entity, kind, text: normaliseEntity(kind, entity.text) } }
    : values;
}

function textOf(tokens: readonly Token[]): string {
  return tokens.map((token) => token.text).join(" ");
}
