// A policy server on a real Synapse: set for twenty rooms, asked about what is said there, down, cleared by one word;
// its signed redactions are done, forged ones are not.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { setTimeout as pause } from "node:timers/promises";
import { patienceMs } from "../support/patience.ts";
import { aPolicyKey } from "../support/policy-signing.ts";
import { RequestFailed, TestClient, textOf } from "../support/synapse/client.ts";
import { ask, question } from "../support/synapse/conversation.ts";
import { type PolicyServerStandIn, startPolicyServer } from "../support/synapse/policy-server.ts";
import { setScene, unasked, type Scene } from "../support/synapse/scene.ts";
import { startSynapse, type Synapse } from "../support/synapse/synapse.ts";
import { startTyr, type TyrProcess } from "../support/tyr-process.ts";

const roomCount = 20;

let here: Synapse;
let policy: PolicyServerStandIn;
let scene: Scene;
let tyr: TyrProcess;
/** The user of the policy server, by whom it counts in the rooms. */
let its: { readonly userId: string; readonly client: TestClient };
let guest: { readonly userId: string; readonly client: TestClient };

beforeAll(async () => {
  [here, policy] = await Promise.all([
    startSynapse({ federation: true, bindAddress: "127.0.0.2" }),
    startPolicyServer("127.0.0.3"),
  ]);
  scene = await setScene(here, { rooms: roomCount });
  const { userId, accessToken } = await policy.synapse.registerUser("policyserv");
  its = { userId, client: new TestClient(policy.synapse.url, accessToken) };
  guest = await scene.person("guest", scene.rooms);
  tyr = await startTyr({
    homeserverUrl: here.url,
    accessToken: scene.bot.accessToken,
    settings: { ...scene.settings, ...unasked },
    // Nobody signed the certificate; to Tyr, which looks at it, it is said to be good.
    env: { NODE_EXTRA_CA_CERTS: policy.certificate },
  });
  await scene.said(/^Tyr is watching/);
});

afterAll(async () => {
  await tyr?.stop();
  scene?.close();
  await tyr?.remove();
  await Promise.all([here?.stop(), policy?.close()]);
});

const policyOf = (room: string) => scene.moderator.getStateEvent(room, "m.room.policy");
const viaIn = async (room: string) => (await policyOf(room))?.["via"];
async function untilAll(rooms: readonly string[], via: string | undefined): Promise<void> {
  for (const room of rooms) while ((await viaIn(room)) !== via) await pause(50);
}
const membershipOf = async (room: string, user: string) => (await scene.moderator.members(room)).get(user);
/** "said", or how it was refused. */
const speak = (text: string, room = scene.rooms[0]!) =>
  guest.client.sendText(room, text).then(
    () => "said",
    (error: unknown) => {
      if (!(error instanceof RequestFailed)) throw error;
      return `${error.status} ${error.errcode}`;
    },
  );
const tell = (content: object) =>
  its.client.request("PUT", `/sendToDevice/org.matrix.policyserv.command/${Math.random()}`, {
    messages: { [scene.bot.userId]: { "*": content } },
  });
const deniedIn = async (room: string) =>
  ((await scene.moderator.getStateEvent(room, "m.room.server_acl"))?.["deny"] ?? []) as readonly string[];
const contentOf = async (room: string, event: string) =>
  (await scene.moderator.getEvent(room, event)).content;

test("it shows the key, asks, and invites the server's user to all rooms", async () => {
  const line = `!tyr policy set ${policy.name}`;
  await scene.moderator.sendText(scene.managementRoom, line);
  const asked = await question(scene, 1);
  expect(textOf(asked)).toContain(
    `${policy.name} is a policy server (key ${policy.key.publicKey.slice(0, 4)}…`,
  );
  expect(textOf(asked)).toContain(`${its.userId} has to join first: I invite it to ${roomCount} rooms`);
  expect(await policyOf(scene.rooms[0]!)).toBeUndefined();

  await ask(scene, "!tyr yes 1");

  for (const room of scene.rooms) while ((await membershipOf(room, its.userId)) !== "invite") await pause(50);
  expect(await policyOf(scene.rooms[0]!)).toBeUndefined();
});

test("each room has it once the user has joined, and the management room never", async () => {
  for (const room of scene.rooms) await its.client.join(room, [here.serverName]);

  await untilAll(scene.rooms, policy.name);

  expect(await policyOf(scene.rooms[0]!)).toEqual({
    via: policy.name,
    public_keys: { ed25519: policy.key.publicKey },
  });
  expect(await policyOf(scene.managementRoom)).toBeUndefined();
});

test("it is asked about what is said there, and what it refuses is not said", async () => {
  policy.refuse((event) => JSON.stringify(event["content"]).includes("cheap pills"));
  const before = policy.signed();

  expect(await speak("hello")).toBe("said");
  expect(await speak("cheap pills")).toBe("400 M_FORBIDDEN");

  expect(policy.signed()).toBe(before + 1);
});

test("what it refuses of Tyr is told as its doing", async () => {
  const room = scene.rooms[0]!;
  const event = await guest.client.sendText(room, "rude");
  policy.refuse(({ type }) => type === "m.room.redaction");

  const link = `https://matrix.to/#/${encodeURIComponent(room)}/${encodeURIComponent(event)}`;
  const { text, mark } = await ask(scene, `!tyr redact ${link}`);

  expect(mark).toBe("❌");
  expect(text).toContain(`the policy server ${policy.name} refused it (this is spam)`);
  expect(await contentOf(room, event)).toMatchObject({ body: "rude" });
  policy.refuse(() => false);
});

test("a redaction that it has signed is done; one that somebody else has signed is not", async () => {
  const room = scene.rooms[1]!;
  const [leaked, spared] = [
    await guest.client.sendText(room, "leaked"),
    await guest.client.sendText(room, "fine"),
  ];
  const command = (event: string) => ({ command: "redact", room_id: room, event_id: event });

  await tell(aPolicyKey().signed(command(spared), policy.name));
  await tell(policy.key.signed(command(leaked), policy.name));

  while (Object.keys(await contentOf(room, leaked)).length > 0) await pause(50);
  expect(await contentOf(room, spared)).toMatchObject({ body: "fine" });
  const { text } = await ask(scene, "!tyr policy");
  expect(text).toContain("1 done; not done: 1 not signed by the room's policy server");
});

test(
  "while it is down nobody can speak, and what Tyr does fails, which is told",
  async () => {
    policy.goDown();
    expect(await speak("anybody here?")).toBe("500 M_UNKNOWN");
    await scene.moderator.sendState(scene.list, "m.policy.rule.server", "evil", {
      entity: "evil.example",
      recommendation: "m.ban",
    });

    const said = await scene.said(/^Question 2:/);

    expect(said).toContain(`Rooms cannot talk: the policy server ${policy.name} did not answer`);
    expect(said).toContain(`Clear it in all ${roomCount} rooms of it?`);
    expect(await deniedIn(scene.rooms[0]!)).not.toContain("evil.example");
  },
  2 * patienceMs,
);

test(
  "one reaction clears it in all rooms, and what waited comes true",
  async () => {
    const asked = await question(scene, 2);

    await scene.moderator.sendEvent(scene.managementRoom, "m.reaction", {
      "m.relates_to": { rel_type: "m.annotation", event_id: asked.event_id, key: "✅" },
    });

    await untilAll(scene.rooms, undefined);
    expect(await speak("we can talk again")).toBe("said");
    for (const room of scene.rooms) while (!(await deniedIn(room)).includes("evil.example")) await pause(100);
  },
  3 * patienceMs,
);

test("cleared, it asks for redactions in vain", async () => {
  const room = scene.rooms[2]!;
  const kept = await scene.moderator.sendText(room, "kept");

  await tell(policy.key.signed({ command: "redact", room_id: room, event_id: kept }, policy.name));
  const counted = async () => (await ask(scene, "!tyr policy")).text;
  while (!(await counted()).includes("2 not signed by the room's policy server")) await pause(100);

  expect(await contentOf(room, kept)).toMatchObject({ body: "kept" });
});
