// From nothing to a Tyr that watches, on a real Synapse: `tyr setup`, `tyr check` and `tyr run` as people type them.
// Then a dry run with lists that ask for bans, and a real run after it.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TestClient, textOf } from "../support/synapse/client.ts";
import { setScene, type Scene } from "../support/synapse/scene.ts";
import { startSynapse, type RegisteredUser, type Synapse } from "../support/synapse/synapse.ts";
import { startTyr, type TyrProcess } from "../support/tyr-process.ts";

const entry = join(import.meta.dirname, "../../src/main.ts");

let synapse: Synapse;
beforeAll(async () => {
  synapse = await startSynapse({ rateLimits: "none" });
});
afterAll(() => synapse.stop());

describe("from nothing to watching", () => {
  let folder: string;
  let person: RegisteredUser;
  let client: TestClient;
  let running: ChildProcess | undefined;
  let name: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "tyr-setup-"));
    name = `tyr-${Math.random().toString(36).slice(2, 8)}`;
    person = await synapse.registerUser(`you-${name}`);
    client = new TestClient(synapse.url, person.accessToken);
    await client.watch();
  });
  afterEach(async () => {
    if (running) await new Promise((resolve) => running!.once("exit", resolve).kill("SIGTERM"));
    running = undefined;
    await client.close();
    rmSync(folder, { recursive: true });
  });

  const secretFile = (text: string) => {
    const file = join(folder, "secret");
    writeFileSync(file, `${text}\n`);
    return file;
  };

  test.each<[string, () => Promise<readonly string[]>]>([
    ["a password", byPassword],
    ["an access token", byToken],
    ["the registration's shared secret", bySecret],
  ])("with %s", async (_way, flags) => {
    const common = ["--homeserver", synapse.url, "--manager", person.userId, "--out", folder];

    const setup = await tyr("setup", ...common, ...(await flags()));

    expect(setup).toMatchObject({ status: 0, stderr: "" });
    const config = join(folder, "tyr.yaml");
    const room = /managementRoom: "(.*)"/.exec(readFileSync(config, "utf8"))?.[1] ?? "";
    expect(statSync(join(folder, "tyr.token")).mode & 0o777).toBe(0o600);
    expect(setup.stdout).not.toContain(readFileSync(join(folder, "tyr.token"), "utf8").trim());

    await client.join(room);
    const check = await tyr("check", "--config", config);
    expect(check).toMatchObject({ status: 0, stderr: "" });
    expect(check.stdout).toContain(`1 person may command: ${person.userId}`);

    running = spawn(process.execPath, [entry, "run", "--config", config, "--web.port", "0"], {
      stdio: "ignore",
    });
    await client.until((event, where) => where === room && textOf(event).startsWith("Tyr is watching"), {
      what: "the first message",
    });
    const whileItRuns = await tyr("check", "--config", config);
    expect(whileItRuns.stdout).toContain("in use by a Tyr that runs");
  });

  async function byPassword(): Promise<readonly string[]> {
    const { userId, password } = await synapse.registerUser(name);
    return ["--user", userId, "--passwordFile", secretFile(password)];
  }

  async function byToken(): Promise<readonly string[]> {
    const { accessToken } = await synapse.registerUser(name);
    return ["--accessTokenFile", secretFile(accessToken)];
  }

  async function bySecret(): Promise<readonly string[]> {
    const admin = await synapse.registerUser(`admin-${name}`, { admin: true });
    const adminToken = join(folder, "admin");
    writeFileSync(adminToken, admin.accessToken);
    return [
      ...[
        "--user",
        `@${name}:${synapse.serverName}`,
        "--registrationSecretFile",
        secretFile(synapse.sharedSecret),
      ],
      ...["--adminTokenFile", adminToken],
    ];
  }
});

describe("a dry run", () => {
  let scene: Scene;
  let running: TyrProcess | undefined;
  beforeAll(async () => {
    scene = await setScene(synapse, { rooms: 3 });
  });
  afterAll(async () => {
    await running?.stop();
    await running?.remove();
    scene.close();
  });

  test("writes nothing and says what it would do; in earnest it is done", async () => {
    const { userId } = await scene.person("spammer", scene.rooms);
    const rule = { entity: userId, recommendation: "m.ban", reason: "spam" };
    await scene.moderator.sendState(scene.list, "m.policy.rule.user", "r", rule);
    const options = { homeserverUrl: synapse.url, accessToken: scene.bot.accessToken };
    const web = { port: 0 };

    running = await startTyr({ ...options, settings: { ...scene.settings, web, dryRun: true } });
    const report = await scene.said(/Dry run: would have banned/);
    await scene.moderator.sendText(scene.managementRoom, "!tyr ban server other.example");
    const answer = await scene.said(/Dry run: would have written 1 rule/);

    expect(report).toContain(`Dry run: would have banned ${userId} in 3 rooms`);
    expect(answer).not.toMatch(/^wrote/m);
    const written = scene.moderator.seen.filter(
      ({ event, roomId }) => event.sender === scene.bot.userId && roomId !== scene.managementRoom,
    );
    expect(written.filter(({ event }) => event.state_key !== scene.bot.userId)).toEqual([]);

    await running.stop();
    running = await startTyr({ ...options, folder: running.folder, settings: { ...scene.settings, web } });
    await Promise.all(
      scene.rooms.map((room) =>
        scene.moderator.until(
          (event, where) =>
            where === room && event.state_key === userId && event.content["membership"] === "ban",
          { what: `the ban in ${room}` },
        ),
      ),
    );
  });
});

async function tyr(...args: readonly string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [entry, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].on("data", (chunk: Buffer) => (texts[name] += chunk.toString()));
  const status = await new Promise<number>((resolve) => child.once("close", (code) => resolve(code ?? -1)));
  return { status, ...texts };
}
