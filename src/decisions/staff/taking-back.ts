/**
 * Taking back what somebody did with their own client, as far as it stands as they left it: bans are lifted, those who
 * cannot come back by themselves are invited, lifted bans are made again, levels, ACLs, rules and other state are put back
 * value by value. What anybody else has changed since stays.
 */
import { stampOf } from "../../kit/hash.ts";
import type { Action } from "../../model/actions/action.ts";
import type { RoomId, UserId } from "../../model/ids.ts";
import { isRuleType } from "../../model/policy-rule.ts";
import { isBeyond, together, without } from "../../model/staff/state-change.ts";
import type { StaffAct, StateChange } from "../../model/staff/staff-acts.ts";
import { isAnythingToPutBack } from "../../model/world/content-after.ts";
import type { WorldView } from "../../model/world/view.ts";

export interface StaffUndoing {
  readonly action: Action;
  readonly replaces: string;
}

export interface StaffUndone {
  readonly acts: readonly StaffUndoing[];
  /** People who were removed for a reason that I know: they are on a list, of a wave, were found by a protection. */
  readonly spared: number;
  /** People who were removed from a public room can come back by themselves. */
  readonly openDoor: number;
  /** What somebody has changed since. */
  readonly changed: number;
  /** Levels that are above Tyr's, or above those of who wants it. */
  readonly beyond: number;
  /** State of which it is not known what stood there. */
  readonly unknown: number;
}

interface Tally {
  readonly acts: StaffUndoing[];
  spared: number;
  openDoor: number;
  changed: number;
  beyond: number;
  unknown: number;
}

/**
 * `since`: ms since the epoch; what is older than a day is not remembered. `by`: who wants it, where nobody's account is in
 * doubt: nobody has a level put back that they could not give.
 */
export function takeBack(
  user: UserId,
  since: number,
  { world, by }: { readonly world: WorldView; readonly by?: UserId | undefined },
): StaffUndone {
  const tally: Tally = { acts: [], spared: 0, openDoor: 0, changed: 0, beyond: 0, unknown: 0 };
  const acts = [...world.stored.staffActs.of(user)].filter(({ at }) => at >= since);
  const onState = acts.filter(({ targets, kind }) => !targets || kind === "mute");
  const byAnybody = Map.groupBy(world.stored.staffActs.changes(), placeOf);
  for (const [place, those] of [...Map.groupBy(onState, placeOf)].toReversed())
    putBack(those, { user, by, changes: byAnybody.get(place) ?? [] }, { world, tally });
  const people = Map.groupBy(
    acts.filter(({ targets, kind }) => targets && kind !== "mute"),
    ({ room, targets }) => `${room} ${targets![0]!}`,
  );
  for (const those of [...people.values()].toReversed()) letIn(those, { world, tally });
  return tally;
}

interface View {
  readonly world: WorldView;
  readonly tally: Tally;
}

function placeOf({ room, changed, event }: StaffAct): string {
  return changed ? `${room}\n${changed.type}\n${changed.stateKey}` : `${room}\n${event}`;
}

/** What was done to one person in one room: only the last of it stands, and what they were before the first comes back. */
function letIn(acts: readonly StaffAct[], view: View): void {
  const { world, tally } = view;
  const [first, last] = [acts[0]!, acts.at(-1)!];
  const { room, event } = last;
  const user = last.targets![0]!;
  const record = world.members.get(room, user);
  const now = record?.membership ?? "leave";
  if (last.isOver) return void tally.changed++;
  if (last.kind === "ban") {
    if (first.was === "ban") return;
    if (last.spared && last.spared !== "exempt") return void tally.spared++;
    if (now !== "ban" || record?.stamp !== stampOf(event)) return void tally.changed++;
    tally.acts.push({ action: { kind: "unban", room, user, reason: "" }, replaces: String(record.stamp) });
    return invite(room, user, first, view);
  }
  if (now !== "leave") return void tally.changed++;
  if (last.kind === "unban" && first.was === "ban")
    tally.acts.push({ action: { kind: "ban", room, user, reason: "", redacts: false }, replaces: event });
  if (last.kind !== "kick") return;
  if (last.spared && last.spared !== "exempt") return void tally.spared++;
  invite(room, user, first, view);
}

/** Who was there, or had been asked in. */
function invite(room: RoomId, user: UserId, { was, event }: StaffAct, { world, tally }: View): void {
  if (was !== "join" && was !== "invite") return;
  if (world.rooms.get(room)?.isPublic !== false) return void tally.openDoor++;
  tally.acts.push({ action: { kind: "invite", room, user, reason: "" }, replaces: event });
}

/** All that was done to one state event, as one change of it. `changes`: by whomever, in order. */
function putBack(
  acts: readonly StaffAct[],
  {
    user,
    by,
    changes,
  }: { readonly user: UserId; readonly by: UserId | undefined; readonly changes: readonly StaffAct[] },
  view: View,
): void {
  const { world, tally } = view;
  const { room, event } = acts.at(-1)!;
  if (acts.some(({ changed }) => !changed)) tally.unknown++;
  const change = changeBy(
    user,
    changes.filter(({ seq }) => seq >= acts[0]!.seq),
  );
  if (!change) return;
  if (change.changes.length === 0) return void tally.changed++;
  if (isRuleType(change.type)) return putBackRule(change, acts.at(-1)!, view);
  const power = world.rooms.get(room)?.power;
  const own = Math.min(...[world.self, by ?? world.self].map((one) => power?.of(one) ?? 0));
  const levels = world.rooms.get(room)?.event("m.room.power_levels")?.content ?? {};
  const isLevels = change.type === "m.room.power_levels";
  // Their own level is another matter: it is taken, or stays.
  const wanted = change.changes.filter(({ path }) => !isLevels || path[0] !== "users" || path[1] !== user);
  const possible = wanted.filter((one) => !isLevels || !isBeyond(one, levels, own));
  tally.beyond += wanted.length - possible.length;
  const { type: eventType, stateKey } = change;
  const action = { kind: "put-back", room, eventType, stateKey, changes: possible } as const;
  if (possible.length === 0) return;
  if (isAnythingToPutBack(action, world)) tally.acts.push({ action, replaces: event });
  else tally.changed++;
}

/** What they changed, and nobody else has changed after them. */
function changeBy(user: UserId, acts: readonly StaffAct[]): StateChange | undefined {
  let change: StateChange | undefined;
  for (const { user: by, changed } of acts) {
    if (!changed) continue;
    if (by === user) change = change ? together(change, changed) : changed;
    else if (change) change = without(change, changed);
  }
  return change;
}

function putBackRule({ type, stateKey, changes }: StateChange, last: StaffAct, { world, tally }: View): void {
  const [change] = changes;
  if (!change) return;
  const { room: list, event } = last;
  const now = world.lists.get(list)?.ruleAt(type, stateKey);
  const isGone = isEmpty(change.ours);
  const stands = isGone ? now === undefined : now?.eventId === event;
  if (!stands) return void tally.changed++;
  const place = { list, eventType: type, stateKey };
  const ours = change.ours as Readonly<Record<string, unknown>>;
  const before = change.before as Readonly<Record<string, unknown>>;
  tally.acts.push({
    action: isEmpty(before)
      ? { kind: "remove-policy", ...place, before: ours }
      : { kind: "write-policy", ...place, content: before, ...(isGone ? {} : { before: ours }) },
    replaces: event,
  });
}

function isEmpty(content: unknown): boolean {
  return typeof content !== "object" || content === null || Object.keys(content).length === 0;
}
