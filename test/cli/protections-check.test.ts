import { expect, test } from "@jest/globals";
import { checkProtections } from "../../src/cli/protections-check.ts";

const files: Readonly<Record<string, string>> = {
  "good.yaml": "rule: a\nwhen: text has slurs\nthen: redact\n",
  "lists.yaml": "words: slurs\nentries: [ meanie ]\n",
  "bad.yaml": "rule: b\nwhen: autor is newcomer && links\nthen: redact\n",
  "odd.yaml": "rule: c\nwhen: links or media and text.masked\nthen: redact\n",
};

function readFile(file: string): string {
  const text = files[file];
  if (text === undefined) throw new Error("no such file");
  return text;
}

test("files without a mistake are well; a list may stand in another file, whatever their order", () => {
  expect(checkProtections(["check", "good.yaml", "lists.yaml"], readFile)).toEqual({
    text: "1 rule, no mistakes.",
    isWell: true,
  });
});

test("every mistake is told as file:line:column, and files that cannot be read are, too", () => {
  const checked = checkProtections(["check", "bad.yaml", "none.yaml"], readFile);

  expect(checked?.isWell).toBe(false);
  expect(checked?.text).toContain("bad.yaml:2:7:");
  expect(checked?.text).toContain("bad.yaml:2:25:");
  expect(checked?.text).toContain("none.yaml: cannot be read: no such file");
  expect(checked?.text).toContain("3 mistakes.");
});

test("what is only odd is told, and is no mistake", () => {
  const checked = checkProtections(["check", "odd.yaml"], readFile);

  expect(checked?.isWell).toBe(true);
  expect(checked?.text).toContain("note: this was read as links or (media and text.masked)");
});

test.each([[[]], [["check"]], [["try", "good.yaml"]]])("%j asks for nothing that there is", (words) => {
  expect(checkProtections(words, readFile)).toBeUndefined();
});
