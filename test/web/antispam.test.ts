// Callbacks over HTTP: JSON only where something is allowed or refused, so that the module's `fail_open` has the rest.
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { request as httpRequest } from "node:http";
import type { Asked, CallbackAnswer, Callbacks } from "../../src/model/callbacks.ts";
import type { Pulse } from "../../src/model/health.ts";
import { startWeb, type Web } from "../../src/web/server.ts";

const pulse = { isCaughtUp: true } as Pulse;
let asked: Asked[];
let says: CallbackAnswer;
let logged: string[];
let web: Web;
const log = {
  debug: () => {},
  info: () => {},
  warn: (_fields: unknown, message: string) => void logged.push(message),
  error: (_fields: unknown, message: string) => void logged.push(message),
};
const callbacks: Callbacks = {
  secret: "s3cret",
  answer: (one) => {
    asked.push(one);
    return says;
  },
};
const start = async (answering: Callbacks | undefined = callbacks) => {
  await web?.close();
  web = await startWeb({
    ...{ host: "127.0.0.1", port: 0, stuckAfterMs: 60_000, pulse: () => pulse, log },
    callbacks: answering,
  });
};
beforeEach(async () => {
  [asked, says, logged] = [[], "allowed", []];
  await start();
});
afterEach(() => web.close());

async function post(path: string, body: string, { secret = "s3cret", method = "POST" } = {}) {
  const response = await fetch(`http://127.0.0.1:${web.port}${path}`, {
    method,
    headers: { authorization: `Bearer ${secret}` },
    ...(method === "POST" ? { body } : {}),
  });
  const text = await response.text();
  return { status: response.status, text, json: jsonOf(text) };
}
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return "no JSON";
  }
}
const invite = "/antispam/v1/user_may_invite";

test("what is allowed is answered with an empty object, what is refused with words that tell nothing", async () => {
  const body = { inviter: "@a:b", invitee: "@c:d", room_id: "!e:f" };

  expect(await post(invite, JSON.stringify(body))).toMatchObject({ status: 200, json: {} });
  says = "refused";
  expect(await post(invite, JSON.stringify(body))).toMatchObject({
    status: 403,
    json: { errcode: "M_FORBIDDEN", error: "Not allowed by the server's rules" },
  });
  // In a dry run.
  says = "recorded";
  expect(await post(invite, JSON.stringify(body))).toMatchObject({ status: 200, json: {} });
  const one = { callback: "user_may_invite", body };
  expect(asked).toEqual([one, one, one]);
});

test("a ping gets its id back, and nobody is asked", async () => {
  expect(await post("/antispam/v1/ping", `{"id":"abc"}`)).toMatchObject({
    status: 200,
    json: { id: "abc", status: "ok" },
  });
  expect(asked).toEqual([]);
});

test.each<[string, () => ReturnType<typeof post>, number]>([
  ["another secret", () => post(invite, "{}", { secret: "s3cres" }), 401],
  ["no secret", () => post(invite, "{}", { secret: "" }), 401],
  ["another method", () => post(invite, "", { method: "GET" }), 405],
  ["another version", () => post("/antispam/v2/user_may_invite", "{}"), 404],
  ["no JSON", () => post(invite, "{"), 400],
  ["no object", () => post(invite, "[]"), 400],
])(
  "%s is answered in words, which the module takes for no answer, and nobody is asked",
  async (_what, ask, status) => {
    expect(await ask()).toMatchObject({ status, json: "no JSON" });
    expect(asked).toEqual([]);
  },
);

test("another secret is told once, however often it is tried, and never itself", async () => {
  for (let i = 0; i < 5; i++) await post(invite, "{}", { secret: "s3cres" });

  expect(logged).toEqual([expect.stringContaining("another secret")]);
  expect(logged.join()).not.toContain("s3cre");
});

test("without a secret in the config the module is not told that everything is refused", async () => {
  await start(undefined);
  // `undefined` takes the default.
  await web.close();
  web = await startWeb({ host: "127.0.0.1", port: 0, stuckAfterMs: 60_000, pulse: () => pulse, log });

  const { status, json, text } = await post(invite, "{}");

  expect({ status, json }).toEqual({ status: 404, json: "no JSON" });
  expect(text).toContain("antispam.secret is not set");
});

test("what is larger than a megabyte is not kept, and asked about as that", async () => {
  const { status } = await post(
    "/antispam/v1/federated_user_may_invite",
    JSON.stringify({ event: { unsigned: "x".repeat(3_000_000) } }),
  );

  expect(status).toBe(200);
  expect(asked).toEqual([{ callback: "federated_user_may_invite", body: undefined }]);
});

test("whoever hangs up in the middle breaks nothing", async () => {
  const { port } = web;
  await new Promise<void>((resolve) => {
    const cut = httpRequest({
      ...{ host: "127.0.0.1", port, path: invite, method: "POST" },
      headers: { authorization: "Bearer s3cret", "content-length": "1000" },
    });
    cut.on("error", () => resolve());
    cut.write("{", () => cut.destroy());
    cut.on("close", () => resolve());
  });

  expect((await post(invite, "{}")).status).toBe(200);
  expect(logged).toEqual([]);
});

test("a fault of ours leaves it to the module, too", async () => {
  await start({
    secret: "s3cret",
    answer: () => {
      throw new Error("broken");
    },
  });

  expect(await post(invite, "{}")).toMatchObject({ status: 500, json: "no JSON" });
  expect(logged).toEqual(["a callback could not be answered"]);
});

test("probes are answered beside them", async () => {
  const response = await fetch(`http://127.0.0.1:${web.port}/healthz`);

  expect(response.status).toBe(200);
});
