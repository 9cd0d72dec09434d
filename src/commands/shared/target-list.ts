/** Which list gets the rule of a command that names none, where no default is set. */
import { code, plain, say, type Say } from "../../kit/say.ts";
import type { PolicyListView } from "../../model/policy-list.ts";
import { isClosed, newestOf } from "../../policy/list-upgrades.ts";
import { chosenDefault, defaultListOf, isWritable } from "../../policy/rule-writing.ts";
import type { CommandContext, Reply } from "../define.ts";
import { leftBehind } from "./left-behind.ts";
import { listName } from "./room-names.ts";

/** As many lists as a prompt numbers. */
const mostChoices = 10;

/** The list that gets a rule: the one named, or the default, or what has taken its place. `left`: why it can be written to no more. */
export function listToWrite(
  named: PolicyListView | undefined,
  context: CommandContext,
): { readonly list: PolicyListView | undefined; readonly left: Say | undefined } {
  const { world } = context;
  const asked = named ?? chosenDefault(world);
  const list = named ? newestOf(named, world) : defaultListOf(world);
  return { list, left: asked && list && leftBehind(asked, list, context) };
}

/** The question which list shall get a rule, or why none can. */
export function whichList(context: CommandContext): Say {
  const creating = say`${code(`${context.prefix} lists create <shortcode>`)} makes one.`;
  if (context.world.watchedLists().length === 0)
    return say`There is no list to write the rule to. ${creating}`;
  const names = writableLists(context).map((list) => list.shortcode ?? list.room);
  if (names.length === 0)
    return say`There is no list to write the rule to: I may write to none of those that I watch. ${creating}`;
  // Whom first: an id before it could be taken for what is to be banned.
  return say`Which list? I may write to ${plain(names.join(", "))}. ${code(`${context.prefix} lists default <list>`)} chooses one for good; a ban may also name it: ${code(`${context.prefix} ban <who> ${names[0]!} ...`)}.`;
}

/** The same question with the lists as numbered choices; empty where none can get the rule. */
export function listChoices(context: CommandContext): Pick<Reply, "waitsFor"> {
  const { world } = context;
  const choices = writableLists(context)
    .slice(0, mostChoices)
    .map(({ shortcode, room }) => ({ typed: shortcode ?? room, shown: listName(room, world) }));
  return choices.length > 0 ? { waitsFor: { kind: "argument", argument: "list", choices } } : {};
}

function writableLists({ world }: CommandContext): readonly PolicyListView[] {
  return world.watchedLists().filter(({ room }) => isWritable(room, world) && !isClosed(room, world));
}
