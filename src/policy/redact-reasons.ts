/** The ban reasons for which the messages of the banned person are redacted, too. */
import { compileGlob, type Glob } from "../kit/glob.ts";

export class RedactReasons {
  readonly #globs: readonly Glob[];

  /** Globs over the whole reason, in any case. */
  constructor(patterns: readonly string[]) {
    this.#globs = patterns.map((pattern) => compileGlob(pattern, { ignoreCase: true }));
  }

  match(reason: string): boolean {
    return this.#globs.some((glob) => glob.matches(reason.trim()));
  }
}
