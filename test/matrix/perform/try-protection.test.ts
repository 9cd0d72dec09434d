import { inClear } from "../../../src/matrix/crypto/sealing.ts";
// How the past of rooms is read for a try: bounded, equally far back everywhere, and never in the way of others.

import { plain } from "../../../src/kit/say.ts";
import { expect, test } from "@jest/globals";
import { AccountStatus } from "../../../src/matrix/account-status.ts";
import { RestClient } from "../../../src/matrix/http/client.ts";
import { Transport, type HttpResponse } from "../../../src/matrix/http/transport.ts";
import { performer } from "../../../src/matrix/perform/perform.ts";
import type { RoomId } from "../../../src/model/ids.ts";
import type { Seen } from "../../../src/model/observation.ts";
import type { TrialReport } from "../../../src/model/trial-report.ts";
import type { PastEvent, Trial } from "../../../src/model/trial.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { hall, lobby } from "../../support/make.ts";
import { self } from "./examples.ts";

const minute = 60_000;
const now = 10_000 * minute;

interface Scene {
  /** For each room the time between two events, and of how many of them it consists. */
  readonly rooms: Readonly<Record<RoomId, { readonly apart: number; readonly events: number }>>;
  readonly since: number;
  /** How long an answer takes. */
  readonly latencyMs?: number;
  /** In place of an answer. */
  readonly instead?: (request: number, room: RoomId) => Partial<HttpResponse> | undefined;
  readonly sentAt?: (at: number, i: number) => number;
  readonly trial?: Partial<Trial>;
}

async function reading({ rooms, since, latencyMs = 10, instead, sentAt = (at) => at, trial }: Scene) {
  const fake = new FakeClock(now);
  const clock = {
    now: () => fake.now(),
    sleep: (ms: number, signal?: AbortSignal) => fake.sleep(ms, signal).catch(() => {}),
  };
  const asked: { readonly room: RoomId; readonly limit: unknown; readonly at: number }[] = [];
  const transport = new Transport({
    clock,
    random: { next: () => 0.5 },
    limits: { timeoutMs: 30_000, retries: 0 },
    async send({ path, query }) {
      const room = decodeURIComponent(path.split("/")[5]!) as RoomId;
      asked.push({ room, limit: query["limit"], at: fake.now() - now });
      await clock.sleep(latencyMs);
      const other = instead?.(asked.length, room);
      if (other) return { status: 200, headers: {}, body: {}, ...other };
      const { apart, events } = rooms[room]!;
      const from = Number(query["from"] ?? 0);
      const chunk = Array.from({ length: Math.min(100, events - from) }, (_, i) => ({
        type: "m.room.message",
        event_id: `$${room}-${from + i}`,
        sender: "@ann:example.org",
        content: { body: "hello" },
        origin_server_ts: sentAt(now - (from + i) * apart, from + i),
      }));
      const end = from + 100 < events ? { end: String(from + 100) } : {};
      return { status: 200, headers: {}, body: { chunk, ...end } };
    },
  });
  const taken: PastEvent[] = [];
  const unread: string[] = [];
  let read: readonly [number, boolean] | undefined;
  const delivered: Seen[] = [];
  const perform = performer({
    sealing: inClear,
    client: new RestClient(transport, { self }),
    clock,
    self,
    appealLine: undefined,
    removedWords: () => plain(""),
    reportedWords: () => plain(""),
    limits: {
      maxSearchPages: 3,
      maxGapPages: 3,
      maxAnswerLength: 15_500,
      maxBans: 10,
      maxReason: 100,
      writeTimeoutMs: 7_000,
    },
    deliver: (seen) => delivered.push(...seen),
    tokenRevoked: () => undefined,
    accountStatus: new AccountStatus(() => undefined),
    fileOf: () => undefined,
    beginTrial: () => ({
      isCalledOff: () => false,
      isFull: () => false,
      take: (_room, page) => taken.push(...page),
      cannotRead: (room, why) => unread.push(`${room}: ${why}`),
      wasRead: (from, isWhole) => (read = [now - from, isWhole]),
      work: () => false,
      report: () => ({}) as TrialReport,
      ...trial,
    }),
  });
  const action = {
    kind: "try-protection",
    protection: "flood",
    rooms: Object.keys(rooms) as RoomId[],
    since: now - since,
  } as const;
  const decision = { id: "id-1", action, because: { kind: "self", what: "test" }, at: now } as const;
  const result = await fake.runUntil(perform(decision, new AbortController().signal));
  return { result, asked, taken, unread, read: read!, delivered, tookMs: fake.now() - now };
}

test("one request at a time, the room first of which least was read", async () => {
  const { asked, read, taken } = await reading({
    rooms: { [lobby]: { apart: minute, events: 5_000 }, [hall]: { apart: 3 * minute, events: 5_000 } },
    since: 600 * minute,
  });

  // Pages of the busy room take it a third as far back as one of the other.
  expect(asked.map(({ room }) => (room === lobby ? "lobby" : "hall")).slice(0, 5)).toEqual([
    "lobby",
    "hall",
    "lobby",
    "hall",
    "lobby",
  ]);
  expect(new Set(asked.map(({ limit }) => limit))).toEqual(new Set(["100"]));
  expect(asked.map(({ at }) => at)).toEqual(asked.map((_, i) => i * 10));
  expect(read).toEqual([600 * minute, false]);
  expect(taken.length).toBe(asked.length * 100);
});

test("rooms that are younger than that are read whole", async () => {
  const { read, taken } = await reading({
    rooms: { [lobby]: { apart: minute, events: 250 }, [hall]: { apart: minute, events: 1 } },
    since: 9_000 * minute,
  });

  expect(read).toEqual([9_000 * minute, true]);
  expect(taken).toHaveLength(251);
});

test("it ends after 500 requests, with what all rooms have in common", async () => {
  const { asked, read } = await reading({
    rooms: { [lobby]: { apart: 100, events: 1_000_000 }, [hall]: { apart: 1_000, events: 1_000_000 } },
    since: 9_000 * minute,
  });

  expect(asked).toHaveLength(500);
  const [back] = read;
  expect(back).toBeGreaterThan(60 * minute);
  expect(back).toBeLessThan(100 * minute);
});

test("it ends after five minutes, and tells meanwhile how far it is", async () => {
  const { tookMs, delivered } = await reading({
    rooms: { [lobby]: { apart: minute, events: 1_000_000 } },
    since: 9_000 * minute,
    latencyMs: 7_000,
  });

  expect(tookMs).toBeGreaterThanOrEqual(300_000);
  expect(tookMs).toBeLessThan(310_000);
  const notes = delivered.flatMap((one) => (one.kind === "progress" ? one.note : []));
  expect(notes[9]).toBe("1,000 of about 9,484 events, 5 minutes left. To end it: ❌ on this message");
});

test("a bound on memory ends it, and somebody's ❌", async () => {
  const rooms = { [lobby]: { apart: minute, events: 1_000_000 } };
  let pages = 0;
  const full = await reading({ rooms, since: 9_000 * minute, trial: { isFull: () => ++pages > 3 } });
  let asks = 0;
  const ended = await reading({ rooms, since: 9_000 * minute, trial: { isCalledOff: () => ++asks > 3 } });

  expect(full.asked).toHaveLength(3);
  expect(ended.asked).toHaveLength(3);
  expect(ended.delivered.at(-1)).toEqual({ kind: "tried", decision: "id-1", report: undefined });
});

test("a homeserver that wants fewer requests is left alone as long as it wants, and not over the five minutes", async () => {
  const body = { errcode: "M_LIMIT_EXCEEDED", retry_after_ms: 40_000 };
  const { read, asked, unread } = await reading({
    rooms: { [lobby]: { apart: minute, events: 150 } },
    since: 9_000 * minute,
    instead: (request) => (request === 2 ? { status: 429, body } : undefined),
  });
  const never = await reading({
    rooms: { [lobby]: { apart: minute, events: 150 } },
    since: 9_000 * minute,
    instead: () => ({ status: 429, body: { ...body, retry_after_ms: 3_600_000 } }),
  });

  expect(asked.map(({ at }) => at)).toEqual([0, 10, 40_020]);
  expect(read[1]).toBe(true);
  expect(unread).toEqual([]);
  expect(never.tookMs).toBeLessThan(301_000);
  expect(never.result).toEqual({ kind: "done" });
});

test("a room that cannot be read is left out", async () => {
  const { unread, read, taken } = await reading({
    rooms: { [lobby]: { apart: minute, events: 50 }, [hall]: { apart: minute, events: 50 } },
    since: 9_000 * minute,
    instead: (_request, room) =>
      room === hall ? { status: 403, body: { errcode: "M_FORBIDDEN", error: "not for you" } } : undefined,
  });

  expect(unread).toEqual([`${hall}: not for you`]);
  expect(taken).toHaveLength(50);
  expect(read[1]).toBe(true);
});

test("single events that lie about their time neither end it nor let it go on for ever", async () => {
  const lies = (at: number, i: number) => (i % 5 === 0 ? 1 : i % 5 === 1 ? now * 2 : at);
  const { asked } = await reading({
    rooms: { [lobby]: { apart: minute, events: 100_000 } },
    since: 500 * minute,
    sentAt: lies,
  });

  expect(asked.length).toBeGreaterThanOrEqual(5);
  expect(asked.length).toBeLessThanOrEqual(7);
});
