// The files around the program: the package, the container, its compose file and the service, by what comes of them.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { configFrom } from "./support/config.ts";
import { buildImage, run, type Image } from "./support/dockerfile.ts";

const root = join(import.meta.dirname, "..");
const text = (file: string) => readFileSync(join(root, file), "utf8");
const json = (file: string) => JSON.parse(text(file)) as Record<string, Record<string, string>>;
const { version, bin } = JSON.parse(text("package.json")) as { version: string; bin: Record<string, string> };
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
      const [major, minor, patch] = standIn["version"]!.split(".").map(Number);
      const [, wantedMajor, wantedMinor, wantedPatch] = /^\^?(\d+)(?:\.(\d+)\.(\d+))?$/
        .exec(wanted[name]!)!
        .map((part) => Number(part ?? 0));
      expect({ name: standIn["name"], major }).toEqual({ name, major: wantedMajor });
      // Below 1.0 a caret lets the minor version stand as it is.
      expect(major === 0 ? minor : wantedMinor).toBe(wantedMinor);
      expect((major === 0 ? patch : minor)!).toBeGreaterThan((major === 0 ? wantedPatch : wantedMinor)!);
    }
  });
});

describe("the container", () => {
  let folder: string;
  let image: Image;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "tyr-image-"));
    image = buildImage({ context: root, folder });
  }, 600_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("starts, and is the version that it says it is", () => {
    expect(run(image, [...image.entrypoint, "--version"])).toEqual({ status: 0, output: `${version}\n` });
    expect(image.labels.get("org.opencontainers.image.version")).toBe(version);
  });

  test("reads its config where it is mounted, and tells what is wrong with it", () => {
    writeFileSync(join(image.root, "config/tyr.yaml"), "homeserver:\n  url: matrix.example.org\n");

    const { status, output } = run(image, [...image.entrypoint, ...image.command]);

    expect(status).toBe(2);
    expect(output).toContain("tyr.yaml:2:8 homeserver.url: expected");
  });

  test("checks a config, the SDK loaded and the data folder among it, and finds nobody at that address", () => {
    const homeserver = { url: "http://127.0.0.1:9", accessToken: "none" };
    writeFileSync(
      join(image.root, "config/tyr.yaml"),
      JSON.stringify({ homeserver, managementRoom: "!a:b.example" }),
    );

    const { status, output } = run(image, [...image.entrypoint, "check", ...image.command.slice(1)]);

    expect({ status, output }).toEqual({
      status: 4,
      output: expect.stringContaining("Check homeserver.url"),
    });
  });

  test("holds nothing to build, install or test with", () => {
    const at = (pattern: string) => globSync(join(image.root, pattern));

    expect(at("usr/local/bin/*")).toEqual([join(image.root, "usr/local/bin/node")]);
    expect(at("usr/local/lib/*")).toEqual([]);
    expect(at("app/node_modules/{typescript,jest,prettier,oxlint,toolchain}")).toEqual([]);
    expect(at("app/{src,test,scripts}")).toEqual([]);
    expect(at("app/node_modules/matrix-bot-sdk")).toHaveLength(1);
  });

  test("runs without rights, as the owner of the folders that it writes to", () => {
    expect(image.user).toBe("node");
    expect(Object.fromEntries(image.owners)).toEqual({ "/data": "node:node", "/config": "node:node" });
    expect(image.volumes).toEqual([image.env.get("TYR_DATA_PATH")]);
  });

  test("asks for its health where it answers: at the port of the section web, on this machine", () => {
    const asked = (env: Readonly<Record<string, string>>) => {
      const [node, ...rest] = image.healthCheck;
      const tell = "globalThis.fetch = async (url) => { console.log(url); return { ok: false }; }";
      return run(image, [node!, "--import", `data:text/javascript,${tell}`, ...rest], env);
    };

    expect(asked({})).toEqual({
      status: 1,
      output: `http://${config.web.host}:${config.web.port}/healthz\n`,
    });
    expect(asked({ TYR_WEB_PORT: "9000" }).output).toBe("http://127.0.0.1:9000/healthz\n");
  });

  test("is well when it is told so, and ill when nobody answers", () => {
    const well = "globalThis.fetch = async () => ({ ok: true })";
    const [node, ...rest] = image.healthCheck;

    expect(run(image, [node!, "--import", `data:text/javascript,${well}`, ...rest]).status).toBe(0);
    expect(run(image, image.healthCheck, { TYR_WEB_PORT: "9" }).status).toBe(1);
  });

  describe("as compose runs it", () => {
    const compose = parse(text("compose.yaml"), { merge: true }) as Compose;
    const { tyr, setup } = compose.services;
    const mounts = ({ volumes }: Service) =>
      new Map(volumes.map((line) => line.split(":")).map(([from, to, mode]) => [to!, { from: from!, mode }]));

    test("is the image of this version, built from here", () => {
      expect(tyr.build).toEqual({ context: "." });
      expect([tyr.image, setup.image]).toEqual([`tyr:${version}`, `tyr:${version}`]);
    });

    test("has no rights to speak of, while it is set up, too", () => {
      for (const service of [tyr, setup])
        expect(service).toMatchObject({
          user: "${TYR_UID:-1000}:${TYR_GID:-1000}",
          read_only: true,
          cap_drop: ["ALL"],
          security_opt: ["no-new-privileges:true"],
          tmpfs: ["/tmp"],
        });
    });

    test("keeps its data in a volume that compose makes, at the place where the image has it", () => {
      const data = image.env.get("TYR_DATA_PATH")!;

      for (const service of [tyr, setup]) expect(mounts(service).get(data)).toEqual({ from: "tyr-data" });
      expect(Object.keys(compose.volumes)).toEqual(["tyr-data"]);
    });

    test("finds the config that setup wrote, and cannot change it", () => {
      const [, , file] = image.command;
      const [word, , out, , data] = setup.command!;

      expect(file).toBe(`${out}/tyr.yaml`);
      expect(word).toBe("setup");
      expect(data).toBe(image.env.get("TYR_DATA_PATH"));
      expect(mounts(setup).get(out!)).toEqual({ from: "./tyr" });
      expect(mounts(tyr).get(file!)).toEqual({ from: "./tyr/tyr.yaml", mode: "ro" });
    });

    test("gets the token that setup wrote as a secret, and setup needs none", () => {
      expect(tyr.secrets).toEqual(["tyr-token"]);
      expect(tyr.environment).toEqual({ TYR_HOMESERVER_ACCESS_TOKEN_FILE: "/run/secrets/tyr-token" });
      expect(compose.secrets).toEqual({ "tyr-token": { file: "./tyr/tyr.token" } });
      expect([setup.secrets, setup.environment]).toEqual([[], {}]);
    });

    test("is started again and asked for its health; setup is neither, and runs when it is called alone", () => {
      expect([tyr.restart, tyr.healthcheck, tyr.profiles]).toEqual(["unless-stopped", undefined, undefined]);
      expect([setup.restart, setup.healthcheck, setup.profiles]).toEqual([
        "no",
        { disable: true },
        ["setup"],
      ]);
    });

    test("knows the words that compose says to it", () => {
      expect(run(image, [...image.entrypoint, "setup", "--help"])).toMatchObject({
        status: 0,
        output: expect.stringMatching(/--out[\s\S]*--dataPath|--dataPath[\s\S]*--out/),
      });
    });
  });
});

describe("the service", () => {
  /** The values of each key, in order: keys may stand more than once. */
  const unit = new Map<string, string[]>();
  for (const [, key, value] of text("contrib/tyr.service").matchAll(/^(\w+)=(.*)$/gm))
    unit.set(key!, [...(unit.get(key!) ?? []), value!]);
  const environment = Object.fromEntries(unit.get("Environment")!.map((line) => line.split("=")));

  test("runs the program of the package, with the config that setup writes to /etc/tyr", () => {
    expect(Object.keys(bin)).toEqual(["tyr"]);
    expect(unit.get("ExecStart")).toEqual(["/usr/bin/env tyr run --config /etc/tyr/tyr.yaml"]);
  });

  test("hands the token over as a credential and keeps the data where the user of the service may write", () => {
    const [[name, file]] = unit.get("LoadCredential")!.map((line) => line.split(":")) as [[string, string]];
    const [state] = unit.get("StateDirectory")!;

    expect(file).toBe("/etc/tyr/tyr.token");
    expect(environment).toEqual({
      NODE_ENV: "production",
      TYR_HOMESERVER_ACCESS_TOKEN_FILE: `%d/${name}`,
      TYR_DATA_PATH: `/var/lib/${state}`,
    });
  });

  test("is not started again where that would change nothing", () => {
    expect(unit.get("Restart")).toEqual(["on-failure"]);
    expect(unit.get("RestartPreventExitStatus")).toEqual(["2 3 4"]);
    expect(text("src/main.ts")).toContain('{ stopped: 0, "token-revoked": 3, "cannot-start": 4 }');
  });

  const hasSystemd = spawnSync("systemd-analyze", ["--version"]).status === 0;
  (hasSystemd ? test : test.skip)("is what systemd understands, every line of it", expectUnderstood);
});

function expectUnderstood(): void {
  const unit = join(root, "contrib/tyr.service");

  const { status, stdout, stderr } = spawnSync("systemd-analyze", ["verify", unit], { encoding: "utf8" });

  expect({ status, output: stdout + stderr }).toEqual({ status: 0, output: "" });
}

interface Service {
  readonly build?: unknown;
  readonly image: string;
  readonly restart: string;
  readonly volumes: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
  readonly healthcheck?: unknown;
  readonly profiles?: readonly string[];
  readonly command?: readonly string[];
}

interface Compose {
  readonly services: { readonly tyr: Service; readonly setup: Service };
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, unknown>>;
}
