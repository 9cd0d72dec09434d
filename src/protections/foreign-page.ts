/** The part of docs/protections.md that names the detectors of other bots. */
import { foreignDetectors, type ForeignDetector } from "../model/foreign-detectors.ts";

const bots: Readonly<Record<keyof typeof foreignDetectors, string>> = {
  mjolnir: "Mjolnir",
  draupnir: "Draupnir",
  meowlnir: "Meowlnir",
  policyserv: "policyserv",
};

export function foreignSection(): readonly string[] {
  return [
    "## Detectors of other bots",
    "",
    "What does here what they do there. What a Mjolnir, Draupnir or Meowlnir had switched on is taken over with its settings at the first start; the pages about moving from each say how.",
    "",
    ...(Object.keys(bots) as (keyof typeof bots)[]).flatMap((bot) => [
      `| ${bots[bot]} | here |`,
      "| --- | --- |",
      ...Object.entries(foreignDetectors[bot]).map(([name, row]) => `| \`${name}\` | ${here(row)} |`),
      "",
    ]),
  ];
}

function here({ ours, note }: ForeignDetector): string {
  const names = ours.map((name) => `[${name}](#${name})`).join(", ");
  return [names, note].filter(Boolean).join("; ");
}
