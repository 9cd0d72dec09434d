// The disk under Tyr: damaged, taken or full.

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { databaseFile, openDatabase } from "../../src/store/database.ts";
import { Story } from "../support/story.ts";

let folder: string;
let story: Story;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tyr-disk-"));
});
afterEach(async () => {
  await story.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("a database damaged in the middle ends the start with a hint, and stays as it is", async () => {
  story = new Story({ dataPath: folder });
  await story.start();
  story.homeserver.addRules(story.list, story.moderator, 3_000, (i) => ({
    type: "m.policy.rule.user",
    stateKey: `rule ${i}`,
    content: { entity: `@u${i}:evil.example`, recommendation: "m.ban", reason: "x".repeat(100) },
  }));
  await story.pass();
  await story.stop();
  const file = join(folder, databaseFile);
  const bytes = readFileSync(file);
  bytes.fill(0xa5, 40_960, bytes.length - 40_960);
  writeFileSync(file, bytes);

  story.launch();
  const ending = await story.ended();

  expect(ending).toEqual({ kind: "cannot-start", message: expect.stringContaining(`${file} is damaged`) });
  expect(ending).toMatchObject({ message: expect.stringContaining("tyr backup") });
  expect(readFileSync(file).equals(bytes)).toBe(true);
});

test("a folder that another Tyr uses ends the start", async () => {
  story = new Story({ dataPath: folder });
  const other = openDatabase(folder);

  story.launch();
  const ending = await story.ended();
  other.close();

  expect(ending).toEqual({ kind: "cannot-start", message: expect.stringContaining("in use by another Tyr") });
});
