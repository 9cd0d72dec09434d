import { describe, expect, test } from "@jest/globals";
import type { Part } from "../../src/bot/part.ts";
import { plain } from "../../src/kit/say.ts";
import type { ActionOf } from "../../src/model/actions/action.ts";
import { decide, type Decision } from "../../src/model/decision.ts";
import { aBot } from "../support/a-bot.ts";
import { desk, event, lobby, member, user } from "../support/make.ts";

const mod = user("@mod:example.org");
const command = { kind: "command", event: event("$command"), by: mod, text: "kick" } as const;
const kickOf = (who: string): Decision =>
  decide({ kind: "kick", room: lobby, user: user(who), reason: "" }, command, { at: 0, replaces: "" });
const words = (key: string): Decision<ActionOf<"tell">> =>
  decide(
    {
      kind: "tell",
      room: desk,
      key,
      revision: 0,
      say: plain(key),
      edits: undefined,
      replyTo: undefined,
    } as const,
    { kind: "self", what: key },
    { at: 0, replaces: "" },
  );
const tick = { kind: "tick", retryRooms: false } as const;
const kinds = (decisions: readonly Decision[]) => decisions.map(({ action }) => action.kind);

/** Proposes and says once, and notes every hook that is called. */
function noting(notes: string[], more: Partial<Part> = {}): Part {
  let hasProposed = false;
  return {
    name: "noting",
    roomsToReconsider: () => (notes.push("roomsToReconsider"), []),
    seen: () => void notes.push("seen"),
    proposes: () => {
      notes.push("proposes");
      return hasProposed ? [] : [kickOf("@bob:x")];
    },
    guarded: () => void notes.push("guarded"),
    handedOver: ({ action }) => void notes.push(`handedOver ${action.kind}`),
    numbered: (_, number) => void notes.push(`numbered ${number}`),
    allowed: (decisions) => void notes.push(`allowed ${decisions.length}`),
    ended: ({ decision }) => void notes.push(`ended ${decision.action.kind}`),
    says: () => {
      notes.push("says");
      const said = hasProposed ? [] : [words("hello")];
      hasProposed = true;
      return said;
    },
    ...more,
  };
}

describe("a batch", () => {
  test("goes from belief over proposals and the guard to acts, and from there to words", () => {
    const notes: string[] = [];
    const { bot } = aBot([noting(notes)]);

    bot.receive([tick]);

    expect(notes).toEqual([
      "roomsToReconsider",
      "seen",
      "proposes",
      "guarded",
      "numbered 1",
      "handedOver kick",
      "allowed 1",
      "says",
      "handedOver tell",
    ]);
  });

  test("is believed before its parts see it", () => {
    const notes: string[] = [];
    const { bot, world } = aBot([
      { name: "looking", seen: () => void notes.push(world.members.membershipOf(lobby, user("@eve:x"))) },
    ]);

    bot.receive([{ kind: "state", room: lobby, event: member("@eve:x", "join"), fromTimeline: true }]);

    expect(notes).toEqual(["join"]);
  });

  test("tells how acts ended before anything is said about them", async () => {
    const notes: string[] = [];
    const { bot, clock } = aBot([noting(notes)]);
    bot.receive([tick]);
    notes.length = 0;

    await clock.settle();

    expect(notes.slice(0, 6)).toEqual([
      "roomsToReconsider",
      "seen",
      "proposes",
      "guarded",
      "allowed 0",
      "ended kick",
    ]);
    expect(notes[6]).toBe("says");
  });

  test("hands acts to the executor before words, and neither before both are written", async () => {
    const { bot, db, performed, clock } = aBot([noting([])]);
    const transaction = db.transaction.bind(db);
    const atCommit: string[][] = [];
    db.transaction = (work) => {
      const result = transaction(work);
      atCommit.push(kinds(performed));
      return result;
    };

    bot.receive([tick]);
    await clock.settle();

    expect(atCommit[0]).toEqual([]);
    expect(kinds(performed)).toEqual(["kick", "tell"]);
  });

  test("is one transaction, whatever it leads to", () => {
    const { bot, db } = aBot([noting([]), noting([], { name: "another" })]);
    const transaction = db.transaction.bind(db);
    let transactions = 0;
    db.transaction = (work) => {
      transactions++;
      return transaction(work);
    };

    bot.receive([tick]);

    expect(transactions).toBe(1);
    expect(db.all("SELECT kind FROM decision ORDER BY kind")).toEqual([["kick"], ["tell"]]);
  });

  test("whose transaction fails is done all the same, as on a full disk, and written with the next", () => {
    const { bot, db, performed, clock } = aBot([noting([])]);
    const transaction = db.transaction.bind(db);
    let isFull = true;
    db.transaction = (work) =>
      transaction(() => {
        const result = work();
        if (isFull)
          throw Object.assign(new Error("database or disk is full"), {
            code: "ERR_SQLITE_ERROR",
            errcode: 13,
          });
        return result;
      });

    bot.receive([tick]);
    const written = db.all("SELECT kind FROM decision");
    isFull = false;
    clock.step(60_000);
    bot.receive([tick]);

    expect(kinds(performed)).toEqual(["kick", "tell"]);
    expect(written).toEqual([]);
    expect(db.all("SELECT kind FROM decision ORDER BY kind")).toEqual([["kick"], ["tell"]]);
  });
});

describe("a part that throws", () => {
  const broken = (hook: keyof Part): Part => ({
    name: "broken",
    [hook]: () => {
      throw new Error("broken on purpose");
    },
  });

  test.each(["proposes", "guarded", "handedOver", "allowed", "says", "nextAt"] as const)(
    "in %s stops none of the others, and is logged by its name",
    async (hook) => {
      const { bot, performed, logged, clock } = aBot([broken(hook), noting([])]);

      bot.receive([tick]);
      await clock.settle();

      expect(kinds(performed)).toEqual(["kick", "tell"]);
      expect(logged[0]).toMatchObject({ message: "a part of the bot broke", fields: { part: "broken" } });
    },
  );

  test("when it has seen the batch keeps anything from being judged, but not from being said and ended", () => {
    const notes: string[] = [];
    const { bot, performed } = aBot([broken("seen"), noting(notes)]);

    bot.receive([tick]);

    expect(notes).toEqual(["roomsToReconsider", "seen", "allowed 0", "says", "handedOver tell"]);
    expect(kinds(performed)).toEqual(["tell"]);
  });

  test("has everything judged again with the next batch", () => {
    let isBroken = true;
    const everything: boolean[] = [];
    const { bot } = aBot([
      {
        name: "broken once",
        says: ({ changes }) => {
          everything.push(changes.everything);
          if (isBroken) throw new Error("broken on purpose");
          return [];
        },
      },
    ]);

    bot.receive([tick]);
    isBroken = false;
    bot.receive([tick]);
    bot.receive([tick]);

    expect(everything).toEqual([false, true, false]);
  });
});

test("what is received while a batch is worked off waits for its turn", () => {
  const order: string[] = [];
  const { bot } = aBot([
    {
      name: "echoing",
      seen: ({ seen }) => {
        order.push(`seen ${seen.length}`);
        if (seen.length === 1) bot.receive([tick, tick]);
      },
      says: ({ seen }) => {
        order.push(`says ${seen.length}`);
        return [];
      },
    },
  ]);

  bot.receive([tick]);

  expect(order).toEqual(["seen 1", "says 1", "seen 2", "says 2"]);
});

test("rooms that a part wants judged again are judged with the batch", () => {
  const rooms: string[][] = [];
  const { bot } = aBot([
    {
      name: "reconsidering",
      roomsToReconsider: () => [lobby],
      seen: ({ changes }) => void rooms.push([...changes.rooms]),
    },
  ]);

  bot.receive([tick]);

  expect(rooms).toEqual([[lobby]]);
});

test("people whom a part wants judged again are judged with the batch, and their rooms are not", () => {
  const judged: unknown[] = [];
  const bob = { room: lobby, user: user("@bob:x") };
  const { bot } = aBot([
    {
      name: "reconsidering",
      peopleToReconsider: () => [bob],
      seen: ({ changes }) => void judged.push(changes.arrivals, changes.rooms.size),
    },
  ]);

  bot.receive([tick]);

  expect(judged).toEqual([[bob], 0]);
});

test("the timer wakes for the earliest that a part names", async () => {
  const at: number[] = [];
  const { bot, clock } = aBot([
    { name: "late", nextAt: () => clock.now() + 20_000 },
    { name: "early", nextAt: () => clock.now() + 5_000, seen: (batch) => void at.push(batch.at) },
  ]);
  const begun = clock.now();

  bot.receive([tick]);
  await clock.advance(5_000);

  expect(at.map((one) => one - begun)).toEqual([0, 5_000]);
});

test("a bot that was stopped takes nothing in", () => {
  const notes: string[] = [];
  const { bot } = aBot([noting(notes)]);

  bot.stop();
  bot.receive([tick]);

  expect(notes).toEqual([]);
});
