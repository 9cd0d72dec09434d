// What protections would remove: mutes, redactions and words go on, crowds wait for a yes.

import { describe, expect, test } from "@jest/globals";
import type { Cause } from "../../../src/model/decision.ts";
import type { UserId } from "../../../src/model/ids.ts";
import { event, listA, lobby } from "../../support/make.ts";
import { minuteMs, Weigher } from "../../support/weighing.ts";

const found = (user: UserId, incident = "incident-1", protection = "flood"): Cause => ({
  kind: "finding",
  protection,
  incident,
  user,
  sentence: "12 messages within 10 seconds",
});
const bans = (weigher: Weigher, people: readonly UserId[], incident = "incident-1", protection = "flood") =>
  people.map((one) => weigher.ban(one, found(one, incident, protection)));
const banned = (people: readonly UserId[]) => people.map((one) => `ban ${one}`);

describe("what an incident removes", () => {
  test("goes on up to the limit", () => {
    const weigher = new Weigher();
    const people = weigher.crowd("p", 3);

    expect(weigher.weigh(bans(weigher, people))).toEqual({ allowed: banned(people), held: [] });
  });

  test("waits as a whole beyond it, and keeps the acts for the yes", () => {
    const weigher = new Weigher();
    const people = weigher.crowd("p", 4);

    const { allowed, held } = weigher.weigh(bans(weigher, people));

    expect(allowed).toEqual([]);
    expect(held).toEqual([
      {
        by: {
          protection: "flood",
          incident: "incident-1",
          acts: bans(weigher, people).map(({ action, because }) => ({ action, because })),
        },
        why: ["it would hit 4 people, and the limit is 3"],
      },
    ]);
  });

  test("counts with what the protection removed within the window, in whichever incident", () => {
    const weigher = new Weigher();
    const people = weigher.crowd("p", 4);
    weigher.weigh(bans(weigher, people.slice(0, 3)));

    const { allowed, held } = weigher.weigh(bans(weigher, people.slice(3), "incident-2"));

    expect(allowed).toEqual([]);
    expect(held.map(({ why }) => why)).toEqual([
      ["it would hit 1 person (with 3 before them), and the limit is 3"],
    ]);
  });

  test("does not count with what another protection removed, nor with what was before the window", () => {
    const weigher = new Weigher();
    const people = weigher.crowd("p", 5);
    weigher.weigh(bans(weigher, people.slice(0, 3)));

    expect(weigher.weigh(bans(weigher, people.slice(3, 4), "other", "mention-limit")).held).toEqual([]);
    weigher.now += 61 * minuteMs;
    expect(weigher.weigh(bans(weigher, people.slice(4), "incident-2")).held).toEqual([]);
  });

  test("of newcomers is no crowd", () => {
    const weigher = new Weigher();
    const people = ["a", "b", "c", "d"].map((name) => weigher.newcomer(name));

    expect(weigher.weigh(bans(weigher, people))).toEqual({ allowed: banned(people), held: [] });
  });

  test("asks nothing for a regular: the moderators said that they are not spared", () => {
    const weigher = new Weigher();
    const [regular] = weigher.crowd("p", 1);
    weigher.makeRegular(regular!);

    expect(weigher.weigh(bans(weigher, [regular!])).held).toEqual([]);
  });
});

describe("what goes on meanwhile", () => {
  test("are mutes, redactions and warnings; kicks, bans and rules wait", () => {
    const weigher = new Weigher();
    const people = weigher.crowd("p", 4);
    const [one] = people as [UserId];
    const because = found(one);
    const decisions = [
      weigher.decide(
        { kind: "mute", room: lobby, user: one, reason: "", level: -1, before: undefined },
        because,
      ),
      weigher.decide({ kind: "redact", room: lobby, event: event("$1"), user: one, reason: "" }, because),
      weigher.decide({ kind: "warn", room: lobby, user: one, text: "Please." }, because),
      weigher.decide({ kind: "kick", room: lobby, user: one, reason: "" }, because),
      weigher.decide(
        {
          kind: "write-policy",
          list: listA,
          eventType: "m.policy.rule.user",
          stateKey: "k",
          content: { entity: "@p-*:x.test", recommendation: "m.ban" },
        },
        because,
      ),
    ];

    expect(weigher.weigh(decisions).allowed).toEqual([`mute ${one}`, `redact ${one}`, `warn ${one}`]);
  });
});

describe("an incident that was asked about", () => {
  const asked = (yes: boolean | undefined) => {
    const weigher = new Weigher();
    const people = weigher.crowd("p", 2);
    weigher.ask({ kind: "findings", protection: "flood", incident: "incident-1", acts: [] }, yes);
    return { people, ...weigher.weigh(bans(weigher, people)) };
  };

  test("holds whoever is found later, though they are few", () => {
    const { allowed, held } = asked(undefined);

    expect(allowed).toEqual([]);
    expect(held.map(({ why }) => why)).toEqual([[]]);
  });

  test("removes them after a yes, without a further question", () => {
    const { allowed, held, people } = asked(true);

    expect(allowed).toEqual(banned(people));
    expect(held).toEqual([]);
  });

  test("removes nobody after a no, and asks no more", () => {
    const { allowed, held } = asked(false);

    expect(allowed).toEqual([]);
    expect(held).toEqual([]);
  });
});
