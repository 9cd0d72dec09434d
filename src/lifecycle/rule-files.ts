/**
 * Follows the community's rule files: looks when something may have changed, and now and then anyway, waits until what is
 * written stands still, and has it taken.
 */
import { namesOfShipped, type FoundFile } from "../automod/rule-files.ts";
import { takeRuleFiles } from "../automod/take-rule-files.ts";
import { heat } from "../automod/heat.ts";
import type { Clock } from "../kit/clock.ts";
import { stableId } from "../kit/hash.ts";
import type { Log } from "../kit/log.ts";
import { version } from "../kit/version.ts";
import type { Settings } from "../model/settings/settings.ts";
import type { World } from "../model/world/world.ts";
import { shipped } from "../protections/shipped.ts";
import type { BuiltBot } from "./build-bot.ts";

/** Where rule files are. */
export interface RuleFileSource {
  /** All that there are now, those first that the config names; of what is named and missing, that it is. */
  readonly look: () => readonly FoundFile[];
  /** Whether the config names the file, or the folder that it was in. */
  readonly isNamed: (file: string) => boolean;
  /** Calls when something may have changed, as far as that can be known. Gives what ends it. */
  readonly watch: (changed: () => void) => () => void;
}

export interface RuleFilesOptions {
  readonly source: RuleFileSource;
  readonly clock: Clock;
  readonly log: Log;
  readonly world: World;
  readonly built: Pick<BuiltBot, "bot">;
}

/** Where nobody tells that a file has changed. */
const lookEveryMs = 30_000;
/** What is the same for so long stands still. Editors and copies write within milliseconds. */
const stillMs = 1_000;
/** What moves for longer is left out until it stands still. */
const mostLooks = 10;

/** Names that rules of a community may not have. */
const shippedHere = namesOfShipped([...shipped, heat].map(({ name }) => name));

export class RuleFiles {
  readonly #options: RuleFilesOptions;
  /** As they were taken last. */
  #taken: readonly FoundFile[] = [];
  /** The settings as they were then. */
  #settings: Settings | undefined;
  #wake = new AbortController();

  constructor(options: RuleFilesOptions) {
    this.#options = options;
  }

  /** At a start: whatever the files say now. */
  takeAll(): void {
    const found = this.#options.source.look();
    if (digestOf(found) === this.#options.world.stored.ruleFilesTaken.digest) this.#noteTaken(found);
    else this.#take(found, { isStart: true });
  }

  async follow(signal: AbortSignal): Promise<void> {
    const { source } = this.#options;
    const wake = () => this.#wake.abort();
    const stop = source.watch(wake);
    signal.addEventListener("abort", wake, { once: true });
    while (!signal.aborted) {
      await this.#untilWoken(lookEveryMs);
      if (signal.aborted) break;
      if (isSame(source.look(), this.#taken)) {
        if (this.#mayBeWellNow()) this.#take(this.#taken, { isStart: false });
        continue;
      }
      const still = await this.#stoodStill(signal);
      if (!signal.aborted && !isSame(still, this.#taken)) this.#take(still, { isStart: false });
    }
    stop();
  }

  async #untilWoken(ms: number): Promise<void> {
    await this.#options.clock.sleep(ms, this.#wake.signal);
    this.#wake = new AbortController();
  }

  /** The files as they are when nothing about them changes any more. */
  async #stoodStill(signal: AbortSignal): Promise<readonly FoundFile[]> {
    const { source, clock } = this.#options;
    let before = source.look();
    for (let looks = 1; ; looks++) {
      await clock.sleep(stillMs, signal);
      const now = source.look();
      if (signal.aborted || isSame(before, now)) return now;
      if (looks === mostLooks) return stillOf(before, now);
      before = now;
    }
  }

  /** What is wrong may be a name that somebody has made free in the room. */
  #mayBeWellNow(): boolean {
    const { settings, stored } = this.#options.world;
    const isOther =
      settings.rules !== this.#settings?.rules || settings.ruleLists !== this.#settings.ruleLists;
    return isOther && [...stored.ruleFileTroubles.all()].length > 0;
  }

  #noteTaken(found: readonly FoundFile[]): void {
    this.#taken = found;
    this.#settings = this.#options.world.settings;
  }

  #take(found: readonly FoundFile[], { isStart }: { readonly isStart: boolean }): void {
    const { source, clock, log, world, built } = this.#options;
    const { settings, stored, self } = world;
    const { isNamed } = source;
    const isNew = isStart && ![...settings.rules.values()].some(({ file }) => file !== undefined);
    const view = { settings, troubles: stored.ruleFileTroubles, shipped: shippedHere, isNamed, by: self };
    const { changes, troubles, news } = takeRuleFiles(found, { ...view, at: clock.now() });
    for (const { file, kind, mistakes } of troubles)
      log.warn({ file, kind, mistakes: mistakes.map(({ message }) => message) }, "a rule file is not taken");
    const digest = troubles.length === 0 && found.every((one) => "text" in one) ? digestOf(found) : undefined;
    built.bot.receive([
      ...changes.map((change) => ({ kind: "settings-changed", change }) as const),
      // The first time they are no news, and of what is wrong the start message tells.
      {
        kind: "rule-files",
        troubles,
        digest,
        news: isNew ? [] : news.map((one) => (isStart ? toldAtStart(one) : one)),
      },
    ]);
    this.#noteTaken(found);
  }
}

function digestOf(found: readonly FoundFile[]): string {
  return stableId(version, JSON.stringify(found));
}

function toldAtStart<News extends { readonly trouble?: object }>({ trouble: _told, ...news }: News) {
  return news;
}

/** Of those that move it is said; they count as they were before. */
function stillOf(before: readonly FoundFile[], now: readonly FoundFile[]): readonly FoundFile[] {
  const was = new Map(before.map((one) => [one.file, one]));
  const still = now.map((one) => {
    const other = was.get(one.file);
    return other && isSame([other], [one]) ? one : ({ file: one.file, isMoving: true } as const);
  });
  const here = new Set(now.map(({ file }) => file));
  const gone = before.filter(({ file }) => !here.has(file));
  return [...still, ...gone.map(({ file }) => ({ file, isMoving: true }) as const)];
}

function isSame(one: readonly object[], other: readonly object[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
