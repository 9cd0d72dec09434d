import { expect, test } from "@jest/globals";
import { policyCommandsIn } from "../../../src/matrix/sync/decode-to-device.ts";

const content = { command: "redact", room_id: "!lobby:example.org", event_id: "$spam", signatures: {} };
const answer = (...contents: readonly unknown[]) => ({
  to_device: {
    events: contents.map((one) => ({
      type: "org.matrix.policyserv.command",
      sender: "@a:x",
      content: one,
    })),
  },
});

test("tells of a redaction that is asked for, with its signatures", () => {
  expect(policyCommandsIn(answer(content))).toEqual([
    { kind: "policy-command", room: "!lobby:example.org", event: "$spam", content },
  ]);
});

test.each([
  ["another command", { ...content, command: "ban" }],
  ["no room", { ...content, room_id: 7 }],
  ["no event", { ...content, event_id: "spam" }],
  ["far too much", { ...content, more: "x".repeat(5_000) }],
  ["no content", "redact"],
])("leaves out %s", (_what, one) => {
  expect(policyCommandsIn(answer(one))).toEqual([]);
});

test("leaves out other messages, and what is none", () => {
  expect(policyCommandsIn({ to_device: { events: [{ type: "m.room_key", content }, 7, null] } })).toEqual([]);
  expect(policyCommandsIn({ to_device: 7 })).toEqual([]);
  expect(policyCommandsIn({})).toEqual([]);
});

test("tells of a hundred in one answer at most", () => {
  expect(policyCommandsIn(answer(...Array.from({ length: 150 }, () => content)))).toHaveLength(100);
});
