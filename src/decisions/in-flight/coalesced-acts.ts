/**
 * Acts that a command asks for while the same acts are under way for another cause. They are not done twice: the command
 * waits for them and counts them as its own. Where the other cause goes before they are done, the command does them itself.
 */
import { actKey } from "../../model/actions/traits.ts";
import type { Decision, Outcome } from "../../model/decision.ts";
import type { EventId } from "../../model/ids.ts";

interface Shared {
  /** Commands that count the act as their own, the one that it was done for included. */
  readonly commands: Set<EventId>;
  /** The decisions of the other commands. */
  readonly followers: Decision[];
}

export class CoalescedActs {
  /** By key, while under way. Bounded by the acts under way and the commands that ask for them. */
  readonly #acts = new Map<string, Shared>();

  handedOver({ action, because }: Decision): void {
    if (because.kind === "command") this.#shared(actKey(action)).commands.add(because.event);
  }

  /** The decisions of commands that count an act under way as their own from now on. */
  follow(decisions: readonly Decision[], isUnderWay: (key: string) => boolean): readonly Decision[] {
    return decisions.filter((decision) => {
      const { action, because } = decision;
      const key = actKey(action);
      if (because.kind !== "command" || !isUnderWay(key)) return false;
      const { commands, followers } = this.#shared(key);
      if (commands.has(because.event)) return false;
      commands.add(because.event);
      followers.push(decision);
      return true;
    });
  }

  /** The followers of an act that was called off for its own cause: their commands still ask for it. */
  leftBehind({ decision, result }: Outcome): readonly Decision[] {
    return result.kind === "superseded" ? this.#followersOf(decision) : [];
  }

  /** The act has ended, and its followers with it, in the same way. */
  ended({ decision }: Outcome): readonly Decision[] {
    const followers = this.#followersOf(decision);
    this.#acts.delete(actKey(decision.action));
    return followers;
  }

  #followersOf({ action }: Decision): readonly Decision[] {
    return this.#acts.get(actKey(action))?.followers ?? [];
  }

  #shared(key: string): Shared {
    let shared = this.#acts.get(key);
    if (!shared) this.#acts.set(key, (shared = { commands: new Set(), followers: [] }));
    return shared;
  }
}
