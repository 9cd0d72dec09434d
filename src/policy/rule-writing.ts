/** Writing a ban to a list of ours: to which list, under which key, and what stood there before. */
import { sha256Base64 } from "../kit/hash.ts";
import type { JsonObject } from "../kit/json.ts";
import type { ActionOf } from "../model/actions/action.ts";
import type { PolicyListView } from "../model/policy-list.ts";
import {
  contentOfRule,
  expiryContent,
  readRule,
  stableRuleType,
  type Rule,
  type RuleKind,
} from "../model/policy-rule.ts";
import type { EventId, RoomId } from "../model/ids.ts";
import type { WorldView } from "../model/world/view.ts";
import type { RulesInForce } from "./rules-in-force.ts";

export interface Banned {
  readonly kind: RuleKind;
  readonly text: string;
}

/** The list that was chosen, or else the only one we may write to. */
export function defaultListOf(world: WorldView): PolicyListView | undefined {
  const { defaultList: chosen, lists } = world.settings;
  if (chosen) return world.lists.get(chosen);
  const writable = lists.filter(({ room }) => isWritable(room, world));
  return writable.length === 1
    ? world.watchedLists().find((list) => list.room === writable[0]!.room)
    : undefined;
}

/** Whether we may write rules to the list, of this kind or (for those of others) of this type of event. */
export function isWritable(list: RoomId, world: WorldView, eventType = stableRuleType("user")): boolean {
  return world.rooms.get(list)?.power.canSendState(world.self, eventType) ?? false;
}

/** A ban on exactly the same that the list has already. */
function existingBan(who: Banned, list: PolicyListView, { index }: RulesInForce): Rule | undefined {
  return index
    .rulesWithEntity(who.kind, who.text)
    .find((rule) => rule.list === list.room && rule.recommendation === "ban");
}

/** Under the key of a rule for the same, if the list has one. */
export function writeBan(
  who: Banned,
  { list, rulesInForce, content }: { list: PolicyListView; rulesInForce: RulesInForce; content: JsonObject },
): ActionOf<"write-policy"> {
  const replaced = existingBan(who, list, rulesInForce);
  return {
    kind: "write-policy",
    list: list.room,
    eventType: stableRuleType(who.kind),
    // A digest, as Draupnir and Meowlnir write it: ids begin with @, which a state key must not, and may be too long.
    stateKey: replaced?.stateKey ?? sha256Base64(`${who.text}m.ban`),
    content,
    ...(replaced ? { before: contentOfRule(replaced) } : {}),
  };
}

/** The rule as it will be read once it is written; undefined where it would be none. `event`: what stands for its event. */
export function ruleToBe(
  { list, eventType, stateKey, content }: ActionOf<"write-policy">,
  { world, event, at }: { readonly world: WorldView; readonly event: EventId; readonly at: number },
): Rule | undefined {
  const written = { type: eventType, stateKey, sender: world.self, eventId: event, content, sentAt: at };
  const rule = readRule(list, written, world.limits);
  return typeof rule === "object" ? rule : undefined;
}

export function banContent(
  who: Banned,
  { reason, expiresAt }: { reason: string; expiresAt?: number | undefined },
): JsonObject {
  const why = reason === "" ? {} : { reason };
  return { entity: who.text, recommendation: "m.ban", ...why, ...expiryContent(expiresAt) };
}
