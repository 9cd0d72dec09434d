import { describe, expect, test } from "@jest/globals";
import type { MatrixFault } from "../../../src/matrix/http/errors.ts";
import type { RequestOptions } from "../../../src/matrix/http/transport.ts";
import { broken, forbidden, limited, ScriptedServer, type Scripted } from "../scripted.ts";

const ok: Scripted = { body: { fine: true } };

async function ask(hs: ScriptedServer, options: RequestOptions = {}): Promise<unknown> {
  return hs.fake.runUntil(hs.transport.request("GET", "/_matrix/client/v3/sync", options));
}

async function faultOf(hs: ScriptedServer, options: RequestOptions = {}): Promise<MatrixFault> {
  return ask(hs, options).then(
    () => Promise.reject(new Error("the request succeeded")),
    (fault: unknown) => fault as MatrixFault,
  );
}

test("a good answer is its body", async () => {
  const hs = new ScriptedServer(ok);
  hs.transport.accessToken = "secret";

  expect(await ask(hs, { query: { via: ["a", "b"], since: undefined } })).toEqual({ fine: true });
  expect(hs.requests[0]).toMatchObject({
    headers: { authorization: "Bearer secret" },
    query: { via: ["a", "b"] },
  });
  expect(hs.requests[0]!.query).not.toHaveProperty("since");
});

test("without a token none is sent", async () => {
  const hs = new ScriptedServer(ok);
  await ask(hs);

  expect(hs.requests[0]!.headers).toEqual({});
});

describe("a 429", () => {
  test("is waited out by reads, as often as it comes", async () => {
    const hs = new ScriptedServer(limited(2_000), limited(500), limited(1), limited(1), limited(1), ok);

    expect(await ask(hs)).toEqual({ fine: true });
    expect(hs.times).toEqual([0, 2_000, 2_500, 2_501, 2_502, 2_503]);
  });

  test("is handed on by writes, which the executor holds back", async () => {
    const hs = new ScriptedServer(limited(2_000), ok);

    const fault = await faultOf(hs, { on429: "fail" });

    expect(fault).toMatchObject({ isLimited: true, retryAfterMs: 2_000 });
    expect(hs.requests).toHaveLength(1);
  });
});

describe("a passing fault", () => {
  test("is tried again after 0.1, 0.2 and 0.4 seconds, with the same request", async () => {
    const hs = new ScriptedServer(
      broken,
      Object.assign(new Error("reset"), { code: "ECONNRESET" }),
      broken,
      ok,
    );

    expect(await ask(hs, { on429: "fail", body: { a: 1 } })).toEqual({ fine: true });
    expect(hs.times).toEqual([0, 100, 300, 700]);
    expect(new Set(hs.requests.map(({ path, body }) => JSON.stringify([path, body]))).size).toBe(1);
  });

  test("that does not pass is told in the end", async () => {
    const hs = new ScriptedServer(broken);

    expect((await faultOf(hs)).status).toBe(502);
    expect(hs.requests).toHaveLength(4);
  });

  test("is tried as often as the caller says, or not at all", async () => {
    const hs = new ScriptedServer(broken);
    await faultOf(hs, { retries: 0 });

    expect(hs.requests).toHaveLength(1);
  });

  test("is never waited for longer than about five seconds", async () => {
    const hs = new ScriptedServer(broken);
    await faultOf(hs, { retries: 12 });

    const waits = hs.times.slice(1).map((at, i) => at - hs.times[i]!);
    expect(Math.max(...waits)).toBe(5_000);
  });
});

test("a page of a proxy with status 200 is no answer, and may pass", async () => {
  const hs = new ScriptedServer({ body: "<h1>Welcome to nginx</h1>" }, ok);

  expect(await ask(hs)).toEqual({ fine: true });
  expect(hs.requests).toHaveLength(2);
});

test("what is refused is not tried again", async () => {
  const hs = new ScriptedServer(forbidden, ok);

  expect(await faultOf(hs)).toMatchObject({ status: 403, errcode: "M_FORBIDDEN", message: "no" });
  expect(hs.requests).toHaveLength(1);
});

describe("aborting", () => {
  function begin(hs: ScriptedServer) {
    const stop = new AbortController();
    const asked = hs.transport
      .request("GET", "/_matrix/client/v3/sync", { signal: stop.signal })
      .catch((fault: unknown) => fault as MatrixFault);
    return { stop, asked };
  }

  test("ends a request that gets no answer, without another attempt", async () => {
    const hs = new ScriptedServer("silence");
    const { stop, asked } = begin(hs);
    await hs.fake.advance(10);
    stop.abort();

    expect(await asked).toMatchObject({ isPassing: true });
    expect(hs.requests).toHaveLength(1);
  });

  test("ends a wait at once", async () => {
    const hs = new ScriptedServer(limited(60_000));
    const { stop, asked } = begin(hs);
    await hs.fake.advance(10);
    stop.abort();
    await asked;

    expect(hs.fake.now()).toBe(1_000_010);
  });
});

test("requests are counted by kind, not by whom they are about", async () => {
  const hs = new ScriptedServer(ok);
  for (const who of ["%40a%3Ax", "%40b%3Ax"])
    await hs.fake.runUntil(
      hs.transport.request("PUT", `/_matrix/client/v3/rooms/!a%3Ax/state/m.room.member/${who}`, {
        on429: "fail",
      }),
    );

  expect([...hs.transport.counts]).toEqual([["PUT rooms/state/m.room.member", 2]]);
});
