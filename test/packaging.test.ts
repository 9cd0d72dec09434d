// The files around the program: what they say of each other and of the program must be true.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { configFrom } from "./support/config.ts";

const root = join(import.meta.dirname, "..");
const text = (file: string) => readFileSync(join(root, file), "utf8");
const json = (file: string) => JSON.parse(text(file)) as Record<string, Record<string, string>>;
const { version } = JSON.parse(text("package.json")) as { version: string };
const config = configFrom({
  homeserver: { url: "https://a.example", accessToken: "none" },
  managementRoom: "!a:b",
});

describe("the package", () => {
  test("brings along whatever it needs, so that neither overrides nor vendored folders are missed", () => {
    const { bundleDependencies, optionalDependencies } = json("package.json");

    expect(bundleDependencies).toBe(true);
    // Those would be fetched wherever it is installed.
    expect(optionalDependencies).toBeUndefined();
  });

  test("has stand-ins that satisfy matrix-bot-sdk, so that npm finds nothing to mend", () => {
    const wanted = json("node_modules/matrix-bot-sdk/package.json")["dependencies"]!;
    const standIns = Object.entries(json("package.json")["dependencies"]!).filter(([, where]) =>
      where.startsWith("file:vendor/absent/"),
    );

    expect(standIns.length).toBeGreaterThan(5);
    for (const [name, where] of standIns) {
      const standIn = JSON.parse(text(join(where.slice("file:".length), "package.json"))) as Record<
        string,
        string
      >;
      const [major, minor] = standIn["version"]!.split(".").map(Number);
      const [, wantedMajor, wantedMinor] = /^\^(\d+)\.(\d+)\./.exec(wanted[name]!)!.map(Number);
      expect({ name: standIn["name"], major }).toEqual({ name, major: wantedMajor });
      expect(minor).toBeGreaterThan(wantedMinor!);
    }
  });
});

describe("the container", () => {
  const dockerfile = text("Dockerfile");
  const { tyr, setup } = (
    parse(text("compose.yaml"), { merge: true }) as { services: Record<string, Record<string, unknown>> }
  ).services;

  test("bears the version of the program", () => {
    expect(dockerfile).toContain(`ARG VERSION=${version}\n`);
    expect(tyr!["image"]).toBe(`tyr:${version}`);
  });

  test("is asked for its health where it answers", () => {
    expect(dockerfile).toContain(`TYR_WEB_PORT ?? ${config.web.port}}/healthz`);
    expect(config.web.host).toBe("127.0.0.1");
  });

  test("has no rights to speak of, while it is set up, too", () => {
    expect(dockerfile).toMatch(/^USER node$/m);
    for (const service of [tyr, setup])
      expect(service).toMatchObject({
        read_only: true,
        cap_drop: ["ALL"],
        security_opt: ["no-new-privileges:true"],
      });
  });

  test("is set up where it looks for its config afterwards", () => {
    expect(setup!["command"]).toEqual(["setup", "--out", "/config", "--dataPath", "/data"]);
    expect(dockerfile).toContain('CMD ["run", "--config", "/config/tyr.yaml"]');
    expect(dockerfile).toContain("TYR_DATA_PATH=/data");
  });
});

test("the service is not started again where that would change nothing", () => {
  const [, codes] = /^RestartPreventExitStatus=(.*)$/m.exec(text("contrib/tyr.service"))!;

  expect(codes).toBe("2 3 4");
  expect(text("src/main.ts")).toContain('{ stopped: 0, "token-revoked": 3, "cannot-start": 4 }');
});
