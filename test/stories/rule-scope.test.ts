// Rules that look in some rooms, leave people alone, look in some modes of a room, or take the place of one that ships.

import { afterEach, expect, test } from "@jest/globals";
import { Story } from "../support/story.ts";

let story: Story;
const begin = async (rules?: string) => {
  story = new Story({ rooms: 2, ...(rules === undefined ? {} : { rules }) });
  await story.start();
  // Past the time in which we catch up.
  await story.pass(61_000);
};
const add = (name: string, ...fields: readonly string[]) =>
  story.command(`!tyr protections add ${name}\n\`\`\`\n${fields.join("\n")}\n\`\`\``);
const post = (room: number, who: string, text = "see https://shop.example/x") => {
  const event = story.homeserver.sendText(story.rooms[room]!, who, text);
  return () =>
    Object.keys(story.homeserver.events(story.rooms[room]!).find((one) => one.event_id === event)!.content)
      .length > 0;
};

afterEach(() => story.stop());

test("a rule with rooms finds in those alone, with except it leaves people and servers alone", async () => {
  await begin();
  const [ann, bob] = [story.person("ann"), story.person("bob")];
  const added = await add(
    "no-links",
    "when: links",
    "then: redact",
    `rooms: ["${story.rooms[0]}", "#gone:hs.test"]`,
    `except: ["${bob}"]`,
  );
  expect(added).toContain("in 1 room;");
  expect(added).toContain(`It looks only in ${story.rooms[0]}, #gone:hs.test.`);
  expect(added).toContain(`It leaves alone ${bob}.`);
  expect(added).toContain("I protect no room that is called #gone:hs.test");
  await story.command("!tyr protections act no-links");

  const [found, elsewhere, excepted] = [post(0, ann), post(1, ann), post(0, bob)];
  await story.until(() => !found(), "the redaction");
  await story.pass(20_000);
  expect([elsewhere(), excepted()]).toEqual([true, true]);
  const event = story.homeserver.sendText(story.rooms[1]!, ann, "and https://shop.example/y");
  await story.pass(5_000);
  expect(
    await story.command(`!tyr protections explain https://matrix.to/#/${story.rooms[1]}/${event} no-links`),
  ).toContain("fits, but looks in other rooms alone");
  expect(await story.command("!tyr protections show no-links")).toContain(`It leaves alone ${bob}.`);
});

test("a mistake in such a field is told with what to write, and nothing is changed", async () => {
  await begin();
  const answer = await add(
    "no-links",
    "when: links",
    "then: redact",
    "rooms: general",
    "during: riad",
    "replace: fload",
  );

  expect(answer).toContain("Nothing is changed. 4 mistakes");
  expect(answer).toContain('a room or space is "#name:server" or "!id", in quotes');
  expect(answer).toContain("did you mean raid?");
  expect(answer).toContain("did you mean flood?");
  expect(await story.command("!tyr protections show no-links")).toContain("There is no protection");
});

test("to look in more rooms is tried beside what moderators let act", async () => {
  await begin();
  await add("no-links", "when: links", "then: redact", `rooms: "${story.rooms[0]}"`);
  await story.command("!tyr protections act no-links");
  const answer = await story.command(
    "!tyr protections edit no-links\n```\nrule: no-links\nwhen: links\nthen: redact\n```",
  );

  expect(answer).toContain("version 2, is tried in shadow beside version 1");
  const [found, elsewhere] = [post(0, story.person("ann")), post(1, story.person("bob"))];
  await story.until(() => !found(), "the redaction");
  await story.pass(20_000);
  expect(elsewhere()).toBe(true);
});

test("while all rooms are calm, a rule for others finds nothing and says so", async () => {
  await begin();
  await add("raid-links", "when: links", "then: redact", "during: guarded raid");

  expect(await story.command("!tyr protections show raid-links")).toContain(
    "It looks only while a room is guarded or raid.",
  );
  const event = post(0, story.person("ann"));
  await story.pass(20_000);
  expect(event()).toBe(true);
  expect(await story.command("!tyr protections hits raid-links")).toContain("nobody in the last week");
});

test("a rule takes the place of one that ships when it does more than look, and gives it back", async () => {
  await begin(
    "rule: our-flood\nwhen: text has flooding\nthen: redact\nreplace: flood\n".replace(
      "flooding",
      '"flooding"',
    ),
  );
  await story.command("!tyr protections act flood");
  await story.command("!tyr protections set flood limit 3");
  await story.command("!tyr protections set flood response redact");
  const flood = (who: string) => Array.from({ length: 8 }, (_, i) => post(0, who, `message ${i}`));
  const first = flood(story.person("ann"));
  await story.until(() => !first.at(-1)!(), "flood, as the other is in shadow");

  await story.command("!tyr protections act our-flood");
  expect(await story.command("!tyr protections show our-flood")).toContain(
    "It takes the place of flood as soon as it tells, asks or acts.",
  );
  expect(await story.command("!tyr protections")).toContain("our-flood takes its place");
  await story.pass(61_000);
  const second = flood(story.person("bob"));
  const named = post(0, story.person("cid"), "this is flooding");
  await story.until(() => !named(), "the redaction by ours");
  await story.pass(20_000);
  expect(second.every((stands) => stands())).toBe(true);

  await story.command("!tyr protections shadow our-flood");
  const third = flood(story.person("dan"));
  await story.until(() => !third.at(-1)!(), "flood again");
});
