// What the engine wants sent, held against the scripted homeserver.

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { Engine } from "../../../src/matrix/crypto/engine.ts";
import { openOlmEngine } from "../../../src/matrix/crypto/olm-engine.ts";
import { OutgoingRequests } from "../../../src/matrix/crypto/outgoing-requests.ts";
import { RestClient } from "../../../src/matrix/http/client.ts";
import { Transport } from "../../../src/matrix/http/transport.ts";
import type { UserId } from "../../../src/model/ids.ts";
import { type Indexed, openIndexed } from "../../../src/store/indexed.ts";
import { Homeserver, type NewUser } from "../../homeserver/homeserver.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { sendTo } from "../../support/send.ts";

let homeserver: Homeserver;
let account: NewUser;
let store: Indexed;
let engine: Engine;
let outgoing: OutgoingRequests;
let whileOnItsWay: (path: string) => Promise<void>;

beforeEach(async () => {
  const clock = new FakeClock();
  homeserver = new Homeserver({ clock });
  account = homeserver.createUser("tyr");
  const limits = { timeoutMs: 1_000, retries: 0 };
  const answered = sendTo(homeserver);
  whileOnItsWay = async () => {};
  const send: typeof answered = async (request) => {
    await whileOnItsWay(request.path);
    return answered(request);
  };
  const transport = new Transport({ send, clock, random: { next: () => 0.5 }, limits });
  transport.accessToken = account.accessToken;
  store = openIndexed(":memory:");
  store.install();
  const { userId: user, deviceId: device } = account;
  engine = await openOlmEngine({ user, device, store });
  const client = new RestClient(transport, { self: user as UserId });
  outgoing = new OutgoingRequests({ engine, client, refused: () => {} });
});
afterEach(async () => {
  await engine.close();
  store.close();
});

/** More than the engine needs to take in an answer of `/sync`. */
const manyTurns = 2_000;

/** What `/sync` says to a device that has uploaded nothing. */
const nothingYet = {
  toDevice: [],
  changed: [],
  left: [],
  counts: { signed_curve25519: 0 },
  unusedFallback: [],
};

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate);
}

test("a fallback key that is made while the first keys are uploaded is uploaded as well", async () => {
  let receiving: Promise<unknown> | undefined;
  whileOnItsWay = async (path) => {
    if (receiving !== undefined || !path.endsWith("/keys/upload")) return;
    receiving = outgoing.receive(nothingYet);
    await Promise.race([receiving, turns(manyTurns)]);
  };
  await outgoing.round();
  await receiving;

  await outgoing.round();

  expect(homeserver.devices.hasUnusedFallbackKey(account.userId, account.deviceId)).toBe(true);
});

test("whatever is refused is wanted again, and the rest was sent all the same", async () => {
  homeserver.failNext({ match: ({ path }) => path.endsWith("/keys/upload"), status: 500 });

  await expect(outgoing.round()).rejects.toThrow("Scripted fault");
  await outgoing.round();

  expect(homeserver.requests.filter(({ kind }) => kind === "POST keys/upload")).toHaveLength(2);
  expect(homeserver.requests.filter(({ kind }) => kind === "POST keys/query")).toHaveLength(1);
});
