/** Why lists had something done, where that has no other headline: which lists, and whom or which servers they name. */
import { describeCause } from "../../commands/history/why.ts";
import { listName } from "../../commands/shared/room-names.ts";
import { code, joined, say, someOf, type Say } from "../../kit/say.ts";
import type { Action } from "../../model/actions/action.ts";
import { occasionOf, type Cause } from "../../model/decision.ts";
import { parseServerName, type RoomId } from "../../model/ids.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";

/** Whom or which servers are named; the others are counted. */
const named = 5;
/** What is kept of one message's reasons. */
const mostKept = 1_000;

export class Reasons {
  readonly #causes = new Map<string, Cause>();
  /** Servers that ACLs newly deny, or deny no more. */
  readonly #servers = new Set<string>();

  add(action: Action, because: Cause): void {
    if (this.#causes.size < mostKept) this.#causes.set(occasionOf(because), because);
    if (action.kind !== "set-server-acl" || because.kind !== "lists") return;
    const [before, after] = [new Set(action.before?.deny), new Set(action.content.deny)];
    for (const server of [...after]
      .filter((one) => !before.has(one))
      .concat([...before].filter((one) => !after.has(one))))
      if (this.#servers.size < mostKept) this.#servers.add(server);
  }

  /** The sentence, as it follows a comma. */
  describe(world: WorldView, rulesInForce: RulesInForce): Say {
    const causes = [...this.#causes.values()];
    const [only, ...others] = causes;
    if (only && others.length === 0 && only.kind !== "lists") return describeCause(only, world);
    const lists = new Set<RoomId>();
    const entities = new Set<string>(this.#servers);
    for (const cause of causes) {
      if ("list" in cause && cause.list) lists.add(cause.list);
      if (cause.kind === "rule") for (const { list } of cause.with ?? []) lists.add(list);
      if ("entity" in cause) entities.add(cause.entity);
    }
    for (const server of [...this.#servers].slice(0, named)) {
      const parsed = parseServerName(server.replace(/^\*\./, ""));
      for (const rule of parsed ? rulesInForce.index.rulesForServer(parsed) : []) lists.add(rule.list);
    }
    const who =
      entities.size === 0
        ? ""
        : say`: ${someOf(
            [...entities].slice(0, named).map((one) => code(one, 80)),
            named,
            entities.size,
          )}`;
    if (lists.size === 0) return say`as lists ask for it${who}`;
    const which = joined(
      [...lists].map((list) => listName(list, world)),
      " and ",
    );
    return say`as ${which} ${lists.size === 1 ? "asks" : "ask"} for it${who}`;
  }
}
