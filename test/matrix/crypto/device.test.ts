import { expect, test } from "@jest/globals";
import { deviceState } from "../../../src/matrix/crypto/device.ts";

test.each([
  ["new", { atHomeserver: undefined, ours: "A", wasUploaded: false }],
  ["gone", { atHomeserver: undefined, ours: "A", wasUploaded: true }],
  ["ours", { atHomeserver: "A", ours: "A", wasUploaded: true }],
  // The answer to the upload was lost.
  ["ours", { atHomeserver: "A", ours: "A", wasUploaded: false }],
  ["foreign", { atHomeserver: "B", ours: "A", wasUploaded: false }],
  ["foreign", { atHomeserver: "B", ours: "A", wasUploaded: true }],
  // The store was lost.
  ["foreign", { atHomeserver: "A", ours: undefined, wasUploaded: false }],
] as const)("a device is %s where the homeserver and we have %j", (state, known) => {
  expect(deviceState(known)).toBe(state);
});
