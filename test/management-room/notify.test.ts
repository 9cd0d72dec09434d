import { beforeEach, describe, expect, test } from "@jest/globals";
import { Notify } from "../../src/management-room/notify.ts";
import { decide } from "../../src/model/decision.ts";
import type { World } from "../../src/model/world/world.ts";
import { aWorld, desk, live, me, member, see, state, user } from "../support/make.ts";
import { usualNotify } from "../support/notify.ts";

const minute = 60_000;
const [mod, ann] = [user("@mod:x"), user("@ann:x")];

let world: World;
let notify: Notify;
beforeEach(() => {
  world = aWorld();
  see(world, live(desk, member(mod, "join")), live(desk, member(ann, "join")));
  notify = new Notify(world, usualNotify);
});

const about = (topic: string) => ({ kind: "trouble", topic }) as const;

test("things of one topic notify once in five minutes; others do not wait for them", () => {
  const first = notify.of(about("losses"), 0);
  const second = notify.of(about("losses"), 4 * minute);
  const other = notify.of(about("disk"), 4 * minute);
  const later = notify.of(about("losses"), 5 * minute);

  expect([first, second, other, later].map((one) => one !== undefined)).toEqual([true, false, true, true]);
});

test("nothing rests after the clock was set back", () => {
  notify.of(about("losses"), 10 * minute);

  expect(notify.of(about("losses"), 9 * minute)).toBeDefined();
});

test("at most fifty people are mentioned", () => {
  for (let n = 0; n < 80; n++) see(world, live(desk, member(user(`@m${n}:x`), "join")));

  const notified = notify.of(about("losses"), 0);

  expect(typeof notified === "object" && notified.users).toHaveLength(50);
});

test("who may only look is mentioned in nothing that waits for an answer", () => {
  see(world, live(desk, state("m.room.power_levels", { users: { [mod]: 50 } })), {
    kind: "settings-changed",
    change: { kind: "set-roles", levels: { admin: 100, moderator: 50 } },
  });

  expect(notify.of(about("losses"), 0)).toEqual({ users: [mod] });
  expect(notify.mentioned([ann])).toBeUndefined();
});

describe("who asked", () => {
  test("is notified whatever is set for the moderators", () => {
    const none = new Notify(world, { ...usualNotify, moderators: "nobody" });

    expect(none.of({ kind: "answered", asker: ann }, 0)).toEqual({ users: [ann] });
    expect(none.of(about("losses"), 0)).toBeUndefined();
  });

  test.each([["@gone:x"], [me], [undefined]])("is not, where it is %s", (asker) => {
    expect(
      notify.of({ kind: "answered", asker: asker === undefined ? undefined : user(asker) }, 0),
    ).toBeUndefined();
  });
});

test("what notifies is a message of its own, under the same transaction id", () => {
  const edit = decide(
    {
      kind: "tell",
      room: desk,
      key: "k",
      revision: 1,
      say: { text: "t", html: "t" },
      edits: "$old" as never,
      replyTo: undefined,
    } as const,
    { kind: "self", what: "k" },
    { at: 0, replaces: "" },
  );

  const own = notify.with(edit, about("losses"));

  expect(own).toMatchObject({ id: edit.id, action: { edits: undefined, notifies: { users: [ann, mod] } } });
  expect(notify.with(edit, about("losses"))).toBe(edit);
});
