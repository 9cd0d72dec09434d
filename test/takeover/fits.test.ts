// What is taken over fits what our protections can be set to: a value that does not would be read as its default.

import { describe, expect, test } from "@jest/globals";
import { protectionsOf } from "../../src/automod/registry.ts";
import { shipped } from "../../src/protections/shipped.ts";
import { fits } from "../../src/automod/settings.ts";
import type { SettingValues } from "../../src/model/settings/protections.ts";
import { readTakeover } from "../../src/takeover/read-all.ts";

const protections = protectionsOf(shipped);

const taken = (name: string, settings: Readonly<Record<string, unknown>>) => {
  const isMeowlnirs = name.includes("_");
  return readTakeover(
    {
      accountData: isMeowlnirs
        ? new Map()
        : new Map([["org.matrix.mjolnir.enabled_protections", { enabled: [name], ...draupnirs(name) }]]),
      state: [
        isMeowlnirs
          ? {
              type: "fi.mau.meowlnir.protected_rooms",
              state_key: "",
              content: { protections: { [name]: settings } },
            }
          : { type: "org.matrix.mjolnir.setting", state_key: name, content: settings },
      ],
    },
    { writesAcls: true, prefix: "!tyr" },
  );
};
const draupnirs = (name: string) =>
  name === "MentionLimitProtection" ? { "ge.applied-langua.ge.draupnir.schema_version": 8 } : {};
const misfits = (becomes: string, values: SettingValues) => {
  const protection = protections.find((one) => one.name === becomes);
  return Object.entries(values).filter(([name, value]) => {
    const spec = protection?.settings[name];
    return !spec || !fits(spec, value);
  });
};
const numbers = [1, 2, 3, 10, 99, 100, 101, 102, 600, 601, 1_000, 1_001, 100_000];

describe.each([
  ["BasicFloodingProtection", "maxPerMinute"],
  ["MentionSpam", "maxMentions"],
  ["MentionLimitProtection", "maxMentions"],
  ["anti_flood", "limit"],
  ["anti_flood", "per"],
  ["max_mentions", "limit"],
  ["max_mentions", "per"],
  ["max_mentions", "max_infractions"],
])("%s with %s", (name, setting) => {
  test.each(numbers)("%d", (number) => {
    const usual = name.includes("_") ? { limit: 10, per: 10 } : { warningText: "Stop it." };

    const found = taken(name, { ...usual, [setting]: number });

    expect(found.protections.flatMap(({ becomes, values }) => misfits(becomes, values))).toEqual([]);
    // Whatever is not taken over is named.
    expect(found.protections.length + found.notTakenOver.length).toBe(1);
  });
});
