/** How a ban is written to a list: to which list, under which state key, and in place of which rule. */
import { sha256Base64 } from "../kit/hash.ts";
import type { JsonObject } from "../kit/json.ts";
import type { ActionOf } from "../model/actions/action.ts";
import type { PolicyListView } from "../model/policy-list.ts";
import {
  contentOfRule,
  allowRecommendation,
  expiryContent,
  hashContent,
  takedownRecommendation,
  readRule,
  stableRuleType,
  type Rule,
  type RuleKind,
} from "../model/policy-rule.ts";
import type { EventId, RoomId } from "../model/ids.ts";
import type { WorldView } from "../model/world/view.ts";
import { isClosed, newestOf } from "./list-upgrades.ts";
import type { RulesInForce } from "./rules-in-force.ts";

export interface Banned {
  readonly kind: RuleKind;
  readonly text: string;
}

/** The default list that moderators chose, or the one that has taken its place; or else the only list that we may write to. */
export function defaultListOf(world: WorldView): PolicyListView | undefined {
  const chosen = chosenDefault(world);
  if (chosen) return newestOf(chosen, world);
  const writable = world.settings.lists.filter(
    ({ room }) => isWritable(room, world) && !isClosed(room, world),
  );
  return writable.length === 1
    ? world.watchedLists().find((list) => list.room === writable[0]!.room)
    : undefined;
}

/** The default list as it was chosen, upgraded or not. */
export function chosenDefault(world: WorldView): PolicyListView | undefined {
  const { defaultList } = world.settings;
  return defaultList && world.lists.get(defaultList);
}

/** Whether our level lets us write rules of this kind (or of this event type, for rules of others) to the list. */
export function isWritable(list: RoomId, world: WorldView, eventType = stableRuleType("user")): boolean {
  return world.rooms.get(list)?.power.canSendState(world.self, eventType) ?? false;
}

export function isBan({ recommendation }: Rule): boolean {
  return recommendation === "ban" || recommendation === "takedown";
}

/** A rule for exactly the same entity, in clear or hashed, that the list has already. */
function existing(
  { kind, text }: Banned,
  fits: (rule: Rule) => boolean,
  { list, rulesInForce: { index } }: { list: PolicyListView; rulesInForce: RulesInForce },
): Rule | undefined {
  return [...index.rulesWithEntity(kind, text), ...index.rulesWithHash(kind, sha256Base64(text))].find(
    (rule) => rule.list === list.room && fits(rule),
  );
}

/** Writes over a rule for the same entity, if the list has one. */
export function writeBan(
  who: Banned,
  { list, rulesInForce, content }: { list: PolicyListView; rulesInForce: RulesInForce; content: JsonObject },
): ActionOf<"write-policy"> {
  const replaced = existing(who, isBan, { list, rulesInForce });
  return {
    kind: "write-policy",
    list: list.room,
    eventType: stableRuleType(who.kind),
    // The state key is a digest, as in Draupnir and Meowlnir: an id begins with @, which a state key may not, and may be too long.
    stateKey: replaced?.stateKey ?? sha256Base64(`${who.text}m.ban`),
    content,
    ...(replaced ? { before: contentOfRule(replaced) } : {}),
  };
}

/** The rule as it will be read once written; undefined where it would not be a rule. `event`: stands in for its event id. */
export function ruleToBe(
  { list, eventType, stateKey, content }: ActionOf<"write-policy">,
  { world, event, at }: { readonly world: WorldView; readonly event: EventId; readonly at: number },
): Rule | undefined {
  const written = { type: eventType, stateKey, sender: world.self, eventId: event, content, sentAt: at };
  const rule = readRule(list, written, world.limits);
  return typeof rule === "object" ? rule : undefined;
}

/** `takedown`: what they wrote is to be removed as well. `hash`: a hash stands for the name. */
export function banContent(
  who: Banned,
  {
    reason,
    expiresAt,
    takedown = false,
    hash = false,
  }: { reason: string; expiresAt?: number | undefined; takedown?: boolean; hash?: boolean },
): JsonObject {
  const why = reason === "" ? {} : { reason };
  const recommendation = takedown ? takedownRecommendation : "m.ban";
  const whom = hash ? hashContent(sha256Base64(who.text)) : { entity: who.text };
  return { ...whom, recommendation, ...why, ...expiryContent(expiresAt) };
}

export function allowContent(who: Banned, reason: string): JsonObject {
  const why = reason === "" ? {} : { reason };
  return { entity: who.text, recommendation: allowRecommendation, ...why };
}

/** Writes over an allow rule for the same entity, if the list has one. A ban stands beside it, under a key of its own. */
export function writeAllow(
  who: Banned,
  { list, rulesInForce, content }: { list: PolicyListView; rulesInForce: RulesInForce; content: JsonObject },
): ActionOf<"write-policy"> {
  const isAllow = ({ recommendation }: Rule) => recommendation === "allow";
  const replaced = existing(who, isAllow, { list, rulesInForce });
  return {
    kind: "write-policy",
    list: list.room,
    eventType: replaced?.eventType ?? stableRuleType(who.kind),
    stateKey: replaced?.stateKey ?? sha256Base64(`${who.text}${allowRecommendation}`),
    content,
    ...(replaced ? { before: contentOfRule(replaced) } : {}),
  };
}
