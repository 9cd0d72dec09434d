/** Tells moderators what became of the community's rule files while Tyr runs, and what of them cannot be taken. */
import type { Batch } from "../bot/part.ts";
import type { Mode, Protection } from "../automod/define.ts";
import { valuesOf } from "../automod/define.ts";
import type { Registry } from "../automod/registry.ts";
import { describeRuleFile } from "../commands/shared/rule-files.ts";
import { bullets, code, joined, lines, say, someOf, type Say } from "../kit/say.ts";
import type { Words } from "../model/actions/action.ts";
import type { Decision } from "../model/decision.ts";
import type { RuleFileNews, RuleNews } from "../model/rule-file-troubles.ts";
import type { WorldView } from "../model/world/view.ts";
import type { Announcements } from "./announcements.ts";

export interface RuleFileNewsOptions {
  readonly world: WorldView;
  readonly registry: Pick<Registry, "known">;
  readonly announcements: Pick<Announcements, "of" | "trouble">;
  /** The command prefix, for commands that the message suggests. */
  readonly prefix: string;
}

/** Of a repository that is checked out at once. */
const shownFiles = 10;
const shownItems = 10;

export class RuleFileNewsPart {
  readonly name = "news of rule files";
  readonly #options: RuleFileNewsOptions;

  constructor(options: RuleFileNewsOptions) {
    this.#options = options;
  }

  says({ seen, at }: Pick<Batch, "seen" | "at">): readonly Decision<Words>[] {
    const { announcements } = this.#options;
    const all = seen.flatMap((one) => (one.kind === "rule-files" ? one.news : []));
    const told = all.filter((news) => isTold(news));
    if (told.length === 0) return [];
    const shown = told.slice(0, shownFiles).map((news) => this.#described(news));
    const more = told.length > shownFiles ? say`${told.length - shownFiles} more files changed.` : undefined;
    const text = lines(...shown, more);
    const what = `rule files ${at}`;
    const message = told.some(({ trouble }) => trouble)
      ? announcements.trouble(text, { what, topic: "rule files", at })
      : announcements.of(text, what, at);
    return message ? [message] : [];
  }

  #described(news: RuleFileNews): Say {
    const { world, prefix } = this.#options;
    if (news.trouble) {
      const { kind } = news.trouble;
      const then = kind === "gone" ? say`` : say` I look again as soon as it changes.`;
      return say`${describeRuleFile(news.trouble, { settings: world.settings, prefix })}${then}`;
    }
    const file = code(news.file, 120);
    const items = this.#items(news);
    const title = news.isWellAgain ? say`${file} is well again` : say`${file} has changed`;
    if (items.length === 0) return say`${title}.`;
    const more = items.length > shownItems ? [say`and ${items.length - shownItems} more`] : [];
    return lines(say`${title}:`, bullets([...items.slice(0, shownItems), ...more]));
  }

  #items({ added, changed, beside, removed, lists }: RuleFileNews): readonly Say[] {
    return [
      ...added.map((name) => say`${code(name)} is new, ${this.#modeOf(name)}.`),
      ...changed.map(({ name, version }) => say`${code(name)} is version ${version} from now on.`),
      ...beside.map((news) => this.#besideOf(news)),
      ...removed.map((name) => say`${code(name)} is removed: no file has it any more.`),
      ...(lists.length > 0
        ? [
            say`Lists that changed: ${someOf(
              lists.map((name) => code(name)),
              shownItems,
            )}.`,
          ]
        : []),
    ];
  }

  #besideOf({ name, version }: RuleNews): Say {
    const { prefix, world } = this.#options;
    const before = world.settings.rules.get(name)?.inForce ?? 1;
    const commands = joined([
      say`${code(`${prefix} protections hits ${name}`)} compares them`,
      say`${code(`${prefix} protections act ${name}`)} lets the new one take its place`,
    ]);
    return say`${code(name)} looks for something else now: version ${version} is tried in shadow beside version ${before}, which goes on. ${commands}.`;
  }

  #modeOf(name: string): string {
    const { registry, world } = this.#options;
    const found = registry.known(world.settings).all.find((one: Protection) => one.name === name);
    if (!found) return "and cannot be used";
    const { mode, enabled } = valuesOf(found, world.settings, undefined);
    return enabled ? does[mode] : "and off";
  }
}

const does: Readonly<Record<Mode, string>> = {
  shadow: "in shadow: it looks and does nothing",
  alert: "and only tells",
  ask: "and asks before it acts",
  act: "and acts",
};

function isTold({ trouble, isWellAgain, added, changed, beside, removed, lists }: RuleFileNews): boolean {
  const changes = [added, changed, beside, removed, lists];
  return trouble !== undefined || isWellAgain || changes.some((names) => names.length > 0);
}
