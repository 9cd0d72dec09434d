/**
 * Rules that Tyr itself writes and that have not come back from the homeserver yet: whom they name, the commands behind
 * them, and the rooms in which something was held back until they are there.
 */
import { keepNewest } from "../../kit/bounded.ts";
import { compileGlob } from "../../kit/glob.ts";
import { sha256Base64 } from "../../kit/hash.ts";
import type { ActionOf } from "../../model/actions/action.ts";
import { occasionOf, type Cause, type Decision, type Outcome } from "../../model/decision.ts";
import type { EventId, RoomId, UserId } from "../../model/ids.ts";
import { hashedName, nameIn, type Rule } from "../../model/policy-rule.ts";
import type { PendingRules as HoldingBack } from "../../policy/desired-bans.ts";

type RulePlace = Pick<Rule, "list" | "eventType" | "stateKey">;

export class PendingRules implements HoldingBack {
  readonly #most: number;
  /** What the rules name, by list, as often as they are on their way. */
  readonly #rules = new Map<RoomId, { readonly name: string; readonly names: (user: UserId) => boolean }[]>();
  /** Rooms in which something is held back until the list's rules are written, by list. */
  readonly #heldBack = new Map<RoomId, Set<RoomId>>();
  /** Commands that write or remove a rule, by the rule's place. */
  readonly #commands = new Map<string, Cause>();
  /** Commands whose rules a dry run recorded: such a rule never comes back. */
  readonly #recorded = new Map<string, true>();

  /** `most`: commands remembered of each sort; the oldest are forgotten. */
  constructor(most: number) {
    this.#most = most;
  }

  handedOver({ action, because }: Decision): void {
    if (action.kind === "write-policy") this.#began(action);
    if (action.kind !== "write-policy" && action.kind !== "remove-policy") return;
    if (because.kind === "command") this.#remember(this.#commands, keyOf(action), because);
  }

  ended({ decision: { action, because }, result }: Outcome): void {
    if (action.kind === "write-policy") {
      this.#ended(action);
      if (result.kind === "recorded") this.#remember(this.#recorded, occasionOf(because), true);
    }
    if (action.kind !== "write-policy" && action.kind !== "remove-policy") return;
    // A newer command may have written to the same place meanwhile.
    const last = this.#commands.get(keyOf(action));
    if (last && occasionOf(last) === occasionOf(because)) this.#commands.delete(keyOf(action));
  }

  /** Whether a rule that names the person is on its way to the list; if so, `room` is told by `takeHeldBack` later. */
  has(list: RoomId, user: UserId, room: RoomId): boolean {
    const isPending = this.names(list, user);
    if (isPending) this.#heldBack.set(list, (this.#heldBack.get(list) ?? new Set()).add(room));
    return isPending;
  }

  names(list: RoomId, user: UserId): boolean {
    return (this.#rules.get(list) ?? []).some(({ names }) => names(user));
  }

  /** The rooms to judge again, once no rule is on its way to the list any more. Each is told once. */
  takeHeldBack(list: RoomId): readonly RoomId[] {
    if ((this.#rules.get(list) ?? []).length > 0) return [];
    const rooms = [...(this.#heldBack.get(list) ?? [])];
    this.#heldBack.delete(list);
    return rooms;
  }

  /** The command behind a rule that came or went, where it was one of ours. */
  commandBehind(rule: RulePlace): Cause | undefined {
    return this.#commands.get(keyOf(rule));
  }

  /** Whether a dry run recorded the rule that the command wrote. */
  wasRecorded(command: EventId): boolean {
    return this.#recorded.has(command);
  }

  #began({ list, content }: ActionOf<"write-policy">): void {
    const name = nameIn(content);
    const glob = compileGlob(name, { ignoreCase: true });
    const isHashed = content["entity"] === undefined;
    const names = (user: UserId) => (isHashed ? name === hashedName(sha256Base64(user)) : glob.matches(user));
    this.#rules.set(list, [...(this.#rules.get(list) ?? []), { name, names }]);
  }

  #ended({ list, content }: ActionOf<"write-policy">): void {
    const rules = this.#rules.get(list) ?? [];
    const index = rules.findIndex(({ name }) => name === nameIn(content));
    const left = index < 0 ? rules : rules.toSpliced(index, 1);
    if (left.length > 0) this.#rules.set(list, left);
    else this.#rules.delete(list);
  }

  #remember<V>(map: Map<string, V>, key: string, value: V): void {
    map.set(key, value);
    keepNewest(map, this.#most);
  }
}

function keyOf({ list, eventType, stateKey }: RulePlace): string {
  return `${list}\n${eventType}\n${stateKey}`;
}
