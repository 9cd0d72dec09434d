import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { terminal, type Terminal } from "../../../src/cli/setup/terminal.ts";

let input: PassThrough;
let shown: string;
let interrupt: AbortController;
let asking: Terminal;
beforeEach(() => {
  input = new PassThrough();
  const output = new PassThrough();
  shown = "";
  output.on("data", (chunk: Buffer) => (shown += chunk.toString()));
  interrupt = new AbortController();
  asking = terminal({ input, output }, interrupt);
});
afterEach(() => asking.close());

test("shows what is typed, but for secrets", async () => {
  const name = asking.line("Name: ");
  input.write("somebody\n");
  expect(await name).toBe("somebody");

  const secret = asking.secret("Password: ");
  input.write("hunter2\n");
  expect(await secret).toBe("hunter2");

  const again = asking.line("Again: ");
  input.write("visible\n");
  await again;

  expect(shown).toContain("Name: ");
  expect(shown).toContain("somebody");
  expect(shown).toContain("Password: ");
  expect(shown).toContain("visible");
  expect(shown).not.toContain("hunter2");
});

test.each([
  ["Ctrl-C", "\u0003"],
  ["Ctrl-D", "\u0004"],
])("%s ends the conversation", async (_key, pressed) => {
  const answer = asking.line("Name: ");
  input.write(pressed);

  await expect(answer).rejects.toThrow("aborted");
  expect(interrupt.signal.aborted).toBe(true);
});
