import { describe, expect, test } from "@jest/globals";
import { Arrivals } from "../../src/model/arrivals.ts";
import type { Seen } from "../../src/model/observation.ts";
import { aWorld, event, hall, lobby, live, member, roomRead, user } from "../support/make.ts";

const [ann, bob, cid] = [user("@ann:x"), user("@bob:x"), user("@cid:x")];
const at = (ms: number) => ({ at: ms, sentAt: ms });

test("the time from the join to the first word is kept, and no later word changes it", () => {
  const arrivals = new Arrivals(10);
  arrivals.joined(lobby, ann, { ...at(1_000), wasInvited: false });
  expect(arrivals.get(lobby, ann)?.delayMs).toBeUndefined();

  arrivals.spoke(lobby, ann, { ...at(3_000), late: false });
  arrivals.spoke(lobby, ann, { ...at(9_000), late: false });

  expect(arrivals.get(lobby, ann)).toEqual({ by: "nobody", delayMs: 2_000 });
  expect(arrivals.get(hall, ann)).toBeUndefined();
});

test("a first word that was held up makes it unknown for good", () => {
  const arrivals = new Arrivals(10);
  for (const who of [ann, bob]) arrivals.joined(lobby, who, { ...at(1_000), wasInvited: false });
  arrivals.spoke(lobby, ann, { at: 2_000, sentAt: 900_000, late: false });
  arrivals.spoke(lobby, bob, { ...at(2_000), late: true });
  for (const who of [ann, bob]) arrivals.spoke(lobby, who, { ...at(3_000), late: false });

  expect([ann, bob].map((who) => arrivals.get(lobby, who))).toEqual([{ by: "nobody" }, { by: "nobody" }]);
});

test("beyond the bound who came first is forgotten and deleted; who was invited and is forgotten came by nobody we know", () => {
  const arrivals = new Arrivals(2);
  arrivals.invited(lobby, ann, cid);
  for (const who of [bob, cid]) arrivals.joined(lobby, who, { ...at(1_000), wasInvited: false });

  expect([...arrivals.unwritten.take()][0]).toEqual([`${lobby} ${ann}`, undefined]);
  arrivals.joined(lobby, ann, { ...at(2_000), wasInvited: true });
  expect(arrivals.get(lobby, ann)?.by).toBe("unknown");
});

test("put back from the store they go on where they were, and are not written again", () => {
  const [before, after] = [new Arrivals(10), new Arrivals(10)];
  before.invited(lobby, ann, bob);
  before.joined(lobby, ann, { ...at(1_000), wasInvited: true });
  for (const [key, item] of before.unwritten.take()) after.restore(key, JSON.parse(JSON.stringify(item)));
  expect(after.unwritten.take().size).toBe(0);

  after.spoke(lobby, ann, { ...at(4_000), late: false });
  expect(after.get(lobby, ann)).toEqual({ by: bob, delayMs: 3_000 });
});

describe("as the world sees them", () => {
  const begin = () => {
    const world = aWorld();
    let now = 1_700_000_000_000;
    const see = (...seen: readonly Seen[]) => {
      now += 1_000;
      for (const one of seen) world.apply({ ...one, at: now, dueBy: now });
    };
    return { see, by: (who = ann) => world.stored.arrivals.get(lobby, who)?.by };
  };
  const lobbyIs = (membership: "join" | "leave" | "invite", by = ann) =>
    live(lobby, member(ann, membership, { by }));

  test("by themselves, by an invitation, and anew after they went", () => {
    const { see, by } = begin();
    see(lobbyIs("join"));
    expect(by()).toBe("nobody");

    see(lobbyIs("leave"), lobbyIs("invite", bob), lobbyIs("join"), lobbyIs("join"));
    expect(by()).toBe(bob);

    see(lobbyIs("leave"));
    expect(by()).toBeUndefined();
    see(lobbyIs("join"));
    expect(by()).toBe("nobody");
  });

  test("an invitation that was read counts; who was there, or came in a gap or just after it, is not known", () => {
    const { see, by } = begin();
    see(roomRead(lobby, [member(ann, "invite", { by: bob }), member(cid, "join")]));
    expect([by(), by(cid)]).toEqual([bob, undefined]);
    see(lobbyIs("join"));
    expect(by()).toBe(bob);

    see(lobbyIs("leave"), { kind: "gap", room: lobby, from: "a", to: "b" }, lobbyIs("join"));
    expect(by()).toBeUndefined();
    see(lobbyIs("leave"), { ...lobbyIs("join"), fromTimeline: false } as Seen);
    expect(by()).toBeUndefined();
  });
});

test("a message of ours or by a call is no first word", () => {
  const world = aWorld();
  const now = 1_700_000_000_000;
  const say = (type: string): Seen => ({
    kind: "message",
    room: lobby,
    late: false,
    event: { type, sender: ann, eventId: event(`$${type}`), content: {}, sentAt: now },
  });
  for (const [i, one] of [
    live(lobby, { ...member(ann, "join"), sentAt: now }),
    say("m.call.invite"),
    say("m.sticker"),
  ].entries())
    world.apply({ ...one, at: now + i * 1_000, dueBy: now });

  expect(world.stored.arrivals.get(lobby, ann)?.delayMs).toBe(2_000);
});
