/** `shipped.ts` and docs/protections.md, made of the rule files in `shipped/`. Runs at development time only. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { heat } from "../automod/heat.ts";
import { describeProblem } from "../automod/file-problems.ts";
import { protectionsOf } from "../automod/registry.ts";
import { readRuleFile } from "../automod/rule-file.ts";
import type { RuleText } from "../automod/rule.ts";
import { vocabularyPage } from "../automod/vocabulary-page.ts";
import { protectionsPage } from "./docs-page.ts";

const folder = join(import.meta.dirname, "shipped");

export function protectionFiles(): ReadonlyMap<string, string> {
  const texts = readdirSync(folder).toSorted().flatMap(readTexts);
  return new Map([
    ["src/protections/shipped.ts", sourceOf(texts)],
    ["docs/vocabulary.md", vocabularyPage()],
    ["docs/protections.md", protectionsPage(protectionsOf(texts, { code: [heat] }), "!tyr")],
  ]);
}

function readTexts(file: string): readonly RuleText[] {
  const { rules, mistakes } = readRuleFile(readFileSync(join(folder, file), "utf8"), new Map());
  if (mistakes.length > 0) throw new Error(mistakes.map((one) => describeProblem(file, one)).join("\n"));
  return rules.map(({ checked: _checked, ...text }) => text);
}

function sourceOf(texts: readonly RuleText[]): string {
  return `/** The rules that ship, generated from \`shipped/*.yaml\` by \`npm run generate\`: edit those. */
import type { RuleText } from "../automod/rule.ts";

export const shipped: readonly RuleText[] = ${JSON.stringify(texts)};
`;
}
