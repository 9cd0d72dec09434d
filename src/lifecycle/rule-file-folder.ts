/** The rule files on disk: those that the config names, and all of one folder. */
import { existsSync, readdirSync, readFileSync, statSync, watch, type FSWatcher } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import type { FoundFile } from "../automod/rule-files.ts";
import type { RuleFileSource } from "./rule-files.ts";

export interface RuleFilePlaces {
  /** As the config has them. */
  readonly named: readonly string[];
  /** Undefined: no folder is read. */
  readonly folder: string | undefined;
}

/** Files of the folder that are read, the first by name; further ones are told as a trouble of the folder. */
const mostFiles = 100;
/** Nobody writes rules of that size; UTF-8 takes up to four bytes a letter. */
const mostBytes = 1_048_576;

export function ruleFilesIn(places: RuleFilePlaces): RuleFileSource {
  const isIn = (file: string) =>
    places.folder !== undefined && resolve(file).startsWith(resolve(places.folder) + sep);
  const watchers = new Watchers();
  return {
    look: () => {
      // Folders that were not there before.
      watchers.add(foldersOf(places));
      return look(places);
    },
    isNamed: (file) => isIn(file) || places.named.some((one) => resolve(one) === resolve(file)),
    watch: (changed) => watchers.begin(foldersOf(places), changed),
  };
}

function look({ named, folder }: RuleFilePlaces): readonly FoundFile[] {
  const all = new Map(named.map((file) => [resolve(file), () => readFile(file, true)]));
  if (folder !== undefined)
    for (const one of filesIn(folder)) {
      const { file } = one;
      if (!all.has(resolve(file)))
        all.set(resolve(file), () => ("trouble" in one ? one : readFile(file, false)));
    }
  return [...all.values()].flatMap((read) => read() ?? []);
}

type Listed = { readonly file: string } | { readonly file: string; readonly trouble: string };

function filesIn(folder: string): readonly Listed[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    return isMissing(error) ? [] : [{ file: folder, trouble: reasonOf(error) }];
  }
  const files = names
    .filter((name) => /^[^.].*\.ya?ml$/i.test(name))
    .toSorted()
    .map((name) => ({ file: join(folder, name) }));
  if (files.length <= mostFiles) return files;
  const trouble = `${files.length - mostFiles} files more than the ${mostFiles} that are read`;
  return [...files.slice(0, mostFiles), { file: folder, trouble }];
}

/** Undefined: it went while we looked. */
function readFile(file: string, isNamed: boolean): FoundFile | undefined {
  try {
    const { size, isFile } = statOf(file);
    // A pipe would keep us waiting.
    if (!isFile) return { file, trouble: "it is no file" };
    if (size > mostBytes) return { file, trouble: `it has ${Math.ceil(size / 1_024)} KB` };
    return { file, text: readFileSync(file, "utf8") };
  } catch (error) {
    if (!isMissing(error)) return { file, trouble: reasonOf(error) };
    return isNamed ? { file, trouble: reasonOf(error), isMissing: true } : undefined;
  }
}

function statOf(file: string): { readonly size: number; readonly isFile: boolean } {
  const stat = statSync(file);
  return { size: stat.size, isFile: stat.isFile() };
}

/** The folders, as files are often replaced instead of written. */
function foldersOf({ named, folder }: RuleFilePlaces): ReadonlySet<string> {
  const folders = named.map((file) => dirname(resolve(file)));
  return new Set(folder === undefined ? folders : [...folders, resolve(folder)]);
}

/** Where a folder cannot be watched (it is not there yet, the system has no more watches), the regular look is enough. */
class Watchers {
  readonly #all = new Map<string, FSWatcher>();
  #changed: (() => void) | undefined;

  begin(folders: ReadonlySet<string>, changed: () => void): () => void {
    this.#changed = changed;
    this.add(folders);
    return () => {
      this.#changed = undefined;
      for (const folder of [...this.#all.keys()]) this.#close(folder);
    };
  }

  add(folders: ReadonlySet<string>): void {
    if (!this.#changed) return;
    for (const folder of folders) if (!this.#all.has(folder)) this.#watch(folder);
  }

  #watch(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, () => {
        // One that is made anew under the same name is another.
        if (!existsSync(folder)) this.#close(folder);
        this.#changed?.();
      });
      watcher.on("error", () => this.#close(folder));
      this.#all.set(folder, watcher);
    } catch {
      // It is tried again at the next look.
    }
  }

  #close(folder: string): void {
    this.#all.get(folder)?.close();
    this.#all.delete(folder);
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENOTDIR";
}

/** "EACCES: permission denied", without the name of the file, which is told anyway. */
function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).message.split(",")[0]!;
}
