/** Puts a rule of the community that has just begun to act, and meets the wrong people, back into shadow, and says so. */
import type { LookedAt } from "../bot/part.ts";
import type { Protection } from "../automod/define.ts";
import type { Registry } from "../automod/registry.ts";
import { brakedForMs, tooMuchFor, type TooMuch } from "../decisions/respond/brake.ts";
import { code, lines, say, type Say } from "../kit/say.ts";
import type { Words } from "../model/actions/action.ts";
import type { Decision } from "../model/decision.ts";
import type { WorldView } from "../model/world/view.ts";
import type { Announcements } from "./announcements.ts";
import { intoShadow } from "./into-shadow.ts";

export interface RuleBrakeOptions {
  readonly world: WorldView;
  readonly registry: Pick<Registry, "known">;
  readonly announcements: Pick<Announcements, "trouble">;
  /** The command prefix, for commands that the message suggests. */
  readonly prefix: string;
}

interface Braked {
  readonly name: string;
  readonly why: TooMuch;
}

export class RuleBrake {
  readonly name = "the brake of rules";
  readonly #options: RuleBrakeOptions;
  readonly #world: WorldView;
  /** When each was stopped last: whoever lets it act again has seen why. Forgotten by a restart, which is the careful side. */
  readonly #stoppedAt = new Map<string, number>();
  #news: Braked[] = [];

  constructor(options: RuleBrakeOptions) {
    this.#options = options;
    this.#world = options.world;
  }

  seen(): void {
    this.#news = [];
  }

  proposes({ findings, at }: Pick<LookedAt, "findings" | "at">): readonly Decision[] {
    const acting = new Set(
      findings.flatMap(({ mode, finding }) => (mode === "act" ? finding.protection : [])),
    );
    if (acting.size === 0) return [];
    const { all, origins } = this.#options.registry.known(this.#world.settings);
    return all
      .filter(({ name }) => acting.has(name) && origins.get(name) !== "shipped")
      .flatMap((protection) => this.#stopped(protection, at));
  }

  says({ at }: Pick<LookedAt, "at">): readonly Decision<Words>[] {
    return this.#news.flatMap(({ name, why }) => {
      const what = `brake of ${name} ${at}`;
      return this.#options.announcements.trouble(this.#told(name, why), { what, topic: what, at }) ?? [];
    });
  }

  #stopped(protection: Protection, at: number): readonly Decision[] {
    const { name, version } = protection;
    const stoppedAt = this.#stoppedAt.get(name);
    if (stoppedAt !== undefined && Math.abs(at - stoppedAt) < brakedForMs) return [];
    const hits = [...this.#world.stored.ruleHits.of(name)].filter((hit) => hit.version === version);
    const why = tooMuchFor(hits, { world: this.#world, at });
    if (!why) return [];
    this.#stoppedAt.set(name, at);
    this.#news.push({ name, why });
    const { settings } = this.#world;
    return intoShadow(protection, ["act"], { settings, what: `brake of ${name}`, at });
  }

  #told(name: string, why: TooMuch): Say {
    const { prefix } = this.#options;
    const met =
      "regular" in why
        ? say`a regular, ${code(why.regular)}`
        : say`${why.people} people within an hour who have been here for a while`;
    return lines(
      say`${code(name)} is back in shadow: on its first day of acting it met ${met}.`,
      say`${code(`${prefix} protections hits ${name}`)} shows whom, ${code(`${prefix} protections act ${name}`)} lets it act again. What it did is taken back by the undo of its message.`,
    );
  }
}
