/** What moderators are told of an account that acts far more than moderators do, in a few lines that a phone shows whole. */
import { roomName } from "../../commands/shared/room-names.ts";
import type { Demotion } from "../../decisions/staff/demotion.ts";
import { describeTime } from "../../kit/duration.ts";
import { code, count, joined, lines, say, someOf, type Say } from "../../kit/say.ts";
import type { RoomId } from "../../model/ids.ts";
import type { StaffAct, StaffActKind } from "../../model/staff/staff-acts.ts";
import type { StaffAlarm } from "../../model/staff/staff-alarms.ts";
import { accusedMs, judgesOf } from "../../model/staff/standing.ts";
import type { WorldView } from "../../model/world/view.ts";

const shownRooms = 3;

const did: Readonly<Record<StaffActKind, readonly [one: string, many: string, verb: string]>> = {
  ban: ["person", "people", "banned"],
  kick: ["person", "people", "removed"],
  mute: ["person", "people", "muted"],
  unban: ["ban", "bans", "lifted"],
  levels: ["level", "levels", "changed"],
  acl: ["entry of server ACLs", "entries of server ACLs", "changed"],
  rule: ["rule", "rules", "changed"],
  state: ["setting of rooms", "settings of rooms", "changed"],
};

export interface Told {
  readonly alarm: StaffAlarm;
  /** Those that count, in order. */
  readonly acts: readonly StaffAct[];
  readonly factor: number;
  /** What was done, or would be, about their level. */
  readonly demotion: Demotion;
  readonly world: WorldView;
}

export function describeAlarm({ alarm, acts, factor, demotion, world }: Told): Say {
  const { user, since } = alarm;
  return lines(
    say`The account of ${code(user)} does more than moderators do, by its own client.`,
    say`Since ${describeTime(since)}: ${whatTheyDid(acts)}, ${whereItWas(acts, world)}.`,
    factor > 1 ? say`That is the pace of a script, or an hour at which they never acted.` : undefined,
    whatIsDone(alarm, world),
    whatIsLeft(demotion, world),
  );
}

export function whatTheyDid(acts: readonly StaffAct[]): Say {
  const kinds = Map.groupBy(acts, ({ kind }) => kind);
  return joined(
    [...kinds].map(([kind, those]) => {
      const [one, many, verb] = did[kind];
      const different = new Set(those.flatMap(({ counts }) => counts)).size;
      return say`${count(different, one, many)} ${verb}`;
    }),
  );
}

function whereItWas(acts: readonly StaffAct[], world: WorldView): Say {
  const rooms = [...new Set(acts.map(({ room }): RoomId => room))];
  const named = rooms.slice(0, shownRooms).map((room) => roomName(room, world));
  return say`in ${someOf(named, shownRooms, rooms.length)}`;
}

/** Of what is true now: whose word counts, and for how long theirs does not. */
function whatIsDone({ user, at: alarmAt, isHandled }: StaffAlarm, world: WorldView): Say {
  const handled = isHandled ? say`I take their level wherever I stand above them. ` : "";
  if (!world.isModerator(user)) return say`${handled}They are not in this room.`;
  if (world.mayCommand(user)) return say`${handled}Nobody else is here who could answer for them.`;
  const until = describeTime(alarmAt + accusedMs);
  if (judgesOf(user, world, world.dueBy).length === 0)
    return say`${handled}What they say to me does not count until ${until}. Nobody is here who may answer: who is asked about too, or came here since it began, cannot.`;
  return say`${handled}What they say to me, their answer here included, does not count until one of you has answered, or until ${until}.`;
}

/** Where their level cannot be taken, and what is left to do there. */
function whatIsLeft({ created, above }: Demotion, world: WorldView): Say | undefined {
  const named = (rooms: readonly RoomId[]) =>
    someOf(
      rooms.slice(0, shownRooms).map((room) => roomName(room, world)),
      shownRooms,
      rooms.length,
    );
  return lines(
    created.length > 0
      ? say`They made ${named(created)}, so nobody can take their power there; if need be, replace the room.`
      : undefined,
    above.length > 0
      ? say`In ${named(above)} they stand as high as I do, or higher: there I cannot take it.`
      : undefined,
  );
}
