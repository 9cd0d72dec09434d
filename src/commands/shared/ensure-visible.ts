/** Joins and reads a room that is not known yet, for a command that has to see it; the command is carried out again afterwards. */
import { code, say, type Say } from "../../kit/say.ts";
import type { Action } from "../../model/actions/action.ts";
import { roomOf } from "../../model/actions/traits.ts";
import { quoted } from "../../model/quoted.ts";
import { problem, type ArgumentValues, type CommandContext, type Proposal, type Reply } from "../define.ts";
import { settingsChange } from "./settings-change.ts";

type RoomValue = ArgumentValues["room"];

/** The reply while the room is not known: acts that join and read it, or why that failed. Undefined as soon as the room is known. */
export function ensureVisible(room: RoomValue, reading: Say, context: CommandContext): Reply | undefined {
  const { world, lookedUp } = context;
  const { earlierReads } = lookedUp;
  if (earlierReads?.isCalledOff)
    return {
      ...problem(say`Called off: it was taken back before it was done.`),
      acts: leavePreview(room, context),
    };
  const known = world.rooms.get(room.id);
  if (known?.isKnown) return undefined;
  const ended = (earlierReads?.outcomes ?? []).filter(({ decision }) => roomOf(decision.action) === room.id);
  const failed = ended.find(({ result }) => result.kind !== "done");
  if (failed)
    return notVisible(room, failed.result.kind === "failed" ? failed.result.message : "called off", context);
  const isDone = (kind: Action["kind"]) => ended.some(({ decision }) => decision.action.kind === kind);
  // The state was read, but the sync response with our join may not have arrived yet.
  if (isDone("read-room") && known?.event("m.room.create")) return undefined;
  if (earlierReads?.isOverdue) return notVisible(room, "it takes too long", context);
  if (known?.ownMembership === "join" || isDone("join"))
    return {
      say: reading,
      acts: [{ action: { kind: "read-room", room: room.id, state: true, members: false } }],
      waitsFor: { kind: "reads" },
    };
  return { say: reading, acts: joinForPreview(room, context), waitsFor: { kind: "reads" } };
}

/** Leaves a room that was joined for this command alone. */
export function leavePreview(
  room: RoomValue,
  { world, event, lookedUp }: CommandContext,
): readonly Proposal[] {
  if (world.settings.previews.get(room.id)?.command !== event) return [];
  // The sync response with our join may not have arrived yet.
  const hasJoined = lookedUp.earlierReads?.outcomes.some(
    ({ decision: { action }, result }) =>
      action.kind === "join" && action.room === room.id && result.kind === "done",
  );
  const isIn = hasJoined || world.rooms.get(room.id)?.ownMembership === "join";
  return [
    ...(isIn ? [{ action: { kind: "leave", room: room.id } } as const] : []),
    settingsChange({ kind: "end-preview", room: room.id }),
  ];
}

/** The preview is stored before we join, so that we leave again even if we are stopped in between. */
function joinForPreview(room: RoomValue, { event, at }: CommandContext): readonly Proposal[] {
  return [
    settingsChange({ kind: "preview", room: room.id, command: event, at }),
    { action: { kind: "join", room: room.id, via: room.via } },
  ];
}

function notVisible(room: RoomValue, why: string, context: CommandContext): Reply {
  const said = say`I cannot see ${code(room.text)}: ${quoted(why.replace(/\.$/, ""), 200)}. Nothing was done; invite me there, or check the address.`;
  return { ...problem(said), acts: leavePreview(room, context) };
}
