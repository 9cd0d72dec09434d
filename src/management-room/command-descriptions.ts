/**
 * Keeps the descriptions of our commands (MSC4391) in the management room in step, for clients that complete them. A room
 * that we make has them from the start; another one gets them where the config asks for it, as that is a state event for
 * each command: one after another, when no other act waits, as each write could delay a ban.
 */
import type { Batch } from "../bot/part.ts";
import type { Command } from "../commands/define.ts";
import { descriptionsOf, descriptionsToWrite, hasOurDescriptions } from "../commands/msc4391.ts";
import { sha256Base64 } from "../kit/hash.ts";
import type { JsonObject } from "../kit/json.ts";
import type { ActionOf } from "../model/actions/action.ts";
import { decide, type Decision, type Outcome } from "../model/decision.ts";
import type { WorldView } from "../model/world/view.ts";

/**
 * Synapse lets an account without an exemption write ten events at once and then one in five seconds: descriptions, which
 * nobody waits for, take at most half of that.
 */
const everyMs = 10_000;

export interface DescriptionOptions {
  readonly world: WorldView;
  readonly commands: readonly Command[];
  /** The config wants them in a room that has none of ours. */
  readonly areAskedFor: boolean;
  readonly load: () => Load;
}

/** How busy the executor is. */
export interface Load {
  /** Acts that wait or are being performed. */
  readonly pending: number;
  /** The homeserver limits our rate of writing just now. */
  readonly isLimited: boolean;
}

export class CommandDescriptions {
  readonly name = "command descriptions";
  readonly #options: DescriptionOptions;
  readonly #wanted: ReadonlyMap<string, JsonObject>;
  /** Descriptions that could not be written, by state key: not tried again before a restart. */
  readonly #failed = new Set<string>();
  #isCaughtUp = false;
  #lastAt: number | undefined;

  constructor(options: DescriptionOptions) {
    this.#options = options;
    this.#wanted = descriptionsOf(options.commands, options.world.self);
  }

  caughtUp(): void {
    this.#isCaughtUp = true;
  }

  ended({ decision: { action }, result }: Outcome): void {
    if (action.kind === "describe-command" && result.kind === "failed") this.#failed.add(action.stateKey);
  }

  /** The next description that the room lacks. While we are rate limited, at most one is proposed a tick. */
  proposes({ seen, at }: Pick<Batch, "seen" | "at">): readonly Decision<ActionOf<"describe-command">>[] {
    const { world, areAskedFor, load } = this.#options;
    if (!this.#isCaughtUp || (!areAskedFor && !hasOurDescriptions(world))) return [];
    const { pending, isLimited } = load();
    if (pending > 0 || (isLimited && !seen.some((one) => one.kind === "tick"))) return [];
    // Where `at` is earlier than the last one, our clock was set back.
    if (this.#lastAt !== undefined && at >= this.#lastAt && at - this.#lastAt < everyMs) return [];
    const next = descriptionsToWrite(world, this.#wanted).find(({ stateKey }) => !this.#failed.has(stateKey));
    if (!next) return [];
    this.#lastAt = at;
    const { replaces, ...action } = next;
    const what = `description ${sha256Base64(JSON.stringify(action.content))}`;
    return [decide(action, { kind: "self", what }, { at, replaces })];
  }
}
