/**
 * Taking back what was done: for each act of the past the act that takes it back, as far as the world still shows the
 * act as ours, or why it cannot be. It only looks; who asked decides what becomes of it.
 */
import { stampOf } from "../kit/hash.ts";
import type { Action, ActionOf, LevelChange } from "../model/actions/action.ts";
import { askingOnce } from "./asking-once.ts";
import { withFirstBefore } from "./first-before.ts";
import { whatStands, type Containing } from "./waves/standing.ts";
import { inverse, placeOf, subjectOf, traitsOf, type UndoneIfItStands } from "../model/actions/traits.ts";
import { occasionOf } from "../model/decision.ts";
import type { EventId, RoomId, UserId } from "../model/ids.ts";
import { writtenBy, type Past, type PastAct } from "../model/past-acts.ts";
import type { Rule } from "../model/policy-rule.ts";
import { readLevel } from "../model/power-levels.ts";
import { isSingleUse } from "../model/question.ts";
import { changeHolds } from "../model/settings/change.ts";
import { isStillPutBack } from "../model/world/content-after.ts";
import type { WorldView } from "../model/world/view.ts";
import { isStillSet } from "../policy/policy-servers.ts";
import type { RulesInForce } from "../policy/rules-in-force.ts";

export interface Undoing {
  readonly action: Action;
  readonly replaces: string;
  /** For a ban that goes or comes back: the list it was made for. */
  readonly list?: RoomId | undefined;
}

/** What is left as it is, and why. */
export type NotUndone =
  /** Redactions, lists made, accounts and rooms that are gone. */
  | { readonly kind: "final"; readonly action: Action }
  /** Somebody has changed it since. */
  | { readonly kind: "changed"; readonly action: Action }
  /** A rule still asks for it. */
  | { readonly kind: "asked-for"; readonly user: UserId; readonly rule: Rule }
  /** A person who was removed can come back by themselves. */
  | { readonly kind: "open-door"; readonly room: RoomId; readonly user: UserId };

export interface Undone {
  readonly acts: readonly Undoing[];
  readonly not: readonly NotUndone[];
}

interface View {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
  readonly past: Pick<Past, "about">;
}

/** Everything that can be taken back of acts that were done, newest first, so that what came last goes first. */
export function undo(past: readonly PastAct[], view: View): Undone {
  const done = past.filter(({ result }) => result?.kind === "done").toReversed();
  const gone = rulesThatGo(done, view);
  const writes = past.flatMap(({ decision: { action } }) => (action.kind === "write-policy" ? action : []));
  const acts: Undoing[] = [];
  const not: NotUndone[] = [];
  for (const one of done) {
    const undone = undoOne(one, { ...view, gone, writes });
    acts.push(...undone.acts);
    not.push(...undone.not);
  }
  return { acts: askingOnce(acts), not };
}

/** Rules that are taken back themselves: they no longer ask for the bans that are taken back with them. */
function rulesThatGo(done: readonly PastAct[], { world }: View): ReadonlySet<EventId> {
  const gone = new Set<EventId>();
  for (const one of done) {
    const { action } = one.decision;
    const event = writtenBy(one);
    if (action.kind === "write-policy" && event && world.lists.get(action.list)?.ruleOf(event))
      gone.add(event);
  }
  return gone;
}

/** What an undo of several acts looks at. */
interface UndoView extends View {
  /** Rules written by all that the same undo takes back, also where that was called off, the oldest first. */
  readonly writes: readonly ActionOf<"write-policy">[];
  /** Rules that the same undo takes back. */
  readonly gone: ReadonlySet<EventId>;
}

const nothing: Undone = { acts: [], not: [] };

function undoOne(one: PastAct, view: UndoView): Undone {
  const { action } = one.decision;
  switch (traitsOf(action).undo.how) {
    case "final":
      return { acts: [], not: [{ kind: "final", action }] };
    case "needless":
      return nothing;
    case "if-newest":
      return undoIfNewest(one, view);
    case "if-it-stands":
      return isUndoneIfItStands(action) ? undoIfItStands(one, action, view) : nothing;
  }
}

function isUndoneIfItStands(action: Action): action is ActionOf<UndoneIfItStands> {
  return traitsOf(action).undo.how === "if-it-stands";
}

/** A row for every kind that is taken back where the world still shows it as ours, as its traits say. */
const ifItStands: {
  readonly [K in UndoneIfItStands]: (one: PastAct, action: ActionOf<K>, view: UndoView) => Undone;
} = {
  ban: undoBan,
  unban: undoUnban,
  kick: undoKick,
  invite: undoInvite,
  hold: undoHold,
  mute: undoMute,
  unmute: undoLevel,
  "set-power-level": undoLevel,
  "write-policy": undoRule,
  "remove-policy": undoRuleRemoval,
  contain: undoContainment,
  "deny-servers": undoContainment,
  "set-room-mode": undoContainment,
  "put-back": (one, action, { world }) => undoing(one, action, isStillPutBack(action, world)),
  "set-policy-server": (one, action, { world }) => undoing(one, action, isStillSet(action, world)),
  "clear-policy-server": (one, action, { world }) => undoing(one, action, isStillSet(action, world)),
  "change-settings": undoChange,
  "answer-question": undoAnswer,
};

function undoIfItStands<K extends UndoneIfItStands>(
  one: PastAct,
  action: ActionOf<K>,
  view: UndoView,
): Undone {
  return ifItStands[action.kind](one, action, view);
}

function undoBan(one: PastAct, action: ActionOf<"ban">, { world, rulesInForce, gone }: UndoView): Undone {
  const { room, user } = action;
  const record = world.members.get(room, user);
  const event = writtenBy(one);
  const isOurs = record?.isOurs === true && (event === undefined || record.stamp === stampOf(event));
  if (record?.membership !== "ban" || !isOurs) return changed(action);
  const rules = rulesInForce.index
    .rulesForUser(user)
    .filter((rule) => rule.kind === "user" && !gone.has(rule.eventId));
  const verdict = rulesInForce.exemptionOf(user) ? undefined : rulesInForce.decide(rules);
  if (verdict?.kind === "ban") return { acts: [], not: [{ kind: "asked-for", user, rule: verdict.rule }] };
  const lift: Undoing = {
    action: { kind: "unban", room, user, reason: "" },
    replaces: String(record.stamp),
    list: record.forList,
  };
  return { acts: [lift, ...inviting(room, user, { world })], not: [] };
}

/** The person is banned again, unless they have come back meanwhile: then that is for the rules to decide. */
function undoUnban(one: PastAct, action: ActionOf<"unban">, { world }: View): Undone {
  if (world.members.membershipOf(action.room, action.user) !== "leave") return changed(action);
  const { because } = one.decision;
  const list = "list" in because ? because.list : undefined;
  return takingBack(action, writtenBy(one) ?? "", list);
}

function undoKick(_one: PastAct, action: ActionOf<"kick">, { world }: View): Undone {
  const { room, user } = action;
  if (world.members.membershipOf(room, user) !== "leave") return changed(action);
  const acts = inviting(room, user, { world });
  return acts.length > 0 ? { acts, not: [] } : { acts, not: [{ kind: "open-door", room, user }] };
}

/** An invitation that was accepted or declined meanwhile leaves nothing to be taken back. */
function undoInvite(_one: PastAct, action: ActionOf<"invite">, { world }: View): Undone {
  const record = world.members.get(action.room, action.user);
  return record?.membership === "invite" ? takingBack(action, String(record.stamp)) : nothing;
}

/** What was removed comes back by its author alone, who is asked to send it again. */
function undoHold(one: PastAct, { room, user, again: text }: ActionOf<"hold">): Undone {
  return acting({ kind: "post", room, text, users: [user], key: "again" }, one.decision.id);
}

/** Levels stand in one event, which others may write anew at any time: what counts is the person's own entry. */
function undoLevel(_one: PastAct, action: LevelChange, { world }: View): Undone {
  const room = world.rooms.get(action.room);
  const levels = room?.event("m.room.power_levels");
  // A level that an earlier version wrote down may be a text.
  const isOurs =
    room?.power.entryOf(action.user) === (action.level === null ? null : readLevel(action.level));
  return levels && isOurs ? takingBack(action, levels.eventId) : changed(action);
}

function undoMute(one: PastAct, action: ActionOf<"mute">, view: View): Undone {
  const mute = view.world.mutes.get(action.room, action.user);
  if (!mute) return undoLevel(one, action, view);
  // Somebody has given the mute another end since.
  if (mute.until !== action.until) return changed(action);
  // A mute that was made anew does not know what stood there before the first one.
  const undone = undoLevel(one, { ...action, before: mute.before }, view);
  return undone.acts.length > 0 ? undone : changed(action);
}

/** Where it is over already, nothing of it is left to be taken back. */
function undoContainment(one: PastAct, action: Containing, { world }: View): Undone {
  const stands = whatStands(one.decision, action, world);
  if (stands === "nothing") return nothing;
  return stands === "ours" ? takingBack(action, one.decision.id) : changed(action);
}

/**
 * What no room shows is taken back where the journal has no newer act of ours on the same place, and where the place was
 * not so already before the act.
 */
function undoIfNewest(one: PastAct, { world, past }: View): Undone {
  const { action, because, id } = one.decision;
  if (one.result?.kind === "done" && one.result.isUnchanged) return nothing;
  const place = placeOf(action);
  const newest = past
    .about(subjectOf(action) ?? "", world.limits.pastActs)
    .find(
      ({ decision, result }) =>
        placeOf(decision.action) === place && result?.kind === "done" && !result.isUnchanged,
    );
  const isNewest = !newest || occasionOf(newest.decision.because) === occasionOf(because);
  return isNewest ? takingBack(action, id) : changed(action);
}

/** An invitation, where the room cannot be entered without one. */
function inviting(room: RoomId, user: UserId, { world }: Pick<View, "world">): readonly Undoing[] {
  if (world.rooms.get(room)?.isPublic !== false) return [];
  return [{ action: { kind: "invite", room, user, reason: "" }, replaces: "undo" }];
}

function undoRule(one: PastAct, action: ActionOf<"write-policy">, { world, writes }: UndoView): Undone {
  const event = writtenBy(one);
  const stands = event && world.lists.get(action.list)?.ruleOf(event);
  return stands ? takingBack(withFirstBefore(action, writes), event) : changed(action);
}

function undoRuleRemoval(one: PastAct, action: ActionOf<"remove-policy">, { world }: View): Undone {
  const { list, eventType, stateKey } = action;
  const there = world.lists
    .get(list)
    ?.variantsFor((rule) => rule.eventType === eventType && rule.stateKey === stateKey);
  return there?.length === 0 ? takingBack(action, writtenBy(one) ?? "") : changed(action);
}

function undoChange(
  one: PastAct,
  action: ActionOf<"change-settings">,
  { world: { settings } }: View,
): Undone {
  if (!action.back) return nothing;
  const { change } = action;
  // What was protected before we had seen it turned out to be a space, and is followed instead.
  if (
    change.kind === "protect" &&
    action.back.kind === "unprotect" &&
    settings.spaces.has(change.room.room)
  ) {
    const unfollow = { kind: "unfollow-space", room: change.room.room } as const;
    return acting({ kind: "change-settings", change: unfollow, back: change }, one.decision.id);
  }
  return changeHolds(change, settings) ? takingBack(action, one.decision.id) : changed(action);
}

/** An answer about rules or rooms is turned round. A yes to a command or an offer is taken back with what it led to. */
function undoAnswer(_one: PastAct, action: ActionOf<"answer-question">, { world }: View): Undone {
  const question = world.questions.get(action.question);
  if (!question?.answer || isSingleUse(question)) return nothing;
  if (question.answer.yes !== action.yes) return changed(action);
  return acting({ ...action, yes: !action.yes }, String(question.answer.at));
}

/** The inverse, where there is one. `list`: for a ban, the list that it was made for. */
function takingBack(action: Action, replaces: string, list?: RoomId): Undone {
  const back = inverse(action);
  return back ? { acts: [{ action: back, replaces, list }], not: [] } : nothing;
}

function undoing({ decision: { id } }: PastAct, action: Action, stands: boolean): Undone {
  return stands ? takingBack(action, id) : changed(action);
}

function acting(action: Action, replaces: string): Undone {
  return { acts: [{ action, replaces }], not: [] };
}

function changed(action: Action): Undone {
  return { acts: [], not: [{ kind: "changed", action }] };
}
