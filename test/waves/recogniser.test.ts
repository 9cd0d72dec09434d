// Which waves are recognised, by what proof, and who is never part of one.

import { beforeEach, describe, expect, test } from "@jest/globals";
import { dayMs, hourMs, minuteMs } from "../../src/kit/duration.ts";
import type { EventId } from "../../src/model/ids.ts";
import { member, state, user, lobby, live } from "../support/make.ts";
import { ACommunity, hex, humanName, regular } from "./a-community.ts";

let here: ACommunity;
beforeEach(() => {
  here = new ACommunity();
});

const spam = (i: number) =>
  `Dear friend number ${i}, earn money at home with our trading group, join now at https://evil.example/x`;
/** Of a large server, with names of people, who take their time. */
const slowly = (i: number): void => {
  const who = `@${humanName(700 + i)}:matrix.org`;
  here.joins(who);
  here.passes(40_000 + i * 9_000);
  here.says(who, spam(i));
};

describe("a wave", () => {
  test("of machine names of one new server is suspected before anybody speaks", () => {
    for (let i = 0; i < 10; i++) here.joins(hex(i));

    expect(here.wave).toMatchObject({ stage: "suspected" });
    expect(here.wave!.accounts).toBeGreaterThanOrEqual(5);
    expect(here.wave!.shares.map(({ shown }) => shown)).toContain("accounts of evil.example");
    expect(here.member(hex(9))).toMatchObject({ wave: here.wave!.id, messages: [] });
  });

  test("that writes the same within seconds is harmful by its pace", () => {
    for (let i = 0; i < 6; i++) here.comesAndSays(hex(i), spam(i));

    expect(here.waves).toHaveLength(1);
    expect(here.wave).toMatchObject({ stage: "harmful", proof: "pace" });
    expect(here.wave).not.toHaveProperty("asksFirst");
    expect(here.member(hex(0))!.messages).toHaveLength(1);
    expect(here.member(hex(0))!.spokeAt! - here.member(hex(0))!.joinedAt!).toBe(3_000);
  });

  test("that masks its words is harmful without any pace", () => {
    const masked = "j\u043ein our g\u0433oup n\u043ew and earn m\u043eney at https://evil.example/y";
    for (let i = 0; i < 8; i++) {
      here.joins(hex(i));
      here.passes(30_000 + i * 7_000);
      here.says(hex(i), masked);
    }

    expect(here.wave).toMatchObject({ stage: "harmful", proof: "masks" });
  });

  test("of people like others is recognised by its link and text, and never harmful by that alone", () => {
    for (let i = 0; i < 12; i++) slowly(i);

    expect(here.wave).toMatchObject({ stage: "recognised" });
    expect(here.wave!.shares).toContainEqual(
      expect.objectContaining({ class: "link", key: "link:evil.example" }),
    );
    expect(here.wave!.shares).toContainEqual(expect.objectContaining({ class: "text" }));
  });

  test("of edits and of pictures that were encoded again is recognised as well", () => {
    const hash = (i: number) => `LKO2?U%2Tw=w]~RBVZRi};RPxu${"abcdefghij"[i]}`;
    for (let i = 0; i < 9; i++) {
      const who = `@picture${4000 + 7 * i}:evil.example`;
      here.joins(who);
      here.passes(20_000 + i * 5_000);
      const info = { w: 800 - i, h: 600 - i, "xyz.amorgan.blurhash": hash(i) };
      here.says(who, "a.png", { content: { msgtype: "m.image", url: `mxc://evil.example/f${i}`, info } });
    }

    expect(here.wave).toMatchObject({ stage: "recognised" });
    expect(here.wave!.shares.map(({ shown }) => shown)).toContain("pictures that look alike");
  });

  test("has an id that a replay gives again", () => {
    const other = new ACommunity();
    for (const one of [here, other]) for (let i = 0; i < 8; i++) one.joins(hex(i));

    expect(here.wave).toBeDefined();
    expect(here.waves).toEqual(other.waves);
  });

  test("does not depend on what others do meanwhile", () => {
    for (let i = 0; i < 6; i++) {
      here.says(regular(4 * i), "good morning to everybody here in this room");
      here.comesAndSays(hex(i), spam(i));
      here.says(regular(4 * i + 40), spam(i));
    }

    expect(here.wave).toMatchObject({ stage: "harmful", proof: "pace", accounts: 6, spoke: 6 });
  });

  test("that has been quiet for hours is over, and its members are of no wave", () => {
    for (let i = 0; i < 8; i++) here.joins(hex(i));
    here.passes(3 * hourMs);

    expect(here.wave!.endedAt).toBeDefined();
  });

  test("that did harm is not over by itself", () => {
    for (let i = 0; i < 6; i++) here.comesAndSays(hex(i), spam(i));
    here.passes(20 * hourMs);

    expect(here.wave!.endedAt).toBeUndefined();
  });
});

describe("proof that comes later", () => {
  beforeEach(() => {
    for (let i = 0; i < 12; i++) slowly(i);
  });

  test("is a moderator's ban of one of them, by whatever client", () => {
    here.bans(`@${humanName(703)}:matrix.org`);

    expect(here.wave).toMatchObject({ stage: "harmful", proof: "removed" });
  });

  test("is what a moderator says of them", () => {
    here.judge("clean");

    expect(here.wave).toMatchObject({ stage: "harmful", proof: "said" });
  });

  const outcome = (who: string, kind: "ban" | "hold" | "mute", because: object) =>
    here.happens({
      kind: "outcome",
      outcome: {
        decision: {
          ...{ id: `${who} ${kind}`, at: here.at, because },
          action: { kind, room: lobby, user: user(who), reason: "", event: "$x" as EventId },
        } as never,
        result: { kind: "done" },
      },
    });
  const flood = { kind: "finding", protection: "flood", incident: "1", sentence: "" };
  const who = (i: number) => `@${humanName(700 + i)}:matrix.org`;

  test("is a ban for a list, or two people whom rules removed; a message that is held is none", () => {
    for (let i = 0; i < 4; i++) outcome(who(i), "hold", flood);
    outcome(who(1), "ban", flood);
    expect(here.wave!.stage).toBe("recognised");

    outcome(who(2), "ban", flood);

    expect(here.wave).toMatchObject({ stage: "harmful", proof: "rules" });
  });

  test("is no mute of people whose messages are held", () => {
    for (let i = 0; i < 4; i++) {
      outcome(who(i), "hold", flood);
      outcome(who(i), "mute", flood);
    }

    expect(here.wave!.stage).toBe("recognised");
  });

  test("is that rules found two of them, and left it to the wave to answer", () => {
    here.wereFound(who(1));
    expect(here.wave!.stage).toBe("recognised");

    here.wereFound(who(1), who(2));

    expect(here.wave).toMatchObject({ stage: "harmful", proof: "rules" });
  });

  test("is not that one of them left", () => {
    here.happens(live(lobby, member(`@${humanName(703)}:matrix.org`, "leave")));

    expect(here.wave!.stage).toBe("recognised");
  });
});

describe("what a moderator called fine", () => {
  test("is no sign of anything for a month", () => {
    for (let i = 0; i < 12; i++) slowly(i);
    here.judge("fine");
    for (let i = 20; i < 40; i++) slowly(i);
    here.restarts();
    for (let i = 40; i < 60; i++) slowly(i);

    expect(here.waves).toHaveLength(1);
    expect(here.wave!.accounts).toBeLessThanOrEqual(12);
  });

  test("is a sign again once that is taken back, and the wave goes on", () => {
    for (let i = 0; i < 12; i++) slowly(i);
    const { id } = here.wave!;
    here.judge("fine");
    here.changes({ kind: "judge-wave", wave: id, verdict: null });
    for (let i = 20; i < 30; i++) slowly(i);

    expect(here.waves.map((wave) => wave.id)).toEqual([id]);
    expect(here.wave!.accounts).toBeGreaterThan(16);
  });

  test("is one person: they are out, for good, and so is whoever has only in common with the wave what they have", () => {
    for (let i = 0; i < 8; i++) here.comesAndSays(hex(i), spam(i));
    here.changes({ kind: "excuse", user: user(hex(3)), at: here.at });
    here.says(hex(3), spam(3));

    expect(here.wave!.accounts).toBe(7);
    expect(here.waves).toHaveLength(1);
    expect(here.member(hex(4))).toBeDefined();
  });
});

describe("after a restart", () => {
  test("a wave goes on by its id, and its members are counted once", () => {
    for (let i = 0; i < 10; i++) here.comesAndSays(hex(i), spam(i));
    const { id } = here.wave!;
    here.restarts();
    here.passes(10 * minuteMs);
    here.says(hex(0), spam(0));
    here.comesAndSays(hex(20), spam(20));

    expect(here.waves).toHaveLength(1);
    expect(here.wave).toMatchObject({ id, stage: "harmful", accounts: 11 });
    expect(here.member(hex(20))!.wave).toBe(id);
    expect(here.member(hex(0))!.messages).toHaveLength(2);
  });

  test("one that did harm and is over is known when it comes again: three are enough", () => {
    for (let i = 0; i < 10; i++) here.comesAndSays(hex(i), spam(i));
    here.isOver();
    here.passes(5 * dayMs);
    here.restarts();
    here.passes(10 * minuteMs);
    here.joins(hex(30));
    here.passes(minuteMs);
    here.says(hex(30), spam(30));
    const again = here.waves.at(-1)!;
    expect(here.waves).toHaveLength(2);
    expect(again).toMatchObject({ stage: "suspected", accounts: 1 });
    for (let i = 31; i < 33; i++) {
      here.joins(hex(i));
      here.passes(minuteMs);
      here.says(hex(i), spam(i));
    }

    expect(here.waves.at(-1)).toMatchObject({ id: again.id, stage: "harmful", proof: "earlier" });
  });
});

describe("no wave", () => {
  test("are regulars, whatever they say", () => {
    for (let i = 0; i < 40; i += 4) here.says(regular(i), spam(0));

    expect(here.waves).toEqual([]);
    expect(here.recogniser.held.accounts).toBe(0);
  });

  test("are people who were here before us, though they never spoke", () => {
    for (let i = 1; i < 41; i += 4) here.says(regular(i), spam(0));

    expect(here.waves).toEqual([]);
  });

  test("is a keynote: 300 people of servers that are known", () => {
    for (let i = 0; i < 300; i++) {
      const who = `@${humanName(700 + i)}:${["matrix.org", "example.org", "kde.example"][i % 3]}`;
      here.joins(who);
      if (i % 3 === 0) here.says(who, "hi, nice to be here");
    }

    expect(here.waves).toEqual([]);
  });

  test("are people whom one of the staff let in", () => {
    for (let i = 0; i < 8; i++) {
      here.happens(live(lobby, state("m.room.member", { membership: "invite" }, { stateKey: hex(i) })));
      here.joins(hex(i), { isFirst: false });
    }

    expect(here.waves).toEqual([]);
  });

  test("are those who were given a level", () => {
    const users = Object.fromEntries([
      ["@tyr:example.org", 100],
      ...Array.from({ length: 9 }, (_, i) => [hex(i), 10]),
    ]);
    here.happens(live(lobby, state("m.room.power_levels", { users })));
    for (let i = 0; i < 9; i++) here.comesAndSays(hex(i), spam(i));

    expect(here.waves).toEqual([]);
  });

  test("are ghosts of a bridge whose bot has a level; without the bot they are one", () => {
    const ghosts = () => {
      for (let i = 0; i < 30; i++) here.joins(`@_discord_${410_234_000 + i * 7919}:bridge.example`);
    };
    const users = { "@tyr:example.org": 100, "@discordbot:bridge.example": 50 };
    here.happens(live(lobby, state("m.room.power_levels", { users })));
    ghosts();
    expect(here.waves).toEqual([]);

    here = new ACommunity();
    ghosts();
    expect(here.wave).toBeDefined();
  });

  test("is a crowd that was expected, as many as were said", () => {
    const by = user("@mod:example.org");
    const expected = [{ from: "evil.example", people: 20, by, at: 0, until: Infinity }];
    here = new ACommunity({ expected });
    for (let i = 0; i < 20; i++) here.comesAndSays(hex(i), "hello");
    expect(here.waves).toEqual([]);

    for (let i = 20; i < 40; i++) here.joins(hex(i));
    expect(here.wave).toBeDefined();
  });
});

describe("where little is known", () => {
  test("a wave is told, and asks first; harm needs eight", () => {
    here = new ACommunity({ watchedDays: 3 });
    for (let i = 0; i < 7; i++) here.comesAndSays(hex(i), spam(i));
    expect(here.wave).toMatchObject({ stage: "recognised", asksFirst: "cold" });

    for (let i = 7; i < 9; i++) here.comesAndSays(hex(i), spam(i));
    expect(here.wave).toMatchObject({ stage: "harmful", asksFirst: "cold" });

    here.judge("clean");
    expect(here.wave).not.toHaveProperty("asksFirst");
  });

  test("words that cannot be read: eight strangers that write within seconds are recognised, and never more", () => {
    for (let i = 0; i < 20; i++)
      here.comesAndSays(hex(i), "", {
        type: "m.room.encrypted",
        content: { algorithm: "m.megolm.v1.aes-sha2" },
      });

    expect(here.wave).toMatchObject({ stage: "recognised", proof: "pace", asksFirst: "unreadable" });
  });

  test("what was held up on its way tells no delay and makes no burst", () => {
    here = new ACommunity();
    here.restarts();
    for (let i = 0; i < 12; i++) {
      here.joins(`@${humanName(800 + i)}:new${i}.example`);
    }

    expect(here.waves).toEqual([]);
  });
});

describe("bounds", () => {
  test("hold under ten thousand accounts that have nothing in common", () => {
    for (let i = 0; i < 10_000; i++) {
      const who = `@u${(i * 7919) % 99_991}x${i}:s${i}.example`;
      here.joins(who);
      if (i % 3 === 0)
        here.says(who, `look at https://h${i}.example/${i} and write to me at me${i}@h${i}.example`);
    }
    const { accounts, traits, clusters } = here.recogniser.held;

    expect(accounts).toBeLessThanOrEqual(4_096);
    expect(traits).toBeLessThanOrEqual(16_384 + 20);
    expect(clusters).toBeLessThanOrEqual(128);
  });
});
