// People knock on a real Synapse, in rooms of version 11 and 12: who is known is let in, the others wait for one answer, and
// the join rule is the same afterwards.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { patienceMs } from "../support/patience.ts";
import type { TestClient } from "../support/synapse/client.ts";
import { ask } from "../support/synapse/conversation.ts";
import { setScene, unasked, type Scene } from "../support/synapse/scene.ts";
import { startSynapse, type Synapse } from "../support/synapse/synapse.ts";
import { startTyr, type TyrProcess } from "../support/tyr-process.ts";

const rulesType = "m.room.join_rules";

let synapse: Synapse;

beforeAll(async () => {
  synapse = await startSynapse();
});

afterAll(() => synapse?.stop());

describe.each(["11", "12"] as const)("in a room of version %s", (version) => {
  let scene: Scene;
  let tyr: TyrProcess;
  let lobby: string;
  let known: { readonly userId: string; readonly client: TestClient };

  const knock = ({ client }: { readonly client: TestClient }, reason: string) =>
    client.request("POST", `/_matrix/client/v3/knock/${encodeURIComponent(lobby)}`, { reason });
  const joinRule = async () => (await scene.moderator.getStateEvent(lobby, rulesType)) ?? {};
  const isNow = (userId: string, membership: string) =>
    scene.moderator.until(
      (event, room) =>
        room === lobby && event.state_key === userId && event.content["membership"] === membership,
      { what: `${userId} as ${membership}`, timeoutMs: patienceMs },
    );

  beforeAll(async () => {
    scene = await setScene(synapse, { rooms: 2, version });
    lobby = scene.rooms[0]!;
    known = await scene.person("known", scene.rooms.slice(1));
    const settings = { ...scene.settings, ...unasked };
    tyr = await startTyr({ homeserverUrl: synapse.url, accessToken: scene.bot.accessToken, settings });
    await tyr.logged("watching");
    await scene.said(/^Tyr is watching/);
  }, patienceMs);

  afterAll(async () => {
    await tyr?.stop();
    scene?.close();
    await tyr?.remove();
  });

  test(
    "who is known comes in, two strangers wait for one word, and the door is as it was",
    async () => {
      const before = await joinRule();
      const on = await ask(scene, `!tyr rooms knock on ${lobby}`);
      const during = await joinRule();
      const [guest, spammer] = [await scene.person("guest", []), await scene.person("spammer", [])];

      await Promise.all([isNow(known.userId, "invite"), knock(known, "it is me")]);
      await known.client.join(lobby);
      const asked = scene.said(/Question 1:[^]*2 people ask to be let in/);
      await knock(guest, "I was at your talk");
      await knock(spammer, "<b>cheap</b>");
      const question = await asked;
      const left = isNow(spammer.userId, "leave");
      await ask(scene, `!tyr knocks deny ${spammer.userId}`);
      await left;
      const invited = isNow(guest.userId, "invite");
      await scene.moderator.sendText(scene.managementRoom, "!tyr yes 1");
      await invited;
      await guest.client.join(lobby);
      const off = await ask(scene, `!tyr rooms knock off ${lobby}`);

      expect([on.mark, off.mark]).toEqual(["✅", "✅"]);
      expect(during).toEqual({ ...before, join_rule: "knock" });
      expect(question).toContain("“I was at your talk”");
      expect(await joinRule()).toEqual(before);
      expect((await scene.moderator.members(lobby)).get(spammer.userId)).toBe("leave");
    },
    patienceMs,
  );
});
