// The endpoints of encryption one by one, as Synapse 1.163 answers them; clients that use them are in encryption.test.ts.

import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { FakeClock } from "../support/fake-clock.ts";
import { Homeserver, type NewUser } from "./homeserver.ts";
import { canonicalJson } from "./signatures.ts";

interface Answer {
  readonly status: number;
  // The tests know the shape of each answer; spelling all of them out would hide the claims.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

let homeserver: Homeserver;
let bot: NewUser;
let alice: NewUser;

beforeEach(() => {
  homeserver = new Homeserver({ clock: new FakeClock() });
  bot = homeserver.createUser("tyr");
  alice = homeserver.createUser("alice");
});

/** `target`: below /_matrix/client/v3/. */
function request(
  method: string,
  target: string,
  { body, token = bot.accessToken }: { readonly body?: unknown; readonly token?: string } = {},
): Promise<Answer> {
  const [path, search = ""] = target.split("?");
  return homeserver.handle({
    method,
    path: `/_matrix/client/v3/${path}`,
    query: Object.fromEntries(new URLSearchParams(search)),
    headers: { authorization: `Bearer ${token}` },
    body,
  });
}

async function sync(since?: string, token = bot.accessToken): Promise<Answer["body"]> {
  const from = since === undefined ? "" : `&since=${since}`;
  return (await request("GET", `sync?timeout=0${from}`, { token })).body;
}

function deviceKeys({ userId, deviceId }: NewUser, key = "one"): object {
  return { user_id: userId, device_id: deviceId, algorithms: [], keys: { [`ed25519:${deviceId}`]: key } };
}

function upload(body: object, token = bot.accessToken): Promise<Answer> {
  return request("POST", "keys/upload", { body, token });
}

function oneTimeKeys(...ids: readonly string[]): object {
  return Object.fromEntries(ids.map((id) => [`signed_curve25519:${id}`, { key: `key ${id}` }]));
}

async function claim(whom: NewUser): Promise<Answer["body"]> {
  const body = { one_time_keys: { [whom.userId]: { [whom.deviceId]: "signed_curve25519" } } };
  return (await request("POST", "keys/claim", { body, token: alice.accessToken })).body.one_time_keys;
}

function sharedRoom(): string {
  const roomId = homeserver.createRoom({ creator: bot.userId, joinRule: "public" });
  homeserver.join(roomId, alice.userId);
  return roomId;
}

describe("a login", () => {
  test("is a device, unless an administrator made the token", async () => {
    const token = homeserver.devices.tokenWithoutDevice(bot.userId);

    const ordinary = await request("GET", "account/whoami");
    const bare = await request("GET", "account/whoami", { token });
    const refused = await upload({ one_time_keys: oneTimeKeys("A") }, token);

    expect(ordinary.body.device_id).toBe(bot.deviceId);
    expect(bare.body).toEqual({ user_id: bot.userId, is_guest: false });
    expect(refused.status).toBe(400);
  });

  test("with the name of a device goes on with that device", async () => {
    await upload({ device_keys: deviceKeys(bot), one_time_keys: oneTimeKeys("A") });
    const body = { type: "m.login.password", user: "tyr", password: "password", device_id: bot.deviceId };

    const { access_token: token } = (await request("POST", "login", { body })).body;

    expect((await request("GET", "account/whoami", { token })).body.device_id).toBe(bot.deviceId);
    expect((await sync(undefined, token)).device_one_time_keys_count).toEqual({ signed_curve25519: 1 });
  });

  test("that ran out is refused softly, and the device stays", async () => {
    await upload({ device_keys: deviceKeys(bot) });

    homeserver.devices.softLogout(bot.accessToken);

    const refused = await request("GET", "account/whoami");
    expect([refused.status, refused.body.errcode, refused.body.soft_logout]).toEqual([
      401,
      "M_UNKNOWN_TOKEN",
      true,
    ]);
    expect(homeserver.devices.fingerprint(bot.userId, bot.deviceId)).toBe("one");
  });

  test("that is ended takes the device and its keys with it", async () => {
    await upload({ device_keys: deviceKeys(bot) });

    await request("POST", "logout");

    const refused = await request("GET", "account/whoami");
    expect([refused.status, refused.body.soft_logout]).toEqual([401, false]);
    expect(homeserver.devices.of(bot.userId)).toEqual([]);
  });

  test("is listed, and deleted with the password alone", async () => {
    const token = homeserver.newToken(bot.userId);
    const id = homeserver.devices.ofToken(token)!;
    const { body: listed } = await request("GET", "devices");

    const asked = await request("DELETE", `devices/${id}`, { body: {} });
    const { session } = asked.body;
    const auth = { type: "m.login.password", user: "tyr", password: "password", session };
    const done = await request("DELETE", `devices/${id}`, { body: { auth } });

    expect(listed.devices.map((one: { device_id: string }) => one.device_id)).toEqual(["TYR1", "TYR2"]);
    expect([asked.status, done.status]).toEqual([401, 200]);
    expect(homeserver.devices.of(bot.userId)).toEqual(["TYR1"]);
  });
});

describe("keys of a device", () => {
  test("of others are refused", async () => {
    const { status, body } = await upload({ device_keys: deviceKeys(alice) });

    expect([status, body.errcode]).toEqual([400, "M_BAD_JSON"]);
  });

  test("are counted in every answer, zero included", async () => {
    const before = await sync();

    const uploaded = await upload({ one_time_keys: oneTimeKeys("A", "B") });
    const after = await sync(before.next_batch);

    expect(before.device_one_time_keys_count).toEqual({ signed_curve25519: 0 });
    expect(uploaded.body).toEqual({ one_time_key_counts: { signed_curve25519: 2 } });
    expect(after.device_one_time_keys_count).toEqual({ signed_curve25519: 2 });
    expect(after.device_unused_fallback_key_types).toEqual([]);
  });

  test("are overwritten without a word, before one-time keys are refused", async () => {
    await upload({ device_keys: deviceKeys(bot), one_time_keys: oneTimeKeys("A") });

    const refused = await upload({
      device_keys: deviceKeys(bot, "other"),
      one_time_keys: { "signed_curve25519:A": { key: "another" } },
    });

    expect(refused.status).toBe(400);
    expect(refused.body.error).toContain("One time key signed_curve25519:A already exists");
    expect(homeserver.devices.fingerprint(bot.userId, bot.deviceId)).toBe("other");
  });

  test("may be uploaded once more with another signature", async () => {
    await upload({ one_time_keys: { "signed_curve25519:A": { key: "a", signatures: { x: 1 } } } });

    const again = await upload({
      one_time_keys: { "signed_curve25519:A": { key: "a", signatures: { x: 2 } } },
    });

    expect(again.body.one_time_key_counts).toEqual({ signed_curve25519: 1 });
  });

  test("go with the claim, the oldest first, and then the fallback key is given out for ever", async () => {
    const fallback = { "signed_curve25519:F": { key: "f", fallback: true } };
    await upload({ one_time_keys: oneTimeKeys("A", "B"), fallback_keys: fallback });
    const unused = (await sync()).device_unused_fallback_key_types;

    const claims = [];
    for (let count = 0; count < 4; count += 1)
      claims.push(Object.keys((await claim(bot))[bot.userId][bot.deviceId]));

    expect(claims.flat()).toEqual(["A", "B", "F", "F"].map((id) => `signed_curve25519:${id}`));
    expect(unused).toEqual(["signed_curve25519"]);
    expect((await sync()).device_unused_fallback_key_types).toEqual([]);
  });

  test("whoever has none is left out of the claim", async () => {
    expect(await claim(bot)).toEqual({});
  });

  test("can be asked for by anybody, of single devices, too", async () => {
    await upload({ device_keys: deviceKeys(bot) });
    const ask = async (ids: readonly string[]) => {
      const body = { device_keys: { [bot.userId]: ids, "@far:away.test": [] } };
      return (await request("POST", "keys/query", { body, token: alice.accessToken })).body.device_keys;
    };

    expect(Object.keys((await ask([]))[bot.userId])).toEqual([bot.deviceId]);
    expect(await ask(["OTHER"])).toEqual({ [bot.userId]: {}, "@far:away.test": {} });
  });
});

describe("an identity", () => {
  interface Pair {
    readonly public: string;
    readonly private: KeyObject;
  }

  function aPair(): Pair {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const { x } = publicKey.export({ format: "jwk" });
    const base64 = Buffer.from(x!, "base64url").toString("base64").replaceAll("=", "");
    return { public: base64, private: privateKey };
  }

  function signed<T extends object>(object: T, name: string, by: Pair, userId = bot.userId) {
    const signature = sign(undefined, Buffer.from(canonicalJson(object)), by.private).toString("base64");
    const signatures = { [userId]: { [`ed25519:${name}`]: signature.replaceAll("=", "") } };
    return { ...object, signatures };
  }

  function crossSigningKey(usage: string, pair: Pair, userId = bot.userId) {
    return { user_id: userId, usage: [usage], keys: { [`ed25519:${pair.public}`]: pair.public } };
  }

  function anIdentity() {
    const [master, selfSigning, userSigning] = [aPair(), aPair(), aPair()];
    const body = {
      master_key: crossSigningKey("master", master),
      self_signing_key: signed(crossSigningKey("self_signing", selfSigning), master.public, master),
      user_signing_key: signed(crossSigningKey("user_signing", userSigning), master.public, master),
    };
    return { master, selfSigning, userSigning, body };
  }

  const put = (body: object) => request("POST", "keys/device_signing/upload", { body });

  test("is taken without a password where there is none, and once more as it is", async () => {
    const { body, master } = anIdentity();

    expect([(await put(body)).status, (await put(body)).status]).toEqual([200, 200]);
    expect(homeserver.devices.identity(bot.userId)).toBe(master.public);
  });

  test("takes the place of another with the password alone", async () => {
    await put(anIdentity().body);
    const { body, master } = anIdentity();

    const asked = await put(body);
    const auth = { type: "m.login.password", user: "tyr", session: asked.body.session };
    const wrong = await put({ ...body, auth: { ...auth, password: "guess" } });
    const lost = await put({ ...body, auth: { ...auth, password: "password", session: "none" } });
    const done = await put({ ...body, auth: { ...auth, password: "password" } });

    expect(asked).toMatchObject({ status: 401, body: { flows: [{ stages: ["m.login.password"] }] } });
    expect(asked.body.errcode).toBeUndefined();
    expect(wrong).toMatchObject({ status: 401, body: { errcode: "M_FORBIDDEN", completed: [] } });
    expect([lost.status, done.status]).toEqual([400, 200]);
    expect(homeserver.devices.identity(bot.userId)).toBe(master.public);
  });

  test("is refused where the master key has not signed the others", async () => {
    const { body } = anIdentity();

    const refused = await put({ ...body, self_signing_key: anIdentity().body.self_signing_key });
    const alone = await put({ self_signing_key: body.self_signing_key });

    expect(refused.body.errcode).toBe("M_INVALID_SIGNATURE");
    expect(alone.body.errcode).toBe("M_MISSING_PARAM");
    expect(homeserver.devices.identity(bot.userId)).toBeUndefined();
  });

  test("signs devices, and wrong signatures are named in an answer that says 200", async () => {
    const { body, selfSigning } = anIdentity();
    await put(body);
    await upload({ device_keys: deviceKeys(bot) });
    const sendSigned = async (device: object, by: Pair) => {
      const object = signed(device, selfSigning.public, by);
      const uploaded = { [bot.userId]: { [bot.deviceId]: object } };
      return (await request("POST", "keys/signatures/upload", { body: uploaded })).body.failures;
    };

    const forged = await sendSigned(deviceKeys(bot), aPair());
    const changed = await sendSigned(deviceKeys(bot, "other"), selfSigning);
    const before = homeserver.devices.isSigned(bot.userId, bot.deviceId);
    const right = await sendSigned(deviceKeys(bot), selfSigning);

    expect(forged[bot.userId][bot.deviceId].errcode).toBe("M_INVALID_SIGNATURE");
    expect(changed[bot.userId][bot.deviceId].message).toBe("Key does not match");
    expect([before, homeserver.devices.isSigned(bot.userId, bot.deviceId)]).toEqual([false, true]);
    expect(right).toEqual({});
  });

  test("cannot sign a device anew whose keys were replaced: Synapse takes it for signed already", async () => {
    const { body, selfSigning } = anIdentity();
    await put(body);
    const signDevice = async (key: string) => {
      await upload({ device_keys: deviceKeys(bot, key) });
      const object = signed(deviceKeys(bot, key), selfSigning.public, selfSigning);
      const uploaded = { [bot.userId]: { [bot.deviceId]: object } };
      await request("POST", "keys/signatures/upload", { body: uploaded });
    };
    await signDevice("one");

    await signDevice("other");

    expect(homeserver.devices.isSigned(bot.userId, bot.deviceId)).toBe(false);
  });

  test("shows its signatures of others to its owner alone, and tells nobody else of them", async () => {
    sharedRoom();
    await upload({ device_keys: deviceKeys(bot) });
    const mine = anIdentity();
    await put(mine.body);
    const pair = aPair();
    const theirs = crossSigningKey("master", pair, alice.userId);
    await request("POST", "keys/device_signing/upload", {
      body: { master_key: theirs },
      token: alice.accessToken,
    });
    const { next_batch: since } = await sync();

    const object = signed(theirs, mine.userSigning.public, mine.userSigning);
    await request("POST", "keys/signatures/upload", { body: { [alice.userId]: { [pair.public]: object } } });

    const query = { body: { device_keys: { [alice.userId]: [] } } };
    const seen = (await request("POST", "keys/query", query)).body.master_keys[alice.userId].signatures;
    const other = await request("POST", "keys/query", { ...query, token: alice.accessToken });
    expect(Object.keys(seen)).toEqual([bot.userId]);
    expect(other.body.master_keys[alice.userId].signatures).toEqual({});
    expect((await sync(since)).device_lists.changed).toEqual([alice.userId]);
  });
});

describe("changed devices", () => {
  test("are told to whoever shares a room, and encrypts", async () => {
    sharedRoom();
    const idle = await sync();
    await upload({ device_keys: deviceKeys(alice) }, alice.accessToken);
    const silent = await sync(idle.next_batch);
    await upload({ device_keys: deviceKeys(bot) });
    const { next_batch: since } = await sync(silent.next_batch);
    const stranger = homeserver.createUser("stranger");

    await upload({ device_keys: deviceKeys(stranger) }, stranger.accessToken);
    await upload({ device_keys: deviceKeys(alice, "new") }, alice.accessToken);

    expect(silent.device_lists).toBeUndefined();
    expect((await sync(since)).device_lists).toEqual({ changed: [alice.userId], left: [] });
  });

  test("come with who joins, is invited, or leaves the last room in common", async () => {
    await upload({ device_keys: deviceKeys(bot) });
    const roomId = sharedRoom();
    const other = sharedRoom();
    const guest = homeserver.createUser("guest");
    const { next_batch: since } = await sync();

    homeserver.leave(roomId, alice.userId);
    homeserver.invite(roomId, bot.userId, guest.userId);
    const first = await sync(since);
    homeserver.leave(other, alice.userId);
    const second = await sync(first.next_batch);

    expect(first.device_lists).toEqual({ changed: [guest.userId], left: [] });
    expect(second.device_lists).toEqual({ changed: [], left: [alice.userId] });
    expect((await request("GET", `keys/changes?from=${since}&to=x`)).body).toEqual({
      changed: [guest.userId],
      left: [alice.userId],
    });
  });
});

describe("messages to devices", () => {
  const send = (to: string, content: object, transaction: string) => {
    const body = { messages: { [bot.userId]: { [to]: content } } };
    return request("PUT", `sendToDevice/m.test/${transaction}`, { body, token: alice.accessToken });
  };

  test("are sent once a transaction, to one device or to all", async () => {
    const second = homeserver.newToken(bot.userId);

    await send(bot.deviceId, { n: 1 }, "a");
    await send(bot.deviceId, { n: 1 }, "a");
    await send("*", { n: 2 }, "b");
    await send("NONE", { n: 3 }, "c");

    const contents = async (token?: string) =>
      (await sync(undefined, token)).to_device.events.map((one: { content: object }) => one.content);
    expect(await contents()).toEqual([{ n: 1 }, { n: 2 }]);
    expect(await contents(second)).toEqual([{ n: 2 }]);
  });

  test("are kept until the next sync says that they came", async () => {
    await send(bot.deviceId, {}, "a");

    const first = await sync();
    const again = await sync();
    const kept = homeserver.devices.waitingFor(bot.userId, bot.deviceId).length;
    const next = await sync(again.next_batch);

    expect([first, again].map(({ to_device: { events } }) => events.length)).toEqual([1, 1]);
    expect(kept).toBe(1);
    expect(next.to_device).toBeUndefined();
    expect(homeserver.devices.waitingFor(bot.userId, bot.deviceId)).toEqual([]);
  });

  test("come a hundred at a time", async () => {
    const { next_batch: since } = await sync();
    for (let n = 0; n < 250; n += 1)
      homeserver.devices.post(bot.userId, bot.deviceId, { type: "m.test", sender: alice.userId, content: n });

    const counts = [];
    for (let token = since, count = 0; count < 3; count += 1) {
      const answer = await sync(token);
      counts.push(answer.to_device.events.length);
      token = answer.next_batch;
    }

    expect(counts).toEqual([100, 100, 50]);
  });
});
