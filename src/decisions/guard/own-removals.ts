/**
 * How many people Tyr removes by commands within an hour, whoever says them: many small commands do what a large one does,
 * and a moderator's account that was taken over can say commands, too. What had a yes of its own is not counted.
 */
import { hourMs } from "../../kit/duration.ts";
import { asString } from "../../kit/json.ts";
import { count, say, type Say } from "../../kit/say.ts";
import type { Action } from "../../model/actions/action.ts";
import { weightOf } from "../../model/actions/traits.ts";
import { parseUserId, type UserId } from "../../model/ids.ts";
import { isBanContent } from "../../model/policy-rule.ts";
import type { WorldView } from "../../model/world/view.ts";
import { RecentHits } from "./recent-hits.ts";

const byCommands = "commands";

export class OwnRemovals {
  readonly #limit: number;
  readonly #hits = new RecentHits(hourMs);

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** As the journal tells, before we were started. */
  remember(user: UserId, at: number): void {
    this.#hits.note(byCommands, [user], at);
  }

  /** Why these have to wait; where they need not, they count from now on. */
  weigh(
    actions: readonly Action[],
    at: number,
    { waits, world }: { readonly waits: boolean; readonly world: Pick<WorldView, "protectedRoomsOf"> },
  ): Say | undefined {
    const people = new Set(actions.flatMap((action) => removedBy(action) ?? []));
    // Of who is nowhere nothing is taken.
    for (const user of people) if (world.protectedRoomsOf(user).length === 0) people.delete(user);
    if (people.size === 0) return undefined;
    const lately = this.#hits.of(byCommands, at);
    const all = new Set([...lately.keys(), ...people]).size;
    if (all > this.#limit)
      return say`commands would have removed ${count(all, "person", "people")} within an hour, and ${this.#limit} is what they may without a question`;
    if (!waits) this.#hits.note(byCommands, people, at);
    return undefined;
  }
}

function removedBy(action: Action): UserId | undefined {
  const weight = weightOf(action);
  if (weight.what === "removal" || weight.what === "removal-everywhere") return weight.user;
  if (weight.what !== "rule" || !isBanContent(weight.content)) return undefined;
  return parseUserId(asString(weight.content["entity"]));
}
