// The front door as a shell sees it: what it prints and its exit code.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "../src/store/database.ts";

const entry = join(import.meta.dirname, "../src/main.ts");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tyr-main-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function tyr(args: readonly string[], { limitKb }: { limitKb?: number } = {}) {
  const command = limitKb === undefined ? 'exec "$@"' : `ulimit -f ${limitKb * 2}; exec "$@"`;
  const { status, stdout, stderr } = spawnSync(
    "sh",
    ["-c", command, "sh", process.execPath, entry, ...args],
    {
      cwd: folder,
      encoding: "utf8",
      env: { PATH: process.env["PATH"] },
    },
  );
  return { status, stdout, stderr };
}

function aDatabase(rooms: number): void {
  const db = openDatabase(join(folder, "data"));
  db.transaction(() => {
    for (let i = 0; i < rooms; i++) db.run("INSERT INTO room VALUES (?, ?)", `!${i}:b`, "x".repeat(500));
  });
  db.close();
}

test("help and version are printed, with and without dashes", () => {
  for (const word of ["help", "--help", "-h"])
    expect(tyr([word])).toMatchObject({ status: 0, stdout: expect.stringContaining("tyr backup FILE") });
  for (const word of ["version", "--version"])
    expect(tyr([word])).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});

test("an unknown word is answered with the nearest one", () => {
  expect(tyr(["bakcup", "x"])).toMatchObject({
    status: 2,
    stdout: "",
    stderr: expect.stringContaining(
      '"bakcup" is nothing that Tyr can be asked for. Did you mean "tyr backup"?',
    ),
  });
});

test("a mistake in a rule file beside the config is told before the first start, which it keeps from happening", () => {
  mkdirSync(join(folder, "protections"));
  writeFileSync(join(folder, "protections", "lobby.yaml"), "rule: a\nwhen: linkz\nthen: redact\n");
  const homeserver = { url: "https://x.test", accessToken: "secret" };
  writeFileSync(
    join(folder, "tyr.yaml"),
    JSON.stringify({ homeserver, managementRoom: "#mod:x.test", dataPath: "data" }),
  );

  expect(tyr(["--config", "tyr.yaml"])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('protections/lobby.yaml:2:7: nothing is called "linkz"'),
  });
  expect(existsSync(join(folder, "data"))).toBe(false);
});

test("run is what happens without a word", () => {
  expect(tyr(["run"])).toEqual(tyr([]));
  expect(tyr(["run"])).toMatchObject({ status: 2, stderr: expect.stringContaining("homeserver.url") });
  expect(tyr(["run", "x"]).stderr).toContain("a word on the command line that belongs to no flag");
});

test.each(["run", "check"])(
  "%s tells five mistakes of a config at once, each with place, cause and what to do",
  (word) => {
    writeFileSync(
      join(folder, "tyr.yaml"),
      [
        "homeserver:",
        "  url: matrix.example.org",
        "  acessToken: syt_secret",
        'managementRoom: "moderators"',
        "acl:",
        "  enabled: maybe",
        "guard:",
        "  maxPeople: many",
      ].join("\n"),
    );

    const { status, stdout, stderr } = tyr([word, "--config", "tyr.yaml"]);

    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr.trimEnd().split("\n")).toEqual([
      expect.stringMatching(
        /^tyr\.yaml:2:8 homeserver\.url: expected an address that starts with https:.*\.$/,
      ),
      expect.stringMatching(
        /^tyr\.yaml:3:3 homeserver\.acessToken: unknown setting\. Did you mean "accessToken"\?$/,
      ),
      expect.stringMatching(
        /^tyr\.yaml:4:17 managementRoom: expected a room id .* or an alias .*, got "moderators"\.$/,
      ),
      expect.stringMatching(
        /^tyr\.yaml:6:12 acl\.enabled: expected true or false, got "maybe"\. Write true or false/,
      ),
      expect.stringMatching(
        /^tyr\.yaml:8:14 guard\.maxPeople: expected a whole number from 0 to .*, got "many"\.$/,
      ),
    ]);
    expect(stderr).not.toContain("syt_secret");
  },
);

test("setup where nobody can be asked tells all that is missing, and its own help", () => {
  expect(tyr(["setup"])).toMatchObject({
    status: 2,
    stdout: "",
    stderr: expect.stringContaining("--manager: "),
  });
  expect(tyr(["setup"]).stderr.trimEnd().split("\n")).toHaveLength(4);
  expect(tyr(["setup", "--help"])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining("--registrationSecretFile FILE"),
  });
  expect(readdirSync(folder)).toEqual([]);
});

test("check without a config says what is missing", () => {
  expect(tyr(["check"])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("homeserver.url: needed"),
  });
  expect(tyr(["check", "x"]).stderr).toContain("a word on the command line that belongs to no flag");
});

describe("tyr backup", () => {
  test("says what it did and how to put it back", () => {
    aDatabase(2);

    const { status, stdout, stderr } = tyr(["backup", "copy.db"]);

    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(
      /^Copied \.\/data to .*copy\.db in [\d.]+ s and checked the copy: \d+ kB, 2 rooms, 0 decisions\.\n/,
    );
    expect(stdout).toContain("To put it back: stop Tyr, remove tyr.db, tyr.db-wal and tyr.db-shm");
    expect(existsSync(join(folder, "copy.db"))).toBe(true);
  });

  test("needs nothing of a config but the data folder", () => {
    aDatabase(1);
    writeFileSync(join(folder, "tyr.yaml"), `dataPath: ${join(folder, "data")}\nhomeserver:\n  ulr: oops\n`);
    writeFileSync(join(folder, "broken.yaml"), "dataPath: [");

    expect(tyr(["backup", "one.db", "--config", "tyr.yaml"]).status).toBe(0);
    expect(tyr(["--config", "tyr.yaml", "backup", "two.db"]).status).toBe(0);
    expect(tyr(["backup", "three.db", "--config", "broken.yaml", "--dataPath", "data"]).status).toBe(0);
    expect(tyr(["backup", "four.db", "--config", "broken.yaml"])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("broken.yaml:1"),
    });
    expect(tyr(["backup", "five.db", "--config", "none.yaml"])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("none.yaml does not exist"),
    });
  });

  test.each<[string, readonly string[], number, string]>([
    ["no file", ["backup"], 2, "tyr backup FILE takes one file"],
    ["two files", ["backup", "a", "b"], 2, "tyr backup FILE takes one file"],
    ["a slip in a flag", ["backup", "a", "--dataPth", "x"], 2, 'Did you mean "--dataPath"?'],
    ["no data folder", ["backup", "a", "--dataPath", "x"], 4, "Name the folder with --dataPath DIR"],
    ["no such target", ["backup", "x/a"], 4, "does not exist. Make it first."],
  ])("refuses %s with a sentence", (_, args, status, text) => {
    aDatabase(1);

    const result = tyr(args);

    expect(result).toMatchObject({ status, stdout: "", stderr: expect.stringContaining(text) });
    expect(result.stderr).not.toContain("    at ");
  });

  test("on a disk that takes no more says so and leaves nothing", () => {
    aDatabase(2_000);

    const result = tyr(["backup", "copy.db"], { limitKb: 200 });

    expect(result).toMatchObject({ status: 4, stdout: "" });
    expect(result.stderr).toMatch(/^No copy was made: .*copy\.db could not be written: .*\.\n$/);
    expect(readdirSync(folder)).toEqual(["data"]);
  });
});

describe("tyr import-config", () => {
  test("prints a config, and what is to be done before the first start beside it", () => {
    writeFileSync(
      join(folder, "old.yaml"),
      'homeserverUrl: "https://matrix.example.org"\nmanagementRoom: "!m:example.org"\naccessToken: hidden\n',
    );

    const { status, stdout, stderr } = tyr(["import-config", "old.yaml"]);

    expect(status).toBe(0);
    expect(stdout).toContain('url: "https://matrix.example.org"');
    expect(stderr).toContain(
      "Before the first start:\n- Write the bot's access token into the file tyr-token",
    );
    expect(stdout + stderr).not.toContain("hidden");
  });

  test.each([
    [["import-config"], "takes one file"],
    [["import-config", "none.yaml"], "none.yaml does not exist."],
    [["import-config", "."], ". is a folder."],
  ])("%j is refused with the reason", (args, reason) => {
    expect(tyr(args)).toMatchObject({ status: 2, stdout: "", stderr: expect.stringContaining(reason) });
  });
});

test("tyr takeover explains that a first start does it", () => {
  expect(tyr(["takeover"])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("Tyr takes over by itself, at its first start"),
  });
});
