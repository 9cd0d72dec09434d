/** Where an argument comes from that the line does not give: the message replied to, a display name, a question back. */
import { code, plain, say, type Say } from "../../kit/say.ts";
import { nearest } from "../../kit/did-you-mean.ts";
import { foldName } from "../../kit/invisible-characters.ts";
import type { ArgumentKind, ArgumentSpec, Choice, Entity, ParseContext } from "../define.ts";
import { fitOf, looksLikeId, readArgument } from "./read-argument.ts";
import { endOf, type Token } from "./tokenise.ts";

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

export interface Found {
  readonly ok: true;
  readonly value: unknown;
  /** Said, where it was not typed as such. */
  readonly note: Say | undefined;
  /** The word itself named it. */
  readonly isOfWord: boolean;
}

/** For a word that fits nothing while something is missing: the message replied to, or the person of that name. */
export function standIn(
  token: Token,
  {
    name,
    kind,
    isNamed,
    reading,
  }: { name: string; kind: ArgumentKind; isNamed: boolean; reading: ParseContext },
): Found | Misfit {
  const isPerson = isNamed && (kind === "person" || kind === "entity");
  return (
    ofReply(kind, reading, token.start) ??
    (isPerson ? ofName(token, kind, reading) : undefined) ?? {
      ...failed(misfit(token, { kind, name, reading }), token),
      ...(isPerson ? nameIn(token, kind) : {}),
    }
  );
}

/** The one person of our rooms who is called so; several are offered. */
export function ofName(token: Token, kind: ArgumentKind, reading: ParseContext): Found | Misfit | undefined {
  const known = reading.lookedUp.names?.get(foldName(nameOf(token)));
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
export function ofReply(kind: ArgumentKind, reading: ParseContext, at?: number): Found | Misfit | undefined {
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

/** A command without words may be about what the message replied to is about: its number before its people. */
export function takeOptional(
  specs: Readonly<Record<string, ArgumentSpec>>,
  { reading, found }: { reading: ParseContext; found: (name: string, one: Found) => void },
): void {
  const { incident, question } = reading.lookedUp.subject ?? {};
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
export function lacking(name: string, { kind, about }: ArgumentSpec, reading: ParseContext): Misfit {
  const choices = kind === "list" ? choicesOfLists(reading) : [];
  return {
    ok: false,
    // What may stand there is told after a question anyway.
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

/** A display name, which people also write with an @ before it. */
function nameOf(token: Token): string {
  return token.text.replace(/^@/, "");
}

export function nameIn(token: Token, kind: ArgumentKind): { readonly name?: string } {
  const name = nameOf(token);
  if (kind !== "person" && kind !== "entity") return {};
  if (looksLikeId(token.text) || name === "" || name.length > longestName) return {};
  return { name };
}

export function failed(problem: Say, token: Token): Misfit {
  return { ok: false, problem, at: token.start };
}

export function oneAtATime(token: Token): Misfit {
  return failed(
    say`I take one at a time: give a command for each of them, or a glob such as ${code("@*:evil.example")} for all of a server`,
    token,
  );
}

function misfit(
  token: Token,
  { kind, name, reading }: { kind: ArgumentKind; name: string; reading: ParseContext },
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
  const isCutName =
    (kind === "person" || kind === "entity") && !token.isQuoted && "name" in nameIn(token, kind);
  const hint = guess
    ? say`. Did you mean ${code(guess)}?`
    : isCutName
      ? say`. A name of several words needs quotes: ${code('"Some Body"')}`
      : "";
  return say`${code(token.text, 60)} is not ${wanted[kind]}, which is needed for ${code(name)}${hint}`;
}
