// A management room that a moderator's client has made encrypted works like any other, and nothing of Tyr is marked in
// it. The clients are ones that nobody here wrote: matrix-nio and, where Go is at hand, mautrix-go.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { fingerprintBySignatures } from "../support/other-clients/cross-signing.ts";
import {
  type EncryptedScene,
  relation,
  setEncryptedScene,
  textOf,
} from "../support/other-clients/encrypted-scene.ts";
import { mautrixProgram } from "../support/other-clients/mautrix.ts";
import { type Synapse, startSynapse } from "../support/synapse/synapse.ts";

const mautrix = await mautrixProgram();
const isMissing = "missing" in mautrix;

let synapse: Synapse;
beforeAll(async () => {
  synapse = await startSynapse();
});
afterAll(() => synapse?.stop());

describe("with matrix-nio", () => {
  inARoomThatIsEncrypted(undefined);
});
(isMissing ? describe.skip : describe)(isMissing ? mautrix.missing : "with mautrix-go", () => {
  inARoomThatIsEncrypted(isMissing ? undefined : mautrix.program);
});

function inARoomThatIsEncrypted(program: string | undefined): void {
  /** Of the words of a device that its owner has signed, and nobody compared by hand; nio knows of no signatures. */
  const signed = program === undefined ? "unverified" : "cross-signed-tofu";
  const trusted = [signed, "verified"];
  let it: EncryptedScene;
  let device: string;

  beforeAll(async () => {
    it = await setEncryptedScene(synapse, { rooms: 2, mautrix: program });
    await it.start(it.byPassword);
    await it.heard(/^Tyr is watching/);
    device = (await it.client.devices(it.bot.userId)).find((one) => one.device !== it.bot.deviceId)!.device;
  });
  afterAll(() => it?.close());

  const person = async (localpart: string): Promise<string> => {
    const { userId } = await it.scene.person(localpart, it.scene.rooms);
    // An answer proves that Tyr has seen the person join.
    await it.answer("!tyr rooms");
    return userId;
  };
  const memberships = (user: string) =>
    Promise.all(it.scene.rooms.map(async (room) => (await it.scene.moderator.members(room)).get(user)));

  test("what Tyr says first is sealed, as is its answer to help", async () => {
    const answer = await it.answer("!tyr help");

    expect(textOf(answer)).toContain("!tyr ban");
    expect(await it.onServer(answer.event)).toMatchObject({ type: "m.room.encrypted" });
    expect(JSON.stringify(await it.onServer(answer.event))).not.toContain("!tyr");
  });

  test("Tyr's device is signed by its own identity, every signature of it", async () => {
    const [known] = (await it.client.devices(it.bot.userId)).filter((one) => one.device === device);

    expect(await fingerprintBySignatures(it.scene.moderator, it.bot.userId, device)).toBe(known!.ed25519);
    expect(known!.trust).toBe(program === undefined ? "ignored" : signed);
  });

  test("status tells the fingerprint to compare, and has nothing to put right", async () => {
    const text = textOf(await it.answer("!tyr status"));

    const [, named, key] = /Encrypted\. To verify me: device (\w+), key ([\w+/ ]+)\./.exec(text)!;
    const [known] = (await it.client.devices(it.bot.userId)).filter((one) => one.device === device);
    expect([named, key!.replaceAll(" ", "")]).toEqual([device, known!.ed25519]);
    expect(text).not.toContain("to look at");
  });

  test("nothing that was said until then is marked, once the fingerprints are compared", async () => {
    expect(it.marked(trusted)).toEqual([]);

    await it.client.verify(it.bot.userId, device);

    expect(await it.answer("!tyr status")).toMatchObject({ sealed: "opened", trust: "verified" });
  });

  test("a ban is carried out in rooms in clear, told in this one, and taken back", async () => {
    const user = await person("rude");

    expect((await it.ask(`!tyr ban ${user} rude`)).mark).toBe("✅");
    expect(await memberships(user)).toEqual(["ban", "ban"]);
    expect((await it.ask("!tyr undo last")).mark).toBe("✅");

    expect(await memberships(user)).toEqual(["leave", "leave"]);
  });

  test("a question is answered by a reaction, and what comes of it grows in one message", async () => {
    const crowd = await it.scene.crowd("wave", 12, it.scene.rooms);
    await it.answer("!tyr rooms");
    const command = await it.client.say(it.managementRoom, `!tyr ban @wave-*:${synapse.serverName} raid`);
    const question = await it.heard(/^Question \d+:/);
    expect(question.sealed).toBe("opened");

    await it.client.react(it.managementRoom, question.event, "✅");

    const { text, mark } = await it.answerTo(command, "the ban of many");
    expect(mark).toBe("✅");
    expect(text).toContain(`banned ${crowd.length} people in 2 rooms`);
    const edits = it.said().filter((heard) => relation(heard).rel_type === "m.replace");
    expect(edits.length).toBeGreaterThan(0);
    for (const edit of edits)
      expect(await it.onServer(edit.event)).toMatchObject({ type: "m.room.encrypted" });
    expect(await memberships(crowd[0]!)).toEqual(["ban", "ban"]);

    await it.ask("!tyr undo last");
    expect(await memberships(crowd[0]!)).toEqual(["leave", "leave"]);
  });

  test("what Tyr sends as a file only the room can read", async () => {
    await it.ask("!tyr ban @somebody:elsewhere.example scam");
    await it.answer("!tyr lists export coc");

    const file = await it.client.until(
      (heard) => heard.sender === it.bot.userId && heard.content["msgtype"] === "m.file",
      "the file",
    );
    expect(file.content["url"]).toBeUndefined();
    expect((await it.client.download(file.content["file"])).toString()).toContain(
      "@somebody:elsewhere.example",
    );
    expect(JSON.stringify(await it.onServer(file.event))).not.toContain("mxc:");
  });

  test("an edit of a command is answered as in a room in clear", async () => {
    const slip = await it.client.say(it.managementRoom, "tyr status");
    await it.client.edit(it.managementRoom, slip, "!tyr status");

    const answer = await it.replyTo(slip, "the edited command");

    expect(answer.sealed).toBe("opened");
    expect(textOf(answer)).not.toBe("");
  });

  test("in all of that nothing of Tyr was in clear, unreadable or from a device that is nobody's", () => {
    expect(it.said().length).toBeGreaterThan(10);
    expect(it.marked(trusted)).toEqual([]);
  });
}
