/** Getting to see a list before a command speaks about it: joined and read where it is not yet, answered again then. */
import { code, plain, say, type Say } from "../../kit/say.ts";
import type { Action } from "../../model/actions/action.ts";
import { roomOf } from "../../model/actions/traits.ts";
import { problem, type ArgumentValues, type CommandContext, type Proposal, type Reply } from "../define.ts";
import { settingsChange } from "./settings-change.ts";

type RoomValue = ArgumentValues["room"];

/** What to answer while the room is out of sight; undefined as soon as it is in sight. */
export function lookFirst(room: RoomValue, reading: Say, context: CommandContext): Reply | undefined {
  const { world, earlierReads } = context;
  const known = world.rooms.get(room.id);
  if (known?.isKnown) return undefined;
  const ended = (earlierReads?.outcomes ?? []).filter(({ decision }) => roomOf(decision.action) === room.id);
  const failed = ended.find(({ result }) => result.kind !== "done");
  if (failed)
    return cannot(room, failed.result.kind === "failed" ? failed.result.message : "called off", context);
  const isDone = (kind: Action["kind"]) => ended.some(({ decision }) => decision.action.kind === kind);
  // Sync may be later than the read with the news that we are in.
  if (isDone("read-room") && known?.event("m.room.create")) return undefined;
  if (earlierReads?.isOverdue) return cannot(room, "it takes too long", context);
  if (known?.ownMembership === "join" || isDone("join"))
    return {
      say: reading,
      acts: [{ action: { kind: "read-room", room: room.id, state: true, members: false } }],
      waitsFor: { kind: "reads" },
    };
  return { say: reading, acts: joining(room, context), waitsFor: { kind: "reads" } };
}

/** We joined to look, and the command that had us do so is this one. */
export function leaving(room: RoomValue, { world, event }: CommandContext): readonly Proposal[] {
  if (world.settings.previews.get(room.id)?.command !== event) return [];
  const isIn = world.rooms.get(room.id)?.ownMembership === "join";
  return [
    ...(isIn ? [{ action: { kind: "leave", room: room.id } } as const] : []),
    settingsChange({ kind: "end-preview", room: room.id }),
  ];
}

/** Noted before we join, so that we leave again whatever becomes of the command. */
function joining(room: RoomValue, { event, at }: CommandContext): readonly Proposal[] {
  return [
    settingsChange({ kind: "preview", room: room.id, command: event, at }),
    { action: { kind: "join", room: room.id, via: room.via } },
  ];
}

function cannot(room: RoomValue, why: string, context: CommandContext): Reply {
  const said = say`I cannot see ${code(room.text)}: ${plain(why.replace(/\.$/, ""), 200)}. Nothing was done; invite me there, or check the address.`;
  return { ...problem(said), acts: leaving(room, context) };
}
