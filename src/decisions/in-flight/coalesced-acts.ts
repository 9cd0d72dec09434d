/**
 * Acts that a command asks for while they are under way for another reason. They are not done twice, but the command
 * waits for them and counts them as its own; and should the other reason go, it has them done itself.
 */
import { actKey } from "../../model/actions/traits.ts";
import type { Decision, Outcome } from "../../model/decision.ts";
import type { EventId } from "../../model/ids.ts";

interface Shared {
  /** Commands that count the act, the one that had it done included. */
  readonly commands: Set<EventId>;
  /** What the others had decided. */
  readonly followers: Decision[];
}

export class CoalescedActs {
  /** By effect, while under way. No more than there are acts under way, and commands that ask for them. */
  readonly #acts = new Map<string, Shared>();

  handedOver({ action, because }: Decision): void {
    if (because.kind === "command") this.#shared(actKey(action)).commands.add(because.event);
  }

  /** Which of the decisions follow an act that is under way: those of commands that do not count it yet. */
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

  /** What commands wait for and is called off for a reason that is none of theirs. */
  leftBehind({ decision, result }: Outcome): readonly Decision[] {
    return result.kind === "superseded" ? this.#followersOf(decision) : [];
  }

  /** The act is over: what followed it has ended in the same way. */
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
