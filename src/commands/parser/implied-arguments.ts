/** Arguments that were not typed in full: taken from the message replied to, found by a display name, or asked for. */
import { code, plain, say, type Say } from "../../kit/say.ts";
import { nearest } from "../../kit/did-you-mean.ts";
import { foldName } from "../../kit/invisible-characters.ts";
import type { ArgumentKind, ArgumentSpec, Choice, Entity, ParseContext } from "../define.ts";
import type { UserId } from "../../model/ids.ts";
import { otherSpellings } from "../../policy/index/member-search.ts";
import { fitOf, looksLikeId, readArgument } from "./read-argument.ts";
import { endOf, type Token } from "./tokenise.ts";

export interface ArgumentProblem {
  readonly ok: false;
  readonly problem: Say;
  /** Offset of the fault in the line; undefined where an argument is missing. */
  readonly at: number | undefined;
  /** The argument to ask the moderator for. `place`: offsets of the part of the line that the answer replaces; undefined for its end. */
  readonly asks?: {
    readonly kind: ArgumentKind;
    readonly choices: readonly Choice[];
    readonly place: readonly [from: number, to: number] | undefined;
  };
  /** A word that may be a display name: once it is looked up, the command may be understood. */
  readonly name?: string;
}

/** Longer words are not looked up as display names. */
const longestName = 100;
const mostChoices = 10;

export interface FoundValue {
  readonly ok: true;
  readonly value: unknown;
  /** Said in the reply, so that the moderator sees which value was taken; undefined where it was typed. */
  readonly note: Say | undefined;
  /** False: the value came from elsewhere, and the word is still to be assigned. */
  readonly usesWord: boolean;
}

/**
 * The value of a missing argument, met at a word that does not fit it: from the message replied to, or the person whose
 * display name the word is. `isNamed`: the command is not about a room or server, so that the word may be a display name.
 */
export function impliedValue(
  token: Token,
  {
    name,
    kind,
    isNamed,
    context,
  }: { name: string; kind: ArgumentKind; isNamed: boolean; context: ParseContext },
): FoundValue | ArgumentProblem {
  const isPerson = isNamed && (kind === "person" || kind === "entity");
  return (
    valueFromReply(kind, context, token.start) ??
    (isPerson ? personByName(token, kind, context) : undefined) ?? {
      ...problemAt(unfitProblem(token, { kind, name, context }), token),
      ...(isPerson ? possibleName(token, kind) : {}),
    }
  );
}

/** The person in protected rooms with that display name; several become choices. Undefined where nobody is known by it. */
export function personByName(
  token: Token,
  kind: ArgumentKind,
  context: ParseContext,
): FoundValue | ArgumentProblem | undefined {
  const known = context.lookedUp.names?.get(foldName(nameOf(token)));
  const [only, ...others] = known?.people ?? [];
  if (!known || only === undefined) return undefined;
  if (others.length === 0 && !known.isCut) {
    const value: Entity = { kind: "user", text: only, isGlob: false };
    return { ok: true, value, note: say`${plain(nameOf(token), 60)} is ${code(only)}.`, usesWord: true };
  }
  const choices = known.people.slice(0, mostChoices).map((user) => ({ typed: user, shown: code(user) }));
  const more = known.isCut || known.people.length > choices.length ? say` and others` : "";
  return {
    ...problemAt(say`${plain(nameOf(token), 60)} may be several people${more}. Which?`, token),
    asks: { kind, choices, place: [token.start, endOf(token)] },
  };
}

/** A word with a dot that people here bear as their display name: they are offered, and the server of that name. */
export function personOrServer(token: Token, context: ParseContext): ArgumentProblem | undefined {
  const people = context.lookedUp.names?.get(foldName(nameOf(token)))?.people ?? [];
  if (people.length === 0) return undefined;
  const choices = [
    ...people.slice(0, mostChoices - 1).map((user) => ({ typed: user, shown: code(user) })),
    { typed: `server ${token.text}`, shown: say`the server ${code(token.text, 100)}` },
  ];
  return {
    ...problemAt(
      say`${code(token.text, 60)} is the name of somebody here, and may be a server. Which is meant?`,
      token,
    ),
    asks: { kind: "entity", choices, place: [token.start, endOf(token)] },
  };
}

/**
 * A typed id that nobody here bears, where somebody bears it in other capitals, as phones write them: it is asked who is
 * meant, as they are different people. In quotes it is taken as it stands. Links and pills are always exact.
 */
export function spelledOtherwise(
  token: Token,
  value: unknown,
  { kind, context: { world } }: { kind: ArgumentKind; context: ParseContext },
): ArgumentProblem | undefined {
  if ((kind !== "person" && kind !== "entity") || token.isQuoted || !token.text.startsWith("@"))
    return undefined;
  const { text, isGlob } = value as Entity;
  if (isGlob || world.members.has(text as UserId)) return undefined;
  const others = otherSpellings(text as UserId, world.members).slice(0, mostChoices - 1);
  if (others.length === 0) return undefined;
  const choices = [
    ...others.map((user) => ({ typed: user, shown: code(user) })),
    { typed: `"${text}"`, shown: say`${code(text)}, as you typed it` },
  ];
  return {
    ...problemAt(
      say`I know nobody of the id ${code(text)}, and ${code(others[0]!)} ${whereabouts(others[0]!, world)}. Who is meant?`,
      token,
    ),
    asks: { kind, choices, place: [token.start, endOf(token)] },
  };
}

/** Somebody who is known may be banned, or only invited. */
function whereabouts(user: UserId, { members }: ParseContext["world"]): string {
  if (members.roomsOf(user, ["join"]).length > 0) return "is here";
  return members.roomsOf(user, ["ban"]).length > 0 ? "is banned here" : "is invited here";
}

/** What the message replied to names of that kind; several become choices. Undefined where it names none. `at`: offset for the answer. */
export function valueFromReply(
  kind: ArgumentKind,
  context: ParseContext,
  at?: number,
): FoundValue | ArgumentProblem | undefined {
  const texts = textsFor(kind, context).filter(
    (text) => fitOf({ text, typed: text, start: 0, isQuoted: false }, kind, context) === "sure",
  );
  const [only, ...others] = texts;
  if (only === undefined) return undefined;
  if (others.length > 0) {
    const choices = texts.slice(0, mostChoices).map((text) => ({ typed: text, shown: code(text) }));
    const place = at === undefined ? undefined : ([at, at] as const);
    const problem = say`The message you replied to is about several. Which?`;
    return { ok: false, problem, at: undefined, asks: { kind, choices, place } };
  }
  const read = readArgument(only, kind, context);
  if ("problem" in read) return { ok: false, problem: read.problem, at: undefined };
  const note = say`From the message you replied to: ${code(only)}.`;
  return { ok: true, value: read.value, note, usesWord: false };
}

function textsFor(kind: ArgumentKind, { lookedUp: { subject } }: ParseContext): readonly string[] {
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

/**
 * Fills optional arguments of a command without words from the message replied to: the number of its incident or question
 * if it has one, else the person it names.
 */
export function fillFromReply(
  specs: Readonly<Record<string, ArgumentSpec>>,
  { context, take }: { context: ParseContext; take: (name: string, one: FoundValue) => void },
): void {
  const { incident, question } = context.lookedUp.subject ?? {};
  for (const [wanted, number] of [
    ["incident", incident],
    ["question", question],
  ] as const) {
    const name = Object.keys(specs).find((one) => specs[one]!.fromReply === wanted);
    if (name === undefined || number === undefined) continue;
    const note = say`From the message you replied to: ${number}.`;
    return take(name, { ok: true, value: String(number), note, usesWord: false });
  }
  const name = Object.keys(specs).find((one) => specs[one]!.fromReply === "who");
  const who = name === undefined ? undefined : valueFromReply(specs[name]!.kind, context);
  if (name !== undefined && who?.ok) take(name, who);
}

/** The problem that an argument is missing, with the question for it. */
export function missingArgument(
  name: string,
  { kind, about }: ArgumentSpec,
  context: ParseContext,
): ArgumentProblem {
  const choices = kind === "list" ? choicesOfLists(context) : [];
  return {
    ok: false,
    // For these kinds what may be answered is said after the question; for the others it is said here.
    problem: questionFor(kind) ?? say`${code(name)} is missing: ${plain(about)}.`,
    at: undefined,
    asks: { kind, choices, place: undefined },
  };
}

function choicesOfLists({ world }: ParseContext): readonly Choice[] {
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

/** The word as a display name, which people also write with an @ before it. */
function nameOf(token: Token): string {
  return token.text.replace(/^@/, "");
}

/** Empty where the word can be no display name, or nobody is needed. */
export function possibleName(token: Token, kind: ArgumentKind): { readonly name?: string } {
  const name = nameOf(token);
  if (kind !== "person" && kind !== "entity") return {};
  if (looksLikeId(token.text) || name === "" || name.length > longestName) return {};
  return { name };
}

export function problemAt(problem: Say, token: Token): ArgumentProblem {
  return { ok: false, problem, at: token.start };
}

export function oneAtATime(token: Token): ArgumentProblem {
  return problemAt(
    say`I take one at a time: give a command for each of them, or a glob such as ${code("@*:evil.example")} for all of a server`,
    token,
  );
}

function unfitProblem(
  token: Token,
  { kind, name, context }: { kind: ArgumentKind; name: string; context: ParseContext },
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
    written: "text",
  };
  const shortcodes = context.world.watchedLists().flatMap((list) => list.shortcode ?? []);
  const guess = kind === "list" ? nearest(token.text, shortcodes) : undefined;
  const isCutName =
    (kind === "person" || kind === "entity") && !token.isQuoted && "name" in possibleName(token, kind);
  const hint = guess
    ? say`. Did you mean ${code(guess)}?`
    : isCutName
      ? say`. A name of several words needs quotes: ${code('"Some Body"')}`
      : "";
  return say`${code(token.text, 60)} is not ${wanted[kind]}, which is needed for ${code(name)}${hint}`;
}
