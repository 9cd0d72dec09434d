// The identity of our account: made where there is none, adopted by its recovery key, replaced only where the config says so.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { createPrivateKey, createPublicKey } from "node:crypto";
import { formatRecoveryKey } from "../../../src/matrix/crypto/recovery-key.ts";
import { decryptSecret, keyFor } from "../../../src/matrix/crypto/secrets.ts";
import { type Indexed, openIndexed } from "../../../src/store/indexed.ts";
import { Homeserver, type NewUser } from "../../homeserver/homeserver.ts";
import { recoveryFile, startIdentity, type Started, type StartOptions } from "../../support/an-identity.ts";
import { EncryptingClient } from "../../support/encryption/client.ts";
import { inProcess } from "../../support/encryption/link.ts";
import { FakeClock } from "../../support/fake-clock.ts";

let homeserver: Homeserver;
let bot: NewUser;
let store: Indexed;
const stores: Indexed[] = [];
beforeEach(beginAnew);
afterEach(() => stores.splice(0).forEach((one) => one.close()));

function beginAnew(): void {
  homeserver = new Homeserver({ clock: new FakeClock() });
  bot = homeserver.createUser("tyr");
  store = aStore();
}

function aStore(): Indexed {
  const made = openIndexed(":memory:");
  stores.push(made);
  return made;
}

const start = (source: StartOptions["source"] = {}, more: Partial<StartOptions> = {}): Promise<Started> =>
  startIdentity({ homeserver, account: bot, store, source, ...more });

const identity = () => homeserver.devices.identity(bot.userId);
const isSigned = (device = bot.deviceId) => homeserver.devices.isSigned(bot.userId, device);
const password = { user: "tyr", password: "password" };
/** What was changed on the homeserver, in order. */
const writes = () =>
  homeserver.requests
    .filter(({ method, kind }) => method !== "GET" && !kind.includes("keys/query"))
    .map(
      ({ method, path }) =>
        `${method} ${path.replace(/^\/_matrix\/client\/v3\//, "").replace(/user\/[^/]+\//, "")}`,
    );

/** What other clients do with a recovery key: by the default key to the seed of the identity. */
async function masterSeed(recoveryKey: string): Promise<string | undefined> {
  const id = homeserver.accountData(bot.userId, "m.secret_storage.default_key")?.["key"] as string;
  const found = await keyFor(recoveryKey, homeserver.accountData(bot.userId, `m.secret_storage.key.${id}`));
  if (!found.ok) return undefined;
  const name = "m.cross_signing.master";
  const opened = decryptSecret({ id, key: found.key }, name, homeserver.accountData(bot.userId, name));
  return opened.ok ? opened.secret : undefined;
}

/** Another login of the account, with a store of its own. */
async function newDevice(): Promise<Pick<StartOptions, "account" | "store">> {
  const { userId } = bot;
  const identifier = { type: "m.id.user", user: userId };
  const body = { type: "m.login.password", identifier, password: "password" };
  const answer = (await inProcess(homeserver)({ method: "POST", path: "client/v3/login", body })) as {
    device_id: string;
    access_token: string;
  };
  const account = { userId, deviceId: answer.device_id, accessToken: answer.access_token };
  return { account, store: aStore() };
}

describe("where the account has none", () => {
  test("one is made, signs our device, and is kept under a recovery key of ours; other clients hear of it last", async () => {
    const kept = recoveryFile();
    let writtenBefore: number | undefined;
    const keepRecoveryKey = (key: string) => {
      writtenBefore = writes().filter((one) => !one.includes("keys/upload")).length;
      kept.keepRecoveryKey(key);
    };

    const started = await start({ ...kept, keepRecoveryKey });

    expect(started).toEqual({ state: "new", why: undefined });
    expect(isSigned()).toBe(true);
    expect(writtenBefore).toBe(0);
    expect(await masterSeed(kept.content!)).toMatch(/^[\w+/]{43}$/);
    expect(writes().map((one) => one.replace(/key\.[0-9a-f]{32}$/, "key.<id>"))).toEqual([
      "POST keys/upload",
      "PUT account_data/m.secret_storage.key.<id>",
      "PUT account_data/m.cross_signing.master",
      "PUT account_data/m.cross_signing.self_signing",
      "PUT account_data/m.cross_signing.user_signing",
      "POST keys/device_signing/upload",
      "POST keys/signatures/upload",
      "PUT account_data/m.secret_storage.default_key",
    ]);
  });

  test("the recovery key that setup made is used", async () => {
    const recoveryKey = formatRecoveryKey(new Uint8Array(32).fill(7));
    const kept = recoveryFile(recoveryKey);

    await start(kept);

    expect(kept.content).toBe(recoveryKey);
    expect(await masterSeed(recoveryKey)).toBeDefined();
  });

  test("a file that holds no recovery key is left alone, and nothing is made that nobody could open", async () => {
    const kept = recoveryFile("correct horse");

    const { why } = await start(kept);

    expect(why).toContain("What encryption.recoveryKeyFile holds is no recovery key: it has 12 characters");
    expect(kept.content).toBe("correct horse");
    expect(identity()).toBeUndefined();
  });

  test("a homeserver that wants the password for the first one, too, gets it where there is one", async () => {
    const wantsPassword = () =>
      homeserver.failNext({
        match: ({ path }) => path.endsWith("/keys/device_signing/upload"),
        status: 401,
        body: { flows: [{ stages: ["m.login.password"] }], params: {} },
      });

    wantsPassword();
    const without = await start(recoveryFile());
    wantsPassword();
    const kept = recoveryFile();
    const withIt = await start({ ...kept, password });

    expect(without.why).toContain("only with the account's password");
    expect(withIt.why).toBeUndefined();
    expect(isSigned()).toBe(true);
  });

  test("a dry run makes it and writes no account data; the first start in earnest does", async () => {
    const kept = recoveryFile();

    const rehearsed = await start({ ...kept, isDryRun: true });
    const before = identity();
    const data = writes().filter((one) => one.includes("account_data"));
    const earnest = await start(kept);

    expect([rehearsed.why, earnest.why]).toEqual([undefined, undefined]);
    expect(data).toEqual([]);
    expect(isSigned()).toBe(true);
    expect(identity()).toBe(before);
    expect(await masterSeed(kept.content!)).toBeDefined();
  });
});

test("the next start changes nothing", async () => {
  const kept = recoveryFile();
  await start(kept);
  homeserver.clearRequests();

  expect(await start(kept)).toEqual({ state: "ours", why: undefined });
  expect(writes()).toEqual([]);
});

describe("where the account has one", () => {
  test("a new device of ours adopts it by the recovery key, and is signed with it", async () => {
    const kept = recoveryFile();
    await start(kept);
    const before = identity();
    const next = await newDevice();

    const started = await start(recoveryFile(kept.content), next);

    expect(started).toEqual({ state: "new", why: undefined });
    expect(identity()).toBe(before);
    expect(isSigned(next.account.deviceId)).toBe(true);
  });

  test("it is found under a key that is not the default one, too", async () => {
    const kept = recoveryFile();
    await start(kept);
    homeserver.setAccountData(bot.userId, "m.secret_storage.default_key", { key: "of somebody else" });
    const next = await newDevice();

    expect((await start(kept, next)).why).toBeUndefined();
    expect(homeserver.accountData(bot.userId, "m.secret_storage.default_key")).toEqual({
      key: "of somebody else",
    });
  });

  describe("made in another client", () => {
    let before: string | undefined;
    beforeEach(async () => {
      const { account } = await newDevice();
      const client = await EncryptingClient.enter({ link: inProcess(homeserver), ...account });
      await client.close();
      before = identity();
      homeserver.clearRequests();
    });

    test("it is not replaced: without its recovery key encryption is off, with what to do", async () => {
      for (const source of [recoveryFile(), { ...recoveryFile(), password }]) {
        const { why } = await start(source);

        expect(why).toMatch(
          /^The account has an identity, made in another client, and I do not have its recovery key/,
        );
      }
      expect(identity()).toBe(before);
      expect(isSigned()).toBe(false);
      expect(writes()).toEqual(["POST keys/upload"]);
    });

    test("a recovery key that opens nothing of it is said", async () => {
      const { why } = await start(recoveryFile(formatRecoveryKey(new Uint8Array(32))));

      expect(why).toContain(
        "does not open the account's identity: the account keeps no identity in its secret storage",
      );
      expect(identity()).toBe(before);
    });

    test("it is replaced where the config says so and has the password, once, and then kept", async () => {
      const kept = recoveryFile();

      const started = await start({ ...kept, password, newIdentity: true });
      const made = identity();
      const again = await start({ ...kept, password, newIdentity: true });

      expect([started.why, again.why]).toEqual([undefined, undefined]);
      expect(made).not.toBe(before);
      expect(identity()).toBe(made);
      expect(isSigned()).toBe(true);
      expect(await masterSeed(kept.content!)).toBeDefined();
    });

    test.each([
      ["there is no password", {}, "the homeserver replaces an identity only for the account's password"],
      [
        "the password is wrong",
        { password: { user: "tyr", password: "wrong" } },
        "it says: Invalid username or password",
      ],
      ["it is a dry run", { password, isDryRun: true }, "a dry run replaces no identity"],
    ])("it stays where %s", async (_, source, said) => {
      const { why } = await start({ ...recoveryFile(), newIdentity: true, ...source });

      expect(why).toContain(said);
      expect(identity()).toBe(before);
    });
  });

  test("that a person has replaced since, our keys are of no use any more, and that is said", async () => {
    const kept = recoveryFile();
    await start(kept);
    const { account } = await newDevice();
    const client = await EncryptingClient.enter({
      link: inProcess(homeserver),
      ...account,
      password: "password",
    });
    await client.close();

    const { why } = await start(kept);

    expect(why).toContain("it opens an identity that the account had before, and not the one that it has");
  });
});

test("at whatever request it ends, the next start comes to a signed device whose identity the kept key opens", async () => {
  homeserver.clearRequests();
  await start(recoveryFile());
  const asked = homeserver.requests.map(({ method, kind }) => ({ kind, isRead: method === "GET" }));

  for (const [at, { kind, isRead }] of asked.entries()) {
    // Of what only reads, a lost answer is as good as a lost question.
    for (const afterEffect of isRead ? [false] : [false, true]) {
      beginAnew();
      const kept = recoveryFile();
      let left = at;
      homeserver.failNext({ match: () => left-- === 0, status: 0, afterEffect });

      await expect(start(kept)).rejects.toMatchObject({ isPassing: true });
      const { why } = await start(kept);

      const found = {
        kind,
        afterEffect,
        why,
        isSigned: isSigned(),
        opens: publicKeyOf(await masterSeed(kept.content!)),
      };
      expect(found).toEqual({ kind, afterEffect, why: undefined, isSigned: true, opens: identity() });
    }
  }
});

/** By node:crypto alone. */
function publicKeyOf(seed: string | undefined): string | undefined {
  if (seed === undefined) return undefined;
  const der = Buffer.concat([
    Buffer.from("302e020100300506032b657004220420", "hex"),
    Buffer.from(seed, "base64"),
  ]);
  const key = createPublicKey(createPrivateKey({ key: der, format: "der", type: "pkcs8" }));
  return Buffer.from(key.export({ format: "jwk" }).x!, "base64url")
    .toString("base64")
    .replaceAll("=", "");
}

test.each([
  ["nonsense", { encrypted: 7 }],
  ["many keys", { encrypted: Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`key${at}`, {}])) }],
  ["ids that are paths", { encrypted: { "../../x": {}, "a/b?c": {}, "": {} } }],
])("secret storage of %s is refused in words, with few requests", async (_, content) => {
  await start(recoveryFile());
  const next = await newDevice();
  homeserver.setAccountData(bot.userId, "m.cross_signing.master", content);
  homeserver.clearRequests();

  const { why } = await start(recoveryFile(formatRecoveryKey(new Uint8Array(32))), next);

  expect(why).toContain("does not open the account's identity");
  expect(homeserver.requests.length).toBeLessThan(20);
});
