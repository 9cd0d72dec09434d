/** Rule files of a community without a disk: a story writes and deletes them, and says whether Tyr is told of it. */
import type { FoundFile } from "../../src/automod/rule-files.ts";
import type { RuleFileSource } from "../../src/lifecycle/rule-files.ts";

export class ScriptedRuleFiles {
  /** Nobody is told when a file changes, as on some network drives. */
  isUnwatched = false;
  readonly #files = new Map<string, FoundFile>();
  readonly #watchers = new Set<() => void>();

  constructor(files: Readonly<Record<string, string>>) {
    for (const [file, text] of Object.entries(files)) this.#files.set(file, { file, text });
  }

  write(file: string, text: string): void {
    this.#put({ file, text });
  }

  /** It is there, and cannot be read. */
  lock(file: string): void {
    this.#put({ file, trouble: "EACCES: permission denied" });
  }

  delete(file: string): void {
    this.#files.delete(file);
    this.#tell();
  }

  /** As one run of Tyr sees them; all of them are in its folder. */
  source(): RuleFileSource {
    return {
      look: () => [...this.#files.values()].toSorted((one, other) => (one.file < other.file ? -1 : 1)),
      isNamed: () => true,
      watch: (changed) => {
        this.#watchers.add(changed);
        return () => this.#watchers.delete(changed);
      },
    };
  }

  #put(found: FoundFile): void {
    this.#files.set(found.file, found);
    this.#tell();
  }

  #tell(): void {
    if (!this.isUnwatched) for (const changed of this.#watchers) changed();
  }
}
