// Who is obeyed in an encrypted management room, and who can read Tyr there: devices that nobody has signed, what is
// said in clear, people who come and go, keys that come late, and ciphers that are played again.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import {
  type EncryptedScene,
  type Person,
  relation,
  setEncryptedScene,
} from "../support/other-clients/encrypted-scene.ts";
import type { OtherClient } from "../support/other-clients/other-client.ts";
import { TestClient } from "../support/synapse/client.ts";
import { type Synapse, startSynapse } from "../support/synapse/synapse.ts";

let synapse: Synapse;
let it: EncryptedScene;
let room: string;
let other: Person;

beforeAll(async () => {
  synapse = await startSynapse();
  it = await setEncryptedScene(synapse, { rooms: 1 });
  room = it.managementRoom;
  await it.start(it.byPassword);
  await it.heard(/^Tyr is watching/);
  other = await it.come("other");
});
afterAll(async () => {
  await it?.close();
  await synapse?.stop();
});

/** What Tyr said or marked about the event, as the client that was there from the beginning has it. */
const about = (event: string) =>
  it.client
    .heardIn(room)
    .filter(
      (heard) =>
        heard.sender === it.bot.userId &&
        [relation(heard).event_id, relation(heard)["m.in_reply_to"]?.event_id].includes(event),
    );
const marks = (event: string) => about(event).flatMap((heard) => relation(heard).key ?? []);

test("a device that its owner has not signed commands nothing, and does once it is signed", async () => {
  const phone = await it.newDevice(it.moderator);
  await phone.untilKnown(room);
  const refused = await phone.say(room, "!tyr status");
  const answer = await it.heard(new RegExp(`a device \\(${phone.own.device}\\) that you have not verified`));
  expect(answer.sealed).toBe("opened");
  expect(marks(refused)).not.toContain("✅");

  await it.moderator.sign(phone.own.device);

  const obeyed = await it.answer("!tyr status", phone);
  expect((await phone.opened(obeyed.event)).sealed).toBe("opened");
});

test("what is said in clear there is not done, and that is said", async () => {
  const said = await it.client.sayInClear(room, "!tyr status");

  const answer = await it.heard(/it was not encrypted, and this room is/);
  expect(answer.sealed).toBe("opened");
  expect(marks(said)).not.toContain("✅");
});

test("whoever was invited reads, once in the room, what was said since; and is obeyed", async () => {
  await it.client.invite(room, other.user.userId);
  const answer = await it.answer("!tyr status");

  await other.client.join(room);

  expect((await other.client.opened(answer.event)).content["body"]).toBe(answer.content["body"]);
  await other.client.opened((await it.answer("!tyr status", other.client)).event);
});

test("whoever has left reads nothing that is said after", async () => {
  await other.client.leave(room);
  await it.client.until(
    (heard) => heard.stateKey === other.user.userId && heard.content["membership"] === "leave",
    "the leaving",
  );
  const answer = await it.answer("!tyr rooms");

  await it.client.invite(room, other.user.userId);
  await other.client.join(room);

  await other.client.opened((await it.answer("!tyr status", other.client)).event);
  const known = other.client.heardIn(room).find((heard) => heard.event === answer.event);
  expect(known?.sealed ?? "closed").toBe("closed");
});

test("a command whose key comes late is done when it comes", async () => {
  const said = await it.client.sayBeforeKey(room, "!tyr status");
  await it.answer("!tyr rooms", other.client);
  expect(about(said)).toEqual([]);

  await it.client.handOver(room);

  expect((await it.replyTo(said, "the late command")).content["body"]).toContain("watching");
});

test("a cipher that is played again, by its author or by another, is no command", async () => {
  const event = await it.client.say(room, "!tyr status");
  await it.replyTo(event, "status");
  const { content } = await it.onServer(event);
  const send = (client: OtherClient) =>
    new TestClient(synapse.url, client.own.token).sendEvent(room, "m.room.encrypted", content);

  const again = [await send(it.client), await send(other.client)];
  await it.answer("!tyr rooms");

  for (const one of again) expect(marks(one)).not.toContain("✅");
  const answers = it
    .said()
    .filter((heard) => again.includes(relation(heard)["m.in_reply_to"]?.event_id ?? ""));
  expect(answers.filter((heard) => JSON.stringify(heard.content).includes("watching"))).toEqual([]);
});

test("a redaction and a state event inside a cipher change nothing", async () => {
  const command = await it.client.say(room, "!tyr status");
  await it.client.send(room, "m.room.redaction", { redacts: command });
  await it.client.send(room, "m.room.member", { membership: "leave" });
  await it.client.send(room, "m.room.power_levels", { users: { [it.client.own.user]: 0 }, users_default: 0 });

  expect((await it.answer("!tyr status")).sealed).toBe("opened");
});
