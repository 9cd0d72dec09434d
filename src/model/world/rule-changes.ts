/** What a changed rule means besides: who has to be judged again, and what becomes of the answers and questions about it. */
import type { EventId } from "../ids.ts";
import { sameness, type RuleChange } from "../policy-rule.ts";
import { moveAnswer } from "../settings/answers.ts";
import { believeSettings } from "./apply-answers.ts";
import type { Beliefs } from "./beliefs.ts";
import { letGoOfKept } from "./kept-rules.ts";

export function noteRuleChanges(beliefs: Beliefs, changes: readonly RuleChange[]): void {
  for (const change of changes) {
    keepAnswer(beliefs, change);
    const kept = change.after && beliefs.stored.keptRules.sameAs(change.after);
    if (kept) letGoOfKept(beliefs, [kept]);
    if (beliefs.isWatched(change.list)) beliefs.changes.rule(change);
  }
}

/** A rule that is written again with another reason is the same rule: its answer, or its open question, stays with it. */
function keepAnswer(beliefs: Beliefs, { before, after }: RuleChange): void {
  if (!before) return;
  if (!after || sameness(before) !== sameness(after)) return askNoMoreAbout(beliefs, before.eventId);
  const { questions } = beliefs.stored;
  const [old, now] = [before.eventId, after.eventId];
  const settings = moveAnswer(beliefs.settings, old, now);
  if (settings === beliefs.settings && questions.holding(old) === undefined) return;
  if (settings !== beliefs.settings) believeSettings(beliefs, settings);
  for (const question of questions.about(old)) {
    const rules = question.about.rules.map((rule) => (rule === old ? now : rule));
    questions.set({ ...question, about: { ...question.about, rules } });
  }
}

/** A removed rule is taken out of the open question about it. A question without rules needs no answer. */
function askNoMoreAbout(beliefs: Beliefs, removed: EventId): void {
  const { questions } = beliefs.stored;
  const id = questions.holding(removed);
  const question = id === undefined ? undefined : questions.get(id);
  if (question?.about.kind !== "rules") return;
  const rules = question.about.rules.filter((rule) => rule !== removed);
  const told = question.told - Number(question.about.rules.indexOf(removed) < question.told);
  questions.set({ ...question, about: { ...question.about, rules }, told });
}
