// docs/troubleshooting.md is about messages that exist: each that it quotes is looked for in the program.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

const root = join(import.meta.dirname, "..");
const program = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => readFileSync(join(root, "src", file), "utf8"))
  .join("\n");
const headings = readFileSync(join(root, "docs/troubleshooting.md"), "utf8").matchAll(/^### `([^`]+)`$/gm);
/** Told as examples, with what somebody may have written. */
const example = /^tyr\.yaml:3:3 /;

test.each([...headings].map(([, quoted]) => quoted!))("%s is what the program says", (quoted) => {
  const pieces = quoted
    .replace(example, "")
    .split("…")
    .map((piece) => piece.trim().replace(/^: /, ""))
    .filter((piece) => piece.length > 3);

  expect(pieces.length).toBeGreaterThan(0);
  expect(pieces.filter((piece) => !program.includes(piece))).toEqual([]);
});
