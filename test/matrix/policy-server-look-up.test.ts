import { expect, test } from "@jest/globals";
import { policyServerAt } from "../../src/matrix/policy-server-look-up.ts";
import { broken, limited, ScriptedServer, type Scripted } from "./scripted.ts";

const key = "A".repeat(43);
const asked = (answer: Scripted) => {
  const server = new ScriptedServer(answer);
  server.transport.accessToken = "secret";
  return { server, found: policyServerAt(server.transport, "policy.example:8448", server.clock) };
};

test("asks the server itself, once, and without our token", async () => {
  const { server, found } = asked({ body: { public_keys: { ed25519: key } } });

  expect(await found).toEqual({ via: "policy.example:8448", key });
  expect(server.requests).toHaveLength(1);
  expect(server.requests[0]).toMatchObject({
    origin: "https://policy.example:8448",
    path: "/.well-known/matrix/policy_server",
    headers: {},
    mostBytes: 65_536,
  });
});

test("reads bytes, as they come over the wire", async () => {
  const body = Buffer.from(JSON.stringify({ public_keys: { ed25519: `${key}=` } }));

  expect(await asked({ body }).found).toEqual({ via: "policy.example:8448", key });
});

test.each<[string, Scripted, string]>([
  ["no key", { body: {} }, "what it answered has no key in it"],
  ["what is no JSON", { body: Buffer.from("<html>") }, "what it answered has no key in it"],
  ["404", { status: 404, body: {} }, "it says nothing of a policy server (404)"],
  ["a redirection", { status: 301, body: {} }, "it answered with status 301"],
  ["that it is broken", broken, "it answered with status 502"],
  ["that it is busy", limited(1), "it answered with status 429"],
  ["nothing, as nobody is there", Object.assign(new Error("no"), { code: "ENOTFOUND" }), "ENOTFOUND"],
])(
  "tells a problem, and nothing that the server wrote, where it answers %s",
  async (_what, answer, problem) => {
    const found = (await asked(answer).found) as { problem: string };

    expect(found.problem).toContain(problem);
    expect(found.problem).not.toContain("<");
  },
);

test("waits for five seconds", async () => {
  const { server, found } = asked("silence");

  await server.fake.advance(5_000);

  expect(await found).toEqual({ problem: "it did not answer within 5 seconds" });
});
