/** Notes on rules that are not applied to somebody, who is an exception from their list; and how to make one. */
import { code, plain, say, type Say } from "../../kit/say.ts";
import { parseServerName, type UserId } from "../../model/ids.ts";
import type { Rule } from "../../model/policy-rule.ts";
import { isWritable } from "../../policy/rule-writing.ts";
import type { CommandContext, Entity } from "../define.ts";
import { untilText } from "./expiry-flag.ts";
import { listWord } from "./list-word.ts";

/** Follows the description of a rule; empty where the rule is applied to them. */
export function exceptedNote(rule: Rule, who: Entity, { rulesInForce }: CommandContext): Say | "" {
  if (who.isGlob || who.kind === "room") return "";
  const server = parseServerName(who.text);
  const exception =
    who.kind === "user"
      ? rulesInForce.exceptionFor(rule, { user: who.text as UserId })
      : server && rulesInForce.exceptionFor(rule, { server });
  if (!exception) return "";
  const { entity, by, reason, expiresAt } = exception;
  return say`; not applied${untilText(expiresAt)}, as ${code(by)} made ${code(entity)} an exception from this list${reason === "" ? "" : say` (${plain(reason, 100)})`}`;
}

/** How the person is spared: from a list of others alone, or from all. */
export function howToSpare(
  user: string,
  rule: Rule,
  { world, prefix }: Pick<CommandContext, "world" | "prefix">,
): Say {
  const exempt = say`${code(`${prefix} exempt add ${user}`)} spares the person whatever lists say.`;
  if (isWritable(rule.list, world, rule.eventType)) return exempt;
  return say`${code(`${prefix} except ${listWord(rule.list, world)} ${user} --for 90d`)} spares the person from that list, ${code(`${prefix} exempt add ${user}`)} from all.`;
}
