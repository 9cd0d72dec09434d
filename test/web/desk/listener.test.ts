// The web desk on a real port, and those who would take all of it: connections that say nothing, readers that do not read,
// bodies that do not end.

import { afterEach, expect, test } from "@jest/globals";
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { systemClock } from "../../../src/kit/clock.ts";
import { say } from "../../../src/kit/say.ts";
import type { Pulse } from "../../../src/model/health.ts";
import type { WebDesk } from "../../../src/model/web-desk.ts";
import { deskListener } from "../../../src/web/desk/listener.ts";
import { startWeb, type Web } from "../../../src/web/server.ts";
import { user } from "../../support/make.ts";

const publicUrl = "https://tyr.hs.test";
const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const pulse: Pulse = {
  isCaughtUp: true,
  quietForMs: 0,
  isUnanswered: false,
  isLocked: false,
  isDiskInTrouble: false,
};
const session = {
  id: 1,
  key: "digest",
  user: user("@mod:x"),
  openedAt: 0,
  until: Infinity,
  network: "127.0.0",
  browser: "Firefox on Linux",
};
/** Longer than what the kernel takes without a reader. */
const long = say`${"x".repeat(200)}`;
const said: string[] = [];
const desk: WebDesk = {
  prefix: "!tyr",
  now: () => Date.now(),
  session: () => session,
  leave: () => {},
  codeFor: () => "full",
  say: (_by, line) => {
    said.push(line);
    return { kind: "shown", line, answer: long, isProblem: false };
  },
  said: () => undefined,
  desk: () => ({
    questions: [],
    more: 0,
    goingOn: Array.from({ length: 40_000 }, () => long),
    trouble: undefined,
    rooms: 1,
    stop: undefined,
    status: undefined,
  }),
  rooms: () => ({ rows: [], found: 0 }),
  lists: () => ({ rows: [], how: "" }),
  list: () => undefined,
  person: () => undefined,
  journal: () => Promise.resolve({ rows: [] }),
  close: () => {},
  usages: [],
};

const open: Web[] = [];
const sockets: Socket[] = [];
/** Requests whose connection has closed, as the server sees it. */
const endings: string[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(open.splice(0).map((web) => web.close()));
  said.length = 0;
  endings.length = 0;
});

async function start({ patienceMs = 1_000 } = {}): Promise<number> {
  const listener = deskListener({
    publicUrl,
    desk: () => desk,
    log,
    clock: systemClock,
    patienceMs,
  });
  const options = { host: "127.0.0.1", port: 0, stuckAfterMs: 60_000, pulse: () => pulse, log, patienceMs };
  const web = await startWeb({
    ...options,
    desk: (asked, answer) => {
      answer.once("close", () => endings.push(asked.url ?? ""));
      listener(asked, answer);
    },
  });
  open.push(web);
  return web.port!;
}

const cookie = `__Host-tyr=${"a".repeat(43)}`;
const head = { host: "tyr.hs.test", cookie };

function ask(
  port: number,
  path: string,
  { method = "GET", headers = {}, body = "" } = {},
): Promise<number | string> {
  return new Promise((resolve) => {
    const asked = request({ port, path, method, headers: { ...head, ...headers } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "error"));
    asked.end(body);
  });
}

function held(port: number, words: string): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.write(words);
      socket.pause();
      resolve(socket);
    });
    socket.on("error", () => {});
    sockets.push(socket);
  });
}

const get = `GET / HTTP/1.1\r\nhost: tyr.hs.test\r\ncookie: ${cookie}\r\n\r\n`;
const endless = `POST /do HTTP/1.1\r\nhost: tyr.hs.test\r\ncookie: ${cookie}\r\norigin: ${publicUrl}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 900\r\n\r\nline=`;

test("answers pages beside the probes, and closes the connection after each", async () => {
  const port = await start();

  expect(await ask(port, "/lists")).toBe(200);
  expect(await ask(port, "/healthz")).toBe(200);
  expect(await ask(port, "/lists", { headers: { host: "evil.example" } })).toBe(421);
  expect(await ask(port, "/metrics")).toBe(404);
  expect(await ask(port, "/lists", { method: "DELETE" })).toBe(405);
  expect(await ask(port, "/%")).toBe(404);
});

test("a body of 10 MB is refused unread, with a length and without", async () => {
  const port = await start();
  const form = { origin: publicUrl, "content-type": "application/x-www-form-urlencoded" };
  const body = `line=stop&nonce=${"x".repeat(10_000_000)}`;

  const [sized, chunked] = await Promise.all([
    ask(port, "/do", { method: "POST", headers: form, body }),
    ask(port, "/do", { method: "POST", headers: { ...form, "transfer-encoding": "chunked" }, body }),
  ]);

  for (const answer of [sized, chunked]) expect([413, "ECONNRESET", "EPIPE"]).toContain(answer);
  expect(said).toEqual([]);
  expect(await ask(port, "/healthz")).toBe(200);
});

test("who does not read is cut off, and so is a form that does not end", async () => {
  const port = await start();
  await Promise.all([...Array.from({ length: 2 }, () => held(port, get)), held(port, endless)]);

  await eventually(() => Promise.resolve(endings.length), 3);

  expect(said).toEqual([]);
  expect(await ask(port, "/healthz")).toBe(200);
});

test("1,000 connections that say nothing keep nobody out for longer than their patience", async () => {
  const port = await start();
  await Promise.all(Array.from({ length: 1_000 }, () => held(port, "GET / HTTP/1.1\r\n")));

  expect(await eventually(() => ask(port, "/healthz"), 200)).toBe(200);
});

test("of very many at once the last are told so, and later ones are answered again", async () => {
  const port = await start();
  await Promise.all(Array.from({ length: 64 }, () => held(port, endless)));

  await eventually(() => ask(port, "/lists"), 503);
  expect(await ask(port, "/healthz")).toBe(200);
  await eventually(() => ask(port, "/lists"), 200);
});

/** Asks as often as it takes; the test's own time limit ends it. */
async function eventually<T>(look: () => Promise<T>, wanted: T): Promise<T> {
  for (;;) {
    const seen = await look();
    if (seen === wanted) return seen;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
