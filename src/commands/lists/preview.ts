/** `lists preview`, and the text that `lists watch` shows before a list is followed: what the list would do in our rooms. */
import { describeDay } from "../../kit/duration.ts";
import { code, count, joined, lines, plain, say, someOf, type Say } from "../../kit/say.ts";
import type { PolicyListView } from "../../model/policy-list.ts";
import type { WorldView } from "../../model/world/view.ts";
import { previewOf, type RuleAgainstSpared, type ListPreview } from "../../policy/impact/list-preview.ts";
import { defineCommand, needed, type ArgumentValues, type CommandContext } from "../define.ts";
import { leavePreview, ensureVisible } from "../shared/ensure-visible.ts";
import { listName } from "../shared/room-names.ts";

/** Examples of each sort; the others are counted. */
const named = 5;

export const listsPreview = defineCommand({
  words: ["lists", "preview"],
  role: "moderator",
  about:
    "Show what following a list would do to our rooms: its rules, whom they would hit and where, who writes it. Follows nothing.",
  takes: { room: needed("room", "the list's room: !id, #alias or a link") },
  examples: ["lists preview #community-moderation-effort-bl:neko.dev"],
  reply({ room }, _flags, context) {
    const notVisibleYet = ensureVisible(
      room,
      say`Reading ${code(room.text)}, to show what it would do`,
      context,
    );
    if (notVisibleYet) return notVisibleYet;
    const shown = previewed(room, context);
    const isOurs = context.world.isWatched(room.id) ? say`I watch it already.` : undefined;
    return { say: lines(shown?.say ?? emptyList(room, context), isOurs), acts: leavePreview(room, context) };
  },
});

export interface Previewed {
  readonly preview: ListPreview;
  readonly say: Say;
}

/** Undefined where the room has no rules. */
export function previewed(
  { id }: ArgumentValues["room"],
  { world, rulesInForce, config, at }: CommandContext,
): Previewed | undefined {
  const list = world.lists.get(id);
  if (!list || list.size === 0) return undefined;
  const preview = previewOf(list, { world, rulesInForce, acl: config.acl, limits: config.guard, at });
  return { preview, say: describePreview(list, preview, world) };
}

export function emptyList({ id, text }: ArgumentValues["room"], { world }: CommandContext): Say {
  const malformed = world.lists.get(id)?.malformed.size ?? 0;
  const odd = malformed > 0 ? say` ${count(malformed, "event")} in it look like rules and are none.` : "";
  return say`${listName(id, world)} ${code(text)} holds no rules.${odd}`;
}

function describePreview(list: PolicyListView, preview: ListPreview, world: WorldView): Say {
  const { newest, shared, impact, servers } = preview;
  const known =
    shared > 0
      ? say`${count(shared, "rule")} of them ${shared === 1 ? "stands" : "stand"} on lists that I watch already.`
      : say`None of them stands on a list that I watch already.`;
  const age =
    newest && say`The newest was written on ${describeDay(newest.sentAt)} by ${code(newest.sender, 80)}.`;
  const leftOut =
    list.leftOut > 0
      ? say`${count(list.leftOut, "further rule")} would be left out; ${code("limits.rulesPerList")} and ${code("limits.rules")} in the config are the bounds.`
      : undefined;
  const tombstone = world.rooms.get(list.room)?.tombstone;
  return lines(
    say`${listName(list.room, world)} ${code(list.room)}: ${size(preview)}.`,
    say`${known}${age ? say` ${age}` : ""}`,
    leftOut,
    tombstone && say`It was upgraded; its successor is ${code(tombstone.replacement)}.`,
    writers(preview),
    impact.describe() ?? say`It would hit nobody who is in a protected room now.`,
    servers.size > 0
      ? say`Servers of people here that would be denied: ${someOf(
          [...servers].map((server) => code(server, 80)),
          named,
        )}.`
      : undefined,
    rulesAgainstSpared("moderators or me, to whom none is ever applied", preview.againstUs),
    rulesAgainstSpared("people who are exempt, to whom none would be applied", preview.againstExempt),
  );
}

function size({ counts, allows, others, hashed, globs }: ListPreview): Say {
  const total = counts.user + counts.server + counts.room;
  const special = [
    ...(globs > 0 ? [count(globs, "glob")] : []),
    ...(hashed > 0 ? [say`${hashed.toLocaleString("en")} hashed`] : []),
    ...(allows > 0 ? [say`${allows.toLocaleString("en")} that allow`] : []),
    ...(others > 0 ? [say`${others.toLocaleString("en")} of a kind that I do not apply`] : []),
  ];
  const among = special.length > 0 ? say`; among them ${joined(special)}` : "";
  return say`${count(total, "rule")} (${count(counts.user, "user")}, ${count(counts.server, "server")}, ${count(counts.room, "room")}${among})`;
}

function writers({ writers: { named: those, everybody } }: ListPreview): Say {
  if (everybody) return say`Whoever joins it may write rules in it: anybody could ban here.`;
  if (those.length === 0) return say`Nobody is named who may write in it.`;
  return say`${count(those.length, "account")} may write in it: ${someOf(
    those.map((user) => code(user, 80)),
    named,
  )}.`;
}

function rulesAgainstSpared(whom: string, rules: readonly RuleAgainstSpared[]): Say | undefined {
  if (rules.length === 0) return undefined;
  const examples = rules.map(
    ({ rule, user }) => say`${code(rule.entity ?? "a hash", 80)} (${code(user, 80)})`,
  );
  return say`${count(rules.length, "rule")} ${rules.length === 1 ? "names" : "name"} ${plain(whom)}: ${someOf(examples, named)}.`;
}
