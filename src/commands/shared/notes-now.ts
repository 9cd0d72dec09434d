/** What moderators wrote about somebody for one another, and how often they were reported. */
import { describeDay } from "../../kit/duration.ts";
import { code, count, plain, say, type Say } from "../../kit/say.ts";
import type { UserId } from "../../model/ids.ts";
import type { WorldView } from "../../model/world/view.ts";

export function notesNow(user: UserId, { settings }: Pick<WorldView, "settings">): readonly Say[] {
  const notes = settings.notes.get(user) ?? [];
  return notes.map(({ text, by, at }) => say`Note of ${code(by)}, ${describeDay(at)}: ${plain(text)}`);
}

export function reportedNow(user: UserId, { stored, settings }: WorldView): readonly Say[] {
  const cases = stored.cases.ofUserEver(user);
  const said: Say[] = [];
  if (cases.length > 0) {
    const acted = cases.filter(({ learnt }) => learnt === "acted").length;
    const open = stored.cases.ofUser(user);
    said.push(
      say`Was reported: ${count(cases.length, "case")}, ${acted} acted on${open ? say`; report ${open.id} is open` : ""}.`,
    );
  }
  const { agreed, dismissed } = stored.reporters.get(user) ?? { agreed: 0, dismissed: 0 };
  if (agreed + dismissed > 0)
    said.push(say`Reported others: ${agreed} times rightly, ${dismissed} times nothing was wrong.`);
  if (settings.mutedReporters.has(user)) said.push(say`I do not hear what they report.`);
  return said;
}
