// From a harmful wave to contained rooms, and back: which cut, where, how long, and what people say of it.

import { beforeEach, describe, expect, test } from "@jest/globals";
import { Containing } from "../../../src/decisions/waves/containing.ts";
import type { WaveAct } from "../../../src/model/waves.ts";
import type { Action } from "../../../src/model/actions/action.ts";
import type { Contained } from "../../../src/model/containments.ts";
import type { Decision } from "../../../src/model/decision.ts";
import type { RoomId, UserId } from "../../../src/model/ids.ts";
import type { Observation, Seen } from "../../../src/model/observation.ts";
import type { Wave } from "../../../src/model/waves.ts";
import type { World } from "../../../src/model/world/world.ts";
import { RulesInForce } from "../../../src/policy/rules-in-force.ts";
import { aWorld, desk, event, hall, live, lobby, me, member, state, user } from "../../support/make.ts";

const minute = 60_000;
const day = 24 * 60 * minute;
const mod = user("@mod:example.org");
const spam = Array.from({ length: 8 }, (_, i) => user(`@spam${i}:evil.example`));
const big = Array.from({ length: 8 }, (_, i) => user(`@spam${i}:big.example`));
const regular = user("@regular:big.example");

let world: World;
let part: Containing;
let now: number;

const believe = (...seen: readonly Seen[]) => {
  for (const one of seen) world.apply({ ...one, at: now, dueBy: now });
};
const aPart = (act: WaveAct = "contain", acls = true) =>
  new Containing({
    world,
    rulesInForce: new RulesInForce(world),
    believe: (seen, at) => world.apply({ ...seen, at, dueBy: now }),
    act,
    acls,
  });
/** One batch; what is proposed is done at once. */
const step = (...seen: readonly Seen[]): readonly Action[] => {
  const stamped = seen.map((one): Observation => ({ ...one, at: now, dueBy: now }));
  for (const one of stamped) world.apply(one);
  const batch = {
    seen: stamped,
    at: now,
    changes: world.takeChanges(),
    moved: { came: [], went: [] },
    findings: [],
  };
  part.seen(batch);
  const decisions = part.proposes(batch);
  for (const decision of decisions) perform(decision);
  return decisions.map(({ action }) => action);
};
let written = 0;
const perform = (decision: Decision) => {
  part.handedOver(decision);
  const result = { kind: "done", eventId: event(`$ours-${(written += 1)}`) } as const;
  believe({ kind: "outcome", outcome: { decision, result } });
  part.ended({ decision, result });
  if (decision.action.kind === "deny-servers" && writesAcls) writeAcl(decision.action.room);
};
/** As the judge of server ACLs does, at once. */
let writesAcls: boolean;
const denied = (room = lobby) =>
  world.stored.containments.get(room, "acl")?.changes.map(({ path }) => path[1]!) ?? [];
const writeAcl = (room: RoomId, deny: readonly string[] = denied(room), sender: UserId = me) =>
  believe(
    live(room, state("m.room.server_acl", { allow: ["*"], deny }, { id: `$acl-${(written += 1)}`, sender })),
  );
const tick = (): Seen => ({ kind: "tick", retryRooms: false });
/** So many accounts of a server that nobody knows, as members of the wave besides the first eight. */
const others = (server: string, count = 2) =>
  Array.from({ length: count }, (_, i) => user(`@more${i}:${server}`));
const after = (ms: number) => {
  now += ms;
  return step(tick());
};
const wave = (change: Partial<Wave> = {}, members: readonly UserId[] = spam, rooms = [lobby]): Seen => ({
  kind: "wave",
  wave: {
    id: "wave",
    stage: "harmful",
    firstAt: now,
    lastAt: now,
    reachedAt: {},
    accounts: members.length,
    spoke: members.length,
    shares: [],
    ...change,
  },
  members: members.map((one) => ({ wave: "wave", user: one, bits: 20, rooms, messages: [] })),
  left: [],
});
const joined = (room: RoomId, people: readonly UserId[]) =>
  people.map((one): Seen => live(room, member(one, "join")));
const said = (sender: UserId, room = lobby, sentAt = now): Seen => ({
  kind: "message",
  room,
  event: { eventId: event(`$said-${sender}-${sentAt}`), sender, sentAt, type: "m.room.message", content: {} },
  late: false,
});
const kinds = (actions: readonly Action[]) => actions.map(({ kind }) => kind);
/** The door of the lobby, which we closed just now. */
const aDoor = (waves: readonly string[]): Contained => ({
  room: lobby,
  key: "join-rule",
  because: { kind: "self", what: "test" },
  at: now,
  stayMs: 120 * minute,
  changes: [{ path: [], ours: { join_rule: "knock" }, before: { join_rule: "public" } }],
  waves,
});
const judged = (is: "fine" | "clean"): Seen => ({
  kind: "settings-changed",
  change: { kind: "judge-wave", wave: "wave", verdict: { is, by: mod, at: now } },
});

beforeEach(() => {
  world = aWorld();
  now = 1_800_000_000_000;
  part = aPart();
  writesAcls = true;
  believe(live(desk, member(mod, "join")), ...joined(lobby, spam));
});

/** Somebody who has been speaking here for weeks. */
const aRegular = (who: UserId, room = lobby) => {
  const today = now;
  believe(...joined(room, [who]));
  for (let n = 30; n > 0; n--) {
    now = today - n * day;
    believe(said(who, room));
  }
  now = today;
};

describe("a harmful wave", () => {
  test("of servers with nobody else is kept out by the server ACL, in the rooms where it is", () => {
    const acts = step(wave());

    expect(acts).toEqual([
      { kind: "deny-servers", room: lobby, servers: ["evil.example"], stayMs: 10 * minute, waves: ["wave"] },
    ]);
    after(0);
    expect(world.stored.roomModes.of(lobby, now)).toBe("raid");
    expect(world.stored.roomModes.of(hall, now)).toBe("calm");
  });

  test("of a server with regulars loses its voice, and no regular does", () => {
    aRegular(regular);
    believe(...joined(lobby, big));

    const [act] = step(wave({}, big));

    expect(act).toMatchObject({ kind: "contain", room: lobby, key: "levels", waves: ["wave"] });
    const { power } = world.rooms.get(lobby)!;
    expect([power.of(regular), power.of(big[0]!), power.neededForMessage("m.room.message")]).toEqual([
      1, 0, 1,
    ]);
  });

  test("is contained in further rooms when it comes there", () => {
    step(wave());
    believe(...joined(hall, spam.slice(0, 1)));
    now += 2_000;

    expect(step(wave({}, spam, [lobby, hall]))).toMatchObject([{ kind: "deny-servers", room: hall }]);
  });

  test("that is only suspected, or only recognised, is not contained; rooms are on their guard for 20 minutes", () => {
    expect(step(wave({ stage: "suspected" }))).toEqual([]);
    now += 2_000;
    expect(step(wave({ stage: "recognised" }))).toEqual([]);
    expect(world.stored.roomModes.of(lobby, now)).toBe("guarded");

    after(19 * minute);
    const before = world.stored.roomModes.of(lobby, now);
    after(2 * minute);

    expect([before, world.stored.roomModes.of(lobby, now)]).toEqual(["guarded", "calm"]);
  });

  test("is left alone where waves are to be asked about first, until a moderator says yes", () => {
    part = aPart("ask");

    expect(step(wave())).toEqual([]);
    expect(kinds(step(judged("clean")))).toEqual(["deny-servers"]);
  });

  test("is asked about where its cut would silence more than fifty others, and nothing is done until then", () => {
    part = aPart("contain", false);
    const crowd = Array.from({ length: 60 }, (_, i) => user(`@guest${i}:conf.example`));
    believe(...joined(lobby, crowd), ...crowd.map((one) => said(one)));

    expect(step(wave())).toEqual([]);
    expect([...part.cuts.waitingFor("wave").keys()]).toEqual([lobby]);
    expect(part.cuts.waitingFor("wave").get(lobby)![0]).toMatchObject({
      key: "levels",
      price: 60,
      asks: true,
    });
    now += 1_000;
    expect(kinds(step(judged("clean")))).toEqual(["contain"]);
  });
});

describe("further servers of the wave", () => {
  const worse = others("worse.example");
  const all = [...spam, ...worse];
  /** The first cut was made, and accounts of one more server came half a minute later. */
  const come = (those: readonly UserId[] = worse) => {
    now += 31_000;
    believe(...joined(lobby, those));
    return step(wave({}, [...spam, ...those]));
  };

  test("are kept out as well, and nobody loses their voice", () => {
    step(wave());

    expect(come()).toMatchObject([{ kind: "deny-servers", room: lobby, servers: ["worse.example"] }]);
    expect(denied()).toEqual(["evil.example", "worse.example"]);
    now += 25_000;
    expect(step(said(worse[0]!, lobby, now - 20_000))).toEqual([]);
  });

  test("are kept out before newcomers lose their voice, where they are heard", () => {
    step(wave());
    now += 5_000;
    believe(...joined(lobby, worse));
    step(wave({}, all));
    now += 30_000;

    expect(step(said(worse[0]!))).toMatchObject([{ kind: "deny-servers", servers: ["worse.example"] }]);
  });

  test("that come sooner are kept out when half a minute has passed since the last step", () => {
    step(wave());
    now += 5_000;
    believe(...joined(lobby, worse));

    expect(step(wave({}, all))).toEqual([]);
    expect(part.nextAt()).toBe(now + 25_000);
    expect(after(25_000)).toMatchObject([{ kind: "deny-servers", servers: ["worse.example"] }]);
  });

  test("are kept out of no room that they have not come to", () => {
    believe(...joined(hall, spam));
    step(wave({}, spam, [lobby, hall]));
    now += 31_000;
    believe(...joined(lobby, worse));
    believe(wave({}, spam, [lobby, hall]));

    expect(step(wave({}, worse))).toMatchObject([{ kind: "deny-servers", room: lobby }]);
  });

  test("are one write, however many they are", () => {
    step(wave());
    const many = ["one", "two", "three"].flatMap((name) => others(`${name}.example`, 1));

    expect(come(many)).toMatchObject([{ servers: ["one.example", "two.example", "three.example"] }]);
  });

  test("wait for the last step to be written", () => {
    writesAcls = false;
    step(wave());

    expect(come()).toEqual([]);
    writeAcl(lobby);
    expect(after(2_000)).toMatchObject([{ kind: "deny-servers", servers: ["worse.example"] }]);
  });

  test("with somebody of ours are not: newcomers lose their voice when they are heard", () => {
    aRegular(regular);
    step(wave());

    expect(come(big)).toEqual([]);
    now += 2_000;
    expect(step(said(big[0]!))).toMatchObject([{ kind: "contain", key: "levels" }]);
    expect(denied()).toEqual(["evil.example"]);
  });

  test("that somebody let in again by hand are left as they are", () => {
    believe(...joined(lobby, worse));
    step(wave({}, all));
    now += 31_000;
    writeAcl(lobby, ["evil.example"], mod);

    expect(step(wave({}, all))).toEqual([]);
    expect(come(others("third.example"))).toMatchObject([{ servers: ["third.example"] }]);
    expect(denied()).toEqual(["evil.example", "third.example"]);
  });

  test("are not added, where those that are kept out are heard all the same", () => {
    step(wave());
    now += 31_000;
    believe(...joined(lobby, worse), wave({}, all));

    expect(step(said(spam[0]!))).toMatchObject([{ kind: "contain", key: "levels" }]);
  });

  test("that never end are followed by the voice", () => {
    step(wave());
    const came: UserId[] = [];
    for (let n = 0; n < 8; n++) {
      came.push(...others(`server${n}.example`));
      expect(kinds(come(came))).toEqual(["deny-servers"]);
    }
    const last = others("last.example");

    expect(come([...came, ...last])).toEqual([]);
    expect(step(said(last[0]!))).toMatchObject([{ kind: "contain", key: "levels" }]);
  });

  test("are counted anew for the next containment of the room", () => {
    step(wave());
    const came: UserId[] = [];
    for (let n = 0; n < 8; n++) come((came.push(...others(`server${n}.example`)), came));
    after(11 * minute);
    now += day;
    step(wave({ firstAt: now }));

    expect(kinds(come())).toEqual(["deny-servers"]);
  });

  test("with many strangers are asked about, and kept out after a yes", () => {
    const guests = Array.from({ length: 60 }, (_, i) => user(`@guest${i}:worse.example`));
    believe(...joined(lobby, guests), ...guests.map((one) => said(one)));
    step(wave());

    expect(come()).toEqual([]);
    expect(
      part.cuts
        .waitingFor("wave")
        .get(lobby)
        ?.map(({ key }) => key),
    ).toEqual(["acl", "levels"]);
    now += 1_000;
    expect(step(judged("clean"))).toMatchObject([{ kind: "deny-servers", servers: ["worse.example"] }]);
    expect(part.cuts.waitingFor("wave").size).toBe(0);
  });

  test("are all kept out no longer when it is over", () => {
    step(wave());
    come();

    expect(kinds(after(11 * minute))).toEqual(["readmit-servers"]);
    expect(denied()).toEqual([]);
  });
});

describe("a containment", () => {
  test("ends when it has stood for ten minutes and nothing came for ten minutes", () => {
    step(wave());

    const early = after(9 * minute);
    believe(wave({ firstAt: now - 9 * minute }));
    const late = after(9 * minute);
    const end = after(2 * minute);

    expect([kinds(early), kinds(late), kinds(end)]).toEqual([[], [], ["readmit-servers"]]);
  });

  test("that is needed again within a day stays twice as long", () => {
    step(wave());
    after(11 * minute);
    after(minute);

    const again = step(wave({ firstAt: now - 12 * minute }));

    expect(again).toMatchObject([{ kind: "deny-servers", stayMs: 20 * minute }]);
  });

  test("of a wave that is fine ends at once", () => {
    step(wave());
    now += minute;

    expect(kinds(step(judged("fine")))).toEqual(["readmit-servers"]);
  });

  test("ends by calm, and is not made again for what had begun by then", () => {
    step(wave());
    now += minute;
    const because = { kind: "command", event: event("$calm"), by: mod, text: "calm" } as const;
    believe({ kind: "room-mode", item: { room: lobby, word: { mode: "calm", at: now, because } } });

    expect(kinds(after(0))).toEqual(["readmit-servers"]);
    now += minute;
    expect(step(wave({ firstAt: now - 3 * minute }))).toEqual([]);
    now += minute;
    expect(kinds(step(wave({ firstAt: now })))).toEqual(["deny-servers"]);
  });

  test("that does not hold is followed by the next cut, and the servers that let it through are named", () => {
    step(wave());
    now += 10_000;
    const early = step(said(spam[0]!));
    now += 25_000;
    const next = step(said(spam[1]!));

    expect(early).toEqual([]);
    expect(next).toMatchObject([{ kind: "contain", room: lobby, key: "levels" }]);
    expect([...part.cuts.leaksIn(lobby)]).toEqual(["evil.example"]);
    now += minute;
    expect(kinds(step(said(spam[2]!)))).toEqual([]);
  });

  test("that has to be written still is not judged", () => {
    writesAcls = false;
    step(wave());
    now += 60_000;

    expect(step(said(spam[0]!))).toEqual([]);
    expect(part.cuts.leaksIn(lobby).size).toBe(0);
  });

  test("is not judged by messages that were sent before it", () => {
    step(wave());
    now += minute;

    expect(step(said(spam[0]!, lobby, now - 2 * minute))).toEqual([]);
    expect(part.cuts.leaksIn(lobby).size).toBe(0);
  });

  test.each([
    ["for good", true],
    ["for a while", false],
  ])("is not judged by a door that was closed before %s, which silences nobody who is in", (_, isForGood) => {
    const gate = { kind: "knock-gate", room: lobby, gate: { by: mod, at: now } } as const;
    if (isForGood) believe({ kind: "settings-changed", change: gate });
    believe({ kind: "contained", contained: aDoor([]) });
    now += 5 * minute;
    step(wave());
    now += minute;

    expect(step(said(spam[0]!, lobby, now - 2 * minute))).toEqual([]);
    expect(part.cuts.leaksIn(lobby).size).toBe(0);
  });

  test("that only closed the door is followed by the next cut, where the wave is heard", () => {
    believe({ kind: "contained", contained: aDoor(["wave"]) });
    now += 30_000;
    believe(wave());
    now += 10_000;

    expect(step(said(spam[0]!))).toMatchObject([{ kind: "deny-servers", room: lobby }]);
  });

  test("that somebody took back is not made again for this wave without a yes", () => {
    aRegular(regular);
    believe(...joined(lobby, big));
    step(wave({}, big));
    now += 2 * minute;
    const levels = world.rooms.get(lobby)!.event("m.room.power_levels")!.content;
    const opened = state(
      "m.room.power_levels",
      { ...levels, events_default: 0 },
      { id: "$opened", sender: mod },
    );

    expect(kinds(step(live(lobby, opened)))).toEqual(["release"]);
    expect(world.rooms.get(lobby)!.power.entryOf(regular)).toBeUndefined();
    now += minute;
    expect(step(wave({}, big))).toEqual([]);
    now += minute;
    expect(kinds(step(judged("clean")))).toEqual(["contain"]);
  });

  test("does not last longer where our clock was set back", () => {
    step(wave());
    now -= day;
    after(0);

    expect(kinds(after(11 * minute))).toEqual(["readmit-servers"]);
  });

  test("is nobody's concern while nothing happens", () => {
    expect(part.nextAt()).toBeUndefined();
    expect(after(minute)).toEqual([]);
    expect(world.self).toBe(me);
  });
});
