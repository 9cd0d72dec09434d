/** How our own acts ended. A write that succeeded is believed at once; its echo through sync then changes nothing. */
import { isLevelChange, type Action, type ActionOf, type LevelChange } from "../actions/action.ts";
import { roomOf } from "../actions/traits.ts";
import type { Cause, Decision } from "../decision.ts";
import type { EventId, RoomId, UserId } from "../ids.ts";
import type { ObservationOf } from "../observation.ts";
import { replyKey } from "../room-replies.ts";
import { isTimed } from "../timed-acts.ts";
import type { LevelEntry } from "../power-levels.ts";
import { believeChange } from "./apply-answers.ts";
import { noteContainment } from "./apply-containment.ts";
import { believeState } from "./apply-state.ts";
import type { Beliefs } from "./beliefs.ts";
import { forgetRoom } from "./forget.ts";
import { contentAfter } from "./content-after.ts";
import { asStateEvent, listBehind } from "./own-echoes.ts";
import { storeMember, storeRoom } from "./rows.ts";

export function applyOutcome(beliefs: Beliefs, { outcome, at }: ObservationOf<"outcome">): void {
  const { decision, result } = outcome;
  const { action, because } = decision;
  // A dry run: the act was written down and not done, so there is nothing to believe.
  if (result.kind === "recorded") return noteContainment(beliefs, outcome, at);
  if (action.kind === "fill-gap") {
    const isWhole = result.kind === "done" && result.note === undefined;
    beliefs.stored.spoken.readSkipped(action.room, { isWhole });
  }
  if (result.kind === "failed") noteFailure(beliefs, action, result.message);
  if (action.kind === "ban") {
    const list = result.kind === "done" ? undefined : listBehind(because);
    beliefs.ownEchoes.noteBan(action.room, action.user, list);
  }
  if (result.kind === "done") noteSuccess(beliefs, decision, result.eventId, at);
  else noteGivenUp(beliefs, action);
  noteContainment(beliefs, outcome, at);
}

function noteSuccess(beliefs: Beliefs, decision: Decision, written: EventId | undefined, at: number): void {
  const { action, because } = decision;
  const entryBefore = isLevelChange(action)
    ? beliefs.rooms.get(action.room)?.power.entryOf(action.user)
    : undefined;
  if (written !== undefined && !beliefs.ownEchoes.isEchoed(written))
    believeOwnEvent(beliefs, action, written, at);
  if (action.kind === "put-back") keepByHand(beliefs, action);
  if (isLevelChange(action)) noteMute(beliefs, action, { entryBefore, because });
  if (isTimed(action)) beliefs.stored.timedActs.done(action);
  if (action.kind === "leave" && !beliefs.isWanted(action.room)) forgetRoom(beliefs, action.room);
  if (action.kind === "redact" || action.kind === "hold")
    beliefs.stored.spoken.redacted(action.room, action.event);
  if ((action.kind === "redact" || action.kind === "hold") && action.user)
    beliefs.recentEvents.forget(action.user, action.event);
  if (action.kind === "hold") beliefs.stored.holds.set({ room: action.room, user: action.user, at });
  if (action.kind === "post" && because.kind === "finding" && action.key === replyKey)
    beliefs.stored.replies.replied(action.room, at);
  if (action.kind === "ask" && written) noteQuestionMessage(beliefs, action.question, written);
  acceptConfirmed(beliefs, decision, written, at);
  if (action.kind === "ban" && beliefs.members.membershipOf(action.room, action.user) === "ban")
    noteListOfBan(beliefs, action.room, action.user, listBehind(because));
}

/** Entries of a server ACL that people had made by hand stay theirs when they come back by an act of ours. */
function keepByHand(beliefs: Beliefs, { room: id, eventType, changes }: ActionOf<"put-back">): void {
  const room = eventType === "m.room.server_acl" ? beliefs.rooms.get(id) : undefined;
  const back = changes.flatMap(({ path: [table, entry], before }) =>
    table === "deny" && entry !== undefined && before === true ? entry : [],
  );
  if (!room || back.length === 0) return;
  room.aclByHand = [...new Set([...room.aclByHand, ...back])];
  storeRoom(beliefs, room);
}

function noteFailure(beliefs: Beliefs, action: Action, message: string): void {
  if (action.kind === "read-room" || action.kind === "fill-gap") beliefs.reads.end(action.room);
  if (action.kind !== "join" && action.kind !== "read-room") return;
  const room = beliefs.room(action.room);
  if (room.trouble === message) return;
  room.trouble = message;
  storeRoom(beliefs, room);
}

/** A ban that was given up may have been done all the same, where only its reply was lost. */
function noteGivenUp(beliefs: Beliefs, action: Action): void {
  if (action.kind !== "ban") return;
  const { room, user } = action;
  const record = beliefs.members.get(room, user);
  if (record?.isOurs && !record.forList)
    noteListOfBan(beliefs, room, user, beliefs.ownEchoes.listOf(room, user, record.stamp));
}

/** The state event that our act has put into the room. */
function believeOwnEvent(beliefs: Beliefs, action: Action, eventId: EventId, at: number): void {
  const origin = { sender: beliefs.self, at };
  const levels = isLevelChange(action)
    ? beliefs.levelsAfter(action)
    : action.kind === "contain" || action.kind === "release" || action.kind === "put-back"
      ? contentAfter(beliefs, action)
      : undefined;
  const written = asStateEvent(action, eventId, { ...origin, ...(levels ? { levels } : {}) });
  const room = roomOf(action);
  if (!written || !room) return;
  const after = beliefs.rooms.get(room)?.event("m.room.power_levels")?.sender;
  believeState(beliefs, room, written, { at, isOwnWrite: true });
  // Only now: an echo that is waited for would keep our own event from being believed.
  if (written.type === "m.room.member") beliefs.ownEchoes.awaitEcho(room, written.stateKey, at);
  if (written.type === "m.room.power_levels")
    beliefs.ownEchoes.awaitLevels(room, { event: eventId, since: at, after });
}

/**
 * `entryBefore`: the person's entry in the levels before our act was believed, which is what an unmute puts back. It may
 * differ from what the act expected: somebody may have changed it while the act waited. Where the entry is ours already,
 * the echo came before the outcome, and what the act expected is the best that we know.
 */
function noteMute(
  { stored, changes }: Beliefs,
  action: LevelChange,
  { entryBefore, because }: { readonly entryBefore: LevelEntry; readonly because: Cause },
): void {
  const { room, user } = action;
  const known = stored.mutes.get(room, user);
  if (action.kind !== "mute") return stored.mutes.delete(room, user);
  const { level, until } = action;
  const before = entryBefore === level ? action.before : entryBefore;
  // Levels that were lost are put back by ourselves: the mute is still what it was. A moderator's own is theirs.
  const forList =
    because.kind === "rule" ? because.list : because.kind === "self" ? known?.forList : undefined;
  stored.mutes.set({
    room,
    user,
    level,
    before,
    ...(until === undefined ? {} : { until }),
    ...(forList === undefined ? {} : { forList }),
  });
  // The list may have ceased to ask for it while it was on its way.
  if (forList !== undefined) changes.arrival(room, user);
}

function noteQuestionMessage({ stored }: Beliefs, id: number, message: EventId): void {
  const question = stored.questions.get(id);
  if (question) stored.questions.set({ ...question, message });
}

/** A rule that a command wrote after a moderator's yes needs no second one. */
function acceptConfirmed(
  beliefs: Beliefs,
  { action, because }: Decision,
  rule: EventId | undefined,
  at: number,
): void {
  if (action.kind !== "write-policy" || because.kind !== "command" || !rule) return;
  if (beliefs.stored.questions.ofCommand(because.event)?.answer?.yes !== true) return;
  believeChange(beliefs, { kind: "accept", what: [rule], at });
}

/** Our ban was made for this list, so it is lifted with the list's rule. */
function noteListOfBan(beliefs: Beliefs, room: RoomId, user: UserId, list: RoomId | undefined): void {
  if (!list) return;
  beliefs.members.setForList(room, user, list);
  // Sync may still tell what came before our ban, and then the ban as if it were new.
  beliefs.ownEchoes.keepList(room, user, { stamp: beliefs.members.get(room, user)!.stamp, list });
  storeMember(beliefs, room, user);
  // The rule may have been removed while the ban was on its way: the person is judged again.
  beliefs.changes.arrival(room, user);
}
