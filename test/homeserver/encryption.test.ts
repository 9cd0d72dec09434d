// Two moderators' clients that encrypt talk through the scripted homeserver; what it does to their keys and messages.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { EncryptingClient, type IdentityFrom } from "../support/encryption/client.ts";
import { inProcess, overHttp } from "../support/encryption/link.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { Homeserver, type NewUser } from "./homeserver.ts";
import { serveHttp } from "./http.ts";

let clock: FakeClock;
let homeserver: Homeserver;
let accounts: { readonly alice: NewUser; readonly bob: NewUser };
let alice: EncryptingClient;
let bob: EncryptingClient;
let room: string;
const opened: EncryptingClient[] = [];

beforeEach(async () => {
  clock = new FakeClock();
  homeserver = new Homeserver({ clock });
  accounts = { alice: homeserver.createUser("alice"), bob: homeserver.createUser("bob") };
  room = encryptedRoom();
  alice = await enter(accounts.alice);
  bob = await enter(accounts.bob);
});

afterEach(async () => {
  for (const client of opened.splice(0)) await client.close();
});

function encryptedRoom(): string {
  const { alice: creator, bob: other } = accounts;
  const initialState = [{ type: "m.room.encryption", content: { algorithm: "m.megolm.v1.aes-sha2" } }];
  const roomId = homeserver.createRoom({ creator: creator.userId, invite: [other.userId], initialState });
  homeserver.join(roomId, other.userId);
  return roomId;
}

async function enter(user: NewUser, identity: IdentityFrom = "made"): Promise<EncryptingClient> {
  return kept(await EncryptingClient.enter({ link: inProcess(homeserver), ...user }, { identity }));
}

function kept(client: EncryptingClient): EncryptingClient {
  opened.push(client);
  return client;
}

/** All of them look, and upload what they want to. */
async function allSync(...clients: readonly EncryptingClient[]): Promise<void> {
  for (const client of clients) await client.sync();
}

describe("two clients", () => {
  test("read each other, and nothing is said against it", async () => {
    await allSync(alice, bob);

    const question = await alice.say(room, "who goes?");
    await bob.sync();
    await bob.reply(room, question, "I do");
    await alice.sync();

    expect(alice.timeline.texts(room)).toEqual(["who goes?", "I do"]);
    expect(bob.timeline.event(question)).toMatchObject({ isEncrypted: true, shield: "None" });
    expect(homeserver.texts(room)).toEqual([]);
    expect([...alice.refused, ...bob.refused]).toEqual([]);
  });

  test("see edits as edits, while reactions are in clear", async () => {
    await allSync(alice, bob);
    const said = await alice.say(room, "no");

    const edited = await alice.edit(room, said, "yes");
    const reaction = await bob.react(room, said, "✅");
    await allSync(alice, bob);

    const relation = { rel_type: "m.replace", event_id: said };
    expect(bob.timeline.event(edited)?.content).toMatchObject({ "m.relates_to": relation });
    expect(homeserver.event(room, edited)?.content).toMatchObject({ "m.relates_to": relation });
    expect(alice.timeline.event(reaction)).toMatchObject({ type: "m.reaction", isEncrypted: false });
  });

  test("follow along by themselves", async () => {
    await allSync(alice, bob);
    alice.follow();
    bob.follow();
    await clock.runUntil(alice.say(room, "quick"));

    await clock.runUntil(() => bob.timeline.texts(room).includes("quick"), { what: "the word at bob" });

    expect(bob.timeline.closed(room)).toEqual([]);
  });

  test("talk over HTTP", async () => {
    const server = await serveHttp(homeserver);
    try {
      const carol = homeserver.createUser("carol");
      homeserver.invite(room, accounts.alice.userId, carol.userId);
      homeserver.join(room, carol.userId);
      const remote = kept(await EncryptingClient.enter({ link: overHttp(server.url), ...carol }));
      await alice.sync();

      await alice.say(room, "over the wire");
      const file = await alice.sendFile(room, "a.bin", new Uint8Array([0, 255, 128]));
      await remote.sync();

      expect(remote.timeline.texts(room)).toEqual(["over the wire", "a.bin"]);
      expect([...(await remote.readFile(remote.timeline.event(file)!))]).toEqual([0, 255, 128]);
    } finally {
      await server.close();
    }
  });

  test("send files that the server cannot read", async () => {
    await allSync(alice, bob);

    const sent = await alice.sendFile(room, "list.txt", Buffer.from("@spammer:evil.test"));
    await bob.sync();

    const file = bob.timeline.event(sent)!;
    const { url } = file.content["file"] as { url: string };
    expect(Buffer.from(await bob.readFile(file)).toString()).toBe("@spammer:evil.test");
    expect(homeserver.media(url)).not.toContain("spammer");
  });

  test("become encrypted with their room", async () => {
    const clear = homeserver.createRoom({ creator: accounts.alice.userId, joinRule: "public" });
    homeserver.join(clear, accounts.bob.userId);
    await allSync(alice, bob);
    const before = await alice.say(clear, "before");

    homeserver.setState(clear, accounts.alice.userId, "m.room.encryption", "", {
      algorithm: "m.megolm.v1.aes-sha2",
    });
    await allSync(alice, bob);
    const after = await alice.say(clear, "after");
    await bob.sync();

    expect(bob.timeline.texts(clear)).toEqual(["before", "after"]);
    expect(homeserver.event(clear, before)?.type).toBe("m.room.message");
    expect(homeserver.event(clear, after)?.type).toBe("m.room.encrypted");
  });
});

describe("whose devices get keys", () => {
  test("not one that its owner has not signed, and it is told so", async () => {
    const unsigned = kept(await bob.newDevice({ isSigned: false }));
    await allSync(alice, bob);

    const said = await alice.say(room, "secret");
    await allSync(bob, unsigned);

    expect(bob.timeline.texts(room)).toEqual(["secret"]);
    expect(unsigned.timeline.event(said)?.closed).toEqual({
      code: "MissingRoomKey",
      withheld: "m.unverified",
    });
    expect(homeserver.devices.isSigned(bob.userId, unsigned.deviceId)).toBe(false);
  });

  test("nor is it read, until its owner signs it", async () => {
    const unsigned = kept(await bob.newDevice({ isSigned: false }));
    await allSync(unsigned, alice);
    const said = await unsigned.say(room, "it is me");
    await alice.sync();
    const before = alice.timeline.event(said)?.closed?.code;

    await bob.sign(unsigned.deviceId);
    await alice.sync();

    expect(before).toBe("UnsignedSenderDevice");
    expect(alice.timeline.event(said)).toMatchObject({ closed: undefined, shield: "None" });
    expect(homeserver.devices.isSigned(bob.userId, unsigned.deviceId)).toBe(true);
  });

  test("a new device reads what is said from then on", async () => {
    await allSync(alice, bob);
    const before = await alice.say(room, "before");
    const phone = kept(await bob.newDevice());
    await alice.sync();

    await alice.say(room, "after");
    await phone.sync();

    expect(phone.timeline.event(before)?.closed?.code).toBe("UnknownMessageIndex");
    expect(phone.timeline.texts(room)).toEqual(["after"]);
  });

  test("who has left reads nothing more, who is invited reads from then on", async () => {
    const carol = await enter(homeserver.createUser("carol"));
    homeserver.invite(room, alice.userId, carol.userId);
    await allSync(alice, bob);
    await alice.say(room, "welcome");
    homeserver.join(room, carol.userId);
    homeserver.leave(room, bob.userId);
    await allSync(alice, bob, carol);

    await alice.say(room, "bob is gone");
    homeserver.invite(room, alice.userId, bob.userId);
    homeserver.join(room, bob.userId);
    await allSync(carol, bob);

    expect(carol.timeline.texts(room)).toEqual(["welcome", "bob is gone"]);
    expect(bob.timeline.closed(room).map(({ closed }) => closed?.code)).toEqual(["MissingRoomKey"]);
  });

  test("whom one has verified stays so on one's other devices", async () => {
    await allSync(alice, bob);
    await alice.verify(bob.userId);
    const phone = kept(await alice.newDevice());
    await phone.verify(bob.userId);

    expect(await alice.isVerified(bob.userId)).toBe(true);
    expect(await phone.isVerified(bob.userId)).toBe(true);
    expect(await bob.isVerified(alice.userId)).toBe(false);
  });
});

describe("an identity", () => {
  test("is replaced with the password alone", async () => {
    const first = homeserver.devices.identity(bob.userId);
    const phone = kept(await bob.newDevice({ isSigned: false }));

    await phone.makeIdentity();

    expect(homeserver.devices.identity(bob.userId)).not.toBe(first);
    expect(homeserver.requestCounts["POST keys/device_signing"]).toBe(4);
    expect(homeserver.devices.isSigned(bob.userId, phone.deviceId)).toBe(true);
  });

  test("is not replaced with a wrong password", async () => {
    const first = homeserver.devices.identity(bob.userId);
    const accessToken = homeserver.newToken(bob.userId);
    const login = {
      link: inProcess(homeserver),
      userId: bob.userId,
      deviceId: homeserver.devices.ofToken(accessToken)!,
      accessToken,
      password: "guess",
    };
    const thief = kept(await EncryptingClient.enter(login, { identity: "none" }));

    await expect(thief.makeIdentity()).rejects.toMatchObject({ status: 401, errcode: "M_FORBIDDEN" });
    expect(homeserver.devices.identity(bob.userId)).toBe(first);
  });
});

describe("keys that run out", () => {
  test("the fallback key is given out again and again, until the device is back", async () => {
    await allSync(alice, bob);
    homeserver.devices.useUpOneTimeKeys(bob.userId, bob.deviceId);
    const phone = kept(await alice.newDevice());

    const first = await alice.say(room, "one");
    const second = await phone.say(room, "two");
    const wasUnused = homeserver.devices.hasUnusedFallbackKey(bob.userId, bob.deviceId);
    await bob.sync();

    expect(wasUnused).toBe(false);
    expect([first, second].map((id) => bob.timeline.event(id)?.closed)).toEqual([undefined, undefined]);
    expect(homeserver.devices.oneTimeKeys(bob.userId, bob.deviceId)).toBeGreaterThan(40);
  });
});

describe("messages to a device", () => {
  test("that come twice do no harm", async () => {
    await allSync(alice, bob);
    homeserver.devices.repeat({ user: bob.userId });

    await alice.say(room, "twice");
    await allSync(bob, bob, bob);
    await alice.say(room, "and on");
    await allSync(bob, bob);

    expect(bob.timeline.texts(room)).toEqual(["twice", "and on"]);
    expect(homeserver.devices.waitingFor(bob.userId, bob.deviceId)).toEqual([]);
  });

  test("that are late open what waited for them", async () => {
    await allSync(alice, bob);
    homeserver.devices.hold({ user: bob.userId });
    const said = await alice.say(room, "early");
    await bob.sync();
    const before = bob.timeline.event(said)?.closed?.code;

    homeserver.devices.release({ user: bob.userId });
    await bob.sync();

    expect(before).toBe("MissingRoomKey");
    expect(bob.timeline.texts(room)).toEqual(["early"]);
  });

  test("are lost to the first reader where a second has looked twice", async () => {
    await allSync(alice, bob);
    const said = await alice.say(room, "for one");
    const second = await enter({ ...accounts.bob }, "none");

    await second.sync();
    await bob.sync();

    expect(bob.timeline.event(said)?.closed?.code).toBe("MissingRoomKey");
  });

  test("that the server refuses keep the word back, and go with the next", async () => {
    await allSync(alice, bob);
    homeserver.devices.refuseToDevice(1, { from: alice.userId });

    await expect(alice.say(room, "lost")).rejects.toMatchObject({ status: 500 });
    await alice.say(room, "said");
    await bob.sync();

    expect(bob.timeline.texts(room)).toEqual(["said"]);
    expect(bob.timeline.closed(room)).toEqual([]);
  });

  test("come with a sync that leaves out events", async () => {
    await allSync(alice, bob);
    homeserver.skipInSync([room]);
    for (const text of ["one", "two", "three"]) await alice.say(room, text);

    await bob.sync();

    expect(bob.timeline.texts(room)).toEqual(["three"]);
  });
});
