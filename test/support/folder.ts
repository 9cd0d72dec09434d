/** Folders of tests, which go when the tests of their file are over. */

import { afterAll } from "@jest/globals";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const made: string[] = [];
afterAll(() => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
});

export function aFolder(): string {
  const path = mkdtempSync(join(tmpdir(), "tyr-test-"));
  made.push(path);
  return path;
}
