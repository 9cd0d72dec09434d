/** Rule files that cannot be taken as they are, in words: what is wrong, where, what stays in force, what to do. */
import { code, joined, plain, say, someOf, type Say } from "../../kit/say.ts";
import type { FileMistake, RuleFileTrouble } from "../../model/rule-file-troubles.ts";
import type { Settings } from "../../model/settings/settings.ts";
import type { WorldView } from "../../model/world/view.ts";

/** What a rule file put into force: by kind, the names. */
export interface FileHolds {
  readonly rules: readonly string[];
  readonly lists: readonly string[];
}

export function heldBy(file: string, { rules, ruleLists }: Pick<Settings, "rules" | "ruleLists">): FileHolds {
  const of = (all: ReadonlyMap<string, { readonly file?: string }>) =>
    [...all].flatMap(([name, one]) => (one.file === file ? [name] : []));
  return { rules: of(rules), lists: of(ruleLists) };
}

/** Those about which there is still something to do: what is gone may have been removed in the room meanwhile. */
export function ruleFileTroubles({ stored, settings }: WorldView): readonly RuleFileTrouble[] {
  return [...stored.ruleFileTroubles.all()].filter(({ file, kind }) => {
    const { rules, lists } = heldBy(file, settings);
    return kind !== "gone" || rules.length + lists.length > 0;
  });
}

/** "protections/lobby.yaml has 2 mistakes, so ..." */
export function describeRuleFile(
  { file, kind, mistakes, more }: RuleFileTrouble,
  { settings, prefix }: { readonly settings: Settings; readonly prefix: string },
): Say {
  const name = code(file, 120);
  const held = heldBy(file, settings);
  const stays =
    held.rules.length + held.lists.length === 0
      ? say`Nothing of it is in force.`
      : say`What it held before stays in force: ${namesOf(held)}.`;
  switch (kind) {
    case "gone":
      return say`${name} is gone. ${stays} Put it back, or ${code(`${prefix} protections remove ${file}`)} takes all of that away.`;
    case "unreadable":
      return say`${name} cannot be read: ${plain(mistakes[0]?.message ?? "", 200)}. ${stays}`;
    case "wrong": {
      const all = mistakes.length + more;
      return say`${name} is not taken: ${all === 1 ? "there is a mistake" : `there are ${all} mistakes`} in it. ${stays} ${someOf(mistakes.map(describeMistake), mistakes.length, all)}`;
    }
  }
}

function namesOf({ rules, lists }: FileHolds): Say {
  const names = [...rules.map((name) => code(name)), ...lists.map((name) => say`the list ${code(name)}`)];
  return someOf(names, 10);
}

/** "4:30: nothing is called ...: `text.lenght > 20` (did you mean text.length?)" */
function describeMistake({ line, column, message, excerpt, hint }: FileMistake): Say {
  const where = line === undefined ? say`` : say`${line}:${column ?? 1}: `;
  const what = excerpt === "" ? say`` : say`: ${code(excerpt, 160)}`;
  const instead = hint === undefined ? say`` : say` (${plain(hint, 300)})`;
  return joined([where, plain(message, 300), what, instead], "");
}
