/** Which rule files were taken last and are well: at a start with the same there is nothing to read in them. */
import { UnwrittenItems } from "./unwritten-items.ts";

interface Taken {
  /** Of the names and texts of all of them. */
  readonly digest: string;
}

export type RuleFilesTakenView = Readonly<Pick<RuleFilesTaken, "digest">>;

const key = "all";

export class RuleFilesTaken {
  readonly storedAs = "rule-files";
  readonly unwritten = new UnwrittenItems<Taken>();
  #digest: string | undefined;

  get view(): RuleFilesTakenView {
    return this;
  }

  /** Undefined where something is wrong with one of them, or none was ever taken. */
  get digest(): string | undefined {
    return this.#digest;
  }

  set(digest: string | undefined): void {
    if (digest === this.#digest) return;
    this.#digest = digest;
    this.unwritten.note(key, digest === undefined ? undefined : { digest });
  }

  restore(_key: string, { digest }: Taken): void {
    this.#digest = digest;
  }
}
