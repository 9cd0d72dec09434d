/** A line for each list that others changed since a time: how many rules came and went, and whom they name here. */
import { code, count, joined, say, type Say } from "../../kit/say.ts";
import type { Past } from "../../model/past-acts.ts";
import type { PolicyListView } from "../../model/policy-list.ts";
import type { WorldView } from "../../model/world/view.ts";
import { usersMatching } from "../../policy/index/member-search.ts";
import { isBan } from "../../policy/rule-writing.ts";
import { listWord } from "./list-word.ts";
import { listName } from "./room-names.ts";

/** More are told as so many. */
const mostGone = 5_000;

export interface ListChangesView {
  readonly world: WorldView;
  readonly past: Pick<Past, "rulesGoneFrom">;
  readonly prefix: string;
}

export function listChangesSince(
  since: number,
  view: ListChangesView,
  isMeant: (list: PolicyListView) => boolean = () => true,
): readonly Say[] {
  return view.world
    .watchedLists()
    .filter(isMeant)
    .flatMap((list) => changesOf(list, since, view) ?? []);
}

function changesOf(
  list: PolicyListView,
  since: number,
  { world, past, prefix }: ListChangesView,
): Say | undefined {
  const came = [...list.rules()].filter(({ sentAt, sender }) => sentAt >= since && sender !== world.self);
  const gone = past.rulesGoneFrom(list.room, since, mostGone).filter(({ endedBy }) => endedBy !== world.self);
  if (came.length + gone.length === 0) return undefined;
  const here = usersMatching(came.filter(isBan), world.members).length;
  const asked = world.questions.openAbout(list.room)?.about;
  const asks = asked?.kind === "rules" ? asked.rules.length : 0;
  const parts = [
    ...(came.length > 0 ? [count(came.length, "new rule")] : []),
    ...(gone.length > 0 ? [say`${gone.length.toLocaleString("en")} gone or changed`] : []),
    ...(here > 0 ? [say`naming ${count(here, "person", "people")} known here`] : []),
    ...(asks > 0 ? [say`${asks.toLocaleString("en")} ${asks === 1 ? "waits" : "wait"} for your answer`] : []),
  ];
  return say`${listName(list.room, world)}: ${joined(parts)} (${code(`${prefix} lists log ${listWord(list, world)}`)})`;
}
