/** Which ban reasons also mean "and remove what they wrote". */
import { compileGlob, type Glob } from "../kit/glob.ts";

export class RedactReasons {
  readonly #globs: readonly Glob[];

  /** Globs over the whole reason, upper and lower case alike. */
  constructor(patterns: readonly string[]) {
    this.#globs = patterns.map((pattern) => compileGlob(pattern, { ignoreCase: true }));
  }

  match(reason: string): boolean {
    return this.#globs.some((glob) => glob.matches(reason.trim()));
  }
}
