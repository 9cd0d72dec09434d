import { describe, expect, test } from "@jest/globals";
import { textGivenIn } from "../../../src/management-room/hearing/given-text.ts";
import type { RoomEvent } from "../../../src/model/event.ts";
import { event, user } from "../../support/make.ts";

const ann = user("@ann:example.org");
const noFile = () => Promise.resolve(undefined);
const message = (content: RoomEvent["content"], type = "m.room.message"): RoomEvent => ({
  type,
  sender: ann,
  eventId: event("$e"),
  sentAt: 5,
  content,
});

describe("the text of a message", () => {
  test.each([
    ["as it was typed", { body: "look:\n```yaml\nrule: a\n```\nor so" }, "rule: a"],
    ["without a language", { body: "```\nrule: a\nwhen: links\n```" }, "rule: a\nwhen: links"],
    ["as HTML", { body: "x", formatted_body: "<pre><code>a &lt; b\n</code></pre>" }, "a < b\n"],
    ["as HTML with line breaks", { body: "x", formatted_body: "<pre>a<br>b<br />c</pre>" }, "a\nb\nc"],
    ["of an edit", { body: "* x", "m.new_content": { body: "```\nnew\n```" } }, "new"],
    ["with line ends of Windows", { body: "```\r\na\r\nb\r\n```" }, "a\nb"],
  ])("is its block of code, %s", async (_how, content, text) => {
    expect(await textGivenIn(message({ msgtype: "m.text", ...content }), noFile)).toEqual({ text, by: ann });
  });

  test.each([
    ["no code", { body: "hello `rule: a`" }],
    ["a block without an end", { body: "```\nrule: a" }],
    ["an odd body", { body: 7, formatted_body: ["<pre>"] }],
  ])("is none where there is %s", async (_what, content) => {
    expect(await textGivenIn(message({ msgtype: "m.text", ...content }), noFile)).toBeUndefined();
  });

  test("is none of the command itself, whose code is its argument", async () => {
    const itself = message({ msgtype: "m.text", body: "!tyr protections add\n```\nrule: a\n```" });

    expect(await textGivenIn(itself, noFile, { isItself: true })).toBeUndefined();
  });

  test("cannot be read where it is encrypted", async () => {
    expect(await textGivenIn(message({}, "m.room.encrypted"), noFile)).toMatchObject({
      problem: expect.stringContaining("encrypted") as unknown,
    });
  });
});

describe("a file", () => {
  const file = (more: RoomEvent["content"] = {}) =>
    message({ msgtype: "m.file", body: "a.yaml", url: "mxc://example.org/a", ...more });
  const holding = (bytes: Uint8Array) => () => Promise.resolve(bytes);

  test("is read as UTF-8, with the name that it has", async () => {
    expect(await textGivenIn(file(), holding(Buffer.from("правило")))).toEqual({
      text: "правило",
      by: ann,
      file: "a.yaml",
    });
  });

  const sealed = { url: "mxc://example.org/sealed", key: { k: "x" }, iv: "y", hashes: { sha256: "z" } };

  test("that is encrypted is fetched from where its keys say, and opened with them", async () => {
    const given: unknown[] = [];
    const read = (one: unknown) => {
      given.push(one);
      return Promise.resolve(Buffer.from("rule: a"));
    };

    expect(await textGivenIn(file({ url: undefined, file: sealed }), read)).toMatchObject({
      text: "rule: a",
    });
    expect(given).toEqual([{ uri: sealed.url, sealed }]);
  });

  test.each([
    ["is not what was sent", { file: sealed }, "does not open with the key that came with it"],
    ["names no address", { file: { key: {} } }, "that message names no file"],
  ])("that is encrypted and %s is told", async (_what, content, problem) => {
    const read = () => Promise.resolve("unopened" as const);

    expect(await textGivenIn(file({ url: undefined, ...content }), read)).toEqual({
      problem: expect.stringContaining(problem) as unknown,
    });
  });

  test("that is no text is told", async () => {
    expect(await textGivenIn(file(), holding(Buffer.from([0xff, 0xfe, 0x00])))).toMatchObject({
      problem: "that file is no text (UTF-8)",
    });
  });

  test("is not fetched where it says that it is too long", async () => {
    let fetched = 0;
    const read = () => {
      fetched++;
      return Promise.resolve(undefined);
    };

    expect(await textGivenIn(file({ info: { size: 1e9 } }), read)).toMatchObject({
      problem: expect.stringContaining("128 kB") as unknown,
    });
    expect(fetched).toBe(0);
  });
});
