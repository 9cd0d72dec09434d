/** Gives the words of a command to its arguments: in what order they may come, and where a missing one is found. */
import { code, plain, say, type Say } from "../kit/say.ts";
import { nearest } from "../kit/nearest.ts";
import { foldName } from "../kit/unseen.ts";
import { normaliseEntity, type RuleKind } from "../model/policy-list.ts";
import type { ArgumentKind, ArgumentSpec, Choice, Entity, Reading } from "./define.ts";
import { fitOf, isManyInOne, looksLikeId, readArgument, tidied } from "./recognise.ts";
import { endOf, type Token } from "./tokenise.ts";

type Values = Readonly<Record<string, unknown>>;
export type Arranged =
  | {
      readonly ok: true;
      readonly values: Values;
      /** Whom or what it took that was not typed as such. */
      readonly notes: readonly Say[];
    }
  | Misfit;

export interface Misfit {
  readonly ok: false;
  readonly problem: Say;
  /** Where the fault stands in the line; undefined where something is missing. */
  readonly at: number | undefined;
  /** The argument to ask for. `place`: what of the line the answer takes the place of; its end, if undefined. */
  readonly asks?: {
    readonly kind: ArgumentKind;
    readonly choices: readonly Choice[];
    readonly place: readonly [from: number, to: number] | undefined;
  };
  /** May be somebody's display name: looked up, it may fit. */
  readonly name?: string;
}

/** Nobody's name is longer who is to be found by it. */
const longestName = 100;
const mostChoices = 10;

/**
 * Gives each word to the argument that it fits: first to one that it surely is, then to the first that it may be.
 * So a list and an entity may come in either order. From the first word that fits nothing, the rest is text.
 */
export function arrange(
  tokens: readonly Token[],
  specs: Readonly<Record<string, ArgumentSpec>>,
  reading: Reading,
): Arranged {
  const values: Record<string, unknown> = {};
  const notes: Say[] = [];
  const names = Object.keys(specs);
  const missingOne = (kinds: (kind: ArgumentKind) => boolean = () => true) =>
    names.find((name) => !(name in values) && !specs[name]!.optional && kinds(specs[name]!.kind));
  const found = (name: string, one: Found) => {
    values[name] = one.value;
    notes.push(one.note);
  };
  for (let i = 0; i < tokens.length; i++) {
    const token = tidied(tokens[i]!);
    const name = openFor(token, { values, specs, reading });
    if (name !== undefined) {
      if (isManyInOne(tokens[i]!, tokens[i + 1], specs[name]!.kind)) return oneAtATime(tokens[i]!);
      const read = readArgument(token.text, specs[name]!.kind, reading);
      if (!("problem" in read)) {
        values[name] = read.value;
        continue;
      }
      // `@bob` looks like an id and is none: somebody may be called that.
      const person = specs[name]!.kind === "entity" ? ofName(token, "entity", reading) : undefined;
      if (!person?.ok)
        return person ?? { ...failed(read.problem, token), ...nameIn(token, specs[name]!.kind) };
      found(name, person);
      continue;
    }
    const missing = missingOne((kind) => kind !== "rest");
    if (missing === undefined) {
      const rest = names.find((one) => specs[one]!.kind === "rest");
      if (rest === undefined) return failed(say`I do not know what to do with ${code(token.text)}`, token);
      values[rest] = textOf(tokens.slice(i));
      break;
    }
    if (isManyInOne(tokens[i]!, tokens[i + 1], specs[missing]!.kind)) return oneAtATime(tokens[i]!);
    const other = replacement(token, { name: missing, spec: specs[missing]!, values, reading });
    if (!other.ok) return other;
    found(missing, other);
    // A name has taken its word; what the reply gave leaves the word to the others.
    if (!other.isOfWord) i--;
  }
  if (tokens.length === 0) takeOptional(specs, { reading, found });
  for (let missing = missingOne(); missing !== undefined; missing = missingOne()) {
    const other = ofReply(specs[missing]!.kind, reading) ?? lacking(missing, specs[missing]!, reading);
    if (!other.ok) return other;
    found(missing, other);
  }
  return { ok: true, values: withKind(values), notes };
}

interface Found {
  readonly ok: true;
  readonly value: unknown;
  readonly note: Say;
  /** The word itself named it. */
  readonly isOfWord: boolean;
}

/** The argument that takes the word, if any does. */
function openFor(
  token: Token,
  {
    values,
    specs,
    reading,
  }: { values: Values; specs: Readonly<Record<string, ArgumentSpec>>; reading: Reading },
): string | undefined {
  // "user", "room" or "server" is a kind only before the entity; after it, it is a word of the reason.
  const isKindOver = "who" in values;
  const open = Object.keys(specs).filter(
    (name) =>
      !(name in values) && specs[name]!.kind !== "rest" && !(isKindOver && specs[name]!.kind === "kind"),
  );
  const fits = (wanted: "sure" | "maybe") =>
    open.find((name) => fitOf(token, specs[name]!.kind, reading) === wanted);
  return fits("sure") ?? fits("maybe");
}

/** For a word that fits nothing while something is missing: the message replied to, or the person of that name. */
function replacement(
  token: Token,
  { name, spec, values, reading }: { name: string; spec: ArgumentSpec; values: Values; reading: Reading },
): Found | Misfit {
  const isPerson = spec.kind === "person" || spec.kind === "entity";
  const isNamed = isPerson && (values["kind"] ?? "user") === "user";
  return (
    ofReply(spec.kind, reading, token.start) ??
    (isNamed ? ofName(token, spec.kind, reading) : undefined) ?? {
      ...failed(misfit(token, { kind: spec.kind, name, reading }), token),
      ...(isNamed ? nameIn(token, spec.kind) : {}),
    }
  );
}

function ofName(token: Token, kind: ArgumentKind, reading: Reading): Found | Misfit | undefined {
  const known = reading.names?.get(foldName(nameOf(token)));
  const [only, ...others] = known?.people ?? [];
  if (!known || only === undefined) return undefined;
  if (others.length === 0 && !known.isCut) {
    const value: Entity = { kind: "user", text: only, isGlob: false };
    return { ok: true, value, note: say`${plain(nameOf(token), 60)} is ${code(only)}.`, isOfWord: true };
  }
  const choices = known.people.slice(0, mostChoices).map((user) => ({ typed: user, shown: code(user) }));
  const more = known.isCut || known.people.length > choices.length ? say` and others` : "";
  return {
    ...failed(say`${plain(nameOf(token), 60)} may be several people${more}. Which?`, token),
    asks: { kind, choices, place: [token.start, endOf(token)] },
  };
}

/** What the message replied to is about, where it is about one of the kind; several are offered. */
function ofReply(kind: ArgumentKind, reading: Reading, at?: number): Found | Misfit | undefined {
  const texts = textsFor(kind, reading).filter(
    (text) => fitOf({ text, typed: text, start: 0, isQuoted: false }, kind, reading) === "sure",
  );
  const [only, ...others] = texts;
  if (only === undefined) return undefined;
  if (others.length > 0) {
    const choices = texts.slice(0, mostChoices).map((text) => ({ typed: text, shown: code(text) }));
    const place = at === undefined ? undefined : ([at, at] as const);
    const problem = say`The message you replied to is about several. Which?`;
    return { ok: false, problem, at: undefined, asks: { kind, choices, place } };
  }
  const read = readArgument(only, kind, reading);
  if ("problem" in read) return { ok: false, problem: read.problem, at: undefined };
  const note = say`From the message you replied to: ${code(only)}.`;
  return { ok: true, value: read.value, note, isOfWord: false };
}

function textsFor(kind: ArgumentKind, { subject }: Reading): readonly string[] {
  switch (kind) {
    case "entity":
    case "person":
      return subject?.who ?? [];
    case "room":
      return subject?.rooms ?? [];
    case "event":
      return subject?.events ?? [];
    default:
      return [];
  }
}

/** A command without words may be about what the message replied to is about: its number before its people. */
function takeOptional(
  specs: Readonly<Record<string, ArgumentSpec>>,
  { reading, found }: { reading: Reading; found: (name: string, one: Found) => void },
): void {
  const { incident, question } = reading.subject ?? {};
  for (const [wanted, number] of [
    ["incident", incident],
    ["question", question],
  ] as const) {
    const name = Object.keys(specs).find((one) => specs[one]!.fromReply === wanted);
    if (name === undefined || number === undefined) continue;
    const note = say`From the message you replied to: ${number}.`;
    return found(name, { ok: true, value: String(number), note, isOfWord: false });
  }
  const name = Object.keys(specs).find((one) => specs[one]!.fromReply === "who");
  const who = name === undefined ? undefined : ofReply(specs[name]!.kind, reading);
  if (name !== undefined && who?.ok) found(name, who);
}

/** Whom or what a missing argument is asked for. */
function lacking(name: string, { kind, about }: ArgumentSpec, reading: Reading): Misfit {
  const choices = kind === "list" ? choicesOfLists(reading) : [];
  return {
    ok: false,
    problem: say`${questionFor(kind) ?? say`What is ${code(name)}?`} ${code(name)} is missing: ${plain(about)}.`,
    at: undefined,
    asks: { kind, choices, place: undefined },
  };
}

function choicesOfLists({ world }: Reading): readonly Choice[] {
  return world
    .watchedLists()
    .slice(0, mostChoices)
    .map(({ shortcode, room }) => ({ typed: shortcode ?? room, shown: code(shortcode ?? room) }));
}

function questionFor(kind: ArgumentKind): Say | undefined {
  switch (kind) {
    case "entity":
      return say`Whom or what?`;
    case "person":
      return say`Whom?`;
    case "list":
      return say`Which list?`;
    case "room":
      return say`Which room?`;
    case "event":
      return say`Which message?`;
    case "alias":
      return say`Which alias?`;
    default:
      return undefined;
  }
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

/** A display name, which people also write with an @ before it. */
function nameOf(token: Token): string {
  return token.text.replace(/^@/, "");
}

function nameIn(token: Token, kind: ArgumentKind): { readonly name?: string } {
  const name = nameOf(token);
  if (kind !== "person" && kind !== "entity") return {};
  if (looksLikeId(token.text) || name === "" || name.length > longestName) return {};
  return { name };
}

function failed(problem: Say, token: Token): Misfit {
  return { ok: false, problem, at: token.start };
}

function oneAtATime(token: Token): Misfit {
  return failed(
    say`I take one at a time: give a command for each of them, or a glob such as ${code("@*:evil.example")} for all of a server`,
    token,
  );
}

function misfit(
  token: Token,
  { kind, name, reading }: { kind: ArgumentKind; name: string; reading: Reading },
): Say {
  const wanted: Record<ArgumentKind, string> = {
    entity:
      "a user (@name:server), a room (!id or #alias), a server (name.example), a glob of one of them, or the display name of one person here",
    person: "a user id (@name:server), a glob, or the display name of one person here",
    list: "a list: its shortcode, room id or alias",
    room: "a room: !id, #alias or a link",
    event: "a link to an event",
    alias: "an alias (#name:server)",
    media: "the address of a file (mxc://server/id)",
    kind: "user, room or server",
    word: "a word",
    command: "a command",
    rest: "text",
  };
  const shortcodes = reading.world.watchedLists().flatMap((list) => list.shortcode ?? []);
  const guess = kind === "list" ? nearest(token.text, shortcodes) : undefined;
  return say`${code(token.text, 60)} is not ${wanted[kind]}, which is needed for ${code(name)}${guess ? say`. Did you mean ${code(guess)}?` : ""}`;
}
