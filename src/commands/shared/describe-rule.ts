/** A policy rule in words: whom it names, what it recommends, who wrote it and why, and whether it is applied. */
import { describeDay, describeTime } from "../../kit/duration.ts";
import { code, plain, say, type Say } from "../../kit/say.ts";
import type { Rule } from "../../model/policy-rule.ts";
import type { CommandContext } from "../define.ts";

/** "user @a:x (ban, until 2026-11-21 13:04 UTC) by @mod:x on 2026-11-20: spam". */
export function describeRule(rule: Rule): Say {
  const until = rule.expiresAt === undefined ? "" : say`, until ${describeTime(rule.expiresAt)}`;
  const reason = rule.reason === "" ? "" : say`: ${plain(rule.reason, 120)}`;
  const effect =
    rule.recommendation === "other"
      ? say`${plain(rule.recommendationText, 40)}, not applied`
      : plain(rule.recommendation);
  return say`${rule.kind} ${code(rule.entity ?? `hash ${rule.hash}`)} (${effect}${until}) by ${code(rule.sender, 80)} on ${describeDay(rule.sentAt)}${reason}`;
}

/** Why a rule is not applied: a question about it is open, or was answered with no. Empty where it is applied. */
export function notAppliedNote({ eventId, list }: Rule, { world, prefix }: CommandContext): Say | "" {
  if (world.stored.keptRules.has(eventId)) {
    const lost = world.questions.openAboutLost(list);
    const letGo = lost ? say`; ${code(`${prefix} yes ${lost.id}`)} lets it go` : "";
    return say`; its list has lost it, and it stays in force${letGo}`;
  }
  const question = world.questions.holding(eventId);
  if (question !== undefined) return say`; waits for an answer (${code(`${prefix} yes ${question}`)})`;
  const rejection = world.settings.rejected.get(eventId);
  if (!rejection) return "";
  return say`; not applied, ${rejection.by ? say`${code(rejection.by)} said no` : "as nobody answered"} on ${describeDay(rejection.at)}`;
}
