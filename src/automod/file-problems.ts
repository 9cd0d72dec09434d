/** What is wrong with a rule file, with the line and column at which an editor shows it. */
import type { LineCounter } from "yaml";

export interface FileProblem {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  readonly length: number;
  /** The line itself. */
  readonly source: string;
  readonly message: string;
  readonly hint?: string;
}

/** Where something stands in the file: UTF-16 units, from and up to. */
export type Offsets = readonly [number, number];

export class FileProblems {
  readonly mistakes: FileProblem[] = [];
  readonly warnings: FileProblem[] = [];
  readonly #text: string;
  readonly #lines: LineCounter;

  constructor(text: string, lines: LineCounter) {
    this.#text = text;
    this.#lines = lines;
  }

  mistake(at: Offsets, message: string, hint?: string): void {
    this.mistakes.push(this.#problem(at, message, hint));
  }

  warning(at: Offsets, message: string, hint?: string): void {
    this.warnings.push(this.#problem(at, message, hint));
  }

  #problem([from, to]: Offsets, message: string, hint: string | undefined): FileProblem {
    const { line, col } = this.#lines.linePos(from);
    const start = this.#lines.lineStarts[Math.max(0, line - 1)] ?? 0;
    const source = /[^\r\n]*/.exec(this.#text.slice(start))![0];
    const length = Math.max(1, Math.min(to - from, source.length - col + 1));
    return {
      line: Math.max(1, line),
      column: Math.max(1, col),
      length,
      source,
      message,
      ...(hint === undefined ? {} : { hint }),
    };
  }
}

/** Letters shown before the place of a mistake and after it, in a sentence. */
const around = 30;

/** The place with a little of the line around it, for a sentence. */
export function excerptOf({
  column,
  length,
  source,
}: Pick<FileProblem, "column" | "length" | "source">): string {
  return source.slice(Math.max(0, column - 1 - around), column - 1 + length + around).trim();
}

/** Longer lines are cut around the place. */
const widest = 100;

/** "lobby.yaml:4:30: nothing is called ...", the line, a mark under the place, and what to write instead. */
export function describeProblem(
  file: string,
  { line, column, length, source, message, hint }: FileProblem,
): string {
  const from = Math.max(0, column - 1 - widest / 2);
  const shown = source.slice(from, from + widest).replace(/\t/g, " ");
  return [
    `${file}:${line}:${column}: ${message}`,
    `  ${shown}`,
    `  ${" ".repeat(column - 1 - from)}${"^".repeat(Math.min(length, widest))}`,
    ...(hint === undefined ? [] : [`  ${hint}`]),
  ].join("\n");
}
