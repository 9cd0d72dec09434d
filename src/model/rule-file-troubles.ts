/** Which rule files of the community cannot be taken as they are, so that it is told once, across restarts, too. */
import { UnwrittenItems } from "./unwritten-items.ts";

/** A mistake in a rule file, for people. */
export interface FileMistake {
  /** From 1; absent where it is about the whole file. */
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
  /** What stands there. */
  readonly excerpt: string;
  readonly hint?: string;
}

export interface RuleFileTrouble {
  readonly file: string;
  /** `gone`: it was there, and what it held stays in force. */
  readonly kind: "wrong" | "unreadable" | "gone";
  /** The first few. */
  readonly mistakes: readonly FileMistake[];
  /** How many there are beyond them. */
  readonly more: number;
}

/** What became of a rule file, for moderators. Names are those of rules. */
export interface RuleFileNews {
  readonly file: string;
  /** It cannot be taken as it is, which was not told before. */
  readonly trouble?: RuleFileTrouble;
  /** It could not be taken, and can be again. */
  readonly isWellAgain: boolean;
  readonly added: readonly string[];
  /** With the version that answers from now on. */
  readonly changed: readonly RuleNews[];
  /** With the version that is tried beside the one in force. */
  readonly beside: readonly RuleNews[];
  readonly removed: readonly string[];
  /** Lists that came, went or changed. */
  readonly lists: readonly string[];
}

export interface RuleNews {
  readonly name: string;
  readonly version: number;
}

export type RuleFileTroublesView = Readonly<Pick<RuleFileTroubles, "all" | "of">>;

export class RuleFileTroubles {
  readonly storedAs = "rule-file-trouble";
  readonly unwritten = new UnwrittenItems<RuleFileTrouble>();
  readonly #all = new Map<string, RuleFileTrouble>();

  get view(): RuleFileTroublesView {
    return this;
  }

  all(): Iterable<RuleFileTrouble> {
    return this.#all.values();
  }

  of(file: string): RuleFileTrouble | undefined {
    return this.#all.get(file);
  }

  /** All that there are now: as many as there are files, which are bounded where they are found. */
  set(troubles: readonly RuleFileTrouble[]): void {
    const files = new Set(troubles.map(({ file }) => file));
    for (const file of this.#all.keys())
      if (!files.has(file)) {
        this.#all.delete(file);
        this.unwritten.note(file, undefined);
      }
    for (const trouble of troubles) {
      if (isSameTrouble(this.#all.get(trouble.file), trouble)) continue;
      this.#all.set(trouble.file, trouble);
      this.unwritten.note(trouble.file, trouble);
    }
  }

  restore(file: string, trouble: RuleFileTrouble): void {
    this.#all.set(file, trouble);
  }
}

export function isSameTrouble(one: RuleFileTrouble | undefined, other: RuleFileTrouble): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
