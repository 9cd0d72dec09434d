/**
 * What could be done, as data: the union of all families' actions. Judging and commands produce these; only `executor/`
 * has them performed. What each kind is to the house stands in `traits.ts`, how it is called in `words.ts`.
 */
import type { AccountFields } from "./accounts.ts";
import type { ContainmentFields, OwnContainmentFields } from "./containment.ts";
import type { DirectoryFields } from "./directory.ts";
import type { Variant } from "./family.ts";
import type { MediaFields } from "./media.ts";
import type { MembershipFields } from "./membership.ts";
import type { MessageFields, Notified } from "./messages.ts";
import type { OwnProfileFields } from "./own-profile.ts";
import type { PolicyRuleFields } from "./policy-rules.ts";
import type { PolicyServerFields } from "./policy-servers.ts";
import type { PutBackFields } from "./put-back.ts";
import { powerLevels, type PowerLevelFields } from "./power-levels.ts";
import type { RedactionFields } from "./redaction.ts";
import type { RoomFields } from "./rooms.ts";
import type { ServerAclFields } from "./server-acl.ts";
import type { ServerRoomFields } from "./server-rooms.ts";
import type { SettingFields } from "./settings.ts";

/** The fields of every kind of action, by kind. */
export type ActionFields = MembershipFields &
  PowerLevelFields &
  MessageFields &
  RedactionFields &
  PolicyRuleFields &
  PolicyServerFields &
  ServerAclFields &
  ContainmentFields &
  OwnContainmentFields &
  PutBackFields &
  RoomFields &
  SettingFields &
  AccountFields &
  MediaFields &
  DirectoryFields &
  ServerRoomFields &
  OwnProfileFields;

export type { Notified };
export type ActionKind = keyof ActionFields;
export type ActionOf<K extends ActionKind> = Variant<ActionFields, K>;
export type Action = ActionOf<ActionKind>;

/** A function for every kind of action: a kind without one does not compile. */
export type ActionTable<Rest extends readonly unknown[], Result> = {
  readonly [K in ActionKind]: (action: ActionOf<K>, ...rest: Rest) => Result;
};

/** What the table's function for the action's kind returns. */
export function fromTable<K extends ActionKind, Rest extends readonly unknown[], Result>(
  table: ActionTable<Rest, Result>,
  action: ActionOf<K>,
  ...rest: Rest
): Result {
  return table[action.kind](action, ...rest);
}

/**
 * Words and marks of Tyr's own: the only acts that may be handed to the executor without passing the guard, as none of
 * them touches a person or changes a protected room. A `warn` is no part of them: it is said to somebody.
 */
export type Words = ActionOf<"tell" | "ask" | "react" | "describe-command">;

/** Acts that change one person's level, and keep whatever else the power levels event holds when they are done. */
export type LevelChange = ActionOf<keyof PowerLevelFields>;

export function isLevelChange(action: Action): action is LevelChange {
  return action.kind in powerLevels;
}
