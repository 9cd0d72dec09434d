// What rules add to a second start, in a process of its own, as nothing is warm then: `node bench/rules/start.ts COUNT FOLDER`
// prints ms. The first process with a folder is a first start: it reads all, and keeps that in the folder.

import { Registry } from "../../src/automod/registry.ts";
import { noSettings, type Settings } from "../../src/model/settings/settings.ts";
import { shipped } from "../../src/protections/shipped.ts";
import { openDatabase } from "../../src/store/database.ts";
import { RuleReadings } from "../../src/store/rule-readings.ts";
import { usualLimits } from "../../test/support/limits.ts";
import { user } from "../../test/support/make.ts";
import { seeded } from "../table.ts";
import { msSince, speedNow } from "./speed.ts";
import { someLists, someTexts } from "./some-rules.ts";

const moderator = user("@mod:example.org");
const texts = someTexts(Number(process.argv[2]), seeded(20_261_132));
// As they are read from the database: the texts, and nothing that was made of them.
const settings: Settings = {
  ...noSettings,
  ruleLists: someLists,
  rules: new Map(
    texts.map((text, i) => [
      `made-${i}`,
      { versions: [{ number: 1, text, at: 0, by: moderator }], inForce: 1 },
    ]),
  ),
};
const database = openDatabase(process.argv[3]!);
speedNow();
const begun = process.cpuUsage();
const readings = new RuleReadings(database);
const registry = new Registry(shipped, { countedEvents: usualLimits.countedEvents, readings });
const { all, broken } = registry.known(settings);
registry.lookouts({ ...settings, protections: new Map([["made-0", { enabled: true }]]) });
const took = msSince(begun);
readings.seen();
database.close();
if (broken.size > 0 || all.length < texts.length) throw new Error([...broken.values()].join("\n"));
console.log(took * speedNow());
