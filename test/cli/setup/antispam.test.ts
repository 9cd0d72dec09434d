import { expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { moduleBlock } from "../../../src/cli/setup/antispam.ts";
import { configFrom } from "../../support/config.ts";

const page = readFileSync(join(import.meta.dirname, "../../../docs/antispam.md"), "utf8");
const block = moduleBlock("/etc/tyr/tyr.antispam");

interface ModuleConfig {
  readonly base_url: string;
  readonly enabled_callbacks: readonly string[];
  readonly fail_open: Readonly<Record<string, boolean>>;
}

test("every callback that is asked about may pass while Tyr is down", () => {
  const { modules } = parse(block) as { modules: readonly { module: string; config: ModuleConfig }[] };
  const { config, module } = modules[0]!;

  expect(module).toBe("synapse_http_antispam.HTTPAntispam");
  expect(Object.entries(config.fail_open)).toEqual(config.enabled_callbacks.map((name) => [name, true]));
  // Stock Synapse does not start with the one, and has an empty user directory with the other.
  for (const name of ["accept_make_join", "check_username_for_spam"])
    expect(config.enabled_callbacks).not.toContain(name);
});

test("it leads to where Tyr listens unless the config says otherwise", () => {
  const { web } = configFrom({
    homeserver: { url: "http://hs.test", accessToken: "x" },
    managementRoom: "!m:hs.test",
  });

  expect(block).toContain(`base_url: http://${web.host}:${web.port}/antispam/v1\n`);
});

test("the page shows the same block", () => {
  const shown = page.split("\n").map((line) => line.replace(/^ {3}/, ""));

  expect(shown.join("\n")).toContain(block);
});
