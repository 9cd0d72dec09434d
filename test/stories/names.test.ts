// Names: who looks like one of the staff, and texts that are full of names.

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Story } from "../support/story.ts";

const rules = `rule: lookalikes
about: Names that look like those of the staff.
on: [ join, name, avatar ]
when: author.imitates and author.age < 7d
then: kick
---
rule: roll-calls
about: Names of many people without a mention, as old scripts write them.
when: text.names > 3
then: redact
`;

let story: Story;
let dataPath: string;
beforeEach(async () => {
  dataPath = mkdtempSync(join(tmpdir(), "tyr-names-"));
  story = new Story({ rooms: 1, rules, dataPath });
  calls(story.moderator, "Mod Erator", story.managementRoom);
  await story.start();
  await story.command("!tyr protections enable lookalikes");
  await story.command("!tyr protections set lookalikes alertOnly no");
});
afterEach(async () => {
  await story.stop();
  rmSync(dataPath, { recursive: true });
});

/** Comes with the name, or takes it. */
const calls = (who: string, displayname: string, room = story.rooms[0]!) =>
  story.homeserver.setState(room, who, "m.room.member", who, { membership: "join", displayname });
const isHere = (who: string) => story.homeserver.membership(story.rooms[0]!, who) === "join";

test("whoever looks like one of the staff is met when they come or take the name; a namesake is not", async () => {
  const names = {
    "@a:evil.example": "Моd Erator",
    "@b:evil.example": "Mod Erator",
    "@c:evil.example": "Moderation",
    "@d:evil.example": "somebody",
    "@tyг:evil.example": "x",
  };
  for (const [who, name] of Object.entries(names)) calls(who, name);
  await story.until(() => !isHere("@a:evil.example") && !isHere("@tyг:evil.example"), "the kicks");
  calls("@d:evil.example", "Mod Erat0r");
  await story.until(() => !isHere("@d:evil.example"), "the kick for a new name");
  await story.pass(20_000);

  expect(["@b:evil.example", "@c:evil.example"].map(isHere)).toEqual([true, true]);
});

test("after a restart as well", async () => {
  await story.stop();
  await story.start();
  await story.pass(5_000);

  calls("@a:evil.example", "Моd Erator");
  calls("@b:evil.example", "Mod Erator");
  await story.until(() => !isHere("@a:evil.example"), "the kick");
  await story.pass(20_000);

  expect(isHere("@b:evil.example")).toBe(true);
});

test("a text with the names of many who are here is met, also after a restart; names of others are words", async () => {
  await story.command("!tyr protections enable roll-calls");
  await story.command("!tyr protections set roll-calls alertOnly no");
  const [room] = story.rooms as [string];
  for (const [i, name] of ["Anna", "Bert Brown", "Cleo", "Dora"].entries()) calls(`@p${i}:x.example`, name);
  await story.pass(5_000);
  await story.stop();
  await story.start();
  await story.pass(5_000);
  const say = (body: string) => story.homeserver.sendText(room, "@p0:x.example", body);
  calls("@p4:x.example", "Emil");
  const stands = (event: string) =>
    Object.keys(story.homeserver.events(room).find((one) => one.event_id === event)!.content).length > 0;

  const honest = [say("Bert Brown, cleo and dora, hello"), say("frank gustav hanna ida john and bert")];
  const wall = say("CLEO emil dora Bert  Brown look here");
  await story.until(() => !stands(wall), "the redaction");
  await story.pass(20_000);

  expect(honest.map(stands)).toEqual([true, true]);
});
