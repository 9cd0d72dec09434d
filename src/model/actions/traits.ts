/** Every question that the house asks of an action, asked of one total table: a kind of action without a row does not compile. */
import { accounts } from "./accounts.ts";
import type { Action, ActionKind, ActionOf } from "./action.ts";
import { containment, ownContainment } from "./containment.ts";
import { directory } from "./directory.ts";
import type { PowerNeed, RequestClass, Traits, Weight, WhileStopped } from "./family.ts";
import { media } from "./media.ts";
import { membership } from "./membership.ts";
import { messages } from "./messages.ts";
import { ownProfile } from "./own-profile.ts";
import { policyRules } from "./policy-rules.ts";
import { policyServers } from "./policy-servers.ts";
import { powerLevels } from "./power-levels.ts";
import { priority } from "./priority.ts";
import { puttingBack } from "./put-back.ts";
import { redaction } from "./redaction.ts";
import { rooms } from "./rooms.ts";
import { serverAcl } from "./server-acl.ts";
import { serverRooms } from "./server-rooms.ts";
import { settings } from "./settings.ts";
import type { RoomId } from "../ids.ts";

const rows = {
  ...membership,
  ...powerLevels,
  ...messages,
  ...redaction,
  ...policyRules,
  ...policyServers,
  ...serverAcl,
  ...containment,
  ...ownContainment,
  ...puttingBack,
  ...rooms,
  ...settings,
  ...accounts,
  ...media,
  ...directory,
  ...serverRooms,
  ...ownProfile,
};

type Rows = typeof rows;

const traits: { readonly [K in ActionKind]: Traits<ActionOf<K>, Action> } = rows;

/** Kinds whose effect the world shows: `decisions/plan.ts` has a row for each. */
export type SeenKind = {
  [K in ActionKind]: Rows[K]["turn"]["effect"] extends "seen" ? K : never;
}[ActionKind];

/** Kinds that are looked at once more right before they are done: `in-flight/still-holds.ts` has a row for each. */
export type RecheckedKind = {
  [K in ActionKind]: Rows[K]["recheck"]["effect"] extends "looked-at" ? K : never;
}[ActionKind];

/** Kinds that are taken back where the world still shows them as ours: `decisions/undo.ts` has a row for each. */
export type UndoneIfItStands = {
  [K in ActionKind]: Rows[K]["undo"]["how"] extends "if-it-stands" ? K : never;
}[ActionKind];

/** Kinds that write a room's state: `model/world/own-echoes.ts` has a row for each, so that they are believed at once. */
export type StateWriteKind = {
  [K in ActionKind]: Rows[K]["changes"] extends "room-state" ? K : never;
}[ActionKind];

export function isRoomStateWrite(action: Action): action is ActionOf<StateWriteKind> {
  return traitsOf(action).changes === "room-state";
}

export const everyActionKind = Object.keys(rows) as readonly ActionKind[];

export function traitsOf<K extends ActionKind>(action: ActionOf<K>): Traits<ActionOf<K>, Action> {
  return traits[action.kind];
}

/** Whether it is a reason to tell moderators how it is taken back, that an act of the kind was done. */
export function offersUndo(kind: ActionKind): boolean {
  return traits[kind].undo.isOffered;
}

/** Kinds that are done again, when they are decided again, although they were done: their effect can get lost. */
export const kindsDoneAgain: readonly ActionKind[] = everyActionKind.filter(
  (kind) => traits[kind].memory.onceDone === "again-if-lost",
);

/** The room whose lane the action runs in; acts of our own and of the whole account have none. */
export function roomOf(action: Action): RoomId | undefined {
  return traitsOf(action).room(action);
}

/** Whom or what the action is about, within its room. */
export function targetOf(action: Action): string {
  return traitsOf(action).target(action);
}

/** Two acts with the same key have the same effect. */
export function actKey(action: Action): string {
  return `${action.kind}\n${roomOf(action) ?? ""}\n${targetOf(action)}`;
}

/** Whom or what the action is about, for people who ask later: a user, a server, a room, an entity; in lower case. */
export function subjectOf(action: Action): string | undefined {
  return traitsOf(action).subject(action)?.toLowerCase();
}

/** The account, file or entry of the directory that the action sets to one of two states; undefined for other acts. */
export function placeOf(action: Action): string | undefined {
  const { changes } = traitsOf(action);
  return typeof changes === "object" ? changes.placeOf(action) : undefined;
}

/** Acts that are ours alone. */
export type LocalAction = ActionOf<keyof typeof settings | keyof typeof ownContainment>;

/** Acts that change nothing on the homeserver: they are done at once, past all lanes and limits. */
export function isLocal(action: Action): action is LocalAction {
  return traitsOf(action).changes === "own-settings";
}

/** Acts that change a room's current state, or that of another place: at most one of them is in flight in each. */
export function isStateWrite(action: Action): boolean {
  const { changes } = traitsOf(action);
  return changes === "room-state" || typeof changes === "object";
}

/** The number of its class of urgency: lower is sooner. `isPresent`: whether its user is in its room. */
export function urgencyOf(action: Action, isPresent: boolean): number {
  const { urgency } = traitsOf(action).turn;
  return priority[typeof urgency === "function" ? urgency(action, isPresent) : urgency];
}

export function requestClassOf(action: Action): RequestClass {
  return traitsOf(action).turn.request;
}

export function weightOf(action: Action): Weight {
  return traitsOf(action).harm.weighs(action);
}

export function powerNeededFor(action: Action): PowerNeed {
  return traitsOf(action).harm.needs(action);
}

/** What becomes of it after the command `stop`. */
export function whileStopped(action: Action): WhileStopped {
  const { whileStopped } = traitsOf(action).recheck;
  return typeof whileStopped === "function" ? whileStopped(action) : whileStopped;
}

/** Whether what led to the action gets a number to be taken back by, and calls the action off when it is taken back. */
export function isNumbered(action: Action): boolean {
  const { isNumbered } = traitsOf(action).undo;
  return typeof isNumbered === "function" ? isNumbered(action) : isNumbered;
}

/** The act that takes it back; undefined where there is none, or what was there before is not known. */
export function inverse(action: Action): Action | undefined {
  const { inverse } = traitsOf(action).undo;
  return inverse === "none" ? undefined : inverse(action);
}
