/** What is to be known of a watched list besides its rules: whether we may write to it, and how far it is trusted. */
import { describeTime } from "../../kit/duration.ts";
import { count } from "../../kit/say.ts";
import type { EventId } from "../../model/ids.ts";
import type { PolicyListView } from "../../model/policy-list.ts";
import {
  fullWeight,
  isFullyTrusted,
  modeOf,
  weightOf,
  type ListTrust,
  type WatchedList,
} from "../../model/settings/lists.ts";
import { placeOfList } from "../../model/timed-acts.ts";
import type { WorldView } from "../../model/world/view.ts";
import { isWritable } from "../../policy/rule-writing.ts";

export function listNotes(watched: WatchedList, world: WorldView): readonly string[] {
  const { room, liftsBans } = watched;
  const { defaultList } = world.settings;
  const list = world.lists.get(room);
  const kept = world.stored.keptRules.countOf(room);
  const off = list ? rulesOff(list, world) : 0;
  const end = world.stored.timedActs.get(placeOfList(room))?.until;
  return [
    isWritable(room, world) ? "writable" : "read only",
    ...(room === defaultList ? ["default"] : []),
    ...trustNotes(watched),
    ...oneVoiceWith(watched, world.settings.lists),
    ...(kept > 0 ? [`${kept.toLocaleString("en")} kept that it lost`] : []),
    ...(liftsBans ? [] : ["bans stay when rules go"]),
    ...(end === undefined ? [] : [`until ${describeTime(end)}`]),
    ...(off > 0 ? [`${off.toLocaleString("en")} not applied`] : []),
  ];
}

/** How several lists come to one decision. */
export function howListsDecide({ lists }: WorldView["settings"]): string {
  return lists.every(isFullyTrusted)
    ? "the first that says anything decides"
    : "what they say about somebody is added up";
}

const kinds = ["user", "server", "room"] as const;

function trustNotes(list: ListTrust): readonly string[] {
  const byMode = Map.groupBy(
    kinds.filter((kind) => modeOf(list, kind) !== "apply"),
    (kind) => modeOf(list, kind),
  );
  return [
    ...[...byMode].map(([mode, those]) =>
      those.length === kinds.length
        ? `mode ${mode}`
        : `${mode} for ${those.map((kind) => `${kind}s`).join(" and ")}`,
    ),
    ...(weightOf(list) === fullWeight ? [] : [`weight ${weightOf(list)}`]),
    ...(list.cap === undefined ? [] : [`${list.cap} at most`]),
  ];
}

function oneVoiceWith({ room, owner }: WatchedList, lists: readonly WatchedList[]): readonly string[] {
  const others = lists.filter((one) => one.room !== room && (one.owner ?? one.room) === (owner ?? room));
  return others.length === 0 ? [] : [`one voice with ${count(others.length, "other list").text}`];
}

/** How many rules of the list are not applied: a question about them is open or was answered with no. */
function rulesOff(list: PolicyListView, { settings, questions }: WorldView): number {
  const waiting = questions.openAbout(list.room)?.about;
  const keys = [...settings.rejected.keys(), ...(waiting?.kind === "rules" ? waiting.rules : [])];
  return new Set(keys.filter((key) => list.ruleOf(key as EventId) !== undefined)).size;
}
