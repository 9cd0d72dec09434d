/** Reads the field `heat` of a rule file: `30`, or `{ author: 30, server: 5 }`. */
import { isMap, isScalar, type Pair } from "yaml";
import type { GivenHeat } from "./define.ts";
import type { FileProblems } from "./file-problems.ts";
import { mostHeat } from "./heat.ts";
import { placeOf, type FieldNode } from "./rule-fields.ts";

const whom: readonly string[] = ["author", "server"];

export function readHeat(node: FieldNode, problems: FileProblems): GivenHeat {
  if (!isMap(node)) return { author: readAmount(node, problems), server: 0 };
  const given = { author: 0, server: 0 };
  for (const { key, value } of node.items as readonly Pair<FieldNode, FieldNode>[]) {
    const who = isScalar(key) ? String(key.value) : "";
    if (who === "author" || who === "server") given[who] = readAmount(value, problems);
    else
      problems.mistake(
        placeOf(key),
        `heat is not given to "${who.slice(0, 40)}"`,
        `it is given to ${whom.join(" or ")}`,
      );
  }
  if (node.items.length === 0) problems.mistake(placeOf(node), "heat needs a number", "write heat: 30");
  return given;
}

function readAmount(node: FieldNode, problems: FileProblems): number {
  // Out of a line of a room a number comes as a text.
  const text = isScalar(node) ? String(node.value).trim() : "";
  const amount = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (amount >= 1 && amount <= mostHeat) return amount;
  problems.mistake(placeOf(node), `heat needs a whole number from 1 to ${mostHeat}`, "write heat: 30");
  return 0;
}
