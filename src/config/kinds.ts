/**
 * The kinds of option that the schema is made of. Each makes a zod schema and registers notes for people with it, from
 * which messages about mistakes, config/default.yaml and docs/settings.md are made.
 */
import { z } from "zod";

export interface Notes {
  readonly kind: Kind;
  /** A sentence or two: what it means and, for a limit, the reason for it. */
  readonly meaning: string;
  readonly unit?: string;
  readonly example?: string;
  readonly default?: unknown;
  readonly isRequired?: boolean;
  /** The end of a message that begins with "expected". */
  readonly expected: string;
  /** For the name of a file: the path of the secret option that the file holds. */
  readonly holds?: string;
}

export type Kind = "section" | "text" | "secret" | "number" | "yes-no" | "choice" | "list";

export const notes = z.registry<Notes>();

/** A value that is shown by no logger, `JSON.stringify` or stack trace: only `reveal()` gives it away. */
export interface Secret {
  readonly reveal: () => string;
}

/** The value that a text stands for; undefined where the text is not accepted. */
export type Parser<T> = (text: string) => T | undefined;

interface TextNotes {
  readonly meaning: string;
  readonly example: string;
  /** Ends "expected …": "a user id such as @me:example.org". */
  readonly expected?: string;
  readonly holds?: string;
}

export function section<Shape extends z.ZodRawShape>(meaning: string, shape: Shape) {
  return noted(z.strictObject(shape), { kind: "section", meaning, expected: "settings below it" });
}

export function requiredText<T>(about: TextNotes, parse: Parser<T>) {
  return noted(parsed(parse), { kind: "text", expected: "text", isRequired: true, ...about });
}

export function optionalText<T>(about: TextNotes, parse: Parser<T>) {
  return noted(parsed(parse).optional(), { kind: "text", expected: "text", ...about });
}

export function textOr(standard: string, about: TextNotes) {
  return noted(parsed(anyText).default(standard), {
    kind: "text",
    expected: "text",
    default: standard,
    ...about,
  });
}

export function optionalSecret(about: TextNotes) {
  const schema = z.string().min(1).transform(hide).optional();
  return noted(schema, { kind: "secret", expected: "text", ...about });
}

interface NumberNotes {
  readonly meaning: string;
  readonly unit: string;
  readonly default: number;
  readonly min: number;
  readonly max: number;
}

export function wholeNumber(about: NumberNotes) {
  const { min, max, ...rest } = about;
  const expected = `a whole number from ${min} to ${max}`;
  return noted(z.int().min(min).max(max).default(about.default), { kind: "number", expected, ...rest });
}

/** A whole number for each row of the table. */
export function wholeNumbers<Name extends string>(table: Readonly<Record<Name, NumberNotes>>) {
  const numbers = Object.entries<NumberNotes>(table).map(([name, about]) => [name, wholeNumber(about)]);
  return Object.fromEntries(numbers) as Record<Name, ReturnType<typeof wholeNumber>>;
}

export function yesNo(standard: boolean, meaning: string) {
  return noted(z.boolean().default(standard), {
    kind: "yes-no",
    meaning,
    expected: "true or false",
    default: standard,
  });
}

export function choice<const Names extends readonly [string, ...string[]]>(
  names: Names,
  standard: Names[number],
  meaning: string,
) {
  // zod computes the type of a default from the literal names, which are still open here.
  const schema = z.enum(names).default(standard as never);
  return noted(schema, {
    kind: "choice",
    meaning,
    expected: `one of ${names.join(", ")}`,
    default: standard,
  });
}

interface ListNotes<T> {
  readonly meaning: string;
  readonly example?: string;
  readonly default?: readonly T[];
  readonly min?: number;
  /** What each item is; ends "expected …". */
  readonly expected?: string;
}

export function list<T>(about: ListNotes<T>, parse: Parser<T>) {
  const standard = [...(about.default ?? [])];
  const schema = z.array(parsed(parse)).min(about.min ?? 0);
  // As with choices: the type of the items is still open here.
  return noted(schema.default(standard as never), {
    kind: "list",
    expected: "text",
    ...about,
    default: standard,
  });
}

/** Accepts any text but a blank one. */
export function anyText(text: string): string | undefined {
  return text.trim() === "" ? undefined : text;
}

export function hide(value: string): Secret {
  return { reveal: () => value };
}

function parsed<T>(parse: Parser<T>) {
  return z.string().transform((text, context): T => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue({ code: "custom", message: "refused" });
    return z.NEVER;
  });
}

function noted<Schema extends z.ZodType>(schema: Schema, about: Notes): Schema {
  notes.add(schema, about);
  return schema;
}
