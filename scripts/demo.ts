// The main job, seen on a real homeserver: a rule on a policy list becomes bans and server ACLs in every room, a
// command does the same, and both are taken back. Leaves nothing behind.

import { startSynapse } from "../test/support/synapse/synapse.ts";
import { setScene } from "../test/support/synapse/scene.ts";
import { startTyr } from "../test/support/tyr-process.ts";

const roomCount = 8;
const begun = performance.now();

function show(line: string): void {
  console.log(`${((performance.now() - begun) / 1000).toFixed(1).padStart(6)} s  ${line}`);
}

function quote(said: string): void {
  for (const line of said.split("\n")) show(`        Tyr: ${line}`);
}

show("starting a Synapse of our own (the first time it is installed, which takes a minute)");
const synapse = await startSynapse({ defaultRoomVersion: "12" });
try {
  const scene = await setScene(synapse, { rooms: roomCount, version: "12" });
  show(`a community: ${roomCount} rooms, a management room and a policy list`);
  const spammer = await scene.person("spammer", scene.rooms);
  const regular = await scene.person("regular", scene.rooms);
  for (const room of scene.rooms) await spammer.client.sendText(room, "buy my coins");

  const tyr = await startTyr({
    homeserverUrl: synapse.url,
    accessToken: scene.bot.accessToken,
    settings: scene.settings,
  });
  quote(await scene.said(/^Tyr is watching/));

  show("a moderator writes a rule against @spammer, reason: spam, with any client");
  const rule = { entity: spammer.userId, recommendation: "m.ban", reason: "spam" };
  const wrote = performance.now();
  await scene.moderator.sendState(scene.list, "m.policy.rule.user", "rule-1", rule);
  for (const room of scene.rooms) {
    await scene.moderator.until(
      (event, where) =>
        where === room && event.state_key === spammer.userId && event.content["membership"] === "ban",
      { what: `the ban in ${room}` },
    );
  }
  show(
    `banned in all ${roomCount} rooms, ${Math.round(performance.now() - wrote)} ms after the rule was begun`,
  );
  quote(await scene.said(/banned/));

  show("a moderator types: !tyr ban evil.example malware");
  await scene.moderator.sendText(scene.managementRoom, "!tyr ban evil.example coc malware");
  for (const room of scene.rooms) {
    await scene.moderator.until(
      (event, where) =>
        where === room &&
        event.type === "m.room.server_acl" &&
        JSON.stringify(event.content).includes("evil.example"),
      { what: `the ACL in ${room}` },
    );
  }
  quote(await scene.said(/evil\.example/));

  show("a moderator types: !tyr unban @spammer");
  await scene.moderator.sendText(scene.managementRoom, `!tyr unban ${spammer.userId}`);
  for (const room of scene.rooms) {
    await scene.moderator.until(
      (event, where) =>
        where === room && event.state_key === spammer.userId && event.content["membership"] === "leave",
      { what: `the ban lifted in ${room}` },
    );
  }
  quote(await scene.said(/Unban of/));

  const untouched = (await scene.moderator.members(scene.rooms[0]!)).get(regular.userId);
  show(`the regular next door: ${untouched}`);
  const code = await tyr.stop();
  show(`stopped with exit code ${code}`);
  await tyr.remove();
  scene.close();
} finally {
  await synapse.stop();
}
