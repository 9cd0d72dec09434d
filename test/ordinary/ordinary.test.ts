// Ordinary hours of twelve kinds of rooms, whole bot: whom the shipped protections leave alone. `bench/ordinary.ts` prints
// the table of what they find, and ORDINARY_HOURS=8 ORDINARY_SEEDS=5 makes more of it here.

import { describe, expect, test } from "@jest/globals";
import { ordinaryHours } from "./ordinary-hours.ts";

const hours = Number(process.env["ORDINARY_HOURS"] ?? 2);
const seeds = Array.from({ length: Number(process.env["ORDINARY_SEEDS"] ?? 1) }, (_, i) => i + 1);
const limitMs = 600_000;

describe.each(seeds)(`${hours} ordinary hours, seed %i`, (seed) => {
  test(
    "under the profile usual nothing is done to a regular, hardly anything to others, and two things are told at most",
    async () => {
      const { acts, told, regulars, messages, refused } = await ordinaryHours({
        seed,
        hours,
        profile: "usual",
        waves: true,
      });

      // Otherwise nobody could have been hit.
      expect(regulars).toBeGreaterThan(60);
      expect(messages).toBeGreaterThan(300 * hours);
      expect(acts.filter(({ isRegular }) => isRegular)).toEqual([]);
      expect(acts.filter(({ type }) => type !== "m.room.redaction")).toEqual([]);
      expect(acts.length).toBeLessThanOrEqual(2);
      expect(refused).toEqual([]);
      expect(told.length).toBeLessThanOrEqual(2);
    },
    limitMs,
  );

  test(
    "under the profile strict pictures and links of newcomers are held, long and loud texts are warm, and no regular is met",
    async () => {
      const { acts, hits } = await ordinaryHours({ seed, hours, profile: "strict" });

      expect(acts.filter(({ isRegular }) => isRegular)).toEqual([]);
      const found = new Set(hits.map(({ protection }) => protection));
      const expected = ["loud-text", "first-link", "first-media", "heat", "late-link", "long-text"];
      expect(
        [...found].filter((name) => ![...expected, "newcomer-media", "ornaments"].includes(name)),
      ).toEqual([]);
      expect(found).toContain("newcomer-media");
    },
    limitMs,
  );
});
