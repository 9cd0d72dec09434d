import { describe, expect, test } from "@jest/globals";
import { KnownServers } from "../../src/model/known-servers.ts";
import type { Seen } from "../../src/model/observation.ts";
import { aWorld, hall, joining, leaving, live, lobby, member, roomRead, server } from "../support/make.ts";

const [far, near, third] = [server("far.example"), server("near.example"), server("third.example")];

test("the first arrival counts, and is written once", () => {
  const servers = new KnownServers();
  servers.came(far, { at: 1_000, isNew: () => true });
  servers.came(far, { at: 2_000, isNew: () => true });

  expect(servers.since(far)).toBe(1_000);
  expect([...servers.unwritten.take()]).toEqual([[far, { since: 1_000 }]]);
  servers.came(far, { at: 3_000, isNew: () => true });
  expect(servers.unwritten.take().size).toBe(0);
});

test("beyond the bound the server of which nobody came for longest is forgotten and deleted", () => {
  const servers = new KnownServers(2);
  for (const [at, one] of [far, near, far, third].entries())
    servers.came(one, { at: at + 1, isNew: () => true });

  expect([far, near, third].map((one) => servers.since(one))).toEqual([1, undefined, 4]);
  expect(servers.unwritten.take().get(near)).toBeUndefined();
});

test("after a restart it is as it was", () => {
  const [before, after] = [new KnownServers(), new KnownServers()];
  before.came(far, { at: 1_000, isNew: () => true });
  before.wasThere(near);
  for (const [key, item] of before.unwritten.take()) after.restore(key, item!);
  after.came(near, { at: 2_000, isNew: () => true });
  after.wasThere(near);

  expect([far, near].map((one) => after.since(one))).toEqual([1_000, undefined]);
  expect(after.unwritten.take().size).toBe(0);
});

describe("as the world sees them", () => {
  const begin = () => {
    const world = aWorld();
    let now = 1_700_000_000_000;
    const see = (...seen: readonly Seen[]) => {
      now += 60_000;
      for (const one of seen) world.apply({ ...one, at: now, dueBy: now });
      return now;
    };
    return { world, see, since: (name: string) => world.stored.servers.since(server(name)) };
  };
  const comes = (who: string, where = lobby) => live(where, member(who, "join"));

  test("who comes first counts, not who is invited or banned, nor who comes later", () => {
    const { see, since } = begin();
    see(
      live(lobby, member("@a:far.example", "invite", { by: "@mod:example.org" })),
      live(lobby, member("@b:far.example", "ban", { by: "@mod:example.org" })),
    );
    expect(since("far.example")).toBeUndefined();

    const at = see(comes("@c:far.example"));
    see(comes("@d:far.example", hall), comes("@a:FAR.example"));
    expect(Math.abs(since("far.example")! - at)).toBeLessThan(60_000);
  });

  test("a server that was there before us is unknown, also when more of it come, and where it was there in another room", () => {
    const { see, since } = begin();
    see(comes("@new:two.example"), leaving(lobby), joining(lobby));
    see(roomRead(lobby, [member("@a:one.example", "join"), member("@new:two.example", "join")]));
    see(comes("@b:one.example"), comes("@c:three.example"));

    expect([since("one.example"), since("two.example")]).toEqual([undefined, undefined]);
    expect(since("three.example")).toBeDefined();
  });

  test("who came in a gap is new", () => {
    const { see, since } = begin();
    see(
      { kind: "gap", room: lobby, from: "a", to: "b" },
      roomRead(lobby, [member("@a:far.example", "join")]),
    );

    expect(since("far.example")).toBeDefined();
  });
});

test("of a store that was written before servers were remembered, those whose people are here are unknown", () => {
  const world = aWorld();
  const at = 1_700_000_000_000;
  const record = { membership: "join", stamp: 1, isOurs: false, forList: undefined, since: 5 } as const;
  world.restore({ kind: "member", room: hall, user: member("@a:far.example", "join").sender, record });
  world.apply({ ...live(lobby, member("@b:far.example", "join")), at, dueBy: at });

  expect(world.stored.servers.since(far)).toBeUndefined();
});
