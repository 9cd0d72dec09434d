// Rule files on a real disk: which are found, what cannot be read, and that changes are told.

import { describe, expect, test } from "@jest/globals";
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { ruleFilesIn } from "../../src/lifecycle/rule-file-folder.ts";
import { aFolder } from "../support/folder.ts";

function community(): { readonly folder: string; readonly named: string } {
  const base = aFolder();
  const folder = join(base, "protections");
  mkdirSync(folder);
  const named = join(base, "lobby.yaml");
  writeFileSync(named, "rule: lobby\n");
  return { folder, named };
}

describe("looking", () => {
  test("finds what is named, then the folder's files by name; hidden ones, copies of editors and other files are none", () => {
    const { folder, named } = community();
    for (const file of ["b.yaml", "a.yml", ".a.yaml.swp", ".hidden.yaml", "a.yaml~", "notes.md", "list.txt"])
      writeFileSync(join(folder, file), file);

    expect(ruleFilesIn({ named: [named], folder }).look()).toEqual([
      { file: named, text: "rule: lobby\n" },
      { file: join(folder, "a.yml"), text: "a.yml" },
      { file: join(folder, "b.yaml"), text: "b.yaml" },
    ]);
  });

  test("finds a file once that is named and in the folder, and no folder where there is none", () => {
    const { folder } = community();
    const named = join(folder, "..", "protections", "a.yaml");
    writeFileSync(named, "a");

    expect(ruleFilesIn({ named: [named], folder }).look()).toEqual([{ file: named, text: "a" }]);
    expect(ruleFilesIn({ named: [], folder: join(folder, "none") }).look()).toEqual([]);
    expect(ruleFilesIn({ named: [], folder: undefined }).look()).toEqual([]);
  });

  test("tells of what is named and missing, too large, or no file at all", () => {
    const { folder } = community();
    const missing = join(folder, "none.yaml");
    mkdirSync(join(folder, "folder.yaml"));
    writeFileSync(join(folder, "large.yaml"), "x".repeat(1_048_577));
    symlinkSync("/dev/zero", join(folder, "zero.yaml"));
    symlinkSync(join(folder, "nowhere"), join(folder, "dangling.yaml"));

    expect(ruleFilesIn({ named: [missing], folder }).look()).toEqual([
      { file: missing, trouble: "ENOENT: no such file or directory", isMissing: true },
      { file: join(folder, "folder.yaml"), trouble: "it is no file" },
      { file: join(folder, "large.yaml"), trouble: "it has 1025 KB" },
      { file: join(folder, "zero.yaml"), trouble: "it is no file" },
    ]);
  });

  test("reads a hundred files, and says that there are more", () => {
    const { folder } = community();
    for (let i = 0; i < 102; i++) writeFileSync(join(folder, `${1_000 + i}.yaml`), "");
    const found = ruleFilesIn({ named: [], folder }).look();

    expect(found).toHaveLength(101);
    expect(found.at(-1)).toEqual({ file: folder, trouble: "2 files more than the 100 that are read" });
  });

  test("a folder that may not be read is a trouble of its own", () => {
    const { folder } = community();
    rmSync(folder, { recursive: true });
    writeFileSync(folder, "a file in its place");
    expect(ruleFilesIn({ named: [], folder: join(folder) }).look()).toEqual([]);
    rmSync(folder);
    symlinkSync(folder, folder);

    expect(ruleFilesIn({ named: [], folder }).look()).toMatchObject([{ file: folder, trouble: /^ELOOP/ }]);
  });
});

test("named are the files of the config and whatever is in the folder, there or not", () => {
  const { folder, named } = community();
  const { isNamed } = ruleFilesIn({ named: [named], folder });

  expect([named, join(folder, "gone.yaml")].map(isNamed)).toEqual([true, true]);
  expect([folder, `${folder}2/a.yaml`, "/elsewhere.yaml"].map(isNamed)).toEqual([false, false, false]);
});

test("a change is told: written, renamed over, deleted", async () => {
  const { folder } = community();
  const file = join(folder, "a.yaml");
  const source = ruleFilesIn({ named: [], folder });
  const changes = new EventTarget();
  const stop = source.watch(() => changes.dispatchEvent(new Event("change")));
  const told = async (change: () => void): Promise<void> => {
    const one = once(changes, "change");
    change();
    await one;
  };
  await told(() => writeFileSync(file, "a"));
  await told(() => {
    writeFileSync(`${file}.new`, "b");
    renameSync(`${file}.new`, file);
  });
  await told(() => rmSync(file));
  stop();

  expect(source.look()).toEqual([]);
});

test("a folder that comes later is watched from the next look on", async () => {
  const { folder } = community();
  rmSync(folder, { recursive: true });
  const source = ruleFilesIn({ named: [], folder });
  const changes = new EventTarget();
  const stop = source.watch(() => changes.dispatchEvent(new Event("change")));
  mkdirSync(folder);
  source.look();
  const told = once(changes, "change");
  writeFileSync(join(folder, "a.yaml"), "a");
  await told;
  stop();

  expect(source.look()).toHaveLength(1);
});
