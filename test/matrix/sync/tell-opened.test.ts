// Encrypted rooms beside rooms in clear: the engine may be slow, and nothing in clear waits for it.

import { afterEach, expect, test } from "@jest/globals";
import type { Opened } from "../../../src/matrix/crypto/decrypt.ts";
import { follow, type SyncOptions } from "../../../src/matrix/sync/sync.ts";
import type { JsonObject } from "../../../src/kit/json.ts";
import type { RoomId } from "../../../src/model/ids.ts";
import type { Observation } from "../../../src/model/observation.ts";
import { desk, lobby, me } from "../../support/make.ts";
import { ScriptedServer, type Scripted } from "../scripted.ts";

let stop = new AbortController();
afterEach(() => stop.abort());

const message = (id: string) => ({
  type: "m.room.message",
  sender: "@ann:example.org",
  event_id: id,
  content: { body: id },
});
const sealed = (id: string) => ({
  ...message(id),
  type: "m.room.encrypted",
  content: { algorithm: "m.megolm.v1.aes-sha2", ciphertext: "AwgA", session_id: "s" },
});

/** What came, by the rooms in which it was said. */
function answer(
  token: string,
  said: Readonly<Record<string, readonly object[]>>,
  more: JsonObject = {},
): Scripted {
  const join = Object.fromEntries(Object.entries(said).map(([id, events]) => [id, { timeline: { events } }]));
  return { body: { next_batch: token, rooms: { join, ...more } } };
}

interface Followed {
  readonly hs: ScriptedServer;
  /** What was told, in short. */
  readonly told: string[];
  /** The engine answers from now on, and what it was asked before. */
  readonly wake: () => Promise<void>;
}

/** The engine opens nothing until it is woken, but for what it is asked afterwards. */
async function followed(answers: readonly Scripted[], joined: readonly RoomId[] = [lobby, desk]) {
  stop = new AbortController();
  const hs = new ScriptedServer(...answers, "silence");
  const awake = Promise.withResolvers<void>();
  const told: string[] = [];
  const openEvent = async (_room: RoomId, raw: JsonObject): Promise<Opened> => {
    await awake.promise;
    return { raw: { ...raw, type: "m.room.message" }, sealed: { by: "signed", place: "s 1" } };
  };
  const options: SyncOptions = {
    transport: hs.transport,
    clock: hs.clock,
    self: me,
    limits: { longPollMs: 30_000, timelineLimit: 100 },
    stateTypes: [],
    isJoined: (id) => joined.includes(id),
    breathMs: () => 0,
    deliver: (seen) => told.push(...seen.map(inShort)),
    encryption: {
      isAtWork: true,
      hasReceivedAll: true,
      opens: (id) => id === desk,
      receive: () => Promise.resolve(),
      openEvent,
      keepUp: () => {},
    },
    trouble: () => {},
  };
  void follow(options, "s0", stop.signal).catch(() => {});
  await hs.fake.advance(1_000);
  const wake = async () => {
    awake.resolve();
    await hs.fake.advance(1_000);
  };
  return { hs, told, wake } satisfies Followed;
}

function inShort(one: Observation): string {
  if (one.kind === "message" || one.kind === "state") return one.event.eventId;
  if (one.kind === "synced") return one.token;
  return one.kind === "own-membership" ? one.membership : one.kind;
}

test("what is said in clear is told, and more is asked for, while the engine is silent", async () => {
  const { hs, told } = await followed([
    answer("s1", { [desk]: [sealed("$1")], [lobby]: [message("$2")] }),
    answer("s2", { [lobby]: [message("$3")] }),
  ]);

  expect(told).toEqual(["$2", "$3"]);
  expect(hs.requests.map(({ query }) => query?.["since"])).toEqual(["s0", "s1", "s2"]);
});

test("no token is told before everything that it stands for", async () => {
  const { told, wake } = await followed([
    answer("s1", { [desk]: [sealed("$1")] }),
    answer("s2", { [lobby]: [message("$2")] }),
  ]);
  const before = [...told];

  await wake();

  expect(before).toEqual(["$2"]);
  expect(told).toEqual(["$2", "$1", "s1", "s2"]);
});

test("what follows in an encrypted room comes after what is being opened there, in clear or not", async () => {
  const { told, wake } = await followed([
    answer("s1", { [desk]: [message("$1"), sealed("$2")] }),
    answer("s2", { [desk]: [message("$3")], [lobby]: [message("$4")] }),
    answer("s3", { [desk]: [sealed("$5")] }),
  ]);

  await wake();

  expect(told).toEqual(["$4", "$1", "$2", "s1", "$3", "s2", "$5", "s3"]);
});

test("once all is opened a room in clear is told at once again", async () => {
  const { told, wake, hs } = await followed([
    answer("s1", { [desk]: [sealed("$1")] }),
    answer("s2", { [desk]: [message("$2")] }),
  ]);

  await wake();

  expect(told).toEqual(["$1", "s1", "$2", "s2"]);
  expect(hs.requests).toHaveLength(3);
});

test("that we were removed from such a room is told after what was said there", async () => {
  const { told, wake } = await followed([
    answer("s1", { [desk]: [sealed("$1")] }),
    answer("s2", { [lobby]: [message("$2")] }, { leave: { [desk]: { timeline: { events: [] } } } }),
  ]);
  const before = [...told];

  await wake();

  expect(before).toEqual([]);
  expect(told).toEqual(["$1", "s1", "$2", "leave", "s2"]);
});

test("of an engine that stays silent no more than a score of answers is held", async () => {
  const { hs } = await followed(
    Array.from({ length: 40 }, (_, i) => answer(`s${i + 1}`, { [desk]: [sealed(`$${i}`)] })),
  );

  expect(hs.requests).toHaveLength(21);
});

test("nothing is told any more once we stop", async () => {
  const { told, wake } = await followed([answer("s1", { [desk]: [sealed("$1")] })]);
  stop.abort();

  await wake();

  expect(told).toEqual([]);
});
