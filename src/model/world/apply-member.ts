/** Who came, went or was banned, in the rooms whose members we follow; and which bans of ours were lost. */
import { believeChange } from "./apply-answers.ts";
import { minuteMs } from "../../kit/duration.ts";
import { asString } from "../../kit/json.ts";
import { nameIn, type MemberEntry, type Membership, type StateEvent } from "../event.ts";
import { parseUserId, type RoomId, type UserId } from "../ids.ts";
import type { Stamped } from "../time-between.ts";
import { noteArrival } from "./apply-arrival.ts";
import { noteMalformed } from "./apply-message.ts";
import type { Beliefs } from "./beliefs.ts";
import { noteKnock } from "./note-knocks.ts";
import { noteName } from "./note-names.ts";
import { forgetPosts } from "./note-posts.ts";
import { storeMember } from "./rows.ts";

/** How a state event reached us. */
export interface HowSeen {
  /** When, by our clock. */
  readonly at: number;
  /** As a live change, and not as part of the state that follows a gap. */
  readonly fromTimeline?: boolean;
  /** The first event ever under its key in that room. */
  readonly isFirst?: boolean;
  /** Believed by the outcome of our own act, and not told by sync. */
  readonly isOwnWrite?: boolean;
}

export function applyMember(beliefs: Beliefs, room: RoomId, event: StateEvent, how: HowSeen): void {
  const { at, fromTimeline = false, isFirst = false } = how;
  const { sender, eventId, stateKey } = event;
  const user = parseUserId(stateKey);
  const membership = asString(event.content["membership"]);
  if (!user || !isMembership(membership)) {
    const what = `a member event for ${stateKey.slice(0, 100)} without a valid membership`;
    return noteMalformed(beliefs, room, what, at);
  }
  if (!beliefs.followsMembers(room)) return;
  if (beliefs.ownEchoes.isOlder(room, user, { sender, now: beliefs.time.now })) return;
  const entry = { user, membership, sender, eventId };
  noteLostBan(beliefs, room, entry, { isReset: !fromTimeline && isOlderThanBan(beliefs, room, user, event) });
  const before = beliefs.members.membershipOf(room, user);
  if (fromTimeline && before === "ban" && membership !== "ban") noteLetIn(beliefs, entry, at);
  noteKnock(beliefs, room, entry, { before: beliefs.members.get(room, user), at });
  // All members were read and have been followed since: a person who was not among them has come now.
  const live = fromTimeline ? { at, sentAt: event.sentAt } : undefined;
  setMember(beliefs, room, entry, { since: beliefs.membersKnown.has(room) ? at : undefined, live });
  noteName(beliefs, room, { ...entry, ...nameIn(event.content) }, { isNews: fromTimeline });
  if (fromTimeline && beliefs.isProtected(room))
    noteSpoken(beliefs, room, entry, { isFirst: isFirst && before === "leave" });
  if (fromTimeline && sender === user && membership === "join")
    beliefs.recentEvents.addJoin(room, user, { event: eventId, at, sentAt: event.sentAt, isFirst });
}

/** Whom somebody unbans by their own client is no part of the wave that they were banned with. */
function noteLetIn(beliefs: Beliefs, { user, sender }: MemberEntry, at: number): void {
  const { stored, settings, self } = beliefs;
  if (sender === self || sender === user || !stored.waveMembers.get(user) || settings.excused.has(user))
    return;
  believeChange(beliefs, { kind: "excuse", user, at });
}

/**
 * Of a person whose first membership this is, no message was missed. One who is banned starts anew, as somebody unknown.
 * Where no protection was ever set or written, nobody is counted.
 */
function noteSpoken(
  { stored: { spoken }, hasProtections }: Beliefs,
  room: RoomId,
  { user, membership, sender, eventId }: MemberEntry,
  { isFirst }: { readonly isFirst: boolean },
): void {
  if (membership === "ban") return spoken.forget(room, user);
  if (isFirst && membership !== "leave" && hasProtections) spoken.came(room, user);
  if (sender === user) spoken.heard({ room, user, event: eventId }, { isMessage: false });
}

/** `since`: when the person came to have this membership, in ms; undefined where we did not see it. `live`: it came as a change. */
export function setMember(
  beliefs: Beliefs,
  room: RoomId,
  entry: MemberEntry,
  { since, live }: { since: number | undefined; live?: Stamped | undefined },
): void {
  const { members, changes } = beliefs;
  const { user, membership, sender, eventId } = entry;
  const before = members.membershipOf(room, user);
  noteArrival(beliefs, room, entry, { before, live, since });
  const isKnown = members.has(user);
  members.set(room, user, {
    membership,
    eventId,
    isOurs: membership === "ban" && sender === beliefs.self,
    since: since === undefined ? undefined : Math.floor(since / minuteMs),
  });
  const record = members.get(room, user);
  const list =
    record?.isOurs && !record.forList ? beliefs.ownEchoes.listOf(room, user, record.stamp) : undefined;
  if (list) {
    members.setForList(room, user, list);
    // Its rule may have been removed while we did not know of the ban.
    changes.arrival(room, user);
  }
  storeMember(beliefs, room, user);
  if (membership === "ban" && before !== "ban") forgetPosts(beliefs, user);
  // Moderators are spared in every room, so a new one, or one less, concerns every room.
  if (room === beliefs.settings.managementRoom && isSparing(before) !== isSparing(membership))
    changes.everything();
  if (membership !== "leave" && membership !== "ban") changes.arrival(room, user);
  if (membership !== "leave" && !isKnown) changes.firstSeen(user);
}

/** Notes that a ban which we made for a list is gone by somebody else's act, or by nobody's. */
export function noteLostBan(
  beliefs: Beliefs,
  room: RoomId,
  { user, membership, sender }: Pick<MemberEntry, "user" | "membership" | "sender">,
  { isReset }: { isReset: boolean },
): void {
  const record = beliefs.members.get(room, user);
  if (!record?.isOurs || !record.forList || membership === "ban" || sender === beliefs.self) return;
  // Nobody can lift their own ban.
  const by = isReset || sender === user ? undefined : sender;
  beliefs.changes.lostBan({ room, user, by, stamp: record.stamp });
}

/** A member event that is in force and older than the ban before it can only have come by a state reset. */
function isOlderThanBan({ members }: Beliefs, room: RoomId, user: UserId, { sentAt }: StateEvent): boolean {
  return sentAt < (members.get(room, user)?.since ?? 0) * minuteMs;
}

/** Whether the person is spared who has this membership in the management room. */
function isSparing(membership: Membership): boolean {
  return membership === "join" || membership === "invite";
}

function isMembership(value: string | undefined): value is Membership {
  return value === "join" || value === "invite" || value === "knock" || value === "ban" || value === "leave";
}
