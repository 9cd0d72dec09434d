/** `staff`: accounts of moderators that do more than moderators do: whether it is them, and what is taken back of it. */
import { demotionOf, type Demotion } from "../../decisions/staff/demotion.ts";
import { takeBack } from "../../decisions/staff/taking-back.ts";
import { undo } from "../../decisions/undo.ts";
import { describeTime, minuteMs } from "../../kit/duration.ts";
import { bullets, code, count, joined, lines, say, type Say } from "../../kit/say.ts";
import { parseUserId, type UserId } from "../../model/ids.ts";
import { accusedMs, standingOf } from "../../model/staff/standing.ts";
import type { StaffVerdict } from "../../model/settings/staff.ts";
import {
  defineCommand,
  needed,
  optional,
  problem,
  type CommandContext,
  type Entity,
  type Reply,
} from "../define.ts";
import { objectionToJudge } from "../shared/judging.ts";
import { roomName } from "../shared/room-names.ts";
import { settingsChange } from "../shared/settings-change.ts";
import { takenBack } from "../shared/taken-back.ts";
import { sinceIn } from "../shared/since-time.ts";
import { whatIsLeft, whatIsTakenBack } from "./taken-back.ts";

const shownAccounts = 10;
const shownRooms = 3;

export const staffList = defineCommand({
  words: ["staff"],
  role: "viewer",
  also: [["staff", "list"]],
  about: "Show accounts of moderators that did more than moderators do, and what was said of them.",
  takes: {},
  examples: ["staff"],
  reply(_args, _flags, context) {
    const { world, prefix } = context;
    const users = new Set([
      ...[...world.stored.staffAlarms.all()].map(({ user }) => user).toReversed(),
      ...[...world.settings.staffVerdicts.keys()].toReversed(),
    ]);
    const told = [...users].flatMap((user) => described(user, context) ?? []);
    if (told.length === 0) return { say: say`No moderator's account has done more than moderators do.` };
    return {
      say: lines(
        bullets(told.slice(0, shownAccounts)),
        say`${code(`${prefix} staff trust`)} says that it is them, ${code(`${prefix} staff stop`)} that it is not.`,
      ),
    };
  },
});

export const staffTrust = defineCommand({
  words: ["staff", "trust"],
  role: "moderator",
  about:
    "Say that it is the moderator themself: their commands count again, a level that I had taken is given back, and for a while nothing of theirs is counted.",
  takes: { who: needed("person", "the moderator") },
  examples: ["staff trust @olga:example.org"],
  reply: ({ who }, _flags, context) =>
    judged(who, context, {
      trusts: true,
      reply: (user) => ({ ...trusted(user, context), role: "moderator" }),
    }),
});

export const staffStop = defineCommand({
  words: ["staff", "stop"],
  role: "moderator",
  about:
    "Say that it is not the moderator: the account's level is taken wherever I stand above it, what it says to me does not count any more, and what it did with its own client is taken back.",
  takes: {
    who: needed("person", "the moderator"),
    since: optional("rest", "since when, as 03:10 (UTC) or 2h; without it since it did too much"),
  },
  examples: ["staff stop @olga:example.org", "staff stop @olga:example.org since 03:10"],
  reply: ({ who, since }, _flags, context) =>
    judged(who, context, {
      trusts: false,
      reply: (user) =>
        withSince(since, user, context, (from) => ({
          ...stopped(user, from, context),
          role: "moderator",
        })),
    }),
});

export const staffUndo = defineCommand({
  words: ["staff", "undo"],
  role: "moderator",
  also: [["undo", "staff"]],
  about:
    "Take back what somebody did with their own client, up to a day ago: bans are lifted or made again, people invited, levels, server ACLs, rules and other state put back. What others changed since is left alone.",
  takes: {
    who: needed("person", "who did it"),
    since: optional("rest", "since when, as 03:10 (UTC) or 2h; without it since it was too much"),
  },
  examples: ["staff undo @olga:example.org since 03:10", "staff undo @olga:example.org 2h"],
  reply: ({ who, since }, _flags, context) =>
    withUser(who, (user) =>
      withSince(since, user, context, (from) => {
        const { world, by } = context;
        const undone = takeBack(user, from, isInDoubt(user, context) ? { world } : { world, by });
        const what = whatIsTakenBack(undone);
        const title = say`What ${code(user)} did since ${describeTime(from)}: ${what ?? "nothing to take back"}.`;
        return {
          say: lines(title, whatIsLeft(undone)),
          acts: undone.acts,
          isProblem: what === undefined,
          // An account that has done nothing odd must not be set back by whoever has less to say.
          role: isInDoubt(user, context) ? "moderator" : "admin",
        };
      }),
    ),
});

function trusted(user: UserId, context: CommandContext): Reply {
  const { world, by, at, config, past, prefix } = context;
  const standing = standingOf(user, world, world.dueBy);
  if (standing === "trusted") return { say: say`So it is already: it is them.` };
  const until = at + config.staffTrustMs;
  const change = settingsChange({
    kind: "judge-staff",
    user,
    verdict: { is: "trusted", by, at, until },
  });
  const goesOn = say`It is ${code(user)}: until ${describeTime(until)} nothing of theirs is counted`;
  const incident = world.stored.staffAlarms.get(user)?.incident;
  const acts = incident === undefined ? [] : past.ofOccasion(incident);
  if (standing === "stopped")
    return {
      say: lines(
        say`${goesOn}.`,
        say`What the stop had taken stays so: ${code(`${prefix} undo`)} with its number gives it back.`,
      ),
      acts: [change],
    };
  if (incident === undefined || acts.length === 0) return { say: say`${goesOn}.`, acts: [change] };
  const back = takenBack(goesOn, undo(acts, context), { past: acts, occasions: [incident], context });
  return { ...back, isProblem: false, acts: [change, ...(back.acts ?? [])] };
}

function stopped(user: UserId, from: number, context: CommandContext): Reply {
  const { world, by, at, prefix } = context;
  if (standingOf(user, world, world.dueBy) === "stopped")
    return { say: say`So it is already: it is not them.` };
  // Or any account that was taken over could take the levels of all others by it.
  if (!isInDoubt(user, context))
    return problem(
      say`Their account has not done more than moderators do, so I do not stop it; ${code(`${prefix} staff undo ${user}`)} takes back what it did, ${code(`${prefix} powerlevel`)} its level`,
    );
  const change = settingsChange({ kind: "judge-staff", user, verdict: { is: "stopped", by, at } });
  const demotion = demotionOf(user, world);
  const undone = takeBack(user, from, { world });
  const rooms = demotion.acts.length;
  return {
    say: lines(
      say`${code(user)} is stopped${rooms > 0 ? say`: their level goes in ${count(rooms, "room")}` : ""}. What they did since ${describeTime(from)}: ${whatIsTakenBack(undone) ?? "nothing to take back"}.`,
      whatStays(demotion, context),
      whatIsLeft(undone),
    ),
    acts: [change, ...demotion.acts.map((action) => ({ action })), ...undone.acts],
  };
}

/** It did too much within a day, or was stopped. */
function isInDoubt(user: UserId, { world }: CommandContext): boolean {
  const alarm = world.stored.staffAlarms.get(user);
  const isRecent = alarm !== undefined && world.dueBy - alarm.at < accusedMs;
  return isRecent || standingOf(user, world, world.dueBy) === "stopped";
}

/** Where their level cannot be taken. */
function whatStays({ created, above }: Demotion, { world }: CommandContext): Say | undefined {
  const named = (rooms: Demotion["created"]) =>
    joined(rooms.slice(0, shownRooms).map((room) => roomName(room, world)));
  return lines(
    created.length > 0
      ? say`They made ${named(created)}${more(created.length)}: nobody can take their power there. If need be, replace the room.`
      : undefined,
    above.length > 0
      ? say`In ${named(above)}${more(above.length)} they stand as high as I do, or higher: somebody above them has to do it.`
      : undefined,
  );
}

function more(rooms: number): Say | "" {
  return rooms > shownRooms ? say` and ${rooms - shownRooms} more` : "";
}

function withUser(who: Entity, reply: (user: UserId) => Reply): Reply {
  const user = who.isGlob ? undefined : parseUserId(who.text);
  return user ? reply(user) : problem(say`I need one person, as ${code("@olga:example.org")}`);
}

/** Only for who may say it. */
function judged(
  who: Entity,
  context: CommandContext,
  { trusts, reply }: { readonly trusts: boolean; readonly reply: (user: UserId) => Reply },
): Reply {
  return withUser(who, (user) => {
    const objection = objectionToJudge(user, context, { trusts });
    return objection ? problem(objection) : reply(user);
  });
}

function withSince(
  text: string | undefined,
  user: UserId,
  { world, at }: CommandContext,
  reply: (from: number) => Reply,
): Reply {
  const alarm = world.stored.staffAlarms.get(user);
  const from = text === undefined ? (alarm?.since ?? at - 60 * minuteMs) : sinceIn(text, at);
  return from === undefined
    ? problem(say`${code(text!)} is neither a time of day in UTC (03:10) nor a span of time (2h)`)
    : reply(from);
}

function described(user: UserId, { world, at }: CommandContext): Say | undefined {
  const standing = standingOf(user, world, world.dueBy);
  const verdict = world.settings.staffVerdicts.get(user);
  const alarm = world.stored.staffAlarms.get(user);
  const since = alarm ? say`, since ${describeTime(alarm.since)}` : "";
  switch (standing) {
    case "accused":
      return say`${code(user)}${since}: waits for your word`;
    case "stopped":
      return say`${code(user)}${since}: stopped${saidBy(verdict)}`;
    case "trusted":
      return say`${code(user)}${since}: it is them${saidBy(verdict)}; nothing is counted until ${describeTime(verdict?.until ?? at)}`;
    case "free":
      return alarm
        ? say`${code(user)}${since}: ${verdict ? say`it was them${saidBy(verdict)}` : "nobody answered"}`
        : undefined;
  }
}

function saidBy(verdict: StaffVerdict | undefined): Say | "" {
  return verdict ? say`, said ${code(verdict.by)} on ${describeTime(verdict.at)}` : "";
}
