import { inClear } from "../../../src/matrix/crypto/sealing.ts";
import { plain } from "../../../src/kit/say.ts";
import { describe, expect, test } from "@jest/globals";
import { AccountStatus } from "../../../src/matrix/account-status.ts";
import { RestClient } from "../../../src/matrix/http/client.ts";
import type { HttpRequest } from "../../../src/matrix/http/transport.ts";
import type { Performed } from "../../../src/matrix/perform/attempt.ts";
import { performer } from "../../../src/matrix/perform/perform.ts";
import type { Action } from "../../../src/model/actions/action.ts";
import type { Decision } from "../../../src/model/decision.ts";
import type { Seen } from "../../../src/model/observation.ts";
import type { TrialReport } from "../../../src/model/trial-report.ts";
import { hall, listA, lobby } from "../../support/make.ts";
import { broken, forbidden, limited, revoked, ScriptedServer, type Scripted } from "../scripted.ts";
import { ok, roomExamples, self, ann, wrote } from "./examples.ts";
import { picture, serverExamples } from "./examples-server.ts";

const examples = { ...roomExamples, ...serverExamples };

const aTrial = {
  isCalledOff: () => false,
  isFull: () => false,
  take: () => undefined,
  cannotRead: () => undefined,
  wasRead: () => undefined,
  work: () => false,
  report: () => ({}) as TrialReport,
};

function performing(...answers: readonly Scripted[]) {
  const hs = new ScriptedServer(...answers);
  const delivered: Seen[] = [];
  const troubles: (string | undefined)[] = [];
  let revocations = 0;
  const perform = performer({
    sealing: inClear,
    client: new RestClient(hs.transport, { self }),
    clock: hs.clock,
    self,
    limits: {
      maxSearchPages: 3,
      maxGapPages: 3,
      maxAnswerLength: 15_500,
      maxBans: 10,
      maxReason: 100,
      writeTimeoutMs: 7_000,
    },
    deliver: (seen) => delivered.push(...seen),
    tokenRevoked: () => (revocations += 1),
    accountStatus: new AccountStatus((trouble) => troubles.push(trouble)),
    appealLine: undefined,
    removedWords: () => plain("what was removed"),
    reportedWords: (events) => plain(`${events.length} reported`),
    beginTrial: () => aTrial,
    fileOf: ({ list }) =>
      list === listA ? { name: "coc.csv", type: "text/csv", text: "entity\n@ä:x\n" } : undefined,
  });
  const act = (action: Action, id = "id-1"): Promise<Performed> => {
    const decision: Decision = { id, action, because: { kind: "self", what: "test" }, at: 0 };
    return hs.fake.runUntil(perform(decision, new AbortController().signal));
  };
  return { hs, act, delivered, troubles, revocations: () => revocations };
}

describe("on the wire", () => {
  test.each(Object.entries(examples))("%s", async (_kind, { action, answers, requests, done }) => {
    const { hs, act } = performing(...(answers ?? [ok]));

    const performed = await act(action);

    expect(hs.requests.map(asExample)).toEqual(
      requests.map(([method, path, body, query]) => [
        method,
        path,
        method === "GET" ? undefined : body,
        query ?? {},
      ]),
    );
    expect(performed).toEqual(done ?? { kind: "done" });
  });
});

/** A write without a body says the same as one whose body is `{}`; bytes are read as the text that they are. */
function asExample({ method, path, body, query }: HttpRequest) {
  const readable = Buffer.isBuffer(body) ? body.toString("utf8") : body;
  return [method, path, method === "GET" ? undefined : (readable ?? {}), query];
}

describe("what can be unchanged already", () => {
  test.each([
    [
      "an alias that leads there",
      examples["add-alias"].action,
      [{ status: 409, body: {} }, { body: { room_id: lobby } }],
    ],
    ["a room that is listed", examples["list-publicly"].action, [{ body: { visibility: "public" } }]],
    [
      "a file in quarantine",
      examples["quarantine-media"].action,
      [{ body: { media_info: { quarantined_by: self } } }],
    ],
    ["an account that is locked", examples.lock.action, [ok, { body: { locked: true } }]],
    ["an account that is gone", examples.deactivate.action, [{ body: { deactivated: true, erased: true } }]],
  ] as const)("%s", async (_what, action, answers) => {
    const { act } = performing(...answers);

    expect(await act(action)).toEqual({ kind: "done", isUnchanged: true });
  });

  test("and after an answer that was lost is taken for our own work", async () => {
    const { act } = performing(
      { body: { visibility: "private" } },
      broken,
      {
        body: { visibility: "public" },
      },
      ok,
    );
    await act(examples["list-publicly"].action);

    expect(await act(examples["list-publicly"].action)).toEqual({ kind: "done" });
  });
});

describe("a fault", () => {
  const kick = examples.kick.action;

  test.each([
    ["a 429 is handed to the executor", limited(2_000), { kind: "limited", retryAfterMs: 2_000 }],
    ["a refusal lasts", forbidden, { kind: "failed", lasting: true, code: "M_FORBIDDEN", message: "no" }],
    [
      "a bad request may be different next time",
      { status: 400, body: { errcode: "M_UNKNOWN", error: "what" } },
      { kind: "failed", lasting: false, code: "M_UNKNOWN", message: "what" },
    ],
    [
      "a broken server makes this one act wait",
      broken,
      {
        kind: "unavailable",
        everywhere: false,
        message: "the homeserver answered with status 502 and something that is not JSON",
      },
    ],
    [
      "a server that is away makes all acts wait",
      Object.assign(new Error("connect"), { code: "ECONNREFUSED" }),
      { kind: "unavailable", everywhere: true, message: "connect (ECONNREFUSED)" },
    ],
    [
      "a revoked token makes all acts wait",
      revoked,
      { kind: "unavailable", everywhere: true, message: "gone" },
    ],
  ])("%s", async (_what, answer, performed) => {
    const { hs, act } = performing(answer);

    expect(await act(kick)).toEqual(performed);
    expect(hs.requests).toHaveLength(1);
  });

  test("of the token is told at once", async () => {
    const { act, revocations } = performing(revoked);
    await act(kick);

    expect(revocations()).toBe(1);
  });

  test("of the account is told when it begins and when it is over", async () => {
    const { act, troubles } = performing(
      { status: 403, body: { errcode: "M_USER_SUSPENDED", error: "suspended" } },
      ...wrote,
    );
    await act(kick);
    await act(kick);

    expect(troubles).toEqual(["suspended", undefined]);
  });

  test("in the making of a list is not tried again: it could make a second one", async () => {
    const { act } = performing({ body: {} }, broken);

    expect(await act(examples["create-list"].action)).toMatchObject({
      kind: "failed",
      lasting: false,
      message: expect.stringMatching(/look whether the list was made before you try again$/),
    });
  });
});

describe("how long an answer may take", () => {
  const timeouts = async (kind: keyof typeof examples) => {
    const { action, answers } = examples[kind];
    const { hs, act } = performing(...(answers ?? [ok]));
    await act(action);
    return hs.requests.map((request) => request.timeoutMs);
  };

  test.each([
    ["a write: the bound for writes", "ban", [7_000]],
    ["a message: the bound for writes", "tell", [7_000]],
    ["a write of an administrator: the bound for writes", "make-room-admin", [7_000]],
    ["a read: the bound for all requests", "read-bans", [30_000]],
    ["a join, which other servers take part in: the bound for all requests", "join", [30_000]],
    ["a room made: the bound for all requests", "create-list", [30_000, 30_000]],
    ["an upload: the bound for all requests", "send-file", [30_000, 30_000]],
  ] as const)("%s", async (_what, kind, expected) => {
    expect(await timeouts(kind)).toEqual(expected);
  });
});

test("a read waits out a 429 and is tried again at a passing fault", async () => {
  const { hs, act } = performing(limited(500), broken, { body: { chunk: [] } });

  expect(await act(examples["read-bans"].action)).toEqual({ kind: "done" });
  expect(hs.requests).toHaveLength(3);
});

test("levels that name so many people that there is no place left take no more mutes", async () => {
  const users = Object.fromEntries(
    Array.from({ length: 900 }, (_, i) => [`@${"long".repeat(10)}${i}:x`, -1]),
  );
  const { hs, act } = performing(ok);

  const muted = await act({ ...examples.mute.action, levels: { users } } as Action);

  expect(muted).toMatchObject({ kind: "failed", lasting: true, code: "M_TOO_LARGE" });
  expect(hs.requests).toHaveLength(0);
});

test("a file of a list that is gone is not sent", async () => {
  const { hs, act } = performing(ok);

  const sent = await act({ kind: "send-file", room: lobby, list: hall, format: "csv" });

  expect(sent).toMatchObject({ kind: "failed", lasting: true, message: "the list is gone" });
  expect(hs.requests).toHaveLength(0);
});

test("what is found comes back as an observation", async () => {
  const { act, delivered } = performing(...examples["find-media"].answers!);

  await act(examples["find-media"].action);

  expect(delivered).toEqual([
    { kind: "media-found", decision: "id-1", media: [{ uri: picture, user: ann }] },
  ]);
});

test("settings and answers never reach the homeserver", async () => {
  const { hs, act } = performing(ok);

  await expect(act({ kind: "change-settings", change: { kind: "unwatch", list: listA } })).rejects.toThrow(
    "not the homeserver's",
  );
  expect(hs.requests).toHaveLength(0);
});
