// What is kept of waves to know them again: bounded, and forgotten after a month.

import { expect, test } from "@jest/globals";
import { dayMs } from "../../src/kit/duration.ts";
import { WaveProfiles, type WaveProfile } from "../../src/model/wave-profiles.ts";

const profile = (wave: string, at: number): WaveProfile => ({
  ...{ wave, at, accounts: 9, spoke: 4, texts: [] },
  traits: [{ class: "server", key: "server:evil.example", shown: "accounts of evil.example", count: 9 }],
});

test("the newest is the last, and a month after the last change it is forgotten and deleted", () => {
  const profiles = new WaveProfiles();
  profiles.set(profile("a", 1));
  profiles.set(profile("b", 2));
  profiles.set({ ...profile("a", 3), known: "fine" });
  expect([...profiles.all()].map(({ wave }) => wave)).toEqual(["b", "a"]);

  profiles.set(profile("c", 2 + 30 * dayMs));

  expect([...profiles.all()].map(({ wave }) => wave)).toEqual(["a", "c"]);
  expect(profiles.unwritten.take().get("b")).toBeUndefined();
});

test("sixty-four are kept, restored or not", () => {
  const profiles = new WaveProfiles();
  for (let i = 0; i < 70; i++) profiles.set(profile(`w${i}`, i));
  const after = new WaveProfiles();
  for (let i = 0; i < 70; i++) after.restore(`w${i}`, profile(`w${i}`, i));

  for (const one of [profiles, after]) {
    expect([...one.all()]).toHaveLength(64);
    expect(one.get("w5")).toBeUndefined();
    expect(one.get("w69")).toBeDefined();
  }
});
