/** What people with power do with it, noted as it comes true, with what stood there before. What it is worth is weighed later. */
import { asString, type JsonObject } from "../../kit/json.ts";
import { isOver, contentOfRule, isRuleType } from "../policy-rule.ts";
import { asNumbers, readLevel } from "../power-levels.ts";
import type { StateEvent } from "../event.ts";
import { parseUserId, type RoomId, type UserId } from "../ids.ts";
import type { PathChange } from "../path-changes.ts";
import { isKeptState, type Room } from "../room.ts";
import { changeOf } from "../staff/state-change.ts";
import { actsKeptMs, type StaffAct } from "../staff/staff-acts.ts";
import type { Beliefs } from "./beliefs.ts";

/** What cannot be taken back, or is a part of the room's foundation. */
const leftAlone: ReadonlySet<string> = new Set([
  ...["m.room.create", "m.room.encryption", "m.room.third_party_invite", "m.space.parent"],
]);

type Noted = Pick<StaffAct, "kind" | "counts"> & Partial<StaffAct>;

/** Called before the world believes the event. */
export function noteStaffAct(beliefs: Beliefs, id: RoomId, event: StateEvent, at: number): void {
  const { settings, stored, self } = beliefs;
  if (event.type === "m.room.member") stored.staffActs.memberChanged(id, event.stateKey, event.eventId);
  const isOurs = beliefs.isProtected(id) || beliefs.isWatched(id) || id === settings.managementRoom;
  const room = isOurs ? beliefs.rooms.get(id) : undefined;
  if (!room?.isKnown || stored.staffActs.get(event.sender, event.eventId)) return;
  // The first look at a room tells of what was done before; so does a server that was away for long.
  if (event.sentAt > 0 && at - event.sentAt >= actsKeptMs) return;
  const noted = event.sender === self ? notedOfOurs(event) : notedOfTheirs(beliefs, room, event);
  if (!noted) return;
  stored.staffActs.set({
    user: event.sender,
    room: id,
    event: event.eventId,
    at,
    sentAt: event.sentAt,
    ...noted,
  });
  if (event.sender !== self) stored.staffHours.acted(event.sender, at);
}

/** Of state that is not kept, ours is noted as well, so that it is known what stands there. */
function notedOfOurs({ type, stateKey, content }: StateEvent): Noted | undefined {
  if (isKept(type)) return undefined;
  const changes = [{ path: [], ours: content }];
  return { kind: "state", counts: [], thirds: 0, changed: { type, stateKey, changes } };
}

function isKept(type: string): boolean {
  return isKeptState(type) || type === "m.room.member";
}

function notedOfTheirs(beliefs: Beliefs, room: Room, event: StateEvent): Noted | undefined {
  if (event.type === "m.room.member") return notedRemoval(beliefs, room, event);
  if (!room.power.isAboveUsual(event.sender)) return undefined;
  if (isRuleType(event.type)) return notedRule(beliefs, room, event);
  // What is theirs alone, as that they are in a call.
  if (leftAlone.has(event.type) || event.stateKey.includes(event.sender)) return undefined;
  return notedState(room, event);
}

function notedRemoval({ members }: Beliefs, { id }: Room, event: StateEvent): Noted | undefined {
  const user = parseUserId(event.stateKey);
  if (!user || user === event.sender) return undefined;
  const was = members.membershipOf(id, user);
  const membership = asString(event.content["membership"]);
  const since = members.get(id, user)?.since ?? 0;
  const whom = { targets: [user], was, counts: [user], ...(since > 0 ? { cameAt: since * 60_000 } : {}) };
  if (membership === "ban") return was === "ban" ? undefined : { kind: "ban", ...whom };
  if (membership !== "leave") return undefined;
  if (was === "ban") return { kind: "unban", ...whom };
  return was === "join" || was === "invite" ? { kind: "kick", ...whom } : undefined;
}

/** A rule that was written over, or taken off. One that is new takes nothing from anybody by itself: its bans are weighed. */
function notedRule({ lists, time }: Beliefs, { id }: Room, event: StateEvent): Noted | undefined {
  const { type, stateKey, content } = event;
  const rule = lists.get(id)?.ruleAt(type, stateKey);
  const before: JsonObject = rule && !isOver(rule, time.dueBy) ? contentOfRule(rule) : {};
  const changed = changeOf(event, before, content);
  if (!changed) return undefined;
  return { kind: "rule", counts: rule ? [`rule ${id} ${type} ${stateKey}`] : [], changed };
}

function notedState(room: Room, event: StateEvent): Noted | undefined {
  const { type, stateKey, content } = event;
  const before = isKept(type) ? room.event(type, stateKey)?.content : event.contentBefore;
  const changed = before || type === "m.room.tombstone" ? changeOf(event, before ?? {}, content) : undefined;
  const kept = changed ? { changed } : {};
  if (type === "m.room.power_levels") return notedLevels(room, before ?? {}, content, changed?.changes ?? []);
  if (type === "m.room.server_acl") return notedAcl(room, changed?.changes ?? []);
  const isWrittenOver = type === "m.room.tombstone" || Object.keys(before ?? {}).length > 0;
  return { kind: "state", counts: isWrittenOver ? [`state ${room.id} ${type} ${stateKey}`] : [], ...kept };
}

/** What lists had denied and is taken out comes back by itself: it is counted, and is not to be put back. */
function notedAcl({ aclByHand }: Room, all: readonly PathChange[]): Noted | undefined {
  if (all.length === 0) return undefined;
  const changes = all.filter(
    ({ path: [table, entry], ours }) => table !== "deny" || ours === true || aclByHand.includes(entry!),
  );
  const changed = { type: "m.room.server_acl", stateKey: "", changes };
  return { kind: "acl", counts: all.map(({ path }) => `acl ${path.join(" ")}`), changed };
}

/** Who is given a level in many rooms is one change; whatever else is changed counts in each of them. */
function notedLevels(
  room: Room,
  before: JsonObject,
  after: JsonObject,
  changes: readonly PathChange[],
): Noted | undefined {
  if (changes.length === 0) return undefined;
  const changed = { type: "m.room.power_levels", stateKey: "", changes };
  const silenced = changes.map((change) => silencedBy(room, after, change));
  if (silenced.every((user) => user !== undefined))
    return { kind: "mute", targets: silenced, counts: silenced, changed };
  const usual = readLevel(asNumbers(before)["users_default"]) ?? 0;
  const counts = changes.map(({ path, before: stood, ours }) => {
    const isRaised = path[0] === "users" && Number(ours ?? usual) > Number(stood ?? usual);
    return isRaised ? `raised ${path[1]!} ${String(ours)}` : `levels ${room.id} ${path.join(" ")}`;
  });
  return { kind: "levels", counts, changed };
}

/** Somebody without power whose level is lowered so that they have no voice. */
function silencedBy({ power }: Room, after: JsonObject, { path, ours }: PathChange): UserId | undefined {
  const user = path[0] === "users" ? parseUserId(path[1]) : undefined;
  const level = readLevel(ours) ?? Infinity;
  if (!user || power.isAboveUsual(user) || level >= power.of(user)) return undefined;
  return level < (readLevel(asNumbers(after)["events_default"]) ?? 0) ? user : undefined;
}
