// Configs of other bots: what becomes of each option, that no secret travels, and that the result is a config of ours.

import { describe, expect, test } from "@jest/globals";
import { importConfig } from "../../../src/config/foreign/import-config.ts";
import { renderProblem } from "../../../src/config/explain.ts";
import { loadConfig } from "../../../src/config/load.ts";
import type { Config } from "../../../src/config/schema.ts";

const imported = (text: string) => {
  const result = importConfig("old.yaml", text);
  if (!result.ok) throw new Error(result.problems.map((one) => renderProblem(one)).join("\n"));
  return result;
};
const problems = (text: string) => {
  const result = importConfig("old.yaml", text);
  return result.ok ? [] : result.problems.map((one) => renderProblem(one));
};
/** Loaded as a start would, with the secrets in their files. */
const loaded = (yaml: string): Config => {
  const result = loadConfig({
    argv: ["--config", "tyr.yaml"],
    env: {},
    readFile: (file) => (file === "tyr.yaml" ? yaml : "from-the-file"),
  });
  if (!result.ok) throw new Error(result.problems.map((one) => renderProblem(one)).join("\n"));
  return result.config;
};

const aMjolnirs = `
homeserverUrl: "https://matrix.example.org"
rawHomeserverUrl: "https://matrix.example.org"
accessToken: "syt_secret_token"
encryption:
  use: false
  username: "mjolnir"
  password: "hunter2"
dataPath: "/data/storage"
autojoinOnlyIfManager: true
acceptInvitesFromSpace: "!example:example.org"
managementRoom: "#moderators:example.org"
verboseLogging: true
logLevel: "DEBUG"
syncOnStartup: true
noop: false
automaticallyRedactForReasons:
  - "spam"
  - "*advertis*"
protectedRooms:
  - "https://matrix.to/#/#lounge:example.org"
  - "https://matrix.to/#/!room:example.org?via=example.org"
  - "lounge"
protectAllJoinedRooms: true
backgroundDelayMS: 500
commands:
  allowNoPrefix: false
  additionalPrefixes:
    - "mod"
  confirmWildcardBan: true
protections:
  wordlist:
    words: ["casino"]
    minutesBeforeTrusting: 20
health:
  healthz:
    enabled: false
    port: 8080
web:
  enabled: true
  port: 8080
  abuseReporting:
    enabled: true
  synapseHTTPAntispam:
    enabled: false
    authorization: changeme
pollReports: false
displayReports: true
nsfwSensitivity: .6
someFork: 1
`;

describe("a Mjolnir's config", () => {
  test("becomes a config of Tyr with what has a counterpart", () => {
    const { yaml } = imported(aMjolnirs);

    const config = loaded(yaml);
    expect(config).toMatchObject({
      homeserver: { url: "https://matrix.example.org", accessTokenFile: "./tyr-token" },
      managementRoom: "#moderators:example.org",
      protectedRooms: ["#lounge:example.org", "https://matrix.to/#/!room%3Aexample.org?via=example.org"],
      commands: { prefixes: ["!tyr", "!mod"] },
      redaction: { reasons: ["spam", "*advertis*"] },
      log: { level: "debug" },
      acl: { enabled: true },
    });
  });

  test("leaves its secrets where they are, and says where they stand", () => {
    const { yaml, toDo } = imported(aMjolnirs);

    for (const secret of ["syt_secret_token", "hunter2", "changeme"]) {
      expect(yaml).not.toContain(secret);
      expect(toDo.join("\n")).not.toContain(secret);
    }
    expect(toDo[0]).toContain("into the file tyr-token");
    expect(toDo[0]).toContain("accessToken, line 4");
  });

  test("has every option that is not taken over in a comment", () => {
    const text = imported(aMjolnirs).yaml.replace(/\n# +/g, " ");

    expect(text).toContain("protectJoinedRooms: true");
    expect(text).toContain("an entry of protectedRooms, line 20 is no room's address");
    expect(text).toMatch(
      /protections\.wordlist\.words, line 33 is looked for: !tyr protections words bad-words add \*casino\*/,
    );
    expect(text).toMatch(/Without a counterpart in Tyr so far: .*web\.abuseReporting: reports of users came/);
    expect(text).toMatch(/Not needed any more: .*syncOnStartup, line \d+: Tyr always looks/);
    expect(text).toMatch(/Not needed any more: .*health\.healthz, line \d+|health\.healthz: Tyr answers/);
    expect(text).toMatch(/Not needed any more: .*web\.synapseHTTPAntispam.*docs\/antispam\.md/);
    expect(text).toContain("Not known as options of a Mjolnir: someFork, line 50");
  });

  test("with a login by password gets one by password", () => {
    const { yaml, toDo } = imported(aMjolnirs.replace("use: false", "use: true"));

    const { homeserver } = loaded(yaml);
    expect(homeserver).toMatchObject({ user: "mjolnir", passwordFile: "./tyr-password" });
    expect(homeserver.accessTokenFile).toBeUndefined();
    expect(toDo.join("\n")).toMatch(/Tyr reads it from its first start on\. It logs in by password for that/);
  });

  test("with keys on its access token is told to give Tyr a login of its own", () => {
    const { toDo } = imported(`
homeserverUrl: "https://matrix.example.org"
accessToken: syt_secret_token
managementRoom: "!m:example.org"
experimentalRustCrypto: true
`);

    expect(toDo.join("\n")).toContain("in the place of the token, whose device belongs to a Draupnir");
    expect(toDo.join("\n")).toContain("encryption.recoveryKeyFile");
  });

  test("without encryption is told nothing of it", () => {
    expect(imported(aMjolnirs).toDo.join("\n")).not.toContain("encrypt");
  });

  test("with a proxy for encryption gets the address behind it", () => {
    const { yaml } = imported(`
homeserverUrl: "http://localhost:8009"
rawHomeserverUrl: "https://matrix.example.org"
managementRoom: "!m:example.org"
pantalaimon: { use: true, username: mod, password: hunter2 }
`);

    expect(loaded(yaml).homeserver.url).toBe("https://matrix.example.org");
  });

  test("that only pretended is told apart", () => {
    expect(imported(aMjolnirs.replace("noop: false", "noop: true")).toDo.join("\n")).toContain(
      "noop is on (noop, line 16), so nothing happened until now. Tyr acts from its first start on",
    );
  });

  test("whose management room is no room is told with what is wrong about it", () => {
    expect(imported(aMjolnirs.replace("#moderators:example.org", "moderators")).toDo.at(-1)).toMatch(
      /managementRoom: expected a room id .* got "moderators"/,
    );
  });
});

test("a Draupnir's config: first manager, symbols of prefixes, no ACLs", () => {
  const { yaml } = imported(`
homeserverUrl: "https://matrix.example.org"
accessToken: "syt_secret"
initialManager: "@admin:example.org"
disableServerACL: true
commands:
  symbolPrefixes: ["!", "/"]
  additionalPrefixes: ["draupnir", "mod"]
  ban: { defaultReasons: ["spam"] }
roomStateBackingStore: { enabled: true }
safeMode: { bootOption: Never }
`);

  expect(yaml).toContain("the config of a Draupnir");
  expect(loaded(yaml)).toMatchObject({
    initialManager: "@admin:example.org",
    acl: { enabled: false },
    commands: { prefixes: ["!tyr", "!mod", "/draupnir", "/mod"] },
  });
  expect(yaml.replace(/\n# +/g, " ")).toContain("commands.ban: a ban without a reason was asked");
});

test("what Tyr can do is not told as missing: it is set, or said who does it", () => {
  const { yaml } = imported(`
homeserverUrl: "https://matrix.example.org"
accessToken: "syt_secret"
managementRoom: "#moderators:example.org"
recordIgnoredInvites: true
admin: { enableMakeRoomAdminCommand: true }
health: { healthz: { enabled: true, port: 9999, address: "127.0.0.1" } }
`);

  expect(loaded(yaml)).toMatchObject({
    admin: { makeRoomAdmin: true },
    web: { host: "127.0.0.1", port: 9999 },
  });
  expect(yaml).not.toContain("Without a counterpart");
  expect(yaml.replace(/\n# +/g, " ")).toContain("Tyr tells of strangers' invitations once a day");
});

test("the health of a bot that was asked on every address is told on every address", () => {
  const { yaml } = imported(`
homeserverUrl: "https://matrix.example.org"
accessToken: "syt_secret"
managementRoom: "#moderators:example.org"
health: { healthz: { enabled: true } }
`);

  expect(loaded(yaml).web).toMatchObject({ host: "0.0.0.0", port: 8080 });
});

test("a Meowlnir's tokens of administrators: what to do instead", () => {
  const { yaml, toDo } = imported(`
homeserver: { address: "http://localhost:8008" }
meowlnir: { admin_tokens: { "@admin:example.org": "syt_secret_admin" } }
`);

  expect(toDo.join("\n")).toContain("make its account an administrator (docs/server-admin.md)");
  expect(yaml).not.toContain("syt_secret_admin");
});

describe("a Meowlnir's config", () => {
  const aMeowlnirs = `
homeserver:
    address: http://localhost:8008
    domain: example.org
meowlnir:
    id: meowlnir
    as_token: secret_as_token
    hs_token: secret_hs_token
    dry_run: true
    report_room: null
    hacky_rule_filter:
    - "@admin:example.org"
    hacky_redact_patterns:
    - "spam*"
    load_all_room_hashes: true
antispam:
    secret: secret_antispam
    filter_local_invites: false
database: { type: postgres, uri: "postgres://user:secret_db@host/db" }
logging: { min_level: debug, writers: [{ type: stdout }] }
`;

  test("is complete but for the management room and the account", () => {
    const { yaml, toDo } = imported(aMeowlnirs);

    expect(yaml).toContain("the config of a Meowlnir");
    expect(loaded(`${yaml}\nmanagementRoom: "!m:example.org"\n`)).toMatchObject({
      homeserver: { url: "http://localhost:8008" },
      redaction: { reasons: ["spam*"] },
    });
    expect(toDo.join("\n")).toContain("Register an ordinary account");
    expect(toDo.join("\n")).toContain("dry_run is on");
    expect(toDo.join("\n")).toContain("exempt add <entity>");
    expect(toDo.at(-1)).toContain("managementRoom: needed, and not given");
    expect(`${yaml} ${toDo.join(" ")}`).not.toMatch(/secret_/);
  });
});

describe("what is no bot's config", () => {
  test.each([
    ["", "old.yaml:1:1: not the config of a Mjolnir, Draupnir or Meowlnir."],
    ["- a\n- b", "not the config of a Mjolnir"],
    ["just words", "not the config of a Mjolnir"],
    ["homeserver:\n  url: https://x.org", "this is a config of Tyr already"],
    ["homeserver: { url: a, domain: b }\ndb: { engine: postgres }", "a Draupnir for many communities"],
    ["a:\n  b: 1\n c: hunter2", "old.yaml:3:1: the spaces before this line do not fit"],
    ["homeserverUrl: @x", "old.yaml:1:16: a value that starts with @"],
    ['a: 1\nb: "hunter2', "old.yaml:2:12: a quote, bracket or comma is missing"],
  ])("%j: %s", (text, problem) => {
    expect(problems(text).join("\n")).toContain(problem);
    expect(problems(text).join("\n")).not.toContain("hunter2");
  });

  test("an address with a password in it is not repeated", () => {
    const { yaml, toDo } = imported(
      'homeserverUrl: "https://me:hunter2@x.org"\nmanagementRoom: "!m:x"\naccessToken: t\n"pass hunter2": 1',
    );

    expect(`${yaml} ${toDo.join(" ")}`).not.toContain("hunter2");
    expect(toDo.at(-1)).toContain("homeserver.url: needed, and not given");
  });

  test("a name with a line break stays in its comment", () => {
    const { yaml } = imported('homeserverUrl: "https://x.org"\nmanagementRoom: "!m:x"\n"a\\nlog: 1": 1');

    expect(loaded(yaml).log.level).toBe("info");
  });

  test("aliases that lead in a circle end", () => {
    const { yaml } = imported('homeserverUrl: "https://x.org"\nmanagementRoom: "!m:x"\nmore: &a\n  b: *a\n');

    expect(loaded(yaml).managementRoom).toBe("!m:x");
  });
});
