/** What may be done about a finding, and how that grows when it happens again: "redact warn redact+mute redact+ban". */

export const responses = ["alert", "redact", "warn", "mute", "kick", "ban", "list"] as const;
export type Response = (typeof responses)[number];
export type Ladder = readonly (readonly Response[])[];

const maxSteps = 10;

/** Only for a text that `ladderProblem` has nothing against. */
export function parseLadder(text: string): Ladder {
  return stepsIn(text).map((step) => step.split("+") as Response[]);
}

/** What is wrong with it, or undefined. */
export function ladderProblem(text: string): string | undefined {
  const steps = stepsIn(text);
  if (steps.length === 0) return `needs at least one step, such as ${responses.join(", ")}`;
  if (steps.length > maxSteps) return `may have ${maxSteps} steps`;
  const unknown = steps
    .flatMap((step) => step.split("+"))
    .find((part) => !(responses as readonly string[]).includes(part));
  if (unknown === undefined) return undefined;
  return `"${unknown.slice(0, 30)}" is no answer; there are ${responses.join(", ")}`;
}

function stepsIn(text: string): readonly string[] {
  return text
    .toLowerCase()
    .replace(/\s*\+\s*/g, "+")
    .split(/[\s,;>]+/)
    .filter((step) => step !== "");
}
