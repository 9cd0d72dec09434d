// The main job on a real Synapse: Tyr as its own process, in rooms of version 11 and of version 12.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { setScene, type Scene } from "../support/synapse/scene.ts";
import { startSynapse, type Synapse } from "../support/synapse/synapse.ts";
import { startTyr, type TyrProcess } from "../support/tyr-process.ts";
import type { MatrixEvent } from "../support/synapse/client.ts";

let synapse: Synapse;

beforeAll(async () => {
  synapse = await startSynapse({ rateLimits: "none" });
});

afterAll(() => synapse.stop());

describe.each(["11", "12"] as const)("in rooms of version %s", (version) => {
  let scene: Scene;
  let tyr: TyrProcess;

  beforeAll(async () => {
    scene = await setScene(synapse, { rooms: 4, version });
    tyr = await startTyr({
      homeserverUrl: synapse.url,
      accessToken: scene.bot.accessToken,
      settings: scene.settings,
    });
    await scene.said(/^Tyr is watching/);
  });

  afterAll(async () => {
    await tyr.stop();
    scene.close();
    await tyr.remove();
  });

  const seenInAll = (fits: (event: MatrixEvent) => boolean, what: string) =>
    Promise.all(
      scene.rooms.map((room) =>
        scene.moderator.until((event, where) => where === room && fits(event), {
          what: `${what} in ${room}`,
        }),
      ),
    );
  const membership = (user: string, wanted: string) => (event: MatrixEvent) =>
    event.type === "m.room.member" && event.state_key === user && event.content["membership"] === wanted;
  const denies = (server: string) => (event: MatrixEvent) =>
    event.type === "m.room.server_acl" && (event.content["deny"] as string[]).includes(server);
  const rule = (key: string, content: Record<string, unknown>, kind = "user") =>
    scene.moderator.sendState(scene.list, `m.policy.rule.${kind}`, key, content);

  test("a rule bans and, for spam, removes what was written", async () => {
    const { userId, client } = await scene.person("spammer", scene.rooms);
    const spam = await client.sendText(scene.rooms[0]!, "coins");

    await rule("spam", { entity: userId, recommendation: "m.ban", reason: "spam" });
    await seenInAll(membership(userId, "ban"), "the ban");
    await scene.moderator.until(
      (event) =>
        event.type === "m.room.redaction" &&
        (event.content["redacts"] === spam || (event as { redacts?: string }).redacts === spam),
      { what: "the redaction" },
    );
  });

  test("a redacted rule lifts the bans", async () => {
    const { userId } = await scene.person("forgiven", scene.rooms);
    const event = await rule("forgiven", { entity: userId, recommendation: "m.ban" });
    await seenInAll(membership(userId, "ban"), "the ban");

    await scene.moderator.redact(scene.list, event);

    await seenInAll(membership(userId, "leave"), "the lift");
  });

  test("three dialects under one key, odd rules and 60 kB of reason: the right thing, and the next rule works", async () => {
    const { userId: old } = await scene.person("old", scene.rooms);
    const { userId: good } = await scene.person("good", scene.rooms);
    await scene.moderator.sendState(scene.list, "org.matrix.mjolnir.rule.user", "k", {
      entity: old,
      recommendation: "org.matrix.mjolnir.ban",
    });
    await seenInAll(membership(old, "ban"), "the ban by the oldest dialect");
    await scene.moderator.sendState(scene.list, "m.room.rule.user", "k", {
      entity: "@nobody:else.where",
      recommendation: "m.ban",
    });
    await seenInAll(membership(old, "leave"), "the lift by a newer dialect");

    await rule("odd1", { entity: "*", recommendation: "m.ban" }, "server");
    await rule("odd2", { entity: synapse.serverName, recommendation: "m.ban" }, "server");
    await rule("odd3", { entity: "@🦄:\n\t", recommendation: "m.ban", reason: "x".repeat(60_000) });
    // Synapse takes a null byte in state, or refuses it before anybody sees it: both are fine.
    await rule("odd5", { entity: "@nul\0l:x.test", recommendation: "m.ban" }).catch(() => {});
    await rule("odd4", { entity: 7, recommendation: ["m.ban"] });
    await rule("good", { entity: good, recommendation: "m.ban" });

    await seenInAll(membership(good, "ban"), "the ban by the next good rule");
  });

  test("commands ban a server, and take it back", async () => {
    await scene.moderator.sendText(scene.managementRoom, "!tyr ban server evil.example coc malware");
    await seenInAll(denies("evil.example"), "the ACL");

    await scene.moderator.sendText(scene.managementRoom, "!tyr unban evil.example");

    await seenInAll(
      (event) =>
        event.type === "m.room.server_acl" && !(event.content["deny"] as string[]).includes("evil.example"),
      "the ACL without it",
    );
  });

  test("an unban lifts everywhere, and the person may come back", async () => {
    const { userId, client } = await scene.person("back", scene.rooms);
    await scene.moderator.sendText(scene.managementRoom, `!tyr ban ${userId}`);
    await seenInAll(membership(userId, "ban"), "the ban");

    await scene.moderator.sendText(scene.managementRoom, `!tyr unban ${userId}`);
    await seenInAll(membership(userId, "leave"), "the lift");
    await client.join(scene.rooms[0]!);
    await scene.moderator.sendText(scene.managementRoom, "!tyr status");
    await scene.said(/Nothing is under way/);

    expect((await scene.moderator.members(scene.rooms[0]!)).get(userId)).toBe("join");
  });

  test("a list made by command takes rules", async () => {
    await scene.moderator.sendText(scene.managementRoom, "!tyr lists create ours");
    await scene.said(/made 1 list/);
    const { userId } = await scene.person("ours", scene.rooms);

    await scene.moderator.sendText(scene.managementRoom, `!tyr ban ours ${userId} our own rule`);

    await seenInAll(membership(userId, "ban"), "the ban");
  });

  test("it never touches the moderator, whatever a rule says", async () => {
    const { userId: marker } = await scene.person("marker", scene.rooms);
    await rule("mod", { entity: scene.moderatorId, recommendation: "m.ban" });
    await rule("marker", { entity: marker, recommendation: "m.ban" });
    await seenInAll(membership(marker, "ban"), "the ban of the next rule");

    expect((await scene.moderator.members(scene.rooms[0]!)).get(scene.moderatorId)).toBe("join");
  });

  test("stopped and started again it goes on where it was", async () => {
    expect(await tyr.stop()).toBe(0);
    const { userId } = await scene.person("meanwhile", scene.rooms);
    await rule("meanwhile", { entity: userId, recommendation: "m.ban" });

    tyr = await startTyr({
      homeserverUrl: synapse.url,
      accessToken: scene.bot.accessToken,
      settings: scene.settings,
      folder: tyr.folder,
    });

    await seenInAll(membership(userId, "ban"), "the ban after the restart");
  });
});

test("a token that is no good is one clear line and exit code 3", async () => {
  const tyr = await startTyr({
    homeserverUrl: synapse.url,
    accessToken: "syt_wrong",
    settings: { managementRoom: "!x:tyr.test" },
  });

  expect(await tyr.exited).toBe(3);
  expect(tyr.output()).toContain("no longer accepts the access token");
  expect(tyr.output()).not.toContain("syt_wrong");
  await tyr.remove();
});
