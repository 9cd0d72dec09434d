// `tyr setup` on a scripted homeserver: what it does there, what it writes, and that nothing is left half done.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { createHmac } from "node:crypto";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkCommand } from "../../src/cli/check.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { HttpRequest, HttpResponse, Send } from "../../src/matrix/http/transport.ts";
import { setupCommand, type SetupEnding } from "../../src/cli/setup/setup.ts";
import type { Ask } from "../../src/cli/setup/answers.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { Homeserver } from "../homeserver/homeserver.ts";
import { seamOf, sendTo } from "../support/send.ts";

const manager = "@you:hs.test";
let clock: FakeClock;
let homeserver: Homeserver;
let folder: string;
let out: string;
let told: string;
/** Asked before the homeserver, for what it does not know. */
let script: (request: HttpRequest, url: string) => HttpResponse | undefined;
let interrupt: AbortController;
let ask: Ask | undefined;
beforeEach(() => {
  clock = new FakeClock();
  homeserver = new Homeserver({ clock, defaultRoomVersion: "11" });
  homeserver.createUser("you");
  folder = mkdtempSync(join(tmpdir(), "tyr-setup-"));
  out = join(folder, "out");
  told = "";
  script = () => undefined;
  interrupt = new AbortController();
  ask = undefined;
});
afterEach(() => rmSync(folder, { recursive: true }));

function secretFile(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, `${text}\n`);
  return file;
}

async function setup(...argv: readonly string[]): Promise<SetupEnding> {
  const readFile = (file: string) => readFileSync(file, "utf8");
  const real = sendTo(homeserver);
  const send =
    (url: string): Send =>
    (request) => {
      const scripted = script(request, url);
      return scripted ? Promise.resolve(scripted) : real(request);
    };
  const ending = setupCommand(["setup", "--out", out, ...argv], {
    clock: seamOf(clock),
    random: { next: () => 0.5 },
    newPassword: () => "new-password",
    readFile,
    ask,
    sendTo: (url) => ({ send: send(url), close: () => Promise.resolve() }),
    signal: interrupt.signal,
    tell: (text) => (told += `${text}\n`),
    check: (file, seams) => {
      const loaded = loadConfig({ argv: ["--config", file], env: {}, readFile });
      if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
      return checkCommand(loaded.config, seams);
    },
  });
  return clock.runUntil(ending, { what: "the setup", limitMs: 600_000 });
}

const written = (name: string) => readFileSync(join(out, name), "utf8");
const modeOf = (name: string) => (statSync(join(out, name)).mode & 0o777).toString(8);
const answer = (status: number, body: unknown): HttpResponse => ({ status, headers: {}, body });
const byToken = () => {
  const { accessToken } = homeserver.createUser("tyr");
  const file = secretFile("token", accessToken);
  return ["--homeserver", "https://hs.test", "--accessTokenFile", file, "--manager", manager];
};
const requested = (method: string, path: string) =>
  homeserver.requests.filter((one) => one.method === method && one.path.startsWith(path)).length;

describe("a setup", () => {
  test("by token writes a config that is well, a secret for its owner alone, and says what comes next", async () => {
    const argv = byToken();

    expect(await setup(...argv)).toEqual({ kind: "done" });

    const room = /managementRoom: "(.*)"/.exec(written("tyr.yaml"))?.[1] ?? "";
    expect(homeserver.membership(room, "@tyr:hs.test")).toBe("join");
    expect(homeserver.membership(room, manager)).toBe("invite");
    expect(written("tyr.yaml")).toContain(`accessTokenFile: "${join(out, "tyr.token")}"`);
    expect(written("tyr.yaml")).not.toContain(homeserver.createUser("x").accessToken.slice(0, 6));
    expect([modeOf("tyr.token"), readdirSync(out)]).toEqual(["600", ["tyr.token", "tyr.yaml"]]);
    expect(told).toContain(`invited ${manager} to it`);
    expect(told).toContain(`once they have accepted the invitation: ${manager}`);
    expect(told).toContain(`tyr run --config ${join(out, "tyr.yaml")}`);
  });

  test("with --antispam makes a secret, has Tyr answer by it, and prints what Synapse needs, without the secret", async () => {
    expect(await setup(...byToken(), "--antispam")).toEqual({ kind: "done" });

    const file = join(out, "tyr.antispam");
    expect([modeOf("tyr.antispam"), written("tyr.antispam")]).toEqual(["600", "new-password\n"]);
    expect(written("tyr.yaml")).toContain(`antispam:\n  secretFile: ${JSON.stringify(file)}\n`);
    expect(told).toContain(`authorization_path: ${JSON.stringify(file)}`);
    expect(told).toContain("are answered at http://127.0.0.1:8787/antispam/v1 while Tyr runs");
    expect(told).not.toContain("new-password");
  });

  test("by password keeps the token that it got", async () => {
    const { userId } = homeserver.createUser("tyr", { password: "secret" });
    const file = secretFile("password", "secret");

    const ending = await setup(
      ...["--homeserver", "https://hs.test", "--user", userId, "--passwordFile", file, "--manager", manager],
    );

    expect(ending).toEqual({ kind: "done" });
    expect(written("tyr.token").trim().length).toBeGreaterThan(3);
    expect(written("tyr.yaml") + written("tyr.token")).not.toContain("secret");
    expect(requested("POST", "/_matrix/client/v3/login")).toBe(1);
    expect(requested("POST", "/_matrix/client/v3/logout")).toBe(0);
  });

  test("by shared secret registers the account, not as an administrator, and keeps its password apart", async () => {
    let asked: Record<string, unknown> = {};
    script = ({ method, path, body }) => {
      if (path !== "/_synapse/admin/v1/register") return undefined;
      if (method === "GET") return answer(200, { nonce: "abc" });
      asked = body as Record<string, unknown>;
      return answer(200, { access_token: homeserver.createUser("tyr").accessToken });
    };

    const ending = await setup(
      ...["--user", "@tyr:hs.test", "--homeserver", "https://hs.test", "--manager", manager],
      ...["--registrationSecretFile", secretFile("shared", "shared secret")],
    );

    const mac = createHmac("sha1", "shared secret").update("abc\0tyr\0new-password\0notadmin").digest("hex");
    expect(asked).toEqual({ nonce: "abc", username: "tyr", password: "new-password", admin: false, mac });
    expect(ending).toEqual({ kind: "done" });
    expect([written("tyr.password"), modeOf("tyr.password")]).toEqual(["new-password\n", "600"]);
    expect(told).not.toContain("new-password");
  });

  test("finds the homeserver by the name in a user id", async () => {
    const seen: string[] = [];
    script = ({ path }, url) => {
      seen.push(url);
      if (path !== "/.well-known/matrix/client") return undefined;
      return answer(200, { "m.homeserver": { base_url: "https://matrix.hs.test/" } });
    };
    const { userId } = homeserver.createUser("tyr", { password: "secret" });

    await setup("--user", userId, "--passwordFile", secretFile("password", "secret"), "--manager", manager);

    expect(seen[0]).toBe("https://hs.test");
    expect(written("tyr.yaml")).toContain('url: "https://matrix.hs.test"');
  });

  test("takes the name itself where the server tells no address", async () => {
    script = ({ path }) =>
      path.startsWith("/.well-known") ? answer(404, { errcode: "M_NOT_FOUND" }) : undefined;
    const [, , ...rest] = byToken();

    await setup("--homeserver", "hs.test", ...rest);

    expect(written("tyr.yaml")).toContain('url: "https://hs.test"');
  });

  test("joins a management room that exists", async () => {
    const { userId } = homeserver.createUser("tyr");
    const room = homeserver.createRoom({ creator: manager, joinRule: "invite", invite: [userId] });

    await setup(...byToken().slice(0, 4), "--managementRoom", room);

    expect(homeserver.membership(room, userId)).toBe("join");
    expect(requested("POST", "/_matrix/client/v3/createRoom")).toBe(0);
    expect(told).not.toContain("Accept the invitation");
  });

  test("lifts the rate limits with an administrator's token, which it does not keep", async () => {
    const admin = homeserver.createUser("admin", { admin: true }).accessToken;

    await setup(...byToken(), "--adminTokenFile", secretFile("admin", admin));

    expect(told).toContain("rate limits no longer hold for Tyr");
    expect(requested("POST", "/_synapse/admin/v1/users/")).toBe(1);
    expect(written("tyr.yaml") + written("tyr.token")).not.toContain(admin);
  });

  test("goes on with the limits where they cannot be lifted", async () => {
    const nobody = homeserver.createUser("nobody").accessToken;

    const ending = await setup(...byToken(), "--adminTokenFile", secretFile("admin", nobody));

    expect(ending).toEqual({ kind: "done" });
    expect(told).toContain("could not be lifted");
  });
});

describe("nothing is written", () => {
  test("for a manager who does not exist on the homeserver, and makes no room for nobody", async () => {
    const ending = await setup(...byToken().slice(0, -1), "@nobdy:hs.test");

    expect(ending).toMatchObject({
      kind: "refused",
      text: expect.stringContaining("no account @nobdy:hs.test"),
    });
    expect(requested("POST", "/_matrix/client/v3/createRoom")).toBe(0);
  });

  test("over a config that is there, unless told to; not even a login is made", async () => {
    const argv = byToken();
    await setup(...argv);
    const before = written("tyr.yaml");
    homeserver.clearRequests();

    expect(await setup(...argv)).toMatchObject({ kind: "refused", text: expect.stringContaining("--force") });
    expect([written("tyr.yaml"), homeserver.requests.length]).toEqual([before, 0]);

    expect(await setup(...argv, "--force")).toEqual({ kind: "done" });
    expect(written("tyr.yaml")).not.toBe(before);
  });

  test("over a config that is there, which is told before anything is asked", async () => {
    await setup(...byToken());
    const asked: string[] = [];
    const answer = (question: string) => Promise.resolve(String(asked.push(question)));
    ask = { line: answer, secret: answer };

    expect(await setup()).toMatchObject({ kind: "refused", text: expect.stringContaining("--force") });
    expect(asked).toEqual([]);
  });

  test.each<[string, () => readonly string[], string]>([
    ["a password is wrong", () => wrongPassword(), "the homeserver refused the login of @tyr:hs.test"],
    ["a token is wrong", () => wrongToken(), "the access token is not accepted"],
    ["there is no homeserver", () => noHomeserver(), "no homeserver answers at https://hs.test"],
    ["something else answers", () => noMatrix(), "https://hs.test is no Matrix homeserver"],
    ["the shared secret is wrong", () => wrongSecret(), "Check the shared secret."],
    ["the account exists", () => nameTaken(), "User ID already taken. It exists already: log in"],
    ["the room cannot be made", () => noRoom(), "the homeserver did not make a management room"],
  ])("where %s", async (_what, argv, text) => {
    expect(await setup(...argv())).toMatchObject({
      kind: "refused",
      asked: false,
      text: expect.stringContaining(text),
    });
    expect(readdirSync(out)).toEqual([]);
  });

  test("where the folder may not be written, before anything is done at the homeserver", async () => {
    writeFileSync(out, "a file");

    expect(await setup(...byToken())).toMatchObject({
      kind: "refused",
      text: expect.stringContaining(`nothing can be written to ${out}`),
    });
    expect(homeserver.requests).toEqual([]);
    chmodSync(out, 0o600);
  });

  test("where it is interrupted, and the login is given back", async () => {
    const { userId } = homeserver.createUser("tyr", { password: "secret" });
    script = ({ path }) => {
      if (path.endsWith("/whoami")) interrupt.abort();
      return undefined;
    };

    const ending = await setup(
      ...["--homeserver", "https://hs.test", "--user", userId, "--manager", manager],
      ...["--passwordFile", secretFile("password", "secret")],
    );

    expect(ending).toMatchObject({ kind: "interrupted" });
    expect(readdirSync(out)).toEqual([]);
    expect(requested("POST", "/_matrix/client/v3/createRoom")).toBe(0);
  });
});

test("an account that was registered keeps its password where the rest fails", async () => {
  script = ({ method, path }) => {
    if (path.endsWith("/createRoom")) return answer(403, { errcode: "M_FORBIDDEN", error: "no rooms here" });
    if (path !== "/_synapse/admin/v1/register") return undefined;
    if (method === "GET") return answer(200, { nonce: "abc" });
    return answer(200, { access_token: homeserver.createUser("tyr").accessToken });
  };

  const ending = await setup(
    ...["--user", "@tyr:hs.test", "--homeserver", "https://hs.test", "--manager", manager],
    ...["--registrationSecretFile", secretFile("shared", "shared secret")],
  );

  expect(ending).toMatchObject({ kind: "refused" });
  expect(readdirSync(out)).toEqual(["tyr.password"]);
  expect(told).toContain("tyr.password");
});

function wrongPassword(): readonly string[] {
  const { userId } = homeserver.createUser("tyr", { password: "secret" });
  const file = secretFile("password", "wrong");
  return ["--homeserver", "https://hs.test", "--user", userId, "--passwordFile", file, "--manager", manager];
}

function wrongToken(): readonly string[] {
  const file = secretFile("token", "wrong");
  return ["--homeserver", "https://hs.test", "--accessTokenFile", file, "--manager", manager];
}

function noHomeserver(): readonly string[] {
  homeserver.goDown();
  return wrongToken();
}

function noMatrix(): readonly string[] {
  script = () => answer(200, { hello: "world" });
  return wrongToken();
}

function wrongSecret(): readonly string[] {
  return registering(answer(403, { errcode: "M_UNKNOWN", error: "HMAC incorrect" }));
}

function nameTaken(): readonly string[] {
  return registering(answer(400, { errcode: "M_USER_IN_USE", error: "User ID already taken." }));
}

function registering(response: HttpResponse): readonly string[] {
  script = ({ method, path }) => {
    if (path !== "/_synapse/admin/v1/register") return undefined;
    return method === "GET" ? answer(200, { nonce: "abc" }) : response;
  };
  const file = secretFile("shared", "shared");
  return [
    "--user",
    "@tyr:hs.test",
    "--homeserver",
    "https://hs.test",
    "--registrationSecretFile",
    file,
    "--manager",
    manager,
  ];
}

function noRoom(): readonly string[] {
  script = ({ path }) =>
    path.endsWith("/createRoom")
      ? answer(403, { errcode: "M_FORBIDDEN", error: "no rooms here" })
      : undefined;
  return byToken();
}
