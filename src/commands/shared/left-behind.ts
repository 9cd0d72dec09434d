/** Why no rule can be written to a list that was upgraded and left behind, and what to do about it. */
import { code, say, type Say } from "../../kit/say.ts";
import type { PolicyListView } from "../../model/policy-list.ts";
import { isClosed } from "../../policy/list-upgrades.ts";
import { isWritable } from "../../policy/rule-writing.ts";
import type { CommandContext } from "../define.ts";
import { listName } from "./room-names.ts";

/** `newest`: the list that has taken the place of `asked`, as far as it is watched. Undefined where it may be written to. */
export function leftBehind(
  asked: PolicyListView,
  newest: PolicyListView,
  { world, prefix }: Pick<CommandContext, "world" | "prefix">,
): Say | undefined {
  const name = listName(asked.room, world);
  if (isClosed(newest.room, world)) {
    const next = world.rooms.get(newest.room)?.tombstone?.replacement;
    const open = world.questions
      .open()
      .find(({ about }) => about.kind === "offer" && about.offer === "watch" && about.room === next);
    const another = say`${code(`${prefix} lists default <list>`)} chooses another`;
    if (!next) return say`${name} was closed and is left behind. ${another}.`;
    const following = open ? `yes ${open.id}` : `lists watch ${next}`;
    return say`${name} was upgraded and is left behind: its successor ${code(next)} is not watched. ${code(`${prefix} ${following}`)} follows it, and ${another}.`;
  }
  if (newest.room === asked.room || isWritable(newest.room, world)) return undefined;
  return say`${name} was upgraded, and I may not write to its successor ${listName(newest.room, world)} ${code(newest.room)}. Give me the level there, or name another list.`;
}
