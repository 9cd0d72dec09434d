import { describe, expect, test } from "@jest/globals";
import { countAt, countNow } from "../../../src/model/staff/count.ts";
import type { StaffAct, StaffActKind } from "../../../src/model/staff/staff-acts.ts";
import { StaffActs } from "../../../src/model/staff/staff-acts.ts";
import { StaffAlarms } from "../../../src/model/staff/staff-alarms.ts";
import { StaffHours } from "../../../src/model/staff/staff-hours.ts";
import type { StaffVerdict } from "../../../src/model/settings/staff.ts";
import { event, lobby, user } from "../../support/make.ts";

const now = 1_800_000_000_000;
const minute = 60_000;
const olga = user("@olga:x.test");
const paul = user("@paul:x.test");

interface Made extends Partial<StaffAct> {
  /** Ms before now. */
  readonly ago?: number;
}

function here(acts: readonly Made[], verdict?: StaffVerdict) {
  const staffActs = new StaffActs();
  acts.forEach(({ ago = 0, ...act }, n) =>
    staffActs.set({
      user: olga,
      room: lobby,
      event: event(`$${n}`),
      at: now - ago,
      sentAt: now - ago,
      kind: "ban",
      counts: [`@x${n}:x.test`],
      thirds: 3,
      ...act,
    }),
  );
  const stored = { staffActs, staffHours: new StaffHours(), staffAlarms: new StaffAlarms() };
  const staffVerdicts = new Map(verdict ? [[olga, verdict]] : []);
  return { stored, settings: { staffVerdicts, managementRoom: undefined } };
}
/** One every ten seconds, the newest now. */
const many = (count: number, more: Made = {}): readonly Made[] =>
  Array.from({ length: count }, (_, n) => ({ ago: (count - 1 - n) * 10_000, ...more }));
const counted = (acts: readonly Made[], verdict?: StaffVerdict) =>
  countAt(olga, event(`$${acts.length - 1}`), here(acts, verdict));

describe("within ten minutes", () => {
  test("people count once, in whatever rooms, and by what they are worth", () => {
    const acts = [
      { ago: 30_000, counts: ["@a:x"], thirds: 3 },
      { ago: 20_000, counts: ["@a:x"], thirds: 9 },
      { ago: 10_000, counts: ["@b:x"], thirds: 1 },
      { ago: 0, counts: ["@c:x"], thirds: 2 },
    ];

    expect(counted(acts)).toMatchObject({ removals: 4, levels: 0, changes: 0, factor: 1 });
  });

  test("what is older counts no more, nor does what came later", () => {
    const acts = [{ ago: 11 * minute }, { ago: 9 * minute }, { ago: 5_000 }, { ago: 0 }];
    const world = here(acts);

    expect(countAt(olga, event("$3"), world).removals).toBe(3);
    expect(countAt(olga, event("$2"), world).removals).toBe(2);
    expect(countNow(olga, world, now + 10 * minute).removals).toBe(0);
  });

  test("each kind is counted where it belongs", () => {
    const kinds: readonly StaffActKind[] = ["ban", "kick", "mute", "levels", "acl", "rule", "state", "unban"];

    expect(counted(kinds.map((kind, n) => ({ kind, ago: 1_000 * (10 - n) })))).toMatchObject({
      removals: 3,
      levels: 1,
      changes: 4,
    });
  });

  test("what was spared or is not weighed yet counts nothing", () => {
    expect(counted(many(40, { thirds: 0 })).removals).toBe(0);
    expect(counted([{ thirds: 0, spared: "wave" }, {}]).removals).toBe(1);
  });

  test("what others did counts for them", () => {
    const acts = [...many(5, { user: paul }), { ago: 0 }];

    expect(counted(acts).removals).toBe(1);
  });
});

describe("half as much again counts", () => {
  test("what is done at the pace of a script", () => {
    const fast = many(6).map((one, n) => ({ ...one, ago: (5 - n) * 1_000 }));
    const slow = many(6).map((one, n) => ({ ...one, ago: (5 - n) * 1_500 }));

    expect([counted(fast), counted(slow)].map(({ removals }) => removals)).toEqual([9, 6]);
  });

  test("no script is one who removes one person from many rooms at once", () => {
    expect(counted(many(20, { ago: 0, counts: ["@a:x"] }))).toMatchObject({ removals: 1, factor: 1 });
  });

  test("what is done at an hour at which they never acted", () => {
    const acts = many(4);
    const world = here(acts);
    const day = Math.floor(now / 86_400_000) * 86_400_000;
    const hourNow = Math.floor((now - day) / 3_600_000);
    for (const hours of [8, 10, 12])
      world.stored.staffHours.acted(olga, day - 3 * 86_400_000 + ((hourNow + hours) % 24) * 3_600_000);

    expect(countAt(olga, event("$3"), world)).toMatchObject({ removals: 6, factor: 1.5 });
  });
});

describe("what a server held up", () => {
  test("counts by when it was sent, over the hours in which it was done", () => {
    const acts = many(40).map((one, n) => ({ ...one, ago: 0, sentAt: now - (39 - n) * 5 * minute }));

    expect(counted(acts).removals).toBe(13);
  });

  test("counts all the same in so far as it is three times too much", () => {
    const acts = many(120).map((one, n) => ({ ...one, ago: 0, sentAt: now - (119 - n) * 5 * minute }));

    expect(counted(acts).removals).toBe(40);
  });
});

describe("after a word", () => {
  test("nothing counts while it is them, and afterwards only what they did since", () => {
    const until = now - minute;
    const acts = [{ ago: 3 * minute }, { ago: 2 * minute }, { ago: 5_000 }, { ago: 0 }];

    expect(counted(acts, { is: "trusted", by: paul, at: now - 60 * minute, until }).removals).toBe(2);
    expect(counted(acts, { is: "trusted", by: paul, at: now - minute, until: now + 1 }).removals).toBe(0);
    expect(counted(acts, { is: "stopped", by: paul, at: now - minute }).removals).toBe(0);
  });
});
