import { describe, expect, test } from "@jest/globals";
import { messagesOf, minimalYaml } from "./loading.ts";

test("five mistakes give five messages, each with its place, in the order of the file", () => {
  const yaml = `homeserver:
  url: https://matrix.example.org
  acesToken: syt_secret
managementRoom: lounge
acl:
  maxBytes: abc
  enabled: "yes"
log:
  level: loud
`;

  expect(messagesOf({ yaml })).toEqual([
    'tyr.yaml:3:3 homeserver.acesToken: unknown setting. Did you mean "accessToken"?',
    'tyr.yaml:4:17 managementRoom: expected a room id (!…) or an alias (#…:server), got "lounge".',
    'tyr.yaml:6:13 acl.maxBytes: expected a whole number from 1000 to 64000, got "abc".',
    'tyr.yaml:7:12 acl.enabled: expected true or false, got "yes". Write true or false, without quotes.',
    'tyr.yaml:9:10 log.level: expected one of trace, debug, info, warn, error, fatal, silent, got "loud".',
  ]);
});

test("an empty config names all that is needed, and how to give it", () => {
  expect(messagesOf({})).toEqual([
    "homeserver.url: needed, and not given. Add it to the file that --config names, or set TYR_HOMESERVER_URL. Example: https://matrix.example.org",
    "homeserver: no way to log in. Give either accessToken (or accessTokenFile), or user together with password (or passwordFile).",
    "managementRoom: needed, and not given. Name the room by id or alias, or set initialManager to your user id and Tyr makes the room.",
  ]);
});

test("a missing file is told with what to do, and nothing is said to be missing from it", () => {
  expect(messagesOf({ argv: ["--config", "nowhere.yaml"] })).toEqual([
    "nowhere.yaml does not exist. Check its name; a relative one starts at the current folder. config/default.yaml is a file to start from.",
  ]);
});

describe("unknown settings", () => {
  test("a misspelt section answers for what is in it", () => {
    expect(messagesOf({ yaml: minimalYaml.replace("homeserver:", "homserver:") })).toEqual([
      'tyr.yaml:2:1 homserver: unknown setting. Did you mean "homeserver"?',
    ]);
  });

  test("a setting at the wrong place is sent to the right one", () => {
    expect(messagesOf({ yaml: `${minimalYaml}accessToken: syt_other` })).toEqual([
      'tyr.yaml:7:1 accessToken: unknown setting. Did you mean "homeserver.accessToken"?',
    ]);
  });

  test("a name that resembles nothing gets no suggestion", () => {
    expect(messagesOf({ yaml: `${minimalYaml}weather: fine` })).toEqual([
      "tyr.yaml:7:1 weather: unknown setting. docs/settings.md lists them all.",
    ]);
  });

  test("names of JavaScript's own are unknown like all others", () => {
    const messages = messagesOf({
      yaml: `${minimalYaml}__proto__: { x: 1 }\nconstructor: 1`,
      argv: ["--toString=1", "--__proto__.x=1"],
    });

    expect(messages).toHaveLength(4);
    for (const message of messages) expect(message).toContain("unknown setting");
  });
});

describe("YAML", () => {
  test.each([
    [
      "!room",
      "managementRoom: !room:example.org",
      "1:17 managementRoom: a value that starts with ! must be in quotes",
    ],
    ["#room", "managementRoom: #room:example.org", "1:1 managementRoom: no value given"],
    [
      "@user",
      "initialManager: @you:example.org",
      "1:17: a value that starts with @, % or ` must be in quotes",
    ],
    ["a tab", "acl:\n\tenabled: true", "2:1: a tab at the start of the line"],
    ["an open quote", 'dataPath: "abc', "1:15: a quote, bracket or comma is missing"],
    ["a second colon", "dataPath: a: b", "1:11: a second colon in one line"],
    ["crooked indentation", "acl:\n   enabled: true\n  quietMs: 5", "3:1: the spaces before this line"],
    ["a list at the top", "- homeserver", "1:1: expected settings such as homeserver:"],
    ["a section that is a text", "acl: on", "1:6 acl: expected settings below it"],
    ["an alias", "dataPath: &a x\nacl: *a", "2:6 acl: expected settings below it"],
    [
      "a list that is a text",
      "protectedRooms: '#a:b'",
      '1:17 protectedRooms: expected a list, got "#a:b". Write each item',
    ],
    ["a list in place of a text", "dataPath: [a]", "1:11 dataPath: expected text, got a list"],
    ["a number in quotes", 'acl: { quietMs: "5" }', 'got "5". Remove the quotes'],
    [
      "a list in place of a secret",
      "homeserver: { accessToken: [] }",
      "1:28 homeserver.accessToken: expected text.",
    ],
    ["a number in place of a text", "dataPath: 5", "1:11 dataPath: expected text, got 5. Put it in quotes"],
    ["a number that is too large", "acl: { maxBytes: 70000 }", "got 70000. Largest ACL that Tyr writes."],
    ["half a number", "acl: { quietMs: 1.5 }", "expected a whole number from 0 to 60000, got 1.5"],
    ["no prefixes", "commands: { prefixes: [] }", "expected at least one word"],
  ])("%s is told with its line", (_, yaml, message) => {
    const messages = messagesOf({ yaml }).filter((text) => text.startsWith("tyr.yaml:"));

    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain(message);
  });

  test("an item of a list is told by its own line", () => {
    const yaml = `${minimalYaml}protectedRooms:\n  - "#lounge:example.org"\n  - https://matrix.to/#/!room:example.org\n  - lounge\n`;

    expect(messagesOf({ yaml })).toEqual([
      'tyr.yaml:10:5 protectedRooms: expected a room id (!…), an alias (#…:server) or a matrix.to link, got "lounge".',
    ]);
  });

  test("a doubled key names both lines", () => {
    const yaml = `${minimalYaml}acl:\n  quietMs: 5\n  quietMs: 6\n`;

    expect(messagesOf({ yaml })).toEqual([
      "tyr.yaml:9:3 acl.quietMs: given twice. Remove one of the two. It was given in line 8 first.",
    ]);
  });
});

describe("options that must agree", () => {
  test.each([
    ["acl: { quietMs: 9000 }", "acl.maxWaitMs: shorter than acl.quietMs"],
    [
      "antispam: { secret: x }\nweb: { enabled: false }",
      "antispam.secret: given, and nothing listens. Set web.enabled to true",
    ],
    ["executor: { maxConcurrency: 2 }", "executor.maxConcurrency: less than executor.startConcurrency"],
    ["network: { timeoutMs: 30000 }", "network.timeoutMs: not longer than sync.longPollMs"],
  ])("%s is refused", (line, message) => {
    const messages = messagesOf({ yaml: minimalYaml + line });

    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain(message);
  });

  test("are not compared when one of them is wrong by itself", () => {
    const messages = messagesOf({ yaml: `${minimalYaml}acl: { quietMs: 9000, maxWaitMs: soon }` });

    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain('got "soon"');
  });
});
