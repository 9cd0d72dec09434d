/** Values as one source (file, environment, flags) gave them: not checked yet, each with its place in that source. */
import type { Option } from "./options.ts";
import type { Problem, Source } from "./problem.ts";

export interface Given {
  readonly value: unknown;
  readonly source: Source;
  /** For a list in a file: the place of each item. */
  readonly items?: readonly Source[];
}

/** What one source holds: values by the path of their option, and problems with what could not be read. */
export interface Layer {
  readonly given: ReadonlyMap<string, Given>;
  readonly problems: readonly Problem[];
}

/** The value that a text from the environment or the command line stands for; the text itself where it fits no value. */
export function valueOfText(option: Option, text: string): unknown {
  switch (option.kind) {
    case "number":
      return /^\s*-?\d+(\.\d+)?\s*$/.test(text) ? Number(text) : text;
    case "yes-no":
      return truths.get(text.trim().toLowerCase()) ?? text;
    case "list":
      return itemsOf(text);
    case "section":
    case "text":
    case "secret":
    case "choice":
      return text;
  }
}

const truths: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["yes", true],
  ["on", true],
  ["1", true],
  ["false", false],
  ["no", false],
  ["off", false],
  ["0", false],
]);

function itemsOf(text: string): readonly string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}
