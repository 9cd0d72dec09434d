// The clients that encrypt, among themselves: if these fail, no test of encryption says anything about Tyr.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fingerprintBySignatures, giveIdentity } from "../support/other-clients/cross-signing.ts";
import { mautrixProgram, startMautrix } from "../support/other-clients/mautrix.ts";
import { startNio } from "../support/other-clients/nio.ts";
import type { OtherClient } from "../support/other-clients/other-client.ts";
import { TestClient } from "../support/synapse/client.ts";
import { type RegisteredUser, type Synapse, startSynapse } from "../support/synapse/synapse.ts";

const mautrix = await mautrixProgram();

let synapse: Synapse;
let folder: string;
let carol: RegisteredUser;
let dave: RegisteredUser;
let hers: OtherClient;
let his: OtherClient;
let room: string;

beforeAll(async () => {
  synapse = await startSynapse();
  folder = await mkdtemp(join(tmpdir(), "tyr-nio-"));
  [carol, dave] = await Promise.all([synapse.registerUser("carol"), synapse.registerUser("dave")]);
  [hers, his] = await Promise.all([
    startNio(synapse, carol, { store: folder }),
    startNio(synapse, dave, { store: folder }),
  ]);
  room = await hers.create("Moderators", { invite: [dave.userId] });
  await his.join(room);
  await hers.until(
    (heard) => heard.stateKey === dave.userId && heard.content["membership"] === "join",
    "Dave",
  );
});

afterAll(async () => {
  await Promise.all([hers?.close(), his?.close()]);
  await synapse?.stop();
  await rm(folder, { recursive: true, force: true });
});

test("what is said is sealed on the server and open to the other", async () => {
  const said = await hers.say(room, "hello");

  const heard = await his.opened(said);
  expect(heard).toMatchObject({ type: "m.room.message", content: { body: "hello" }, trust: "unverified" });
  const response = await fetch(`${synapse.url}/_matrix/client/v3/rooms/${room}/event/${said}`, {
    headers: { authorization: `Bearer ${carol.accessToken}` },
  });
  expect(await response.json()).toMatchObject({ type: "m.room.encrypted" });
  expect(await hers.given(room)).toContain(`${dave.userId} ${his.own.device}`);
});

test("a device that was compared by hand is verified from then on", async () => {
  const [device] = (await his.devices(carol.userId)).filter((one) => one.device === hers.own.device);
  expect(device!.ed25519).toBe(hers.own.ed25519);

  await his.verify(carol.userId, hers.own.device);

  expect(await his.opened(await hers.say(room, "it is me"))).toMatchObject({ trust: "verified" });
});

test("a device counts as its owner's once the owner's identity has signed it", async () => {
  const reader = new TestClient(synapse.url, dave.accessToken);
  await expect(fingerprintBySignatures(reader, carol.userId, hers.own.device)).rejects.toThrow(
    "no master key",
  );

  const sign = await giveIdentity(synapse.url, hers.own, carol.password);

  expect(await fingerprintBySignatures(reader, carol.userId, hers.own.device)).toBe(hers.own.ed25519);
  const second = await startNio(synapse, carol, { store: folder });
  try {
    const fingerprint = () => fingerprintBySignatures(reader, carol.userId, second.own.device);
    await expect(fingerprint()).rejects.toThrow("not signed by its owner");
    await sign(second.own.device);
    expect(await fingerprint()).toBe(second.own.ed25519);
  } finally {
    await second.close();
  }
});

test("replies, edits and reactions keep what they refer to", async () => {
  const said = await his.say(room, "!tyr help");
  const answer = await hers.reply(room, said, "one");
  const edit = await hers.edit(room, answer, "one, two");
  const reaction = await his.react(room, answer, "✅");

  expect((await his.opened(answer)).content["m.relates_to"]).toEqual({ "m.in_reply_to": { event_id: said } });
  expect((await his.opened(edit)).content).toMatchObject({
    "m.new_content": { body: "one, two" },
    "m.relates_to": { rel_type: "m.replace", event_id: answer },
  });
  expect(await hers.until((heard) => heard.event === reaction, "the reaction")).toMatchObject({
    sealed: "no",
    content: { "m.relates_to": { event_id: answer, key: "✅" } },
  });
});

test("a client whose window was closed goes on with its keys", async () => {
  const before = await hers.say(room, "before");
  await his.opened(before);
  await his.close();
  const meanwhile = await hers.say(room, "meanwhile");

  his = await startNio(synapse, dave, { store: folder, as: his.own });

  expect(await his.opened(meanwhile)).toMatchObject({ content: { body: "meanwhile" }, trust: "verified" });
  expect(await hers.opened(await his.say(room, "back"))).toMatchObject({ content: { body: "back" } });
});

test("a new device reads what comes after it, and says what it cannot read", async () => {
  const before = await hers.say(room, "before the new device");
  const phone = await startNio(synapse, dave, { store: join(folder) });
  try {
    await hers.until((heard) => heard.event === before, "its own word");
    await hers.devices(dave.userId);
    const after = await hers.say(room, "after it");

    expect(await phone.opened(after)).toMatchObject({ content: { body: "after it" } });
    expect(phone.heardIn(room).find((heard) => heard.event === before)).toMatchObject({ sealed: "closed" });
    expect(await hers.given(room)).toContain(`${dave.userId} ${phone.own.device}`);
  } finally {
    await phone.close();
  }
});

test("a key that comes late opens what was closed", async () => {
  await hers.devices(dave.userId);
  const said = await hers.sayBeforeKey(room, "slow");
  expect(await his.until((heard) => heard.event === said, "the closed word")).toMatchObject({
    sealed: "closed",
  });

  await hers.handOver(room);

  expect(await his.opened(said)).toMatchObject({ content: { body: "slow" } });
});

test("whom the sender distrusts gets no key", async () => {
  await hers.devices(dave.userId);
  await hers.distrust(dave.userId, his.own.device);
  await hers.discard(room);

  const said = await hers.say(room, "not for that one");

  expect(await his.until((heard) => heard.event === said, "the closed word")).toMatchObject({
    sealed: "closed",
  });
  expect(await hers.given(room)).not.toContain(`${dave.userId} ${his.own.device}`);
});

test("files travel sealed", async () => {
  const said = await his.upload(room, "rules.txt", Buffer.from("no spam\n"));

  const { content } = await hers.opened(said);
  expect(content["url"]).toBeUndefined();
  expect((await hers.download(content["file"])).toString()).toBe("no spam\n");
});

test("what is said in clear in an encrypted room is told apart", async () => {
  const said = await hers.sayInClear(room, "oops");

  expect(await his.until((heard) => heard.event === said, "the clear word")).toMatchObject({ sealed: "no" });
});

const isMissing = "missing" in mautrix;
(isMissing ? describe.skip : describe)(isMissing ? mautrix.missing : "mautrix-go", () => {
  let erin: RegisteredUser;
  let hersToo: OtherClient;
  let together: string;

  beforeAll(async () => {
    erin = await synapse.registerUser("erin");
    hersToo = await startMautrix((mautrix as { program: string }).program, synapse, erin);
    await hersToo.ask("identity", { password: erin.password });
    together = await hersToo.create("Moderators", { invite: [carol.userId, dave.userId] });
    await Promise.all([hers.join(together), his.join(together)]);
    await hersToo.until((heard) => heard.room === together && heard.stateKey === dave.userId, "Dave");
  });
  afterAll(() => hersToo?.close());

  test("has an identity whose signatures hold", async () => {
    const reader = new TestClient(synapse.url, dave.accessToken);

    expect(await fingerprintBySignatures(reader, erin.userId, hersToo.own.device)).toBe(hersToo.own.ed25519);
  });

  test("gives its keys to devices that their owners have signed, and to no others", async () => {
    const said = await hersToo.say(together, "for who is signed");

    expect(await hers.opened(said)).toMatchObject({ content: { body: "for who is signed" } });
    expect(
      await his.until((heard) => heard.event === said && heard.why === "m.unverified", "a refusal"),
    ).toBeDefined();
    expect(await hersToo.given(together)).toContain(`${carol.userId} ${hers.own.device}`);
    expect(await hersToo.given(together)).not.toContain(`${dave.userId} ${his.own.device}`);
  });

  test("reads everybody, and tells whose device is signed", async () => {
    const signed = await hers.say(together, "signed");
    const unsigned = await his.say(together, "unsigned");

    expect(await hersToo.opened(signed)).toMatchObject({
      content: { body: "signed" },
      trust: "cross-signed-tofu",
    });
    expect(await hersToo.opened(unsigned)).toMatchObject({
      content: { body: "unsigned" },
      trust: "unverified",
    });
  });

  test("keeps what replies, edits and reactions refer to", async () => {
    const said = await hers.say(together, "one");
    const edit = await hersToo.edit(together, said, "two");
    const reply = await hersToo.reply(together, said, "three");
    const reaction = await hersToo.react(together, said, "✅");

    expect((await hers.opened(edit)).content).toMatchObject({ "m.new_content": { body: "two" } });
    expect((await hers.opened(reply)).content["m.relates_to"]).toEqual({
      "m.in_reply_to": { event_id: said },
    });
    expect(await hers.until((heard) => heard.event === reaction, "the reaction")).toMatchObject({
      sealed: "no",
    });
  });

  test("takes the same cipher under another event id for a replay", async () => {
    const said = await hers.say(together, "once");
    await hersToo.opened(said);
    const reader = new TestClient(synapse.url, carol.accessToken);
    const { content } = await reader.getEvent(together, said);

    const again = await reader.sendEvent(together, "m.room.encrypted", content);

    const heard = await hersToo.until((one) => one.event === again, "the replay");
    expect(heard.sealed).toBe("closed");
    expect(heard.why).toContain("duplicate");
  });

  test("files travel sealed both ways", async () => {
    const up = await hersToo.upload(together, "a.txt", Buffer.from("one\n"));
    const down = await hers.upload(together, "b.txt", Buffer.from("two\n"));

    expect((await hers.download((await hers.opened(up)).content["file"])).toString()).toBe("one\n");
    expect((await hersToo.download((await hersToo.opened(down)).content["file"])).toString()).toBe("two\n");
  });
});
