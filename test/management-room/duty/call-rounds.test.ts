import { expect, test } from "@jest/globals";
import { Announcements } from "../../../src/management-room/announcements.ts";
import { CallRounds } from "../../../src/management-room/duty/call-rounds.ts";
import type { Distrust } from "../../../src/management-room/distrust.ts";
import { Notify } from "../../../src/management-room/notify.ts";
import type { Seen } from "../../../src/model/observation.ts";
import { usualNotify } from "../../support/notify.ts";
import { aWorld, desk, live, member, nextEvent, see, state, user } from "../../support/make.ts";

const mod = user("@mod:example.org");

/** What is told of a test call after a word of a moderator. */
function toldAfter(
  type: string,
  why: Distrust | undefined,
  { level }: { readonly level?: number } = {},
): readonly string[] {
  const world = aWorld();
  see(world, live(desk, member(mod, "join")));
  if (level !== undefined)
    see(world, live(desk, state("m.room.power_levels", { users: { [mod]: level } })), {
      kind: "settings-changed",
      change: { kind: "set-roles", levels: { admin: 100, moderator: 50 } },
    });
  const notify = new Notify(world, usualNotify);
  const announcements = new Announcements({
    ...{ world, notify, prefix: "!tyr" },
    isLeftAlone: () => false,
    diskNews: () => undefined,
  });
  const rounds = new CallRounds({
    ...{ world, notify, announcements, prefix: "!tyr", seenIsEnough: true },
    distrust: () => why,
  });
  const said = (one: Seen, at: number) =>
    rounds.says({ seen: [{ ...one, at, dueBy: at }], at }).map(({ action }) => action.say.text);
  const testCall = { kind: "test-duty", by: mod, at: 1_000 } as const;
  said({ kind: "settings-changed", change: testCall as never }, 1_000);
  const event = { type, sender: mod, eventId: nextEvent(), content: {}, sentAt: 61_000 };

  return said({ kind: "message", room: desk, event, late: false }, 61_000);
}

test("a word answers a call", () => {
  expect(toldAfter("m.room.message", undefined)).toEqual([
    expect.stringMatching(/answered the test call after 1 minute/),
  ]);
});

test("with roles a word of who may only look answers none", () => {
  expect(toldAfter("m.room.message", undefined, { level: 50 })).toHaveLength(1);
  expect(toldAfter("m.room.message", undefined, { level: 0 })).toEqual([]);
});

test.each(["clear", "device", "forged", "repeated"] as const)(
  "a word that is not obeyed (%s) answers none",
  (why) => {
    expect(toldAfter("m.room.message", why)).toEqual([]);
  },
);

test("a reaction answers it also where it answers no question, and so does what cannot be read", () => {
  expect(toldAfter("m.reaction", "reaction")).toHaveLength(1);
  expect(toldAfter("m.room.encrypted", undefined)).toHaveLength(1);
});
