/**
 * Has our commands described in the management room, for clients that complete them: one after another and when there is
 * nothing else to do, as each would keep a ban waiting.
 */
import type { Command } from "../commands/define.ts";
import { descriptionsOf, descriptionsToWrite } from "../commands/msc4391.ts";
import { sha256Base64 } from "../kit/hash.ts";
import type { JsonObject } from "../kit/json.ts";
import { decide, type Decision, type Outcome } from "../model/decision.ts";
import type { Observation } from "../model/observation.ts";
import type { WorldView } from "../model/world/view.ts";

/**
 * An account without an exemption may write ten events at once and then one in five seconds (Synapse's defaults): what
 * nobody waits for must leave most of that to what somebody does.
 */
const everyMs = 10_000;

export class CommandDescriptions {
  readonly #world: WorldView;
  readonly #wanted: ReadonlyMap<string, JsonObject>;
  /** Descriptions that could not be written, by state key: not tried again before a restart. */
  readonly #failed = new Set<string>();
  #lastAt: number | undefined;

  constructor(world: WorldView, commands: readonly Command[]) {
    this.#world = world;
    this.#wanted = descriptionsOf(commands, world.self);
  }

  ended({ decision: { action }, result }: Outcome): void {
    if (action.kind === "describe-command" && result.kind === "failed") this.#failed.add(action.stateKey);
  }

  /** The next one that the room lacks. `isLimited`: the homeserver lets us write little, so that it waits for a tick. */
  next(
    seen: readonly Observation[],
    { isLimited, at }: { isLimited: boolean; at: number },
  ): Decision | undefined {
    if (isLimited && !seen.some((one) => one.kind === "tick")) return undefined;
    // Less than nothing is a clock that was set back.
    if (this.#lastAt !== undefined && at >= this.#lastAt && at - this.#lastAt < everyMs) return undefined;
    const next = descriptionsToWrite(this.#world, this.#wanted).find(
      ({ stateKey }) => !this.#failed.has(stateKey),
    );
    if (!next) return undefined;
    this.#lastAt = at;
    const { replaces, ...action } = next;
    const what = `description ${sha256Base64(JSON.stringify(action.content))}`;
    return decide(action, { kind: "self", what }, { at, replaces });
  }
}
