// What Tyr does as an administrator of a real Synapse, and what the Synapse shows afterwards.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { setTimeout as pause } from "node:timers/promises";
import { RequestFailed, TestClient, textOf, type MatrixEvent } from "../support/synapse/client.ts";
import { ask } from "../support/synapse/conversation.ts";
import { setScene, unasked, type Scene } from "../support/synapse/scene.ts";
import { startSynapse, type Synapse } from "../support/synapse/synapse.ts";
import { startTyr, type TyrProcess } from "../support/tyr-process.ts";

let synapse: Synapse;
let scene: Scene;
let tyr: TyrProcess;
/** Sees what administrators see. */
let root: TestClient;

beforeAll(async () => {
  synapse = await startSynapse();
  scene = await setScene(synapse, { rooms: 1 });
  root = new TestClient(synapse.url, (await synapse.registerUser("root", { admin: true })).accessToken);
  const settings = { ...scene.settings, ...unasked, admin: { makeRoomAdmin: true } };
  tyr = await startTyr({ homeserverUrl: synapse.url, accessToken: scene.bot.accessToken, settings });
  await scene.said(/^Tyr is watching/);
});

afterAll(async () => {
  await tyr?.stop();
  scene?.close();
  await tyr?.remove();
  await synapse?.stop();
});

function numberIn(answer: string): string {
  const number = /undo (\d+)/.exec(answer)?.[1];
  if (number === undefined) throw new Error(`no number in: ${answer}`);
  return number;
}
const account = (user: string) => root.request("GET", `/_synapse/admin/v2/users/${encodeURIComponent(user)}`);
const refused = (work: Promise<unknown>) =>
  work.then(
    () => "done",
    (error: unknown) => (error instanceof RequestFailed ? error.errcode : String(error)),
  );

/** Says yes to the question that the command leads to; resolves with the answer given then. */
async function confirmed(command: string): Promise<string> {
  const { moderator, managementRoom, bot } = scene;
  const id = await moderator.sendText(managementRoom, command);
  const { event: question } = await moderator.until(
    ({ sender, content }) =>
      sender === bot.userId && JSON.stringify(content["m.relates_to"] ?? {}).includes(id),
    { what: `the question about ${command}` },
  );
  const number = /^Question (\d+):/.exec(String(question.content.body))![1]!;
  await moderator.sendText(managementRoom, `!tyr yes ${number}`);
  await moderator.until(
    ({ type, sender, content }) =>
      type === "m.reaction" && sender === bot.userId && JSON.stringify(content).includes(id),
    { what: `the mark at ${command}` },
  );
  const said = moderator.allSeen((one) => one.sender === bot.userId).map((one) => one.event);
  const relates = (one: MatrixEvent) => (one.content["m.relates_to"] ?? {}) as Relation;
  const answer = said.findLast((one) => relates(one)["m.in_reply_to"]?.event_id === id)!;
  const edit = said.findLast(
    (one) => relates(one).rel_type === "m.replace" && relates(one).event_id === answer.event_id,
  );
  return textOf(edit ?? answer);
}

interface Relation {
  readonly rel_type?: string;
  readonly event_id?: string;
  readonly "m.in_reply_to"?: { readonly event_id?: string };
}

async function upload(client: TestClient, text: string): Promise<string> {
  const response = await fetch(`${synapse.url}/_matrix/media/v3/upload?filename=a.txt`, {
    method: "POST",
    headers: { authorization: `Bearer ${client.accessToken}`, "content-type": "text/plain" },
    body: text,
  });
  return ((await response.json()) as { content_uri: string }).content_uri;
}

async function canFetch(uri: string): Promise<boolean> {
  const response = await fetch(
    `${synapse.url}/_matrix/client/v1/media/download/${uri.slice("mxc://".length)}`,
    {
      headers: { authorization: `Bearer ${scene.moderator.accessToken}` },
    },
  );
  return response.ok;
}

test("before Tyr is an administrator it says what to do; as soon as it is one it does it", async () => {
  const { userId } = await scene.person("early", []);

  const before = await ask(scene, `!tyr suspend ${userId}`);
  await root.request("PUT", `/_synapse/admin/v1/users/${encodeURIComponent(scene.bot.userId)}/admin`, {
    admin: true,
  });
  const after = await ask(scene, `!tyr suspend ${userId}`);

  expect(before.text).toContain("needs an administrator of the homeserver");
  expect(after.mark).toBe("✅");
  expect(await account(userId)).toMatchObject({ suspended: true });
});

describe("accounts", () => {
  test("a suspended account cannot write until that is undone", async () => {
    const { userId, client } = await scene.person("suspended", scene.rooms);

    const { text } = await ask(scene, `!tyr suspend ${userId} rude`);
    expect(await refused(client.sendText(scene.rooms[0]!, "hello"))).toBe("M_USER_SUSPENDED");
    expect((await client.whoami()).userId).toBe(userId);
    const undone = await ask(scene, `!tyr undo ${numberIn(text)}`);

    expect(undone.mark).toBe("✅");
    expect(await refused(client.sendText(scene.rooms[0]!, "hello"))).toBe("done");
  });

  test("a locked account can do nothing until that is undone", async () => {
    const { userId, client } = await scene.person("locked", scene.rooms);

    const { text } = await ask(scene, `!tyr lock ${userId}`);
    expect(await refused(client.whoami())).toBe("M_USER_LOCKED");
    await ask(scene, `!tyr undo ${numberIn(text)}`);

    expect((await client.whoami()).userId).toBe(userId);
  });

  test("a deactivated account is out of its rooms and cannot log in", async () => {
    const user = await synapse.registerUser("deactivated");
    await new TestClient(synapse.url, user.accessToken).join(scene.rooms[0]!);

    const answer = await confirmed(`!tyr deactivate ${user.userId}`);

    expect(answer).toContain(`deactivated ${user.userId}`);
    expect(await account(user.userId)).toMatchObject({ deactivated: true });
    const login = {
      type: "m.login.password",
      identifier: { type: "m.id.user", user: user.userId },
      password: user.password,
    };
    expect(await refused(root.request("POST", "/login", login))).not.toBe("done");
  });

  test("of nobody, of other servers, and of administrators are left alone", async () => {
    const { userId } = await root.whoami();

    expect((await ask(scene, `!tyr lock @nobody:${synapse.serverName}`)).text).toContain("has no account");
    expect((await account(scene.moderatorId)).locked).toBe(false);
    // A lock of an account that is not there would make one.
    expect(await refused(account(`@nobody:${synapse.serverName}`))).toBe("M_NOT_FOUND");
    expect((await ask(scene, "!tyr suspend @a:other.example")).text).toContain(
      "its server's admins can do that",
    );
    expect((await ask(scene, `!tyr suspend ${userId}`)).text).toContain("never touched");
    expect((await ask(scene, `!tyr lock ${scene.moderatorId}`)).text).toContain("never touched");
  });
});

describe("files", () => {
  test("a quarantined file is handed out to nobody until it is released", async () => {
    const { client } = await scene.person("poster", scene.rooms);
    const file = await upload(client, "one");

    const { text } = await ask(scene, `!tyr quarantine-media ${file} gore`);
    expect(await canFetch(file)).toBe(false);
    await ask(scene, `!tyr undo ${numberIn(text)}`);
    expect(await canFetch(file)).toBe(true);
    await ask(scene, `!tyr quarantine-media ${file}`);
    await ask(scene, `!tyr unquarantine-media ${file}`);

    expect(await canFetch(file)).toBe(true);
  });

  test("the files of a message, of a person and of a room", async () => {
    const { userId, client } = await scene.person("poster2", scene.rooms);
    const [inMessage, other] = [await upload(client, "two"), await upload(client, "three")];
    const inRoom = await upload(scene.moderator, "four");
    const room = await scene.moderator.createRoom({ name: "Raided" });
    const post = async (by: TestClient, where: string, url: string) => {
      const content = { msgtype: "m.file", body: "a", url };
      const path = `/rooms/${encodeURIComponent(where)}/send/m.room.message/${encodeURIComponent(url)}`;
      return String((await by.request("PUT", path, content)).event_id);
    };
    const event = await post(client, scene.rooms[0]!, inMessage);
    await post(scene.moderator, room, inRoom);

    const link = `https://matrix.to/#/${scene.rooms[0]!}/${event}`;
    expect((await ask(scene, `!tyr quarantine-media ${link}`)).text).toContain("quarantined 1 file");
    expect([await canFetch(inMessage), await canFetch(other)]).toEqual([false, true]);
    expect(await confirmed(`!tyr quarantine-media ${userId}`)).toContain("1 file");
    expect(await canFetch(other)).toBe(false);
    expect(await confirmed(`!tyr quarantine-media ${room}`)).toContain("1 file");

    expect(await canFetch(inRoom)).toBe(false);
  });

  test("that are not there are said not to be", async () => {
    const uri = `mxc://${synapse.serverName}/nothing`;

    expect((await ask(scene, `!tyr quarantine-media ${uri}`)).text).toContain(`has no file ${uri}`);
    expect((await ask(scene, `!tyr unquarantine-media ${uri}`)).text).toContain(`has no file ${uri}`);
  });
});

describe("rooms", () => {
  test.each([
    ["", true],
    ["--purge", false],
  ])("a shutdown %s empties and blocks a room", async (flag, isKept) => {
    const { userId, client } = await scene.person(`founder${flag.length}`, []);
    const room = await client.createRoom({ name: "Spam" });

    const answer = await confirmed(`!tyr shutdown ${room} spam ${flag}`);

    expect(answer).toContain("shut down 1 room");
    expect(answer).toContain("1 person removed");
    expect(await refused(client.join(room))).not.toBe("done");
    const block = await root.request("GET", `/_synapse/admin/v1/rooms/${encodeURIComponent(room)}/block`);
    expect(block.block).toBe(true);
    const kept = await refused(root.request("GET", `/_synapse/admin/v1/rooms/${encodeURIComponent(room)}`));
    expect(kept).toBe(isKept ? "done" : "M_NOT_FOUND");
    expect(await account(userId)).toMatchObject({ deactivated: false });
  });

  test("a shutdown of a protected room is refused", async () => {
    const { mark, text } = await ask(scene, `!tyr shutdown ${scene.rooms[0]!}`);

    expect(mark).toBe("❌");
    expect(text).toContain("is a protected room");
  });

  test("make-admin gives Tyr the highest level there, and says where nobody has any", async () => {
    const { client } = await scene.person("owner", []);
    const room = await client.createRoom({ name: "Abandoned" });

    const good = await ask(scene, `!tyr make-admin ${room}`);
    const bad = await ask(scene, "!tyr make-admin !nowhere:other.example");

    expect(good.mark).toBe("✅");
    const levels = await client.getStateEvent(room, "m.room.power_levels");
    expect((levels!.users as Record<string, number>)[scene.bot.userId]).toBe(100);
    expect(bad.mark).toBe("❌");
  });
});

describe("the directory", () => {
  test("aliases are made, resolved, moved, removed and put back", async () => {
    const alias = `#welcome:${synapse.serverName}`;
    const other = await scene.moderator.createRoom({ name: "Other" });
    const target = async () =>
      (await scene.moderator.request("GET", `/directory/room/${encodeURIComponent(alias)}`)).room_id;

    await ask(scene, `!tyr alias add ${alias} ${scene.rooms[0]!}`);
    expect(await target()).toBe(scene.rooms[0]);
    expect((await ask(scene, `!tyr resolve ${alias}`)).text).toContain(`${alias} is ${scene.rooms[0]!}`);
    const moved = await ask(scene, `!tyr alias move ${alias} ${other}`);
    expect(await target()).toBe(other);
    await ask(scene, `!tyr undo ${numberIn(moved.text)}`);
    expect(await target()).toBe(scene.rooms[0]);
    const removed = await ask(scene, `!tyr alias remove ${alias}`);
    expect(await refused(target())).toBe("M_NOT_FOUND");
    expect((await ask(scene, `!tyr resolve ${alias}`)).text).toContain("leads nowhere");
    await ask(scene, `!tyr undo ${numberIn(removed.text)}`);

    expect(await target()).toBe(scene.rooms[0]);
    expect((await ask(scene, `!tyr alias add #a:other.example ${other}`)).text).toContain(
      "belongs to other.example",
    );
  });

  test("rooms go on the public list and off it", async () => {
    const room = scene.rooms[0]!;
    const isListed = async () => {
      const { chunk } = await scene.moderator.request("GET", "/publicRooms");
      return (chunk as { room_id: string }[]).some((one) => one.room_id === room);
    };
    await ask(scene, `!tyr directory remove ${room}`);
    // Synapse keeps the public list for a moment.
    const listing = async (wanted: boolean) => {
      for (let left = 300; left > 0 && (await isListed()) !== wanted; left--) await pause(200);
      return isListed();
    };
    expect(await listing(false)).toBe(false);

    const { text } = await ask(scene, `!tyr directory add ${room}`);

    expect(await listing(true)).toBe(true);
    await ask(scene, `!tyr undo ${numberIn(text)}`);
    expect(await listing(false)).toBe(false);
    expect((await ask(scene, "!tyr directory add !nowhere:other.example")).mark).toBe("❌");
  });
});

test("config shows what differs from the defaults, and no secret", async () => {
  const { text } = await ask(scene, "!tyr config");

  expect(text).toMatch(/admin\.makeRoomAdmin: true \(.*:\d+\), by default false/);
  expect(text).not.toContain(scene.bot.accessToken);
});
