// What a command did is told and taken back on a real Synapse: memberships, rules and server ACLs.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { TestClient } from "../support/synapse/client.ts";
import { ask } from "../support/synapse/conversation.ts";
import { setScene, unasked, type Scene } from "../support/synapse/scene.ts";
import { startSynapse, type Synapse } from "../support/synapse/synapse.ts";
import { startTyr, type TyrProcess } from "../support/tyr-process.ts";

let synapse: Synapse;

beforeAll(async () => {
  synapse = await startSynapse();
});

afterAll(() => synapse?.stop());

describe.each(["11", "12"] as const)("in rooms of version %s", (version) => {
  let scene: Scene;
  let tyr: TyrProcess;
  let closed: string;

  beforeAll(async () => {
    scene = await setScene(synapse, { rooms: 2, version });
    closed = await closedRoom(scene, version);
    const settings = { ...scene.settings, ...unasked, protectedRooms: [...scene.rooms, closed] };
    tyr = await startTyr({ homeserverUrl: synapse.url, accessToken: scene.bot.accessToken, settings });
    await scene.said(/^Tyr is watching/);
  });

  afterAll(async () => {
    await tyr?.stop();
    scene?.close();
    await tyr?.remove();
  });

  /** In all rooms, the closed one included. */
  async function person(localpart: string): Promise<string> {
    const { userId, client } = await scene.person(localpart, scene.rooms);
    await scene.moderator.invite(closed, userId);
    await client.join(closed);
    // An answer proves that Tyr has seen the person join: the join comes before the command in the stream.
    await ask(scene, "!tyr rooms");
    return userId;
  }
  const memberships = (user: string) =>
    Promise.all(
      [...scene.rooms, closed].map(async (room) => (await scene.moderator.members(room)).get(user)),
    );
  async function rulesFor(entity: string): Promise<number> {
    const state = await scene.moderator.getState(scene.list);
    return state.filter((event) => event.content.entity === entity).length;
  }
  const denied = () =>
    Promise.all(
      [...scene.rooms, closed].map(async (room) => {
        const acl = await scene.moderator.getStateEvent(room, "m.room.server_acl");
        return (acl?.deny ?? []) as string[];
      }),
    );
  const numberIn = (answer: string) => /undo (\d+)/.exec(answer)![1]!;

  test("a ban is told by why, taken back whole, told again, and comes back when that is taken back", async () => {
    const user = await person("regretted");

    await ask(scene, `!tyr ban ${user} rude`);
    expect(await memberships(user)).toEqual(["ban", "ban", "ban"]);
    const before = await ask(scene, `!tyr why ${user}`);
    const undone = await ask(scene, "!tyr undo last");

    expect(undone.mark).toBe("✅");
    expect(await memberships(user)).toEqual(["leave", "leave", "invite"]);
    expect(await rulesFor(user)).toBe(0);
    expect(before.text).toContain("Is banned by me for list coc in ");
    expect(before.text).toContain(`as ${scene.moderatorId} said ban ${user} rude`);
    const after = await ask(scene, `!tyr why ${user}`);
    expect(after.text).toContain("No rule speaks about it now.");
    expect(after.text).toContain(`as ${scene.moderatorId} said undo last`);
    expect(after.text).not.toContain("Is banned by me");

    const again = await ask(scene, `!tyr undo ${numberIn(undone.text)}`);

    expect(again.mark).toBe("✅");
    expect(await memberships(user)).toEqual(["ban", "ban", "ban"]);
    expect(await rulesFor(user)).toBe(1);
  });

  test("a ban is taken back by the name of the person", async () => {
    const user = await person("by-name");
    await ask(scene, `!tyr ban ${user} rude`);

    const undone = await ask(scene, `!tyr undo ${user}`);

    expect(undone.mark).toBe("✅");
    expect(await memberships(user)).toEqual(["leave", "leave", "invite"]);
    expect(await rulesFor(user)).toBe(0);
  });

  test("with the ban of a server its entry goes from the server ACLs", async () => {
    await ask(scene, "!tyr ban *.evil.example scam");
    expect(await denied()).toEqual([["*.evil.example"], ["*.evil.example"], ["*.evil.example"]]);

    const undone = await ask(scene, "!tyr undo last");

    expect(undone.mark).toBe("✅");
    expect(undone.text).toContain("updated the server ACL in 3 rooms");
    expect(await denied()).toEqual([[], [], []]);
    expect(await rulesFor("*.evil.example")).toBe(0);
  });

  test("taken back by its number, a ban that somebody else has made since stays", async () => {
    const user = await person("twice");
    const banned = await ask(scene, `!tyr ban ${user} rude`);
    await scene.moderator.unban(closed, user);
    await scene.moderator.ban(closed, user, "mine now");
    await ask(scene, "!tyr rooms");

    await ask(scene, `!tyr undo ${numberIn(banned.text)}`);

    expect(await memberships(user)).toEqual(["leave", "leave", "ban"]);
  });
});

/** Nobody comes in without an invitation. */
async function closedRoom(scene: Scene, version: "11" | "12"): Promise<string> {
  const { moderator, moderatorId, bot } = scene;
  const users = { [bot.userId]: 100, ...(version === "12" ? {} : { [moderatorId]: 100 }) };
  const room = await moderator.createRoom({
    preset: "private_chat",
    name: "Closed",
    version,
    invite: [bot.userId],
    powerLevels: { users },
  });
  await new TestClient(moderator.url, bot.accessToken).join(room);
  return room;
}
