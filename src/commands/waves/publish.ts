/** `waves publish`: the fewest rules that name a wave and nobody else, written to a list for a while. */
import { dayMs } from "../../kit/duration.ts";
import { bullets, code, count, lines, say, type Say } from "../../kit/say.ts";
import { cover, type Cover, type CoverEntry } from "../../policy/cover.ts";
import { hitAmongUs } from "../../policy/own-people.ts";
import { banContent, writeBan } from "../../policy/rule-writing.ts";
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
  about:
    "Write the fewest rules that name a wave, and nobody else who was ever seen here, to a list; for 7 days, or as long as --for says. What they are is shown first.",
  takes: {
    wave: optional("word", aboutWave, "incident"),
    list: optional("list", "the list; the default one where it is left out"),
  },
  flags: { for: { type: "duration", about: "How long the rules stay, such as 12h or 30d." } },
  examples: ["waves publish", "waves publish 12 coc --for 30d"],
  reply: ({ wave: named, list: wanted }, { for: forMs }, context) =>
    withWave(named, context, (wave) => {
      const { list, left } = listToWrite(wanted, context);
      if (!list) return { ...problem(whichList(context)), ...listChoices(context) };
      if (left) return problem(left);
      return published(wave, list, { forMs: forMs ?? usualMs, context });
    }),
});

function published(
  wave: Wave,
  list: PolicyListView,
  { forMs, context }: { readonly forMs: number; readonly context: CommandContext },
): Reply {
  const { world, rulesInForce, isConfirmed } = context;
  const members = [...world.stored.waveMembers.of(wave.id)]
    .map(({ user }) => user)
    .filter((user) => !world.settings.excused.has(user) && hitAmongUs(user, world) === undefined);
  if (members.length === 0) return problem(say`I do not know the accounts of that wave any more`);
  const covered = cover(members, context);
  const expiresAt = expiryOf(forMs, context);
  const acts = covered.entries.map(({ hash, ...who }): Proposal => {
    const content = banContent(who, { reason: "spam wave", expiresAt, hash });
    return { action: writeBan(who, { list, rulesInForce, content }) };
  });
  const what = say`${count(acts.length, "rule")} on ${listName(list.room, world)}${untilText(expiresAt)}, for ${count(covered.covered, "account")} of the wave`;
  if (isConfirmed) return { say: say`Writing ${what}`, acts };
  return {
    say: lines(say`This would write ${what}:`, entriesOf(covered), leftOut(covered)),
    waitsFor: { kind: "own-question" },
  };
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
