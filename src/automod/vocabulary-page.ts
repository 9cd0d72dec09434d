/** docs/vocabulary.md: all that conditions can ask, made of the table of facts. */
import type { Fact } from "../model/facts/fact.ts";
import { vocabulary } from "../model/facts/index.ts";
import { describeKinds, kindsIn, kindWords, unheard, type KindSet } from "../model/facts/kinds.ts";
import { examples } from "./language/amounts.ts";

export function vocabularyPage(): string {
  const things = Map.groupBy(vocabulary.values(), ({ name }) => name.split(".")[0]!);
  return [
    "# The vocabulary of rules",
    "",
    "Generated from the table in `src/model/facts/`; edit that. How rules are written: [writing-protections.md](writing-protections.md).",
    "",
    "## What happens",
    "",
    "The words of `on`, and of what is counted. Single kinds, and words for several of them:",
    "",
    "| word | means |",
    "| --- | --- |",
    ...[...kindWords].map(([word, set]) => `| \`${word}\` | ${kindsIn(set).join(", ")}${notYet(set)} |`),
    "",
    ...[...things].flatMap(([thing, facts]) => section(thing, facts)),
  ].join("\n");
}

function notYet(set: KindSet): string {
  return (set & ~unheard) === 0 ? ". Not looked at yet" : "";
}

function section(thing: string, facts: readonly Fact[]): readonly string[] {
  return [
    `## ${thing}`,
    "",
    "| fact | is | means |",
    "| --- | --- | --- |",
    ...facts.map((fact) => `| \`${fact.name}\` | ${typeInDocs(fact)} | ${fact.about}${waiting(fact)} |`),
    "",
  ];
}

function typeInDocs({ type }: Fact): string {
  switch (type.base) {
    case "yes-no":
      return "yes or no";
    case "number":
      return type.measured === "count" ? "a number" : `a number such as ${examples[type.measured]}`;
    case "word":
      return type.words.map((word) => `\`${word}\``).join(", ");
    case "text":
      return "a text";
    case "name":
      return "a name";
    case "key":
      return "a mark, to count by or to look up in a list";
  }
}

/** What is not fed is unknown, so that no rule fires on it. */
function waiting({ kinds, waitsFor }: Fact): string {
  const only = kinds === undefined ? "" : ` Known for ${describeKinds(kinds)}.`;
  return waitsFor === undefined ? only : `${only} Not known yet: it waits for ${waitsFor}.`;
}
