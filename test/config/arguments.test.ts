import { expect, test } from "@jest/globals";
import { parseArguments } from "../../src/config/load.ts";
import { configOf, messagesOf, minimalYaml } from "./loading.ts";

test("recognises --help, --version and --config in their forms", () => {
  expect(parseArguments(["--help"]).wantsHelp).toBe(true);
  expect(parseArguments(["-h"]).wantsHelp).toBe(true);
  expect(parseArguments(["--version"]).wantsVersion).toBe(true);
  expect(parseArguments(["--config", "a.yaml"]).configFile).toBe("a.yaml");
  expect(parseArguments(["--config=a.yaml"]).configFile).toBe("a.yaml");
  expect(parseArguments(["-c", "a.yaml"]).configFile).toBe("a.yaml");
});

test("wants nothing when nothing is given", () => {
  expect(parseArguments([])).toEqual({
    wantsHelp: false,
    wantsVersion: false,
    configFile: undefined,
    words: [],
    given: new Map(),
    problems: [],
  });
});

test("hands on the words that belong to no flag, wherever they stand", () => {
  expect(parseArguments(["backup", "007", "--config", "a.yaml"]).words).toEqual(["backup", "007"]);
  expect(parseArguments(["--config", "a.yaml", "backup", "file"]).words).toEqual(["backup", "file"]);
  expect(configOf({ yaml: minimalYaml, argv: ["run"] }).dataPath).toBe("/var/lib/tyr");
});

test("takes lists with commas or repeated, switches bare or with a value, and leaves texts as they are", () => {
  const config = configOf({
    yaml: minimalYaml,
    argv: [
      ...["--watchedLists", "#a:b,#c:d", "--watchedLists=!e:f"],
      ...["--acl.enabled=false", "--lists.liftBans"],
      ...["--dataPath", "007"],
    ],
  });

  expect(config.watchedLists).toEqual(["#a:b", "#c:d", "!e:f"]);
  expect(config.acl.enabled).toBe(false);
  expect(config.lists.liftBans).toBe(true);
  expect(config.dataPath).toBe("007");
});

test.each([
  ["--acl.maxByte=5", 'unknown setting. Did you mean "--acl.maxBytes"?'],
  ["--no-acl.enabled", "unknown setting. Write --acl.enabled false."],
  ["--acl", "unknown setting."],
  ["--dataPath", "no value given. Write --dataPath VALUE."],
  ["--config", "--config: no value given."],
  ["--dataPath=a --dataPath=b", "--dataPath: given twice."],
  ["--homeserver.accessToken=x", "a secret on the command line is visible to everybody on this machine."],
  ["start", "a word on the command line that belongs to no flag."],
])("%s is refused with a reason", (line, message) => {
  const env = {
    TYR_HOMESERVER_URL: "https://a.b",
    TYR_HOMESERVER_ACCESS_TOKEN: "t",
    TYR_MANAGEMENT_ROOM: "!a:b",
  };

  const messages = messagesOf({ env, argv: line.split(" ") });

  expect(messages).toHaveLength(1);
  expect(messages[0]).toContain(message);
});
