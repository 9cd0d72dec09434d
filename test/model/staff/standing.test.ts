import { describe, expect, test } from "@jest/globals";
import { isPaused, judgesOf, mayJudge, standingOf } from "../../../src/model/staff/standing.ts";
import type { StaffVerdict } from "../../../src/model/settings/staff.ts";
import { aWorld, desk, live, lobby, me, member, see, user } from "../../support/make.ts";

const [olga, paul, quin] = ["@olga:x.test", "@paul:x.test", "@quin:x.test"].map(user) as [
  ...[ReturnType<typeof user>, ReturnType<typeof user>, ReturnType<typeof user>],
];
const day = 86_400_000;

function here(...moderators: readonly string[]) {
  const world = aWorld();
  see(world, { kind: "tick", retryRooms: false }, live(desk, member(me, "join")));
  for (const one of moderators) see(world, live(desk, member(one, "join")));
  // Long enough for them to have been there before.
  world.apply({ kind: "tick", retryRooms: false, at: world.now + day, dueBy: world.now + day });
  const alarm = (who: typeof olga) =>
    see(world, {
      kind: "staff-alarm",
      alarm: { user: who, incident: "i", at: world.now, since: world.now, room: lobby },
    });
  const judge = (who: typeof olga, verdict: StaffVerdict | null) =>
    see(world, { kind: "settings-changed", change: { kind: "judge-staff", user: who, verdict } });
  const exempt = (entity: string) =>
    see(world, {
      kind: "settings-changed",
      change: { kind: "exempt", exemption: { entity, reason: "", by: olga, at: world.now } },
    });
  const later = (ms: number) => {
    const at = world.now + ms;
    world.apply({ kind: "tick", retryRooms: false, at, dueBy: at });
  };
  return { world, alarm, judge, exempt, later };
}

describe("an account that did too much", () => {
  test("is accused until somebody says what it is, or for a day", () => {
    const { world, alarm } = here(olga, paul);
    alarm(olga);

    expect(standingOf(olga, world, world.now)).toBe("accused");
    expect(standingOf(olga, world, world.now + day)).toBe("free");
    expect([olga, paul].map((one) => world.mayCommand(one))).toEqual([false, true]);
  });

  test("is trusted for a while, and stopped until somebody says otherwise", () => {
    const { world, alarm, judge } = here(olga, paul);
    alarm(olga);
    judge(olga, { is: "trusted", by: paul, at: world.now, until: world.now + 5_000 });
    expect([1_000, 5_000].map((ms) => standingOf(olga, world, world.now + ms))).toEqual(["trusted", "free"]);

    judge(olga, { is: "stopped", by: paul, at: world.now });
    expect(standingOf(olga, world, world.now + 30 * day)).toBe("stopped");
    expect(isPaused(olga, world, world.now + 30 * day)).toBe(true);
  });

  test("is accused anew by what it does after a word", () => {
    const { world, alarm, judge } = here(olga, paul);
    alarm(olga);
    judge(olga, { is: "trusted", by: paul, at: world.now, until: world.now });
    see(world, { kind: "tick", retryRooms: false });
    alarm(olga);

    expect(standingOf(olga, world, world.now)).toBe("accused");
  });

  test("is obeyed all the same where there is nobody else but an exempt bot, which is not called", () => {
    const { world, alarm, exempt } = here(olga, paul);
    exempt(paul);
    alarm(olga);

    expect(world.mayCommand(olga)).toBe(true);
    expect(judgesOf(olga, world, world.now)).toEqual([]);
  });

  test.each(["x.test", "@*:x.test"])("is not obeyed because others are exempt as all of %s are", (entity) => {
    const { world, alarm, exempt } = here(olga, paul);
    exempt(entity);
    alarm(olga);

    expect(world.mayCommand(olga)).toBe(false);
    expect(judgesOf(olga, world, world.now)).toEqual([paul]);
  });

  test("is obeyed all the same where nobody else is there", () => {
    const { world, alarm } = here(olga);
    alarm(olga);

    expect(world.mayCommand(olga)).toBe(true);
    expect(judgesOf(olga, world, world.now)).toEqual([]);
  });
});

describe("who may say what it is", () => {
  test("is anybody else who was there before, and is not accused or stopped", () => {
    const { world, alarm, judge } = here(olga, paul, quin);
    alarm(olga);
    expect(judgesOf(olga, world, world.now).toSorted()).toEqual([paul, quin]);

    alarm(paul);
    expect(judgesOf(olga, world, world.now)).toEqual([quin]);
    expect(judgesOf(paul, world, world.now)).toEqual([quin]);

    judge(quin, { is: "stopped", by: paul, at: world.now });
    expect(judgesOf(olga, world, world.now)).toEqual([]);
  });

  test("is neither Tyr, nor a stranger, nor who came since", () => {
    const { world, alarm } = here(olga);
    alarm(olga);
    see(world, live(desk, member(paul, "join")));

    expect([me, paul, quin, olga].map((one) => mayJudge(one, olga, world, world.now))).toEqual([
      ...[false, false, false, false],
    ]);
  });

  test("is after a day who came since, if everybody is gone who was there before", () => {
    const { world, alarm, judge, later } = here(olga, paul);
    alarm(olga);
    judge(olga, { is: "stopped", by: paul, at: world.now });
    see(world, live(desk, member(quin, "join")));
    later(day - 60_000);
    const early = mayJudge(quin, olga, world, world.now);
    later(60_000);
    const besidePaul = mayJudge(quin, olga, world, world.now);
    see(world, live(desk, member(paul, "leave")));

    expect([early, besidePaul, mayJudge(quin, olga, world, world.now)]).toEqual([false, false, true]);
    expect(mayJudge(olga, olga, world, world.now)).toBe(false);
  });

  test("is not for an exempt bot alone to keep from those who came since", () => {
    const { world, alarm, judge, exempt, later } = here(olga, paul);
    exempt(paul);
    alarm(olga);
    judge(olga, { is: "stopped", by: paul, at: world.now });
    see(world, live(desk, member(quin, "join")));
    later(day);

    expect(mayJudge(quin, olga, world, world.now)).toBe(true);
  });
});
