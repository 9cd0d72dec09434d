import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configText, Draft, existingFiles } from "../../../src/cli/setup/files.ts";
import { parseDocument } from "yaml";

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "tyr-setup-files-"));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

describe("a draft", () => {
  test("shows no file until it is written, and then all of its text", () => {
    const draft = new Draft(out);
    expect(visible()).toEqual([]);

    draft.write({ "tyr.token": "syt_x\n", "tyr.yaml": "homeserver:\n" });
    draft.close();

    expect(visible()).toEqual(["tyr.token", "tyr.yaml"]);
    expect(readFileSync(join(out, "tyr.token"), "utf8")).toBe("syt_x\n");
  });

  test("gives secrets to their owner alone", () => {
    const draft = new Draft(out);
    draft.write({ "tyr.token": "syt_x\n", "tyr.password": "secret\n", "tyr.yaml": "" });
    draft.close();

    const modeOf = (name: string) => (statSync(join(out, name)).mode & 0o777).toString(8);
    expect(modeOf("tyr.token")).toBe("600");
    expect(modeOf("tyr.password")).toBe("600");
  });

  test("that is closed unwritten leaves nothing behind, and an earlier config as it was", () => {
    writeFileSync(join(out, "tyr.yaml"), "earlier");

    new Draft(out).close();

    expect(readdirSync(out)).toEqual(["tyr.yaml"]);
    expect(readFileSync(join(out, "tyr.yaml"), "utf8")).toBe("earlier");
  });

  test("follows one that was killed before it was closed", () => {
    new Draft(out).write({ "tyr.password": "first\n" });

    const draft = new Draft(out);
    draft.write({ "tyr.token": "syt_x\n" });
    draft.close();

    expect(visible()).toEqual(["tyr.password", "tyr.token"]);
  });

  test("makes its folder, and throws where it cannot", () => {
    new Draft(join(out, "new/folder")).close();
    expect(existsSync(join(out, "new/folder"))).toBe(true);

    writeFileSync(join(out, "file"), "");
    expect(() => new Draft(join(out, "file"))).toThrow("EEXIST");
  });
});

test("files that would be overwritten are named, the password's only where one is to be written", () => {
  for (const name of ["tyr.yaml", "tyr.password", "other"]) writeFileSync(join(out, name), "");
  mkdirSync(join(out, "data"));

  expect(existingFiles(out, { hasPassword: false })).toEqual([join(out, "tyr.yaml")]);
  expect(existingFiles(out, { hasPassword: true })).toEqual([
    join(out, "tyr.yaml"),
    join(out, "tyr.password"),
  ]);
});

test("values that mean something to YAML are written as texts", () => {
  const text = configText({
    url: "https://matrix.example.org",
    managementRoom: "!room: #x:example.org",
    out: '/srv/a "quoted" folder',
    dataPath: "/srv/data # not a comment",
    profile: "usual",
  });

  expect(parseDocument(text).toJS()).toEqual({
    homeserver: {
      url: "https://matrix.example.org",
      accessTokenFile: '/srv/a "quoted" folder/tyr.token',
    },
    managementRoom: "!room: #x:example.org",
    dataPath: "/srv/data # not a comment",
    protectionProfile: "usual",
  });
});

function visible(): readonly string[] {
  return readdirSync(out).filter((name) => !name.startsWith("."));
}
