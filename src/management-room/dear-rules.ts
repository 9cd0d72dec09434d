/** Tells the author of a rule that takes much of the machine, once; one that takes far too much goes into shadow. */
import type { LookedAt } from "../bot/part.ts";
import type { Protection } from "../automod/define.ts";
import type { Registry } from "../automod/registry.ts";
import { dearUs, tooDearUs, type DearRule } from "../automod/rule-costs.ts";
import { code, lines, say, type Say } from "../kit/say.ts";
import type { Words } from "../model/actions/action.ts";
import type { Decision } from "../model/decision.ts";
import type { WorldView } from "../model/world/view.ts";
import type { Announcements } from "./announcements.ts";
import { intoShadow } from "./into-shadow.ts";
import type { Notify } from "./notify.ts";

export interface DearRulesOptions {
  readonly world: WorldView;
  readonly registry: Pick<Registry, "known" | "costs">;
  readonly announcements: Pick<Announcements, "of" | "trouble">;
  readonly notify: Pick<Notify, "with">;
  /** The command prefix, for commands that the message suggests. */
  readonly prefix: string;
}

interface News {
  readonly rule: DearRule;
  /** It did something, and is in shadow now. */
  readonly isStopped: boolean;
}

export class DearRules {
  readonly name = "rules that cost much";
  readonly #options: DearRulesOptions;
  #news: News[] = [];

  constructor(options: DearRulesOptions) {
    this.#options = options;
  }

  seen(): void {
    this.#news = [];
  }

  /** Those that ship are ours to make quicker. */
  proposes({ at }: Pick<LookedAt, "at">): readonly Decision[] {
    const { registry, world } = this.#options;
    const dear = registry.costs.takeDear();
    if (dear.length === 0) return [];
    const { settings } = world;
    const { all, candidates, origins } = registry.known(settings);
    return dear.flatMap((rule) => {
      const isIt = (one: Protection | undefined) => one?.version === rule.version;
      const inForce = all.find(({ name }) => name === rule.name);
      if (origins.get(rule.name) === "shipped") return [];
      if (!isIt(inForce) && !isIt(candidates.get(rule.name))) return [];
      const what = `cost of ${rule.name}`;
      const stopped =
        rule.isTooDear && inForce && isIt(inForce)
          ? intoShadow(inForce, ["alert", "ask", "act"], { settings, what, at })
          : [];
      this.#news.push({ rule, isStopped: stopped.length > 0 });
      return stopped;
    });
  }

  says({ at }: Pick<LookedAt, "at">): readonly Decision<Words>[] {
    return this.#news.flatMap((news) => this.#message(news, at) ?? []);
  }

  /** Of what a rule in shadow costs its author alone is told. */
  #message({ rule, isStopped }: News, at: number): Decision<Words> | undefined {
    const { announcements, notify } = this.#options;
    const what = `cost of ${rule.name} ${rule.version ?? 0} ${at}`;
    if (isStopped) return announcements.trouble(this.#stopped(rule), { what, topic: what, at });
    const message = announcements.of(this.#told(rule), what, at);
    return message && notify.with(message, { kind: "dear rule", asker: this.#authorOf(rule) });
  }

  #authorOf({ name, version }: DearRule) {
    const { versions = [] } = this.#options.world.settings.rules.get(name) ?? {};
    return versions.find(({ number }) => number === version)?.by;
  }

  #told({ name, isTooDear }: DearRule): Say {
    const { prefix } = this.#options;
    return lines(
      say`${code(name)} takes more than ${isTooDear ? tooDearUs : dearUs} µs for each event that it is asked about; most take less than 5.`,
      say`Patterns cost most: ${code(`${prefix} protections show ${name}`)} shows what it looks for. What is sure and cheap, such as ${code("author is newcomer")}, spares the rest.`,
    );
  }

  #stopped({ name }: DearRule): Say {
    const { prefix } = this.#options;
    return lines(
      say`${code(name)} is in shadow now: it takes more than ${tooDearUs} µs for each event that it is asked about, and in an attack everything else would wait for it.`,
      say`${code(`${prefix} protections show ${name}`)} shows what it looks for, ${code(`${prefix} protections act ${name}`)} lets it act again all the same.`,
    );
  }
}
