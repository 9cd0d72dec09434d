import { expect, test } from "@jest/globals";
import { defaultYaml, settingsPage } from "../../src/config/generate.ts";
import { options } from "../../src/config/options.ts";
import { configOf, minimalYaml } from "./loading.ts";

test("the generated file changes nothing: it holds exactly the defaults", () => {
  const env = {
    TYR_HOMESERVER_URL: "https://matrix.example.org",
    TYR_HOMESERVER_ACCESS_TOKEN: "syt_secret",
    TYR_MANAGEMENT_ROOM: "#moderators:example.org",
    TYR_DATA_PATH: "/var/lib/tyr",
  };

  const generated = configOf({ yaml: defaultYaml(), env });

  expect(JSON.stringify(generated)).toBe(JSON.stringify(configOf({ yaml: minimalYaml })));
});

test("the generated file with its examples filled in is a valid config", () => {
  const yaml = defaultYaml()
    .replace('# url: "', 'url: "')
    .replace('# accessToken: "', 'accessToken: "')
    .replace('# managementRoom: "', 'managementRoom: "');

  expect(configOf({ yaml }).managementRoom).toBe("#moderators:example.org");
});

test("the page has one row for each option", () => {
  const rows = settingsPage()
    .split("\n")
    .filter((line) => line.startsWith("| `"));

  expect(rows).toHaveLength(options.length);
  for (const row of rows) expect(row.split(/(?<!\\)\|/)).toHaveLength(7);
});
