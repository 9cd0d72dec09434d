/**
 * Taking back what was done: for each act of the past the act that takes it back, as far as the world still shows the
 * act as ours, or why it cannot be. Looks only; whoever asked decides.
 */
import type { Action, LevelChange } from "../model/actions/action.ts";
import { inverse, placeOf, subjectOf } from "../model/actions/traits.ts";
import { occasionOf } from "../model/decision.ts";
import { stampOf } from "../kit/hash.ts";
import type { EventId, RoomId, UserId } from "../model/ids.ts";
import { writtenBy, type Past, type PastAct } from "../model/past-acts.ts";
import type { Rule } from "../model/policy-rule.ts";
import { isSingleUse } from "../model/question.ts";
import { changeHolds } from "../model/settings/change.ts";
import type { WorldView } from "../model/world/view.ts";
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
  const acts: Undoing[] = [];
  const not: NotUndone[] = [];
  for (const one of done) {
    const undone = undoOne(one, { ...view, gone });
    acts.push(...undone.acts);
    not.push(...undone.not);
  }
  return { acts, not };
}

/** The rules that are about to be taken back themselves: they are no objection. */
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

const nothing: Undone = { acts: [], not: [] };

function undoOne(one: PastAct, view: View & { gone: ReadonlySet<EventId> }): Undone {
  const { action } = one.decision;
  switch (action.kind) {
    case "ban":
      return undoBan(one, action, view);
    case "unban":
      return undoUnban(one, action, view);
    case "kick":
      return undoKick(action, view);
    case "invite":
      return view.world.members.membershipOf(action.room, action.user) === "invite"
        ? acting(inverse(action)!, stampHere(action, view))
        : nothing;
    case "mute":
    case "unmute":
    case "set-power-level":
      return undoLevel(action, view);
    case "write-policy":
      return undoRule(one, action, view);
    case "remove-policy":
      return placeIsEmpty(action, view) ? acting(inverse(action)!, writtenBy(one) ?? "") : changed(action);
    case "change-settings":
      return undoChange(one, action, view);
    case "answer-question":
      return undoAnswer(action, view);
    case "suspend":
    case "unsuspend":
    case "lock":
    case "unlock":
    case "quarantine-media":
    case "unquarantine-media":
    case "add-alias":
    case "remove-alias":
    case "list-publicly":
    case "unlist-publicly":
      return undoOnServer(one, view);
    case "redact":
    case "redact-by-server":
    case "warn":
    case "create-list":
    case "deactivate":
    case "quarantine-media-of-user":
    case "quarantine-media-of-room":
    case "shutdown-room":
    case "make-room-admin":
      return { acts: [], not: [{ kind: "final", action }] };
    case "search-history":
    case "find-media":
    case "set-server-acl":
    case "join":
    case "leave":
    case "tell":
    case "react":
    case "ask":
    case "describe-command":
    case "read-room":
    case "read-bans":
    case "send-file":
    case "fill-gap":
      // Means to an end, or (server ACLs) what follows from the rules by itself.
      return nothing;
  }
}

type Of<K extends Action["kind"]> = Extract<Action, { kind: K }>;

function undoBan(
  one: PastAct,
  action: Of<"ban">,
  { world, rulesInForce, gone }: View & { gone: ReadonlySet<EventId> },
): Undone {
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

/** Banned again where the person has not come back meanwhile; if they have, it is for the rule to decide. */
function undoUnban(one: PastAct, action: Of<"unban">, { world }: View): Undone {
  if (world.members.membershipOf(action.room, action.user) !== "leave") return changed(action);
  const { because } = one.decision;
  const list = "list" in because ? because.list : undefined;
  return { acts: [{ action: inverse(action)!, replaces: writtenBy(one) ?? "", list }], not: [] };
}

function undoKick({ room, user, ...action }: Of<"kick">, { world }: View): Undone {
  if (world.members.membershipOf(room, user) !== "leave") return changed({ room, user, ...action });
  const acts = inviting(room, user, { world });
  return acts.length > 0 ? { acts, not: [] } : { acts, not: [{ kind: "open-door", room, user }] };
}

/** Levels stand in one event that anybody with power may write anew: what counts is the person's own entry. */
function undoLevel(action: LevelChange, { world }: View): Undone {
  const { room, user, level } = action;
  const levels = world.rooms.get(room)?.event("m.room.power_levels");
  const isOurs = world.rooms.get(room)?.power.entryOf(user) === level;
  if (!levels || !isOurs) return changed(action);
  const mute = action.kind === "mute" ? world.mutes.get(room, user) : undefined;
  if (action.kind !== "mute" || !mute) return acting(inverse(action)!, levels.eventId);
  // Another end is somebody's newer word.
  if (mute.until !== action.until) return changed(action);
  return acting(inverse({ ...action, before: mute.before })!, levels.eventId);
}

/** No room shows these: what counts is that nothing else of ours has changed the same since, nor had it been so before. */
function undoOnServer(one: PastAct, { world, past }: View): Undone {
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
  return isNewest ? acting(inverse(action)!, id) : changed(action);
}

/** An invitation where nobody comes in without one. */
function inviting(room: RoomId, user: UserId, { world }: Pick<View, "world">): readonly Undoing[] {
  if (world.rooms.get(room)?.isPublic !== false) return [];
  return [{ action: { kind: "invite", room, user, reason: "" }, replaces: "undo" }];
}

function undoRule(one: PastAct, action: Of<"write-policy">, { world }: View): Undone {
  const event = writtenBy(one);
  const stands = event && world.lists.get(action.list)?.ruleOf(event);
  return stands ? acting(inverse(action)!, event) : changed(action);
}

function placeIsEmpty({ list, eventType, stateKey }: Of<"remove-policy">, { world }: View): boolean {
  const known = world.lists.get(list);
  const there = known?.variantsFor((rule) => rule.eventType === eventType && rule.stateKey === stateKey);
  return known !== undefined && there?.length === 0;
}

function undoChange(one: PastAct, action: Of<"change-settings">, { world: { settings } }: View): Undone {
  if (!action.back) return nothing;
  const { change } = action;
  // What was protected before we had seen it turned out to be a space, and is followed instead.
  if (change.kind === "protect" && settings.spaces.has(change.room.room)) {
    const unfollow = { kind: "unfollow-space", room: change.room.room } as const;
    return acting({ kind: "change-settings", change: unfollow, back: change }, one.decision.id);
  }
  return changeHolds(change, settings) ? acting(inverse(action)!, one.decision.id) : changed(action);
}

/** The answer about rules or rooms is turned round; a command that got its yes is taken back by its own number. */
function undoAnswer(action: Of<"answer-question">, { world }: View): Undone {
  const question = world.questions.get(action.question);
  if (!question?.answer || isSingleUse(question)) return nothing;
  if (question.answer.yes !== action.yes) return changed(action);
  return acting({ ...action, yes: !action.yes }, String(question.answer.at));
}

function stampHere({ room, user }: { room: RoomId; user: UserId }, { world }: View): string {
  return String(world.members.get(room, user)?.stamp);
}

function acting(action: Action, replaces: string): Undone {
  return { acts: [{ action, replaces }], not: [] };
}

function changed(action: Action): Undone {
  return { acts: [], not: [{ kind: "changed", action }] };
}
