/** `waves publish`: the fewest rules that name a wave and nobody else, written to a list for a while. */
import { dayMs } from "../../kit/duration.ts";
import { bullets, code, count, lines, say, type Say } from "../../kit/say.ts";
import { cover, type Cover, type CoverEntry } from "../../policy/cover.ts";
import { hitAmongUs } from "../../policy/own-people.ts";
import { banContent, writeBan } from "../../policy/rule-writing.ts";
import type { RoomId } from "../../model/ids.ts";
import type { Wave } from "../../model/waves.ts";
import {
  defineCommand,
  optional,
  problem,
  type CommandContext,
  type Proposal,
  type Reply,
} from "../define.ts";
import { expiryOf, untilText } from "../shared/expiry-flag.ts";
import { listName } from "../shared/room-names.ts";
import { listChoices, listToWrite, whichList } from "../shared/target-list.ts";
import type { PolicyListView } from "../../model/policy-list.ts";
import { aboutWave, withWave } from "./named.ts";

/** Accounts of a wave are thrown away, and rules that stay for ever are a burden. */
const usualMs = 7 * dayMs;
const shownEntries = 10;

export const wavesPublish = defineCommand({
  words: ["waves", "publish"],
  role: "moderator",
  about:
    "Write the fewest rules that name a wave, and nobody else who was ever seen here, to a list; for 7 days, or as long as --for says. What they are is shown first.",
  takes: {
    wave: optional("word", aboutWave, "incident"),
    list: optional("list", "the list; the default one where it is left out"),
  },
  flags: {
    for: { type: "duration", about: "How long the rules stay, such as 12h or 30d." },
    now: { type: "boolean", about: "Write them without a question." },
  },
  examples: ["waves publish", "waves publish 12 coc --for 30d"],
  reply: ({ wave: named, list: wanted }, { for: forMs, now }, context) =>
    withWave(named, context, (wave) => {
      const { list, left } = listToWrite(wanted, context);
      if (!list) return { ...problem(whichList(context)), ...listChoices(context) };
      if (left) return problem(left);
      const isConfirmed = now || context.isConfirmed;
      return published(wave, list, { forMs: forMs ?? usualMs, context: { ...context, isConfirmed } });
    }),
});

function published(
  wave: Wave,
  list: PolicyListView,
  { forMs, context }: { readonly forMs: number; readonly context: CommandContext },
): Reply {
  const covered = coverOf(wave, context);
  if (!covered) return problem(say`I do not know the accounts of that wave any more`);
  const expiresAt = expiryOf(forMs, context);
  const acts = covered.entries.map(({ hash, ...who }): Proposal => {
    const content = banContent(who, { reason: "spam wave", expiresAt, hash });
    return { action: writeBan(who, { list, rulesInForce: context.rulesInForce, content }) };
  });
  const what = say`${count(acts.length, "rule")} on ${listName(list.room, context.world)}${untilText(expiresAt)}, for ${count(covered.covered, "account")} of the wave`;
  if (context.isConfirmed) return { say: say`Writing ${what}`, acts };
  return {
    say: lines(say`This would write ${what}:`, entriesOf(covered), leftOut(covered)),
    waitsFor: { kind: "own-question" },
  };
}

/** Undefined where nobody of it is known any more. */
function coverOf(wave: Wave, view: Pick<CommandContext, "world" | "rulesInForce">): Cover | undefined {
  const { world } = view;
  const members = [...world.stored.waveMembers.of(wave.id)]
    .map(({ user }) => user)
    .filter((user) => !world.settings.excused.has(user) && hitAmongUs(user, world) === undefined);
  return members.length === 0 ? undefined : cover(members, view);
}

/** What would be written for a week, where there is anything to write. */
export function describeRules(
  wave: Wave,
  list: RoomId,
  view: Pick<CommandContext, "world" | "rulesInForce">,
): Say | undefined {
  const covered = coverOf(wave, view);
  if (!covered || covered.entries.length === 0) return undefined;
  const rules = count(covered.entries.length, "rule");
  return lines(
    say`${rules} on ${listName(list, view.world)} for 7 days would name ${count(covered.covered, "account")} of it, and nobody else who was ever seen here:`,
    entriesOf(covered),
    leftOut(covered),
  );
}

function entriesOf({ entries }: Cover): Say {
  const shown = entries.slice(0, shownEntries).map(described);
  const more = entries.length - shown.length;
  return lines(bullets(shown), more > 0 ? say`... and ${more} more.` : undefined);
}

function described({ kind, text, hash }: CoverEntry): Say {
  const whom = kind === "server" ? say`the server ${code(text)}` : code(text);
  return hash ? say`${whom}, as a hash` : whom;
}

function leftOut({ left }: Cover): Say | undefined {
  return left > 0
    ? say`${count(left, "account")} more would need a rule each: they are banned in the rooms alone.`
    : undefined;
}
