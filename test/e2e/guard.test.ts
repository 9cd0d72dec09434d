// A list that turns against its own people, on real servers: what must never be is refused, what is too much waits
// for a moderator's yes, and is told either way.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { TestClient, textOf, type MatrixEvent } from "../support/synapse/client.ts";
import { ask, question } from "../support/synapse/conversation.ts";
import { setScene, type Scene } from "../support/synapse/scene.ts";
import { startSynapse, type Synapse } from "../support/synapse/synapse.ts";
import { startTyr, type TyrProcess } from "../support/tyr-process.ts";

/** As rules and server ACLs name the servers: without port. */
const ourName = "127.0.0.4";
const bigName = "127.0.0.5";
/** People of one name in the first room: more of it than a rule may hit without a yes. */
const crowdSize = 5;
const crowds = new Map<string, readonly string[]>();

let here: Synapse;
let there: Synapse;
let scene: Scene;
let tyr: TyrProcess;

beforeAll(async () => {
  [here, there] = await Promise.all([
    startSynapse({ federation: true, bindAddress: ourName }),
    startSynapse({ federation: true, bindAddress: bigName }),
  ]);
  scene = await setScene(here, { rooms: 2, version: "12" });
  await peopleOfTheBigServer();
  for (const name of ["half", "typed", "spared"])
    crowds.set(name, await scene.crowd(name, crowdSize, [scene.rooms[0]!]));
  await begin();
  await scene.said(/^Tyr is watching/);
});

afterAll(async () => {
  await tyr?.stop();
  scene?.close();
  await tyr?.remove();
  await Promise.all([here?.stop(), there?.stop()]);
});

async function begin(): Promise<void> {
  tyr = await startTyr({
    homeserverUrl: here.url,
    accessToken: scene.bot.accessToken,
    // Everybody here has just come; that is not what this is about.
    settings: { ...scene.settings, guard: { newcomerHours: 0, maxPeople: 50 } },
    ...(tyr && { folder: tyr.folder }),
  });
}

/** They are in the second room, with few others. */
async function peopleOfTheBigServer(): Promise<void> {
  for (let i = 0; i < crowdSize; i++) {
    const { accessToken } = await there.registerUser(`neighbour-${i}`);
    await new TestClient(there.url, accessToken).join(scene.rooms[1]!, [here.serverName]);
  }
}

const globOf = (name: string) => `@${name}-*:${here.serverName}`;
const rule = (key: string, entity: string, kind = "user") =>
  scene.moderator.sendState(scene.list, `m.policy.rule.${kind}`, key, { entity, recommendation: "m.ban" });
const isBan = (event: MatrixEvent) => event.type === "m.room.member" && event.content["membership"] === "ban";
const bansOf = (people: readonly string[]) =>
  scene.moderator.allSeen((event) => isBan(event) && people.includes(event.state_key ?? "")).length;
const aclDenying = (server: string) => (event: MatrixEvent) =>
  event.type === "m.room.server_acl" && (event.content["deny"] as string[]).includes(server);
const memberships = async (people: readonly string[]) => {
  const members = await scene.moderator.members(scene.rooms[0]!);
  return people.map((user) => members.get(user));
};
const all = (what: string) => Array(crowdSize).fill(what);
const react = (message: string, key: string) =>
  scene.moderator.sendEvent(scene.managementRoom, "m.reaction", {
    "m.relates_to": { rel_type: "m.annotation", event_id: message, key },
  });
const outcome = (pattern: RegExp) => scene.said(pattern);
async function until(fits: () => boolean, what: string): Promise<void> {
  if (!fits()) await scene.moderator.until(() => fits(), { what });
}

test("a rule that hits a large part of a room waits; a restart keeps the question, and a ✅ has it done", async () => {
  const people = crowds.get("half")!;

  await rule("half", globOf("half"));
  const put = await question(scene, 1);
  await tyr.kill();
  await begin();
  await tyr.logged("watching");
  const open = await ask(scene, "!tyr questions");

  const text = textOf(put);
  expect(text).toContain(`list coc has 1 new rule that is not applied yet: user ${globOf("half")}`);
  expect(text).toContain(`It would hit ${crowdSize} people`);
  expect(text).toContain("25 percent");
  expect(text).toContain("!tyr yes 1");
  expect(open.text).toContain("Question 1");
  expect(bansOf(people)).toBe(0);

  await react(put.event_id, "✅");
  await until(() => bansOf(people) === crowdSize, "the bans after the yes");

  expect(await outcome(/Question 1:.*Yes, said/s)).toContain(`Yes, said ${scene.moderatorId}`);
});

test("a typed yes has it done as well", async () => {
  const people = crowds.get("typed")!;
  await rule("typed", globOf("typed"));
  await question(scene, 2);

  await ask(scene, "!tyr yes 2");

  await until(() => bansOf(people) === crowdSize, "the bans after the yes");
  expect(await memberships(people)).toEqual(all("ban"));
});

test("after a no nothing is done, and nothing when everything is read again", async () => {
  const people = crowds.get("spared")!;
  await rule("spared", globOf("spared"));
  await question(scene, 3);

  await ask(scene, "!tyr no 3");
  await ask(scene, "!tyr sync");
  await ask(scene, "!tyr rooms");

  expect(await outcome(/Question 3:.*No, said/s)).toContain("!tyr yes 3");
  expect(await memberships(people)).toEqual(all("join"));
});

test("a rule that cuts off all of a big server waits, and cuts it off after the yes", async () => {
  await rule("big", bigName, "server");
  const put = await question(scene, 4);
  await ask(scene, "!tyr rooms");

  expect(textOf(put)).toContain(`server ${bigName}`);
  expect(textOf(put)).toContain(`It would hit ${crowdSize} people`);
  for (const room of scene.rooms)
    expect(await scene.moderator.getStateEvent(room, "m.room.server_acl")).toBeUndefined();

  await react(put.event_id, "✅");

  await until(
    () => scene.moderator.allSeen(aclDenying(bigName)).length >= scene.rooms.length,
    "the server ACLs",
  );
});

test("no rule has our own server denied, and status says which are refused", async () => {
  await rule("ours", ourName, "server");
  await rule("all of us", "*.0.0.4", "server");
  await rule("marker", "evil.example", "server");

  await until(
    () => scene.moderator.allSeen(aclDenying("evil.example")).length >= scene.rooms.length,
    "the server ACLs for the last rule",
  );

  for (const room of scene.rooms) {
    const acl = await scene.moderator.getStateEvent(room, "m.room.server_acl");
    expect(((acl?.["deny"] ?? []) as string[]).toSorted()).toEqual([bigName, "evil.example"]);
  }
  const { text } = await ask(scene, "!tyr status");
  expect(text).toContain(`Server rule ${ourName} is not applied`);
  expect(text).toContain("Server rule *.0.0.4 is not applied");
});

test("no rule bans a moderator, by name or by glob, and why says so", async () => {
  await rule("mod", scene.moderatorId);
  await rule("mods", "@mod-*");
  const { userId } = await scene.person("marker", scene.rooms);
  await rule("after them", userId);
  await until(() => bansOf([userId]) === scene.rooms.length, "the bans by the rule after them");

  expect(bansOf([scene.moderatorId])).toBe(0);
  expect((await ask(scene, `!tyr why ${scene.moderatorId}`)).text).toContain("never touched");
});
