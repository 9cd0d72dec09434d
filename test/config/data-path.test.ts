import { expect, test } from "@jest/globals";
import { loadDataPath } from "../../src/config/data-path.ts";
import { renderProblem } from "../../src/config/explain.ts";
import type { LoadInput } from "../../src/config/load.ts";

const file = (text: string) => (path: string) => {
  if (path !== "tyr.yaml") throw Object.assign(new Error(path), { code: "ENOENT" });
  return text;
};
const noFile = file("");

function dataPath(input: Partial<LoadInput>): string | readonly string[] {
  const loaded = loadDataPath({ argv: [], env: {}, readFile: noFile, ...input });
  return loaded.ok ? loaded.dataPath : loaded.problems.map((problem) => renderProblem(problem));
}

test("is the default where nothing names it", () => {
  expect(dataPath({})).toBe("./data");
});

test("a flag is stronger than the environment, and that than the file", () => {
  const env = { TYR_DATA_PATH: "/from/env", TYR_CONFIG: "tyr.yaml" };
  const readFile = file("dataPath: /from/file\n");

  expect(dataPath({ env: { TYR_CONFIG: "tyr.yaml" }, readFile })).toBe("/from/file");
  expect(dataPath({ env, readFile })).toBe("/from/env");
  expect(dataPath({ argv: ["--dataPath", "/from/flag"], env, readFile })).toBe("/from/flag");
});

test("the rest of the config may be wrong", () => {
  const readFile = file("dataPath: /from/file\nhomeserver:\n  ulr: x\nexecutor: 5\n");

  expect(dataPath({ argv: ["--config", "tyr.yaml"], readFile })).toBe("/from/file");
});

test("a config file that is not needed is not read", () => {
  const readFile = () => {
    throw new Error("read");
  };

  expect(dataPath({ argv: ["--config", "tyr.yaml", "--dataPath", "/from/flag"], readFile })).toBe(
    "/from/flag",
  );
});

test("a file that cannot be read, a misspelt option and a value of another kind are told", () => {
  const argv = ["--config", "tyr.yaml"];

  expect(dataPath({ argv: ["--config", "gone.yaml"] })).toEqual([
    expect.stringContaining("gone.yaml does not exist"),
  ]);
  expect(dataPath({ argv, readFile: file("dataPaht: /x\n") })).toEqual([
    'tyr.yaml:1:1 dataPaht: unknown setting. Did you mean "dataPath"?',
  ]);
  expect(dataPath({ argv, readFile: file("dataPath: 5\n") })).toEqual([
    "tyr.yaml:1:11 dataPath: expected text.",
  ]);
});
