// What /sync brings for the engine: kept until it has it, and given to it in order.

import { beforeEach, expect, test } from "@jest/globals";
import { EngineDied, type Engine, type SyncNews } from "../../../src/matrix/crypto/engine.ts";
import { Encryption } from "../../../src/matrix/crypto/encryption.ts";
import { RestClient } from "../../../src/matrix/http/client.ts";
import { Transport } from "../../../src/matrix/http/transport.ts";
import type { WorldView } from "../../../src/model/world/view.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { lobby, user } from "../../support/make.ts";

const self = user("@tyr:example.org");
let clock: FakeClock;
let encryption: Encryption;
/** What the engine was given, and what it says to the next of it. */
let given: SyncNews[];
/** The engine answers only when this is over. */
let busy: Promise<void>;
let refusals: Error[];

beforeEach(() => {
  clock = new FakeClock();
  given = [];
  refusals = [];
  busy = Promise.resolve();
  const engine = {
    receive: async (news: SyncNews) => {
      await busy;
      const refused = refusals.shift();
      if (refused) throw refused;
      given.push(news);
      return { keys: [], begunAnew: [] };
    },
    forgetKeys: () => Promise.resolve(),
    track: () => Promise.resolve(),
    ownDevice: () => new Promise(() => {}),
    requests: () => Promise.resolve([]),
    close: () => Promise.resolve(),
  } as unknown as Engine;
  // The homeserver never answers, so that the device is never known: what comes is taken in all the same.
  const send = () => new Promise<never>(() => {});
  const limits = { timeoutMs: 1_000, retries: 0 };
  const transport = new Transport({ send, clock, random: { next: () => 0.5 }, limits });
  encryption = new Encryption({
    self,
    client: new RestClient(transport, { self }),
    clock,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    enabled: true,
    bounds: { mostDevices: 500, keepKeysDays: 30 },
    keys: { open: () => Promise.resolve(engine), keep: () => {}, removeSetAside: () => {} },
    device: () => Promise.resolve("DEVICE"),
    identity: {
      recoveryKey: () => undefined,
      keepRecoveryKey: () => {},
      password: undefined,
      newIdentity: false,
      isDryRun: false,
    },
    logInAnew: undefined,
    signal: new AbortController().signal,
    world: {
      self,
      settings: { managementRoom: lobby },
      rooms: new Map([[lobby, { isEncrypted: true, event: () => undefined }]]),
      members: { membersOf: () => [self] },
      protectedIds: () => [],
      stored: { cases: { appealRooms: () => [], appealIn: () => undefined } },
    } as unknown as WorldView,
    readsProtectedRooms: false,
    deliver: () => {},
  });
  encryption.keepUp();
});

const answer = (what: string) => ({ to_device: { events: [{ type: what }] } });
const types = () => given.map(({ toDevice }) => (toDevice[0] as { type: string }).type);
const receive = (what: object) => clock.runUntil(encryption.receive({ ...what }));

test("is given to the engine, and the token may go on", async () => {
  await receive(answer("first"));

  expect(types()).toEqual(["first"]);
  expect(encryption.hasReceivedAll).toBe(true);
});

test("that cannot be kept holds the token back, and comes before what is newer", async () => {
  refusals.push(new Error("the disk is full"), new Error("the disk is full"));
  await receive(answer("first"));
  expect(encryption.hasReceivedAll).toBe(false);
  await receive(answer("second"));
  expect(encryption.hasReceivedAll).toBe(false);

  // An answer without any news tries once more.
  await receive({});

  expect(types()).toEqual(["first", "second"]);
  expect(encryption.hasReceivedAll).toBe(true);
});

test("that the engine is slow to keep is waited for a moment, once", async () => {
  const over = Promise.withResolvers<void>();
  busy = over.promise;
  const begun = clock.now();

  for (const what of ["first", "second", "third"]) await receive(answer(what));
  const waitedMs = clock.now() - begun;
  expect(encryption.hasReceivedAll).toBe(false);
  over.resolve();
  await receive({});

  expect(waitedMs).toBe(3_000);
  expect(types()).toEqual(["first", "second", "third"]);
  expect(encryption.hasReceivedAll).toBe(true);
});

test("that the engine dies of is not given to it again", async () => {
  refusals.push(new EngineDied("it died"));
  await receive(answer("deadly"));
  await receive(answer("second"));

  expect(types()).toEqual(["second"]);
  expect(encryption.hasReceivedAll).toBe(true);
});

test("beyond its bound is left out, and asked for anew by the next start alone", async () => {
  refusals.push(...Array.from({ length: 600 }, () => new Error("the disk is full")));
  for (let i = 0; i < 510; i++) await receive(answer(`news ${i}`));
  refusals.length = 0;
  await receive({});

  expect(given).toHaveLength(500);
  expect(encryption.hasReceivedAll).toBe(false);
});

test("that is no message at all is left out, as the engine would refuse the rest with it", async () => {
  await receive({ to_device: { events: ["nonsense", null, { type: "sound" }] } });

  expect(types()).toEqual(["sound"]);
});
