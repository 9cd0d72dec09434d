/**
 * Says once of a protection that acts, and of each version of it, that it is often wrong: by what became of the people whom
 * it met in the last weeks, and what moderators said of it.
 */
import type { LookedAt } from "../bot/part.ts";
import { valuesOf, type Protection } from "../automod/define.ts";
import type { Registry } from "../automod/registry.ts";
import { dayMs } from "../kit/duration.ts";
import { code, lines, say, type Say } from "../kit/say.ts";
import { wilsonLowerBound } from "../kit/wilson.ts";
import type { Words } from "../model/actions/action.ts";
import type { Decision } from "../model/decision.ts";
import type { Seen } from "../model/observation.ts";
import type { Past } from "../model/past-acts.ts";
import type { WorldView } from "../model/world/view.ts";
import { fatesOfHits, type FateCounts } from "../policy/hit-fates.ts";
import type { RulesInForce } from "../policy/rules-in-force.ts";
import type { Announcements } from "./announcements.ts";

export interface RuleDoubtsOptions {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
  readonly past: Past;
  readonly registry: Pick<Registry, "watching">;
  readonly announcements: Pick<Announcements, "trouble">;
  /** The command prefix, for commands that the message suggests. */
  readonly prefix: string;
  /** Believed at once. */
  readonly believe: (seen: Seen, at: number) => void;
}

/** Of fewer people chance alone says as much. */
const fewestPeople = 20;
/** It is told where the share of right ones may well be below this. */
const leastShare = 0.8;
/** What becomes of people shows slowly. */
const lookEveryMs = dayMs;

export class RuleDoubts {
  readonly name = "doubts about rules";
  readonly #options: RuleDoubtsOptions;
  #isOpen = false;
  #lookedAt: number | undefined;

  constructor(options: RuleDoubtsOptions) {
    this.#options = options;
  }

  caughtUp(): void {
    this.#isOpen = true;
  }

  nextAt(): number | undefined {
    return this.#lookedAt === undefined ? undefined : this.#lookedAt + lookEveryMs;
  }

  says({ seen, at }: Pick<LookedAt, "seen" | "at">): readonly Decision<Words>[] {
    if (!this.#isOpen) return [];
    const { world, registry } = this.#options;
    const labelled = new Set(
      seen.flatMap((one) =>
        one.kind === "settings-changed" && one.change.kind === "label" && one.change.label
          ? one.change.label.protection
          : [],
      ),
    );
    // Where our clock was set back, too.
    const isDue = this.#lookedAt === undefined || Math.abs(at - this.#lookedAt) >= lookEveryMs;
    if (!isDue && labelled.size === 0) return [];
    if (isDue) this.#lookedAt = at;
    return registry
      .watching(world.settings)
      .filter(({ protection, isCandidate }) => !isCandidate && (isDue || labelled.has(protection.name)))
      .flatMap(({ protection }) => this.#told(protection, at) ?? []);
  }

  #told(protection: Protection, at: number): Decision<Words> | undefined {
    const { world, announcements, believe } = this.#options;
    const { name, version = 0 } = protection;
    if (world.settings.doubted.get(name) === version) return undefined;
    if (valuesOf(protection, world.settings, undefined).mode !== "act") return undefined;
    const hits = [...world.stored.ruleHits.of(name)].filter(
      (hit) => hit.acts === true && hit.version === protection.version,
    );
    if (hits.length < fewestPeople) return undefined;
    const fates = fatesOfHits(hits, { ...this.#options, at });
    const told = fates.right + fates.wrong;
    if (told < fewestPeople || wilsonLowerBound(fates.right, told) >= leastShare) return undefined;
    believe({ kind: "settings-changed", change: { kind: "doubt", protection: name, version } }, at);
    const what = `doubt of ${name} ${version}`;
    return announcements.trouble(this.#words(name, fates), { what: `${what} ${at}`, topic: what, at });
  }

  #words(name: string, { right, wrong }: FateCounts): Say {
    const { prefix } = this.#options;
    const told = right + wrong;
    const least = Math.round(wilsonLowerBound(right, told) * 100);
    return lines(
      say`${code(name)} is often wrong: of ${told} people it met lately ${right} were right and ${wrong} wrong (${Math.round((right / told) * 100)} %, at least ${least} %).`,
      say`${code(`${prefix} protections hits ${name}`)} shows whom, ${code(`${prefix} protections ask ${name}`)} lets it ask first. I say this once.`,
    );
  }
}
