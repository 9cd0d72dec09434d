/** `undo`: takes back what a command, a list, or everything about somebody has led to. */
import { bullets, code, count, lines, say, type Say } from "../../kit/say.ts";
import { traitsOf } from "../../model/actions/traits.ts";
import { occasionOf } from "../../model/decision.ts";
import type { EventId, RoomId, UserId } from "../../model/ids.ts";
import type { PastAct, PastOccasion } from "../../model/past-acts.ts";
import type { PolicyListView } from "../../model/policy-list.ts";
import { standingOf } from "../../model/staff/standing.ts";
import { undo, type Undone } from "../../decisions/undo.ts";
import {
  defineCommand,
  optional,
  problem,
  type CommandContext,
  type Entity,
  type Proposal,
  type Reply,
} from "../define.ts";
import { objectionToJudge } from "../shared/judging.ts";
import { listName } from "../shared/room-names.ts";
import { numbered } from "../shared/numbered.ts";
import { takenBack } from "../shared/taken-back.ts";

/** Rules of one list that are rejected one by one; with more, the reply names `lists unwatch`. */
const maxRejected = 10_000;
const shownCommands = 5;
/** Commands among which `undo last` looks for the newest that is neither an undo nor undone. */
const commandsLookedAt = 200;

export const undoCommand = defineCommand({
  words: ["undo"],
  role: "moderator",
  about:
    "Take back everything a command, a list or all acts against somebody led to: rules, bans in all rooms, server ACLs, kicks, settings. What others changed since is left alone.",
  takes: {
    who: optional("entity", "everything done to this user or server", "who"),
    list: optional("list", "everything done for this list; its rules are no longer applied"),
    what: optional("word", "the number that an answer gave, or last for the newest command", "incident"),
  },
  examples: ["undo last", "undo 12", "undo @regular:example.org", "undo coc"],
  reply({ who, list, what }, _flags, context): Reply {
    if ([who, list, what].filter((one) => one !== undefined).length > 1)
      return problem(say`I take back one thing at a time: a command, a list, or what was done to somebody`);
    if (list) return undoList(list, context);
    // A list without a shortcode has no other name.
    const watched =
      who?.kind === "room" && context.world.watchedLists().find(({ room }) => room === who.text);
    if (watched) return undoList(watched, context);
    if (who) return undoWho(who, context);
    if (what === undefined) return problem(whichOne(say`Which one?`, context));
    const isLast = what.toLowerCase() === "last";
    const command = isLast ? lastCommand(context) : numbered(what, context);
    if (command) return undoOccasion(command, context);
    const none = isLast
      ? say`Nothing is left to take back: an undo is taken back by its number.`
      : say`I know nothing under ${code(what)}.`;
    return problem(whichOne(none, context));
  },
});

/** The newest command that is neither an undo nor undone. */
function lastCommand({ past, world }: CommandContext): PastOccasion | undefined {
  const undone = new Set<string>();
  for (const command of past.occasions(commandsLookedAt)) {
    const { because } = command;
    // A moderator who says `last` means a command of theirs; what a protection or the config did is taken back by its number.
    if (because.kind !== "command" || because.by === world.self) continue;
    for (const occasion of because.undoes ?? []) undone.add(occasion);
    if (!because.undoes && !undone.has(because.event)) return command;
  }
  return undefined;
}

function whichOne(why: Say, { past, prefix }: CommandContext): Say {
  const newest = past
    .occasions(shownCommands)
    .map(({ number, because }) => say`${code(`${prefix} undo ${number}`)}: ${titleOf(because)}`);
  if (newest.length === 0) return say`There is nothing to take back yet.`;
  return lines(say`${why} The newest:`, bullets(newest));
}

function titleOf(because: PastOccasion["because"]): Say {
  return because.kind === "command"
    ? say`${code(because.text, 80)}, by ${code(because.by)}`
    : say`what ${because.protection} led to`;
}

function undoOccasion({ number, because }: PastOccasion, context: CommandContext): Reply {
  const occasion = occasionOf(because);
  const past = context.past.ofOccasion(occasion);
  const title = say`Undo of ${number} (${titleOf(because)})`;
  const heated = context.world.stored.heat.metIn(occasion).length;
  const undone = undo(past, context);
  const objection = judgedIn(past, undone, context);
  if (objection) return problem(objection);
  return takenBack(title, undone, { past, occasions: [occasion], context, heated });
}

/** Taking back what was said of a moderator's account says what it is: why whoever asks may not. */
function judgedIn(past: readonly PastAct[], { acts }: Undone, context: CommandContext): Say | undefined {
  const { world } = context;
  const said = acts.flatMap(({ action }) =>
    action.kind === "change-settings" && action.change.kind === "judge-staff" ? action.change.user : [],
  );
  const lowered = past.flatMap(({ decision: { action } }) =>
    action.kind === "set-power-level" && action.isStop ? action.user : [],
  );
  const waits = (user: UserId) => ["accused", "stopped"].includes(standingOf(user, world, world.dueBy));
  return [...new Set([...said, ...lowered.filter(waits)])]
    .map((user) => objectionToJudge(user, context, { trusts: true }))
    .find((objection) => objection !== undefined);
}

function undoWho(who: Entity, context: CommandContext): Reply {
  const all = context.past
    .about(who.text, context.world.limits.pastActs)
    .filter((one) => traitsOf(one.decision.action).harm.isAgainstSubject);
  // `about` tells the newest first, and `undo` takes the oldest first.
  const past = all.toReversed();
  if (past.length === 0) return problem(say`I have done nothing to ${code(who.text)} that I remember.`);
  const occasions = [
    ...new Set(
      past.flatMap(({ decision: { because } }) =>
        // Only commands: an incident may have hit others, for whom it is not taken back.
        because.kind === "command" ? because.event : [],
      ),
    ),
  ];
  return takenBack(say`Undo of everything done to ${code(who.text)}`, undo(past, context), {
    past,
    occasions,
    context,
  });
}

/** Rejects the rules behind what was done for the list, and lifts the bans that no other list asks for. */
function undoList(list: PolicyListView, context: CommandContext): Reply {
  const { world, rulesInForce, at, by, prefix } = context;
  const banned = bannedFor(list.room, context);
  const rejected = new Set<EventId>();
  for (const rule of list.rules()) {
    if (rule.kind === "server" && rule.recommendation !== "allow" && rule.recommendation !== "other")
      rejected.add(rule.eventId);
  }
  for (const user of new Set(banned.map((one) => one.user))) {
    for (const rule of rulesInForce.index.rulesForUser(user))
      if (rule.list === list.room && rule.kind === "user" && rule.recommendation !== "allow")
        rejected.add(rule.eventId);
  }
  if (rejected.size > maxRejected)
    return problem(
      say`${listName(list.room, world)} has led to more than ${maxRejected.toLocaleString("en")} things; ${code(`${prefix} lists unwatch ${list.shortcode ?? list.room}`)} ends all of it`,
    );
  const what = [...rejected].filter((event) => !world.settings.rejected.has(event));
  const lifts = banned.flatMap(({ room, user, stamp }): Proposal[] => {
    const others = rulesInForce.index
      .rulesForUser(user)
      .filter((rule) => rule.kind === "user" && !rejected.has(rule.eventId));
    if (rulesInForce.decide(others)?.kind === "ban") return [];
    return [{ action: { kind: "unban", room, user, reason: "" }, replaces: String(stamp), list: list.room }];
  });
  if (what.length + lifts.length === 0)
    return problem(say`Nothing stands that was done for ${listName(list.room, world)}`);
  const reject = { kind: "reject", what, by, at } as const;
  return {
    say: lines(
      say`Undo of ${listName(list.room, world)}: ${count(what.length, "rule")} no longer applied, ${count(lifts.length, "ban")} to lift; server ACLs follow.`,
      say`New rules of it are applied as before; ${code(`${prefix} lists unwatch ${list.shortcode ?? list.room}`)} ends that.`,
    ),
    acts: [
      ...(what.length > 0 ? [{ action: { kind: "change-settings", change: reject } } as const] : []),
      ...lifts,
    ],
    takesBack: [list.room],
    // What the list asks for is no longer done: whoever may have that done may also choose which lists there are.
    role: "admin",
  };
}

function bannedFor(
  list: RoomId,
  { world }: CommandContext,
): readonly { room: RoomId; user: UserId; stamp: number }[] {
  return [...world.protectedRooms()].flatMap(({ id: room }) =>
    [...world.members.membersOf(room, ["ban"])].flatMap((user) => {
      const record = world.members.get(room, user);
      return record?.forList === list ? [{ room, user, stamp: record.stamp }] : [];
    }),
  );
}
