/** What may be done about a finding, and how that grows when it happens again: "redact warn redact+mute redact+ban". */

export const responses = [
  "alert",
  "hold",
  "redact",
  "warn",
  "mute",
  "kick",
  "ban",
  "list",
  "reply",
  "call",
] as const;
export type Response = (typeof responses)[number];
/** By repeat, from the first time on; the last step is that of all further times. */
export type Ladder = readonly (readonly Response[])[];

const maxSteps = 10;

/** For a text to which `ladderProblem` has no objection. */
export function parseLadder(text: string): Ladder {
  return stepsIn(text).map((step) => step.split("+").filter(isResponse));
}

/** What is wrong with the text, as it follows the name of a setting; undefined where nothing is. */
export function ladderProblem(text: string): string | undefined {
  const steps = stepsIn(text);
  if (steps.length === 0) return `needs at least one step, such as ${responses.join(", ")}`;
  if (steps.length > maxSteps) return `may have ${maxSteps} steps`;
  const unknown = steps.flatMap((step) => step.split("+")).find((part) => !isResponse(part));
  if (unknown === undefined) return undefined;
  return `"${unknown.slice(0, 30)}" is no answer; there are ${responses.join(", ")}`;
}

function isResponse(word: string): word is Response {
  return (responses as readonly string[]).includes(word);
}

function stepsIn(text: string): readonly string[] {
  return text
    .toLowerCase()
    .replace(/\s*\+\s*/g, "+")
    .split(/[\s,;>]+/)
    .filter((step) => step !== "");
}
