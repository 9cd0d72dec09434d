/** Which lists speak about somebody, what each counts, and what it comes to: where lists are not all trusted alike. */
import { describeDay } from "../../kit/duration.ts";
import { code, joined, plain, say, type Say } from "../../kit/say.ts";
import type { UserId } from "../../model/ids.ts";
import type { Rule } from "../../model/policy-rule.ts";
import { isAgainst, type Voice } from "../../policy/score.ts";
import type { CommandContext } from "../define.ts";
import { listName } from "./room-names.ts";

/** `rules`: those that match one entity. */
export function voicesNow(rules: readonly Rule[], context: CommandContext, user?: UserId): readonly Say[] {
  const { rulesInForce } = context;
  const { trust } = rulesInForce;
  if (!trust.isUneven || rules.length === 0) return [];
  const { voices, total } = rulesInForce.hear(rules);
  if (voices.length === 0) return [];
  const decided = rulesInForce.decide(rules);
  const spoken = joined(
    voices.map((voice, i) => {
      const owner = trust.ownerOf(voice.rule.list);
      const first = voices.slice(0, i).find(({ rule }) => trust.ownerOf(rule.list) === owner);
      const once = first ? say`, of one owner with ${listName(first.rule.list, context.world)}` : "";
      return say`${voiceOf(voice, context)}${once}`;
    }),
    " + ",
  );
  const sum = `${total} of the ${trust.threshold} that it takes`;
  if (decided && isAgainst(decided)) return [say`Lists ask for a ${decided.kind}, with ${sum}: ${spoken}.`];
  const flag = user && context.world.stored.flags.get(user);
  const since = flag ? say` since ${describeDay(flag.since)}` : "";
  if (user === undefined) return [say`Lists do not ask for a ban, with ${sum}: ${spoken}.`];
  return [
    say`Flagged${since}, with ${sum}: ${spoken}. Nothing is done for that alone; protections treat them as newcomers.`,
  ];
}

function voiceOf({ rule, weight, acts }: Voice, { world }: CommandContext): Say {
  const reason = rule.reason === "" ? say`no reason` : say`"${plain(rule.reason, 60)}"`;
  const silent = acts ? "" : say`, only told of`;
  return say`${listName(rule.list, world)} ${weight} (${reason}, ${describeDay(rule.sentAt)}, by ${code(rule.sender, 80)}${silent})`;
}
