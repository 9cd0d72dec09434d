import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { RoomId } from "../../../src/model/ids.ts";
import type { Observation } from "../../../src/model/observation.ts";
import type { MatrixFault } from "../../../src/matrix/http/errors.ts";
import { firstSync, follow, type SyncOptions } from "../../../src/matrix/sync/sync.ts";
import { lobby, me } from "../../support/make.ts";
import { broken, forbidden, limited, revoked, ScriptedServer, type Scripted } from "../scripted.ts";

let stop: AbortController;
beforeEach(() => {
  stop = new AbortController();
});
afterEach(() => stop.abort());

interface Run {
  readonly hs: ScriptedServer;
  readonly batches: (readonly Observation[])[];
  readonly troubles: (MatrixFault | undefined)[];
  readonly options: SyncOptions;
  /** Settles when following ends. */
  ended: Promise<unknown>;
}

function prepare(answers: readonly Scripted[], joined: readonly RoomId[] = [lobby]): Run {
  const hs = new ScriptedServer(...answers);
  const batches: (readonly Observation[])[] = [];
  const troubles: (MatrixFault | undefined)[] = [];
  const options: SyncOptions = {
    transport: hs.transport,
    clock: hs.clock,
    self: me,
    limits: { longPollMs: 30_000, timelineLimit: 100 },
    stateTypes: ["m.room.member", "m.room.create"],
    isJoined: (id) => joined.includes(id),
    breathMs: () => 0,
    deliver: (seen) => batches.push(seen),
    trouble: (fault) => troubles.push(fault),
  };
  return { hs, batches, troubles, options, ended: Promise.resolve() };
}

/** Follows through all answers; then the server is silent. */
async function followed(answers: readonly Scripted[], joined?: readonly RoomId[], ms = 60_000): Promise<Run> {
  const run = prepare([...answers, "silence"], joined);
  run.ended = follow(run.options, "s0", stop.signal).catch((fault: unknown) => fault);
  await run.hs.fake.advance(ms);
  return run;
}

const answer = (token: string, rooms: object = {}): Scripted => ({ body: { next_batch: token, rooms } });
const message = (id: string) => ({
  type: "m.room.message",
  sender: "@ann:example.org",
  event_id: id,
  content: { body: id },
});
const stateEvent = (id: string, type = "m.room.name", key = "") => ({ ...message(id), type, state_key: key });
const member = (id: string, membership: string, sender = "@mod:example.org") => ({
  ...stateEvent(id, "m.room.member", me),
  sender,
  content: { membership, reason: "because" },
});
/** What was told, in short. */
const told = (batch: readonly Observation[] | undefined) =>
  batch?.map((one) => {
    if (one.kind === "state" || one.kind === "message") return `${one.kind} ${one.event.eventId}`;
    if (one.kind === "own-membership") return `${one.kind} ${one.membership} by ${one.by ?? "nobody"}`;
    return one.kind === "synced" ? `synced ${one.token}` : one.kind;
  });

/** The ids of the state events that an observation brings. */
function eventsOf(one: Observation): readonly string[] {
  if (one.kind === "room-read") return (one.state ?? []).map(({ eventId }) => eventId);
  return one.kind === "state" ? [one.event.eventId] : [];
}

describe("an answer", () => {
  test("is told with state before timeline, and the token last", async () => {
    const { batches } = await followed([
      answer("s1", {
        join: {
          [lobby]: {
            timeline: { events: [message("$2"), stateEvent("$3")] },
            state: { events: [stateEvent("$1")] },
          },
        },
      }),
    ]);

    expect(told(batches[0])).toEqual(["state $1", "message $2", "state $3", "synced s1"]);
  });

  test("that skipped events tells the gap before what it does hold", async () => {
    const { batches } = await followed([
      answer("s1", {
        join: { [lobby]: { timeline: { limited: true, prev_batch: "p", events: [message("$1")] } } },
      }),
    ]);

    expect(told(batches[0])).toEqual(["gap", "message $1", "synced s1"]);
    expect(batches[0]![0]).toMatchObject({ kind: "gap", room: lobby, from: "p", to: "s0" });
  });

  test("about a room newly joined tells that first, and its beginning is no gap", async () => {
    const { batches } = await followed(
      [
        answer("s1", {
          join: { [lobby]: { timeline: { limited: true, prev_batch: "p", events: [message("$1")] } } },
        }),
      ],
      [],
    );

    expect(told(batches[0])).toEqual(["own-membership join by nobody", "message $1", "synced s1"]);
  });

  test.each(["state_after", "org.matrix.msc4222.state_after"])(
    "with %s gives it the last word",
    async (field) => {
      const { batches } = await followed([
        answer("s1", {
          join: {
            [lobby]: {
              state: { events: [stateEvent("$before")] },
              timeline: { events: [stateEvent("$during")] },
              [field]: { events: [stateEvent("$after")] },
            },
          },
        }),
      ]);

      expect(told(batches[0])).toEqual(["state $during", "state $after", "synced s1"]);
    },
  );

  test.each([
    ["kicked", [member("$1", "leave")], "leave by @mod:example.org"],
    ["banned", [member("$1", "ban")], "ban by @mod:example.org"],
    ["leaving ourselves", [member("$1", "leave", me)], "leave by nobody"],
    ["gone without a word", [], "leave by nobody"],
  ])("tells of our being %s", async (_what, events, expected) => {
    const { batches } = await followed([answer("s1", { leave: { [lobby]: { timeline: { events } } } })]);

    expect(told(batches[0])).toEqual([`own-membership ${expected}`, "synced s1"]);
  });

  test("tells of invitations with who invited, and of our knocks", async () => {
    const invite = { invite_state: { events: [member("$1", "invite")] } };
    const { batches } = await followed([
      answer("s1", { invite: { [lobby]: invite }, knock: { "!k:x": {} } }),
    ]);

    expect(told(batches[0])).toEqual([
      "own-membership invite by @mod:example.org",
      "own-membership knock by nobody",
      "synced s1",
    ]);
  });

  test("with odd parts tells them and goes on", async () => {
    const { batches } = await followed([
      answer("s1", {
        join: {
          [lobby]: { timeline: { events: [5, message("$1")] }, state: "none" },
          "no room": {},
          "!b:x": 7,
        },
        leave: [],
        invite: null,
      }),
    ]);

    expect(told(batches[0])).toEqual(["malformed", "message $1", "synced s1"]);
  });
});

test("each answer is asked for from the token of the last, and only the first without waiting", async () => {
  const { hs } = await followed([answer("s1"), answer("s2")]);

  expect(hs.requests.map(({ query }) => [query["since"], query["timeout"]])).toEqual([
    ["s0", "0"],
    ["s1", "30000"],
    ["s2", "30000"],
  ]);
  expect(hs.requests.every(({ query }) => query["set_presence"] === "offline")).toBe(true);
});

describe("failing", () => {
  test("is told once when it begins and once when it is over, and loses nothing", async () => {
    const { hs, batches, troubles } = await followed([
      answer("s1"),
      broken,
      new Error("reset"),
      broken,
      answer("s2", { join: { [lobby]: { timeline: { events: [message("$1")] } } } }),
    ]);

    expect(troubles.map((fault) => fault?.status)).toEqual([502, undefined]);
    expect(batches.map((batch) => told(batch)!.at(-1))).toEqual(["synced s1", "synced s2"]);
    expect(hs.requests.slice(1, 5).every(({ query }) => query["since"] === "s1")).toBe(true);
  });

  test("backs off to five seconds", async () => {
    const { hs } = await followed([...Array.from({ length: 10 }, () => broken)]);

    expect(hs.times.slice(1, 10).map((at, i) => at - hs.times[i]!)).toEqual([
      100, 200, 500, 1_000, 2_000, 5_000, 5_000, 5_000, 5_000,
    ]);
  });

  test("by being limited waits as long as told", async () => {
    const { hs } = await followed([limited(7_000), answer("s1")]);

    expect(hs.times.slice(0, 2)).toEqual([0, 7_000]);
  });

  test("with something that is no sync is told", async () => {
    const { troubles } = await followed([{ body: [] }, forbidden, answer("s1")]);

    expect(troubles.map((fault) => fault?.errcode)).toEqual(["NOT_SYNC", undefined]);
  });

  test("for good, as the token was revoked, ends it", async () => {
    const run = await followed([answer("s1"), revoked]);

    expect(await run.ended).toMatchObject({ isUnknownToken: true });
    expect(run.hs.requests).toHaveLength(2);
  });
});

test("aborting ends a long poll at once and tells no trouble", async () => {
  const run = await followed([answer("s1")], [lobby], 1_000);
  stop.abort();

  expect(await run.ended).toBeUndefined();
  expect(run.troubles).toEqual([]);
  expect(run.batches).toHaveLength(1);
});

describe("the first sync", () => {
  async function first(...answers: readonly Scripted[]): Promise<Run & { readonly token: unknown }> {
    const run = prepare(answers);
    const token = await run.hs.fake.runUntil(
      firstSync(run.options, stop.signal).catch((fault: unknown) => fault),
    );
    return { ...run, token };
  }

  test("reads every joined room whole, without members, and gives the token", async () => {
    const { batches, token, hs } = await first(
      answer("s1", {
        join: {
          [lobby]: {
            state: { events: [stateEvent("$1", "m.room.create")] },
            timeline: { events: [message("$2"), stateEvent("$3")] },
          },
        },
      }),
    );

    expect(token).toBe("s1");
    expect(told(batches[0])).toEqual(["own-membership join by nobody", "room-read", "synced s1"]);
    expect(batches[0]![1]).toMatchObject({ state: [{ eventId: "$1" }, { eventId: "$3" }] });
    expect(batches[0]![1]).not.toHaveProperty("members");
    expect(hs.requests[0]!.query["filter"]).not.toContain("m.room.member");
    expect(hs.requests[0]!.query).not.toHaveProperty("since");
  });

  test("of a long list is told in slices, the token with the last, and nothing twice", async () => {
    const rules = Array.from({ length: 12_001 }, (_, i) =>
      stateEvent(`$${i}`, "m.policy.rule.user", `rule ${i}`),
    );

    const { batches } = await first(
      answer("s1", { join: { "!list:x": { state: { events: rules } }, [lobby]: {} } }),
    );

    expect(batches.map((batch) => batch.length)).toEqual([2, 5_000, 2_001 + 2 + 1]);
    expect(batches[0]![1]).toMatchObject({ kind: "room-read", room: "!list:x" });
    expect(batches.flat().flatMap(eventsOf)).toEqual(rules.map((rule) => rule.event_id));
    expect(told(batches.at(-1))?.slice(-3)).toEqual([
      "own-membership join by nobody",
      "room-read",
      "synced s1",
    ]);
  });

  test("tells invitations that wait", async () => {
    const { batches } = await first(answer("s1", { invite: { "!new:x": {} } }));

    expect(told(batches[0])).toEqual(["own-membership invite by nobody", "synced s1"]);
  });

  test("without a token is a fault", async () => {
    const { token, batches } = await first({ body: { rooms: {} } });

    expect(token).toMatchObject({ errcode: "NOT_SYNC" });
    expect(batches).toEqual([]);
  });
});
