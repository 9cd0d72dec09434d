import { inspect } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { loginOf } from "../../src/config/login.ts";
import { configOf, load, messagesOf, minimalYaml } from "./loading.ts";

describe("a minimal config", () => {
  test("works from a file, with every default filled in", () => {
    const config = configOf({ yaml: minimalYaml });

    expect(config.homeserver.url).toBe("https://matrix.example.org");
    expect(config.managementRoom).toBe("#moderators:example.org");
    expect(config.dataPath).toBe("/var/lib/tyr");
    expect(config.commands.prefixes).toEqual(["!tyr"]);
    expect(config.acl).toEqual({
      enabled: true,
      keepManualEntries: true,
      maxBytes: 62_000,
      quietMs: 200,
      pauseMs: 5_000,
      longerPauseMs: 15_000,
      longestPauseMs: 60_000,
      maxWaitMs: 5_000,
      sparedServers: [],
    });
    expect(loginOf(config)).toEqual({ kind: "token", accessToken: "syt_secret" });
  });

  test("works from the environment alone", () => {
    const config = configOf({
      env: {
        TYR_HOMESERVER_URL: "https://matrix.example.org/",
        TYR_HOMESERVER_USER: "@tyr:example.org",
        TYR_HOMESERVER_PASSWORD: "correct horse",
        TYR_INITIAL_MANAGER: "@you:example.org",
      },
    });

    expect(config.homeserver.url).toBe("https://matrix.example.org");
    expect(config.initialManager).toBe("@you:example.org");
    expect(loginOf(config)).toEqual({
      kind: "password",
      user: "@tyr:example.org",
      password: "correct horse",
    });
  });

  test("may have sections in which every line is commented out", () => {
    const config = configOf({ yaml: `${minimalYaml}\nacl:\n  # enabled: false\n` });

    expect(config.acl.enabled).toBe(true);
  });
});

describe("precedence", () => {
  const yaml = `${minimalYaml}\nexecutor: { startConcurrency: 20 }\nhistory: { people: 10 }\n`;
  const env = { TYR_EXECUTOR_START_CONCURRENCY: "30", TYR_HISTORY_PEOPLE: "" };

  test("a flag beats the environment, which beats the file, which beats the default", () => {
    expect(configOf({ yaml: minimalYaml }).executor.startConcurrency).toBe(16);
    expect(configOf({ yaml }).executor.startConcurrency).toBe(20);
    expect(configOf({ yaml, env }).executor.startConcurrency).toBe(30);
    const argv = ["--executor.startConcurrency", "40"];
    expect(configOf({ yaml, env, argv }).executor.startConcurrency).toBe(40);
  });

  test("an empty variable counts as not set", () => {
    expect(configOf({ yaml, env }).history.people).toBe(10);
  });

  test("the source of every option is told", () => {
    const files = { "/run/token": "syt_secret\n" };
    const withFile = yaml.replace("accessToken: syt_secret", "accessTokenFile: /run/token");

    const loaded = load({ yaml: withFile, env, files, argv: ["--log.level=warn"] });

    if (!loaded.ok) throw new Error("not loaded");
    expect(loaded.sources.get("acl.enabled")).toEqual({ kind: "default" });
    expect(loaded.sources.get("history.people")).toEqual({
      kind: "file",
      file: "tyr.yaml",
      line: 9,
      column: 20,
    });
    expect(loaded.sources.get("homeserver.accessToken")).toEqual({ kind: "secret-file", file: "/run/token" });
    expect(loaded.sources.get("log.level")).toEqual({ kind: "flag", name: "--log.level" });
    expect(loaded.sources.get("executor.startConcurrency")).toEqual({
      kind: "environment",
      name: "TYR_EXECUTOR_START_CONCURRENCY",
    });
  });

  test("--config beats TYR_CONFIG", () => {
    const files = { "other.yaml": minimalYaml.replace("/var/lib/tyr", "/other") };
    const env = { TYR_CONFIG: "other.yaml" };

    expect(configOf({ env, files }).dataPath).toBe("/other");
    expect(configOf({ env, files, yaml: minimalYaml }).dataPath).toBe("/var/lib/tyr");
  });
});

describe("the environment", () => {
  test("gives numbers, switches and lists with commas", () => {
    const config = configOf({
      yaml: minimalYaml,
      env: {
        TYR_ACL_MAX_BYTES: "30000",
        TYR_ACL_KEEP_MANUAL_ENTRIES: "no",
        TYR_PROTECTED_ROOMS: "!a:example.org, #b:example.org,",
        TYR_ACL_SPARED_SERVERS: "Example.ORG:8448",
      },
    });

    expect(config.acl.maxBytes).toBe(30_000);
    expect(config.acl.keepManualEntries).toBe(false);
    expect(config.protectedRooms).toEqual(["!a:example.org", "#b:example.org"]);
    expect(config.acl.sparedServers).toEqual(["example.org"]);
  });

  test("a misspelt variable is told, a foreign one is left alone", () => {
    const env = { TYR_HOMESERVER_ACESS_TOKEN: "hunter2", TYR_SERVICE_HOST: "10.0.0.1", PATH: "/bin" };

    expect(messagesOf({ yaml: minimalYaml, env })).toEqual([
      'TYR_HOMESERVER_ACESS_TOKEN: unknown setting. Did you mean "TYR_HOMESERVER_ACCESS_TOKEN"?',
    ]);
  });

  test("a wrong value is told by the name of its variable", () => {
    expect(messagesOf({ yaml: minimalYaml, env: { TYR_ACL_ENABLED: "perhaps" } })).toEqual([
      'TYR_ACL_ENABLED: expected true or false, got "perhaps".',
    ]);
  });
});

describe("secrets", () => {
  test("are read from files, without the newline at the end", () => {
    const yaml = minimalYaml.replace("accessToken: syt_secret", "accessTokenFile: /run/secrets/token");

    const config = configOf({ yaml, files: { "/run/secrets/token": "syt_from_file\r\n" } });

    expect(loginOf(config)).toEqual({ kind: "token", accessToken: "syt_from_file" });
  });

  test("passwords come from files too", () => {
    const yaml = minimalYaml.replace("accessToken: syt_secret", "user: tyr\n  passwordFile: ./password.txt");

    const config = configOf({ yaml, files: { "./password.txt": " two words \n" } });

    expect(loginOf(config)).toEqual({ kind: "password", user: "tyr", password: " two words " });
  });

  test("do not show when the config is printed", () => {
    const config = configOf({ yaml: minimalYaml });

    expect(JSON.stringify(config)).not.toContain("syt_secret");
    expect(inspect(config, { depth: 9, showHidden: true })).not.toContain("syt_secret");
  });

  test("a file that is missing or empty is told with its path", () => {
    const yaml = minimalYaml.replace("accessToken: syt_secret", "accessTokenFile: /run/token");

    expect(messagesOf({ yaml })).toEqual([
      "tyr.yaml:4:20 homeserver.accessTokenFile: /run/token does not exist. Check its name; a relative one starts at the current folder.",
    ]);
    expect(messagesOf({ yaml, files: { "/run/token": "\n" } })).toEqual([
      "tyr.yaml:4:20 homeserver.accessTokenFile: /run/token is empty. Write the secret into it, on one line.",
    ]);
  });

  test("a secret and its file together are refused", () => {
    const argv = ["--homeserver.accessTokenFile", "/run/token"];

    expect(messagesOf({ yaml: minimalYaml, argv, files: { "/run/token": "syt_other" } })).toEqual([
      "--homeserver.accessTokenFile: given together with homeserver.accessToken (tyr.yaml:4:16). Keep one of the two.",
    ]);
  });

  const mistakes: readonly (readonly [string, Parameters<typeof load>[0]])[] = [
    ["as a number", { yaml: "homeserver: { password: 918273645 }" }],
    ["as a list", { yaml: "homeserver: { password: [918273645] }" }],
    ["with a tag", { yaml: "homeserver: { password: !918273645 x }" }],
    ["with a forbidden first letter", { yaml: "homeserver:\n  password: @918273645" }],
    ["with a colon", { yaml: "homeserver:\n  password: 918273645: 918273645" }],
    ["with an alias", { yaml: "homeserver:\n  password: *918273645" }],
    ["in an open quote", { yaml: 'homeserver:\n  password: "918273645' }],
    ["without a colon", { yaml: "homeserver:\n  password 918273645:" }],
    ["under a misspelt name", { yaml: "homeserver: { pasword: 918273645 }" }],
    ["in the address", { yaml: "homeserver: { url: 'ftp://tyr:918273645@example.org' }" }],
    ["in place of its file", { yaml: "homeserver: { passwordFile: hunter918273645 }" }],
    ["in place of a room", { yaml: "managementRoom: syt_918273645" }],
    ["on the command line", { argv: ["--homeserver.password", "918273645"] }],
    ["at a misspelt flag", { argv: ["--homeserver.pasword=918273645"] }],
    ["as a stray word", { argv: ["918273645"] }],
    ["in a misspelt variable", { env: { TYR_HOMESERVER_PASSWORT: "918273645" } }],
    [
      "beside another way to log in",
      { env: { TYR_HOMESERVER_PASSWORD: "918273645", TYR_HOMESERVER_ACCESS_TOKEN: "918273645" } },
    ],
  ];
  test.each(mistakes)("never appear in a message: %s", (_, texts) => {
    const messages = messagesOf(texts);

    expect(messages).not.toEqual([]);
    expect(messages.join("\n")).not.toContain("918273645");
  });
});

describe("logging in", () => {
  const rest = { TYR_HOMESERVER_URL: "https://example.org", TYR_MANAGEMENT_ROOM: "!room:example.org" };

  test.each([
    ["no way", {}, "homeserver: no way to log in."],
    [
      "two ways",
      {
        TYR_HOMESERVER_ACCESS_TOKEN: "a",
        TYR_HOMESERVER_USER: "tyr",
        TYR_HOMESERVER_PASSWORD: "b",
      },
      "two ways to log in",
    ],
    ["a user without a password", { TYR_HOMESERVER_USER: "tyr" }, "a user without a password."],
    ["a password without a user", { TYR_HOMESERVER_PASSWORD: "b" }, "a password without a user."],
  ])("%s is refused, in one message", (_, env, message) => {
    const messages = messagesOf({ env: { ...rest, ...env } });

    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain(message);
  });
});
