import { expect, test } from "@jest/globals";
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stashKeyIn } from "../../src/store/stash-key.ts";
import { stashKeyFile } from "../../src/store/files.ts";
import { aFolder } from "../support/folder.ts";

test("a key is made once, for its owner's eyes, and is the same from then on", () => {
  const folder = aFolder();

  const made = stashKeyIn(folder);

  expect(made).toMatchObject({ kind: "key", key: { length: 32 } });
  expect(statSync(join(folder, stashKeyFile)).mode & 0o777).toBe(0o600);
  expect(stashKeyIn(folder)).toEqual(made);
});

test("a key that is gone is followed by another", () => {
  const folder = aFolder();
  const first = stashKeyIn(folder);
  rmSync(join(folder, stashKeyFile));

  expect(stashKeyIn(folder)).not.toEqual(first);
});

test.each(["", "no key", "AAAA\n", Buffer.alloc(31).toString("base64"), "{}"])(
  "a file that is no key (%j) is left as it is, and said",
  (text) => {
    const folder = aFolder();
    writeFileSync(join(folder, stashKeyFile), text);

    const found = stashKeyIn(folder);

    expect(found.kind === "unusable" && found.reason).toContain(`${stashKeyFile} is no key.`);
    expect(readFileSync(join(folder, stashKeyFile), "utf8")).toBe(text);
  },
);

test("a folder that cannot be written to is said", () => {
  const found = stashKeyIn("/dev/null/nowhere");

  expect(found.kind === "unusable" && found.reason).toContain("cannot be used");
});
