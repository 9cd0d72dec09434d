/** How the reply to an undo is made: what is taken back, what is left and why, and the acts. */
import { code, count, lines, plain, say, type Say } from "../../kit/say.ts";
import type { Action } from "../../model/actions/action.ts";
import type { UserId } from "../../model/ids.ts";
import type { PastAct } from "../../model/past-acts.ts";
import type { NotUndone, Undone } from "../../decisions/undo.ts";
import type { CommandContext, Proposal, Reply } from "../define.ts";
import { howToSpare } from "./excepted.ts";
import { asDone, toTakeBack } from "../undo-words.ts";
import { objectionToUndo } from "./own-level.ts";
import { listName, roomName } from "./room-names.ts";

/** People whose bans stay, with the rule that asks for each. */
const shownAskedFor = 5;

/** The reply that tells what is taken back and what is left, with the acts. */
export function takenBack(
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
      say`The bans of ${code(user)} stay: ${code(rule.entity ?? "a hashed rule")} on ${listName(rule.list, world)} still asks for them${reason}. ${howToSpare(user, rule, context)}`,
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
