// Rule files beside the config, while Tyr runs: changed, broken, half written, deleted, put right; and over restarts.

import { afterEach, expect, test } from "@jest/globals";
import { Story, undoNumber, type StoryOptions } from "../support/story.ts";
import { aFolder } from "../support/folder.ts";

const links = "rule: no-links\nwhen: links\nthen: redact\n";
const caps = "rule: caps\nwhen: text.capitals > 80% and text.length > 20\nthen: redact\n";
const broken = "rule: no-links\nwhen: autor is newcomer and linkz\nthen: redact\n";

let story: Story;
const begin = async (options: StoryOptions = {}) => {
  story = new Story({ rules: links, ...options });
  await story.start();
  // Past the time in which we catch up.
  await story.pass(61_000);
};
const told = (what: RegExp) => story.said().filter((text) => what.test(text));
const isTold = (what: RegExp) => story.until(() => told(what).length > 0, String(what));
/** Starts once more; gives the first message of that run. */
const startAgain = async () => {
  const before = told(/^Tyr is watching/).length;
  await story.start();
  await story.until(() => told(/^Tyr is watching/).length > before, "the first message of the next run");
  return told(/^Tyr is watching/).at(-1)!;
};
const posted = (text: string, who = story.person("poster")) =>
  story.homeserver.sendText(story.rooms[0]!, who, text);
const stands = (event: string) =>
  Object.keys(story.homeserver.events(story.rooms[0]!).find((one) => one.event_id === event)!.content)
    .length > 0;

afterEach(() => story.stop());

test("a new file and a changed rule count without a restart, and the room is told", async () => {
  await begin();
  expect(told(/has changed/)).toEqual([]);

  story.files.write("protections/caps.yaml", caps);
  await isTold(/protections\/caps\.yaml has changed/);

  expect(told(/has changed/)[0]).toContain("caps is new, in shadow: it looks and does nothing.");
  expect(await story.command("!tyr protections show caps")).toContain(
    "Version 1, from protections/caps.yaml, and changed there",
  );
  story.files.write("own.yaml", links.replace("when: links", "when: links and author is newcomer"));
  await isTold(/no-links is version 2 from now on/);
  expect(await story.command("!tyr protections history no-links")).toContain("2, in force, from own.yaml");
});

test("what moderators let act is not changed without them: the new condition is tried beside it", async () => {
  await begin();
  await story.command("!tyr protections act no-links");
  story.files.write("own.yaml", links.replace("when: links", "when: media"));
  await isTold(/version 2 is tried in shadow beside version 1/);

  const event = posted("see https://shop.example/x");
  await story.until(() => !stands(event), "the redaction by the version that goes on");

  expect(await story.command("!tyr protections act no-links")).toContain(
    "Version 2 takes the place of version 1",
  );
  const other = posted("see https://shop.example/y");
  await story.pass(20_000);
  expect(stands(other)).toBe(true);
});

test("where the file itself lets the rule act, what it says counts at once", async () => {
  await begin({ rules: `${links}mode: act\n` });
  story.files.write("own.yaml", `${caps.replace("caps", "no-links")}mode: act\n`);
  await isTold(/no-links is version 2 from now on/);

  const event = posted("THIS IS A VERY LOUD TEXT OF SOMEBODY");
  await story.until(() => !stands(event), "the redaction");
});

test("a mistake changes nothing: the room is told once where it is, and again when the file is well", async () => {
  await begin();
  await story.command("!tyr protections act no-links");
  story.files.write("own.yaml", broken);
  await isTold(/own\.yaml is not taken/);

  const [text] = told(/own\.yaml is not taken/);
  expect(text).toContain("there are 2 mistakes in it");
  expect(text).toContain("What it held before stays in force: no-links.");
  expect(text).toContain('2:7: nothing is called "autor"');
  expect(text).toContain("did you mean author?");
  expect(text).toContain('2:29: nothing is called "linkz"');
  const event = posted("see https://shop.example/x");
  await story.until(() => !stands(event), "the redaction by the last good version");
  await story.pass(120_000);
  expect(told(/is not taken/)).toHaveLength(1);
  expect(await story.command("!tyr status")).toContain("own.yaml is not taken");
  expect(await story.command("!tyr protections")).toContain("own.yaml is not taken");

  story.files.write("own.yaml", links);
  await isTold(/own\.yaml is well again/);
  expect(await story.command("!tyr status")).not.toContain("own.yaml");
});

test("a file that is being written is met when it stands still, half of it is never taken", async () => {
  await begin();
  const whole = `${links}---\n${caps}`;
  for (const length of [10, 30, links.length + 8, links.length + 20, whole.length]) {
    story.files.write("own.yaml", whole.slice(0, length));
    await story.pass(400);
  }
  await isTold(/caps is new/);

  expect(told(/not taken|gone/)).toEqual([]);
});

test("a file that goes leaves in force what it held, and the room is told how to take that away for good", async () => {
  await begin();
  await story.command("!tyr protections act no-links");
  story.files.delete("own.yaml");
  await isTold(/own\.yaml is gone/);

  expect(told(/own\.yaml is gone/)[0]).toContain("What it held before stays in force: no-links.");
  const event = posted("see https://shop.example/x");
  await story.until(() => !stands(event), "the redaction");

  const answer = await story.command("!tyr protections remove own.yaml");
  expect(answer).toContain("What own.yaml held is removed: no-links");
  expect(await story.command("!tyr protections show no-links")).toContain("There is no protection");
  expect(await story.command("!tyr status")).not.toContain("own.yaml");
  await story.command(`!tyr undo ${undoNumber(answer)}`);
  expect(await story.command("!tyr protections show no-links")).toContain("no-links is on");
});

test("a file that is renamed is told as changed alone, and its rules keep their versions", async () => {
  await begin();
  await story.command("!tyr protections act no-links");
  story.files.delete("own.yaml");
  story.files.write("lobby.yaml", links);
  await story.pass(40_000);

  expect(told(/gone|removed/)).toEqual([]);
  expect(await story.command("!tyr protections show no-links")).toContain("Version 1, from lobby.yaml");
});

test("a rule that stands in its file no longer is removed, but not while another file is not well", async () => {
  await begin({ rules: `${links}---\n${caps}` });
  story.files.write("other.yaml", broken.replace("no-links", "other"));
  await isTold(/other\.yaml is not taken/);
  story.files.write("own.yaml", links);
  await story.pass(40_000);
  expect(await story.command("!tyr protections show caps")).toContain("caps is in shadow");

  story.files.delete("other.yaml");
  await isTold(/caps is removed: no file has it any more/);
});

test("without anybody who tells of changes, the files are looked at all the same", async () => {
  await begin();
  story.files.isUnwatched = true;
  story.files.write("own.yaml", `${links}---\n${caps}`);
  await isTold(/caps is new/);

  expect(await story.command("!tyr protections show caps")).toContain("caps is in shadow");
});

test("a restart with a broken or missing file goes on with what was good, and says so", async () => {
  await begin({ dataPath: aFolder() });
  await story.command("!tyr protections act no-links");
  await story.stop();
  story.files.write("own.yaml", broken);

  expect(await startAgain()).toContain("own.yaml is not taken");
  await story.pass(61_000);
  const event = posted("see https://shop.example/x");
  await story.until(() => !stands(event), "the redaction");

  await story.stop();
  story.files.delete("own.yaml");
  expect(await startAgain()).toContain("own.yaml is gone");
  expect(await story.command("!tyr protections show no-links")).toContain("no-links is on");
});

test("killed in the middle of an edit, it takes the file as it stands then", async () => {
  await begin({ dataPath: aFolder() });
  await story.command("!tyr protections act no-links");
  story.files.write("own.yaml", links.slice(0, 20));
  await story.pass(500);
  story.kill();

  expect(await startAgain()).toContain("own.yaml is not taken");
  story.files.write("own.yaml", `${links}---\n${caps}`);
  await isTold(/own\.yaml is well again/);
  story.kill();
  await startAgain();
  expect(await story.command("!tyr protections show caps")).toContain("caps is in shadow");
  expect(await story.command("!tyr protections show no-links")).toContain("no-links is on");
});

test("a file whose name was taken in the room is taken when somebody makes the name free", async () => {
  await begin();
  await story.command("!tyr protections add caps when media then redact");
  story.files.write("caps.yaml", caps);
  await isTold(/there is a rule "caps" already, made in the management room/);

  await story.command("!tyr protections remove caps");
  await isTold(/caps\.yaml is well again/);
  expect(await story.command("!tyr protections show caps")).toContain("from caps.yaml");
});

test("a start with the same files tells nothing and changes nothing", async () => {
  await begin({ dataPath: aFolder() });
  await story.stop();
  await startAgain();
  await story.pass(40_000);

  expect(told(/own\.yaml/)).toEqual([]);
  expect(await story.command("!tyr protections show no-links")).toContain("Version 1, from own.yaml");
});
