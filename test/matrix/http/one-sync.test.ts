import { beforeEach, expect, test } from "@jest/globals";
import { oneSync } from "../../../src/matrix/http/one-sync.ts";
import type { HttpRequest, Send } from "../../../src/matrix/http/transport.ts";

let asked: string[];
let status: number;
let send: Send;
beforeEach(() => {
  asked = [];
  status = 200;
  send = oneSync((request) => {
    asked.push(request.path);
    return Promise.resolve({ status, headers: {}, body: { next_batch: "s1", rooms: {} } });
  });
});

const request = (more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: "GET",
  path: "/_matrix/client/v3/sync",
  query: { timeout: "0" },
  headers: {},
  body: undefined,
  timeoutMs: 1_000,
  signal: undefined,
  ...more,
});

test("after the first answer there is no news, and nobody is asked", async () => {
  await send(request());
  const second = await send(request());

  expect(second.body).toEqual({ next_batch: "s1" });
  expect(asked).toHaveLength(1);
});

test("one that failed is asked again", async () => {
  status = 502;
  await send(request());
  status = 200;
  await send(request());

  expect(asked).toHaveLength(2);
});

test("a long poll lasts until it is called off", async () => {
  const stop = new AbortController();
  await send(request());
  let isOver = false;
  const poll = send(request({ query: { timeout: "30000" }, signal: stop.signal })).then(
    () => (isOver = true),
  );
  await Promise.resolve();
  const before = isOver;

  stop.abort();
  await poll;

  expect([before, isOver]).toEqual([false, true]);
});

test("everything else is asked as ever", async () => {
  await send(request());
  await send(request({ path: "/_matrix/client/v3/joined_rooms" }));

  expect(asked).toHaveLength(2);
});
