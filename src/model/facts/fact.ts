/**
 * What a fact is: something that can be told of an event, its author, its room. The vocabulary of rule files is a table
 * of facts; the checker, the help and the docs are made from it.
 */
import type { ListKind } from "../rule-lists.ts";
import type { KindSet } from "./kinds.ts";

/** What a number counts: nothing in particular, ms, bytes, a share from 0 to 1, pixels. */
export type Measured = "count" | "time" | "size" | "share" | "pixels";

export type FactType =
  | { readonly base: "yes-no" }
  | { readonly base: "number"; readonly measured: Measured }
  /** One of these words. */
  | { readonly base: "word"; readonly words: readonly string[] }
  /** What somebody wrote: it has words. */
  | { readonly base: "text" }
  /** An id, a host: compared whole, without letter case. `list`: the lists in which it is looked up. */
  | { readonly base: "name"; readonly list?: ListKind }
  /** Only the same or not the same: counted by, or looked up in a list. */
  | { readonly base: "key"; readonly list?: ListKind };

/** How dear it is to tell: a number at hand, a look into the world, the text folded, its links found. */
export const costs = ["at hand", "looked up", "text", "links"] as const;
export type Cost = (typeof costs)[number];

/** A number, a word, a name: whatever its type says. Undefined, where it is asked for: unknown. */
export type FactValue = boolean | number | string;

export interface Fact {
  /** "author.age", "links". */
  readonly name: string;
  /** A sentence for people. */
  readonly about: string;
  readonly type: FactType;
  readonly cost: Cost;
  /** For other kinds of events it is unknown; undefined: known for all. */
  readonly kinds?: KindSet;
  /** Told of each link of a message, not of the event. */
  readonly ofLink: boolean;
  /** In the vocabulary. */
  readonly place: number;
  /** Which part of Tyr will feed it; undefined: it is fed. What is not fed is unknown. */
  readonly waitsFor?: string;
}

export const yesNo = { base: "yes-no" } as const;
export const count = { base: "number", measured: "count" } as const;
export const time = { base: "number", measured: "time" } as const;
export const size = { base: "number", measured: "size" } as const;
export const share = { base: "number", measured: "share" } as const;
export const pixels = { base: "number", measured: "pixels" } as const;
export const text = { base: "text" } as const;
export const name = { base: "name" } as const;
export const key = { base: "key" } as const;

export function oneOf(...words: readonly string[]): FactType {
  return { base: "word", words };
}

type Row = Omit<Fact, "name" | "ofLink" | "place">;
/** As it is declared; the vocabulary gives it its place. */
export type DeclaredFact = Omit<Fact, "place">;

/** The facts of one thing. The row named "" is the thing alone. */
export function factsOf(thing: string, rows: Readonly<Record<string, Row>>): readonly DeclaredFact[] {
  return Object.entries(rows).map(([word, row]) => ({
    ...row,
    name: word === "" ? thing : `${thing}.${word}`,
    ofLink: thing === "link",
  }));
}
