import { describe, expect, test } from "@jest/globals";
import { settingsInForce } from "../../src/config/effective.ts";
import { loadConfig } from "../../src/config/load.ts";

const file = `homeserver:
  url: https://hs.example
  accessTokenFile: /token
managementRoom: "!desk:hs.example"
log:
  level: info
protectedRooms: ["#a:hs.example", "#b:hs.example"]
`;

function inForce(argv: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const loaded = loadConfig({
    argv: ["--config", "tyr.yaml", ...argv],
    env,
    readFile: (name) => (name === "/token" ? "syt_secret\n" : file),
  });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const all = settingsInForce(loaded.config, loaded.sources);
  return (path: string) => all.find((one) => one.path === path)!;
}

describe("a setting in force", () => {
  test.each([
    ["managementRoom", [], {}, '"!desk:hs.example"', "tyr.yaml:4"],
    ["guard.maxPeople", ["--guard.maxPeople", "9"], {}, "9", "--guard.maxPeople"],
    ["guard.maxPeople", [], { TYR_GUARD_MAX_PEOPLE: "8" }, "8", "TYR_GUARD_MAX_PEOPLE"],
    ["guard.maxPeople", [], {}, "50", undefined],
    ["protectedRooms", [], {}, '["#a:hs.example", "#b:hs.example"]', "tyr.yaml:7"],
  ] as const)("%s with %j and %j is %s, from %s", (path, argv, env, value, source) => {
    const setting = inForce(argv, env)(path);

    expect(setting).toMatchObject({ value, isChanged: source !== undefined });
    expect(setting.source).toBe(source);
  });

  test("that repeats the default is no change, and says where it stands", () => {
    expect(inForce()("log.level")).toMatchObject({ source: "tyr.yaml:6", isChanged: false });
  });

  test("that is a secret is never shown, and says from which file it is", () => {
    const setting = inForce()("homeserver.accessToken");

    expect(setting).toMatchObject({ source: "/token", isChanged: true });
    expect(JSON.stringify(setting)).not.toContain("syt_secret");
  });

  test("that nobody gave and has no default has no value", () => {
    expect(inForce()("homeserver.password")).toMatchObject({ value: undefined, isChanged: false });
  });
});
