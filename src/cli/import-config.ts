/** `tyr import-config FILE`: converts another bot's config to one for Tyr. */
import { fileMistake } from "../config/file-mistakes.ts";
import { renderProblem } from "../config/explain.ts";
import { importConfig } from "../config/foreign/import-config.ts";
import type { LoadInput } from "../config/load.ts";

export type ImportEnding =
  /** `toDo`: what a person has to do before the first start; empty where there is nothing. */
  | { readonly kind: "done"; readonly yaml: string; readonly toDo: string }
  | { readonly kind: "refused"; readonly text: string };

export function importCommand(files: readonly string[], { readFile }: LoadInput): ImportEnding {
  const [file, ...more] = files;
  if (file === undefined || file === "" || more.length > 0)
    return refused(
      "tyr import-config FILE takes one file, the config of a Mjolnir, Draupnir or Meowlnir: tyr import-config production.yaml > tyr.yaml",
    );
  let text: string;
  try {
    text = readFile(file);
  } catch (error) {
    const { cause, hint } = fileMistake(file, error);
    return refused(`${cause}. ${hint}`);
  }
  const imported = importConfig(file, text);
  if (!imported.ok) return refused(imported.problems.map((one) => renderProblem(one)).join("\n"));
  const { yaml, toDo } = imported;
  const toDoText = ["Before the first start:", ...toDo.map((one) => `- ${one}`)].join("\n");
  return { kind: "done", yaml, toDo: toDo.length === 0 ? "" : toDoText };
}

function refused(text: string): ImportEnding {
  return { kind: "refused", text };
}
