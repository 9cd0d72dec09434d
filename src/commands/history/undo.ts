/** `undo`: takes back what a command, a list, or everything about somebody has led to. */
import { bullets, code, count, lines, plain, say, type Say } from "../../kit/say.ts";
import type { Action } from "../../model/actions/action.ts";
import { traitsOf } from "../../model/actions/traits.ts";
import { occasionOf } from "../../model/decision.ts";
import type { EventId, RoomId, UserId } from "../../model/ids.ts";
import type { PastAct, PastOccasion } from "../../model/past-acts.ts";
import type { PolicyListView } from "../../model/policy-list.ts";
import { undo, type NotUndone, type Undone } from "../../decisions/undo.ts";
import {
  defineCommand,
  optional,
  problem,
  type CommandContext,
  type Entity,
  type Proposal,
  type Reply,
} from "../define.ts";
import { objectionToUndo } from "../shared/own-level.ts";
import { listName, roomName } from "../shared/room-names.ts";
import { asDone, toTakeBack } from "../undo-words.ts";

/** Rules of one list that are rejected one by one; with more, the reply names `lists unwatch`. */
const maxRejected = 10_000;
const shownCommands = 5;
/** Commands among which `undo last` looks for the newest that is neither an undo nor undone. */
const commandsLookedAt = 200;
/** People whose bans stay, with the rule that asks for each. */
const shownAskedFor = 5;

export const undoCommand = defineCommand({
  words: ["undo"],
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

/** The occasion behind a number that a reply gave, typed as 12 or #12. */
export function numbered(what: string, { past }: Pick<CommandContext, "past">): PastOccasion | undefined {
  return /^#?\d{1,12}$/.test(what) ? past.ofNumber(Number(what.replace("#", ""))) : undefined;
}

/** The newest command that is neither an undo nor undone. */
function lastCommand({ past }: CommandContext): PastOccasion | undefined {
  const undone = new Set<string>();
  for (const command of past.occasions(commandsLookedAt)) {
    const { because } = command;
    // A moderator who says `last` means a command; what a protection did is taken back by its number.
    if (because.kind !== "command") continue;
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
  return replyFor(title, undo(past, context), { past, occasions: [occasion], context, heated });
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
  return replyFor(say`Undo of everything done to ${code(who.text)}`, undo(past, context), {
    past,
    occasions,
    context,
  });
}

function replyFor(
  title: Say,
  { acts, not }: Undone,
  {
    past,
    occasions,
    context,
    heated = 0,
  }: {
    past: readonly PastAct[];
    occasions: readonly string[];
    context: CommandContext;
    /** People whose heat goes. */
    heated?: number;
  },
): Reply {
  const open = past.filter(({ result }) => result === undefined).length;
  const { by } = context;
  const isOwnAct = past.every(({ decision: { because } }) => because.kind === "command" && because.by === by);
  const asked = { by, world: context.world, isOwnAct };
  const looked = acts.map((act) => ({ act, beyond: beyondAsker(act.action, asked) }));
  const beyond = looked.flatMap((one) => one.beyond ?? []);
  const allowed = looked.flatMap((one) => (one.beyond ? [] : one.act));
  const proposals = allowed.map(({ action, replaces, list }): Proposal => ({
    action,
    replaces,
    ...(list ? { list } : {}),
  }));
  const recorded = past.filter(({ result }) => result?.kind === "recorded").length;
  const rehearsed =
    recorded > 0
      ? say`${count(recorded, "act")} of it ${recorded === 1 ? "was" : "were"} never done: that was a dry run.`
      : undefined;
  const waiting = open > 0 ? say`${count(open, "act")} still waiting: called off.` : undefined;
  const heat = say`the heat of ${count(heated, "person", "people")}`;
  const isHeatAll = heated > 0 && allowed.length + open === 0;
  return {
    say: lines(
      say`${title}: ${isHeatAll ? heat : willDo(allowed, open)}.`,
      waiting,
      heated > 0 && !isHeatAll ? say`Gone: ${heat}.` : undefined,
      rehearsed,
      notPutBack(beyond),
      ...notUndone(not, context),
    ),
    acts: proposals,
    takesBack: occasions,
    isProblem: proposals.length === 0 && open === 0 && heated === 0,
  };
}

/** A level that was set is put back by nobody who could not have set it. */
function beyondAsker(
  action: Action,
  { by, world, isOwnAct }: { by: UserId; world: CommandContext["world"]; isOwnAct: boolean },
): Say | undefined {
  const room = action.kind === "set-power-level" ? world.rooms.get(action.room) : undefined;
  if (!room || action.kind !== "set-power-level") return undefined;
  const why = objectionToUndo(room, { ...action, by }, { isOwnAct });
  return why && say`The level of ${code(action.user)} in ${roomName(action.room, world, 60)} stays: ${why}.`;
}

function notPutBack([first, ...others]: readonly Say[]): Say | undefined {
  if (others.length === 0) return first;
  return say`${first!} So ${others.length === 1 ? "does" : "do"} ${others.length} more, for the same or a like reason.`;
}

function willDo(acts: Undone["acts"], open: number): Say {
  if (acts.length === 0) return open > 0 ? say`nothing was done yet` : say`nothing to do`;
  return toTakeBack(acts.map(({ action }) => action.kind));
}

/** What is left as it is, a line for each reason. */
function notUndone(not: readonly NotUndone[], context: CommandContext): readonly Say[] {
  const { world, prefix } = context;
  const said: Say[] = [];
  const final = not.filter((one) => one.kind === "final");
  const gone = final
    .map(({ action }) => (action.kind === "redact-by-server" ? "redact" : action.kind))
    .filter((kind) => kind !== "create-list");
  if (gone.length > 0) said.push(say`${asDone(gone)} cannot be undone.`);
  if (final.length > gone.length)
    said.push(say`The list that was made stays; ${code(`${prefix} lists unwatch`)} leaves it.`);
  const changed = not.flatMap((one) => (one.kind === "changed" ? one.action : []));
  if (changed.length > 0)
    said.push(
      say`Left alone, as it is gone already or somebody has changed it since: ${asDone(changed.map(({ kind }) => kind))}.`,
    );
  const asking = new Map(
    not.flatMap((one) =>
      one.kind === "asked-for" ? [[`${one.user} ${one.rule.eventId}`, one] as const] : [],
    ),
  );
  for (const { user, rule } of [...asking.values()].slice(0, shownAskedFor)) {
    const reason = rule.reason === "" ? "" : say` (${plain(rule.reason, 100)})`;
    said.push(
      say`The bans of ${code(user)} stay: ${code(rule.entity ?? "a hashed rule")} on ${listName(rule.list, world)} still asks for them${reason}. ${code(`${prefix} exempt add ${user}`)} spares the person whatever lists say.`,
    );
  }
  if (asking.size > shownAskedFor)
    said.push(say`... and ${asking.size - shownAskedFor} more whom lists still want banned.`);
  const doors = [...new Set(not.flatMap((one) => (one.kind === "open-door" ? one.room : [])))];
  if (doors.length > 0)
    said.push(
      say`${doors.length === 1 ? roomName(doors[0]!, world) : count(doors.length, "room")}: open to all, so whoever was removed can come back without an invitation.`,
    );
  return said;
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
