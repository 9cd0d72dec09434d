// `tyr setup` and encryption: encrypted rooms are taken, tokens of other programs' devices and identities are noticed.

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { createPrivateKey, createPublicKey } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Ask } from "../../src/cli/setup/answers.ts";
import { setupCommand, type SetupEnding } from "../../src/cli/setup/setup.ts";
import type { HttpRequest, HttpResponse, Send } from "../../src/matrix/http/transport.ts";
import { secretNames } from "../../src/matrix/crypto/identity-keys.ts";
import { formatRecoveryKey } from "../../src/matrix/crypto/recovery-key.ts";
import {
  describe as described,
  descriptionType,
  encryptSecret,
  idOf,
} from "../../src/matrix/crypto/secrets.ts";
import { Homeserver } from "../homeserver/homeserver.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { seamOf, sendTo } from "../support/send.ts";

const manager = "@you:hs.test";
const self = "@tyr:hs.test";
const encryption = { type: "m.room.encryption", content: { algorithm: "m.megolm.v1.aes-sha2" } };
let clock: FakeClock;
let homeserver: Homeserver;
let folder: string;
let told: string;
/** Told of our account's keys, in the place of what the homeserver has. */
let keys: Readonly<Record<string, unknown>> | undefined;
let ask: Ask | undefined;
let asked: string[];
beforeEach(() => {
  clock = new FakeClock();
  homeserver = new Homeserver({ clock, defaultRoomVersion: "11" });
  homeserver.createUser("you");
  folder = mkdtempSync(join(tmpdir(), "tyr-setup-"));
  told = "";
  keys = undefined;
  ask = undefined;
  asked = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

function secretFile(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, `${text}\n`);
  return file;
}

const out = () => join(folder, "out");
const dataPath = () => join(folder, "data");
const recoveryFile = () => join(dataPath(), "recovery.key");
const token = () => readFileSync(join(out(), "tyr.token"), "utf8").trim();

async function setup(...argv: readonly string[]): Promise<SetupEnding> {
  const real = sendTo(homeserver);
  const send: Send = (request: HttpRequest): Promise<HttpResponse> =>
    keys && request.path.endsWith("/keys/query")
      ? Promise.resolve({ status: 200, headers: {}, body: keys })
      : real(request);
  const usual = ["--homeserver", "https://hs.test", "--out", out(), "--dataPath", dataPath()];
  const ending = setupCommand(["setup", ...usual, ...argv], {
    clock: seamOf(clock),
    random: { next: () => 0.5 },
    newPassword: () => "new-password",
    readFile: (file) => readFileSync(file, "utf8"),
    ask,
    sendTo: () => ({ send, close: () => Promise.resolve() }),
    signal: new AbortController().signal,
    tell: (text) => (told += `${text}\n`),
    check: () => Promise.resolve({ text: "checked\n", isWell: true }),
  });
  return clock.runUntil(ending, { what: "the setup", limitMs: 600_000 });
}

const byToken = (accessToken: string) => [
  ...["--accessTokenFile", secretFile("token", accessToken), "--manager", manager],
];
const answers = (...given: readonly string[]) => {
  const left = [...given];
  const answer = (question: string) => {
    asked.push(question);
    return Promise.resolve(left.shift() ?? "");
  };
  ask = { line: answer, secret: answer };
};
const deviceKeys = (device: string) => ({
  device_keys: { [self]: { [device]: { keys: { [`ed25519:${device}`]: "c29tZWJvZHk" } } } },
});

/** The account has an identity, which is kept under this recovery key. */
function hasIdentity(): string {
  const storage = new Uint8Array(32).fill(7);
  const id = idOf(storage);
  const keep = (type: string, content: object) =>
    homeserver.setAccountData(self, type, content as Readonly<Record<string, unknown>>);
  keep(descriptionType(id), described(storage));
  keep("m.secret_storage.default_key", { key: id });
  const publicOf = (seed: Buffer) => {
    const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
    const { x } = createPublicKey(createPrivateKey({ key: der, format: "der", type: "pkcs8" })).export({
      format: "jwk",
    });
    return Buffer.from(x!, "base64url").toString("base64").replaceAll("=", "");
  };
  const shown = { master: "master_keys", selfSigning: "self_signing_keys", userSigning: "user_signing_keys" };
  const parts = Object.entries(shown).map(([part, group], n) => {
    const seed = Buffer.alloc(32, n + 1);
    const name = secretNames[part as keyof typeof secretNames];
    keep(name, encryptSecret({ id, key: storage }, name, seed.toString("base64").replaceAll("=", "")));
    const key = publicOf(seed);
    return [group, { [self]: { keys: { [`ed25519:${key}`]: key } } }];
  });
  keys = Object.fromEntries(parts) as Readonly<Record<string, unknown>>;
  return formatRecoveryKey(storage);
}

test("a management room that is encrypted is joined like any other", async () => {
  const { accessToken, userId } = homeserver.createUser("tyr");
  const room = homeserver.createRoom({
    ...{ creator: manager, joinRule: "invite", invite: [userId], initialState: [encryption] },
  });

  const ending = await setup(...byToken(accessToken), "--managementRoom", room);

  expect(ending).toEqual({ kind: "done" });
  expect(homeserver.membership(room, userId)).toBe("join");
});

test("a homeserver that encrypts every room gets one made, too", async () => {
  homeserver.settings.encryptsRooms = "all";
  const { accessToken } = homeserver.createUser("tyr");

  expect(await setup(...byToken(accessToken))).toEqual({ kind: "done" });
});

test("with a device of its own nothing is asked, and the next steps say where the recovery key will be", async () => {
  const { accessToken } = homeserver.createUser("tyr");
  answers();

  expect(await setup(...byToken(accessToken))).toEqual({ kind: "done" });

  expect(asked).toEqual([]);
  expect(told).toContain(recoveryFile());
  expect(existsSync(recoveryFile())).toBe(false);
});

test("a token of another program's device is given up for a login of its own", async () => {
  const { accessToken, deviceId } = homeserver.createUser("tyr", { password: "secret" });
  keys = deviceKeys(deviceId);
  answers("wrong", "secret");

  const ending = await setup(...byToken(accessToken));

  expect(ending).toEqual({ kind: "done" });
  expect(told).toContain("belongs to a device on which another program encrypts");
  expect(told).toContain("the homeserver refused the login");
  expect(asked).toHaveLength(2);
  expect(token()).not.toBe(accessToken);
  expect(told).not.toContain("secret");
});

test("or kept, by Enter, and without anybody to ask", async () => {
  const { accessToken, deviceId } = homeserver.createUser("tyr");
  keys = deviceKeys(deviceId);
  answers("");

  expect(await setup(...byToken(accessToken))).toEqual({ kind: "done" });
  expect([token(), asked.length]).toEqual([accessToken, 1]);

  ask = undefined;
  expect(await setup(...byToken(accessToken), "--force")).toEqual({ kind: "done" });
  expect([token(), asked.length]).toEqual([accessToken, 1]);
  expect(told).toContain("With --passwordFile it gets a device of its own");
});

test("the recovery key of an identity that is there is asked for until it opens it, and kept for Tyr alone", async () => {
  const { accessToken } = homeserver.createUser("tyr");
  const recoveryKey = hasIdentity();
  answers("EsTc nonsense", recoveryKey);

  expect(await setup(...byToken(accessToken))).toEqual({ kind: "done" });

  expect(asked).toHaveLength(2);
  expect(told).toContain("That does not open it");
  expect(readFileSync(recoveryFile(), "utf8")).toBe(`${recoveryKey}\n`);
  expect((statSync(recoveryFile()).mode & 0o777).toString(8)).toBe("600");
  expect(told).not.toContain(recoveryKey);

  expect(await setup(...byToken(accessToken), "--force")).toEqual({ kind: "done" });
  expect(asked).toHaveLength(2);
});

test("by flag it is taken where it fits, and refused where it does not", async () => {
  const { accessToken } = homeserver.createUser("tyr");
  const recoveryKey = hasIdentity();
  const other = formatRecoveryKey(new Uint8Array(32).fill(8));

  const refused = await setup(...byToken(accessToken), "--recoveryKeyFile", secretFile("other", other));
  expect(refused).toMatchObject({
    kind: "refused",
    text: expect.stringContaining("--recoveryKeyFile: it does not open the account's identity"),
  });
  expect([existsSync(join(out(), "tyr.yaml")), existsSync(recoveryFile())]).toEqual([false, false]);

  const taken = await setup(...byToken(accessToken), "--recoveryKeyFile", secretFile("key", recoveryKey));
  expect(taken).toEqual({ kind: "done" });
  expect(readFileSync(recoveryFile(), "utf8")).toBe(`${recoveryKey}\n`);
});

test("without it Tyr is set up all the same, and nothing is kept", async () => {
  const { accessToken } = homeserver.createUser("tyr");
  hasIdentity();

  expect(await setup(...byToken(accessToken))).toEqual({ kind: "done" });

  expect(told).toContain("Tyr needs its recovery key (--recoveryKeyFile)");
  expect(existsSync(recoveryFile())).toBe(false);
});

test("a homeserver that tells nothing of keys does not keep it from being set up", async () => {
  const { accessToken } = homeserver.createUser("tyr");
  keys = { device_keys: 7, master_keys: [] };

  expect(await setup(...byToken(accessToken))).toEqual({ kind: "done" });
});
