// The test server and the test client themselves: if these fail, no other end-to-end test says anything.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { RequestFailed, TestClient } from "../support/synapse/client.ts";
import { type Synapse, startSynapse } from "../support/synapse/synapse.ts";

let synapse: Synapse;
let alice: TestClient;
let bob: TestClient;
let bobId: string;

beforeAll(async () => {
  synapse = await startSynapse();
  const [first, second] = await Promise.all([synapse.registerUser("alice"), synapse.registerUser("bob")]);
  alice = new TestClient(synapse.url, first.accessToken);
  bob = new TestClient(synapse.url, second.accessToken);
  bobId = second.userId;
  await Promise.all([alice.watch(), bob.watch()]);
});

afterAll(async () => {
  await Promise.all([alice?.close(), bob?.close()]);
  await synapse?.stop();
});

describe.each(["11", "12"])("in a room of version %s", (version) => {
  test("a ban reaches the one who is banned", async () => {
    const room = await alice.createRoom({ version, name: "The Well" });
    await bob.join(room);

    await alice.ban(room, bobId, "spam");

    const ban = await bob.until(
      (event, roomId) => roomId === room && event.state_key === bobId && event.content.membership === "ban",
      { what: "Bob's ban" },
    );
    expect(ban.event.content.reason).toBe("spam");
    expect((await alice.members(room)).get(bobId)).toBe("ban");
  });

  test("a redaction takes the text away", async () => {
    const room = await alice.createRoom({ version });
    await bob.join(room);
    const eventId = await bob.sendText(room, "buy my coins");
    await alice.until((event) => event.event_id === eventId, { what: "Bob's message" });

    await alice.redact(room, eventId);

    await bob.until((event, roomId) => roomId === room && event.type === "m.room.redaction");
    expect((await bob.getEvent(room, eventId)).content).toEqual({});
  });
});

test("an invitation is seen by the one invited", async () => {
  const room = await alice.createRoom({ preset: "private_chat" });

  await alice.invite(room, bobId);

  await bob.until((event, roomId) => roomId === room && event.content.membership === "invite");
});

test("what the server refuses is an error with its code", async () => {
  const room = await alice.createRoom({ preset: "private_chat" });

  const refused = await bob.join(room).catch((error: unknown) => error);

  expect(refused).toBeInstanceOf(RequestFailed);
  expect(refused).toMatchObject({ status: 403, errcode: "M_FORBIDDEN" });
});

test("waiting in vain says for what", async () => {
  const waiting = alice.until(() => false, { what: "a miracle", timeoutMs: 20 });

  await expect(waiting).rejects.toThrow("a miracle did not come within 20 ms");
});

test("rooms and accounts survive a crash", async () => {
  const room = await alice.createRoom();

  await synapse.kill();
  await synapse.restart();

  const eventId = await alice.sendText(room, "still here");
  await alice.until((event) => event.event_id === eventId);
});

test("two servers federate, and a server ACL tells them apart", async () => {
  const [here, there] = await Promise.all([
    startSynapse({ federation: true, bindAddress: "127.0.0.2" }),
    startSynapse({ federation: true, bindAddress: "127.0.0.3" }),
  ]);
  try {
    const [carol, dave] = await Promise.all([here.registerUser("carol"), there.registerUser("dave")]);
    const carolClient = new TestClient(here.url, carol.accessToken);
    const daveClient = new TestClient(there.url, dave.accessToken);
    const room = await carolClient.createRoom();
    await daveClient.join(room, [here.serverName]);

    const acl = { allow: ["*"], deny: ["127.0.0.3"], allow_ip_literals: true };
    await carolClient.sendState(room, "m.room.server_acl", "", acl);
    await daveClient.leave(room);

    await expect(daveClient.join(room, [here.serverName])).rejects.toThrow(RequestFailed);
  } finally {
    await Promise.all([here.stop(), there.stop()]);
  }
});
