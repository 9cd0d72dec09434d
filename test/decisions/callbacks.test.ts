// Whom a homeserver that asks is told to refuse, and everybody whom it is not.
import { beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { isToBeRefused, type CallbackView } from "../../src/decisions/callbacks.ts";
import { compileGlob } from "../../src/kit/glob.ts";
import type { JsonObject } from "../../src/kit/json.ts";
import { callbackNames } from "../../src/model/callbacks.ts";
import type { Settings } from "../../src/model/settings/settings.ts";
import type { World } from "../../src/model/world/world.ts";
import { RulesInForce } from "../../src/policy/rules-in-force.ts";
import {
  aWorld,
  desk,
  event,
  hall,
  listA,
  listB,
  live,
  lobby,
  me,
  member,
  ruleEvent,
  see,
  user,
  usualSettings,
} from "../support/make.ts";

const mod = "@mod:mods.example";
const eve = "@eve:evil.example";
const guest = "@guest:example.org";
const somewhere = "!somewhere:evil.example";

let world: World;
beforeEach(() => {
  world = aWorld();
  see(world, live(desk, member(mod, "join")));
});

const ban = (entity: string, more: Parameters<typeof ruleEvent>[1] = {}, list = listA) =>
  see(world, live(list, ruleEvent(entity, more)));
const server = { type: "m.policy.rule.server" };
const room = { type: "m.policy.rule.room" };
const set = (change: Partial<Settings>) =>
  world.restore({ kind: "settings", settings: { ...usualSettings, ...change } });
const refuses = (callback: string, body: JsonObject | undefined, more: Partial<CallbackView> = {}) =>
  isToBeRefused(
    { callback, body },
    {
      world,
      rulesInForce: new RulesInForce(world),
      sparedServers: [],
      noInvitesTo: new Set(),
      refusesEvents: true,
      ...more,
    },
  );
const invites = (inviter: string, { invitee = guest, at = somewhere, ...more } = {}) =>
  refuses("user_may_invite", { inviter, invitee, room_id: at }, more);
const invitesFromAfar = (sender: string, at = somewhere) =>
  refuses("federated_user_may_invite", {
    event: { type: "m.room.member", sender, state_key: guest, room_id: at, content: {} },
  });
const joins = (who: string, at: string = lobby) =>
  refuses("user_may_join_room", { user: who, room: at, is_invited: false });
const sends = (sender: string, more: JsonObject = {}, view: Partial<CallbackView> = {}) =>
  refuses(
    "check_event_for_spam",
    { event: { type: "m.room.message", sender, room_id: lobby, ...more } },
    view,
  );

describe("an invitation", () => {
  test("of somebody on no list is allowed", () => {
    ban(eve);

    expect([invites("@ann:far.example"), invitesFromAfar("@ann:far.example")]).toEqual([false, false]);
  });

  test.each<[string, () => void]>([
    ["whom a list bans", () => ban(eve)],
    ["whom a glob covers", () => ban("@e*:evil.example")],
    ["whose server a list bans", () => ban("evil.example", server)],
    ["whose server a glob covers", () => ban("*.example", server)],
  ])("of somebody %s is refused, whichever way it is asked", (_whom, write) => {
    write();

    expect([invites(eve), invitesFromAfar(eve)]).toEqual([true, true]);
  });

  test("to a room that a list bans is refused, unless the room is one of ours", () => {
    ban(somewhere, room);
    ban(lobby, room);

    expect(invites("@ann:far.example")).toBe(true);
    expect(invites("@ann:far.example", { at: lobby })).toBe(false);
  });

  test("is allowed by whatever spares the person", () => {
    ban("@*:evil.example");
    ban("mods.example", server);
    ban("example.org", server);
    ban("friends.example", server);
    ban("@*:*");
    const exempt = { entity: eve, by: user(mod), at: 0, event: event("$exempt") };

    set({ exemptions: new Map([[eve, exempt as never]]) });

    expect([invites(eve), invites(mod), invites(me)]).toEqual([false, false, false]);
  });

  test("is allowed where a rule names the server of a moderator, our own, or one that the config spares", () => {
    for (const name of ["mods.example", "example.org", "friends.example"]) ban(name, server);
    const sparedServers = [compileGlob("friends.*", { ignoreCase: true })];

    expect(invites("@ann:mods.example")).toBe(false);
    expect(invites("@ann:example.org")).toBe(false);
    expect(invites("@ann:friends.example")).toBe(true);
    expect(
      refuses("user_may_invite", { inviter: "@ann:friends.example", invitee: guest }, { sparedServers }),
    ).toBe(false);
  });

  test("is allowed where a list before it allows the person, though the server is banned", () => {
    ban(eve, { recommendation: "m.allow" });
    ban("evil.example", server, listB);

    expect([invites(eve), invites("@other:evil.example")]).toEqual([false, true]);
  });

  test("is allowed while the rule waits for a yes, or got a no", () => {
    const id = event("$rejected");
    ban(eve, { id });

    set({ rejected: new Set([id]) as never });

    expect(invites(eve)).toBe(false);
  });

  test("of somebody whom strangers may not invite is for those who are in a room with them", () => {
    const noInvitesTo = new Set([user(guest)]);
    const asked = (inviter: string, invitee = guest) =>
      refuses("user_may_invite", { inviter, invitee, room_id: somewhere }, { noInvitesTo });
    see(world, live(lobby, member(guest, "join")), live(lobby, member("@near:far.example", "join")));
    see(world, live(hall, member("@elsewhere:far.example", "join")));

    expect([asked("@far:far.example"), asked("@elsewhere:far.example")]).toEqual([true, true]);
    expect([asked("@near:far.example"), asked(mod), asked("@far:far.example", eve)]).toEqual([
      false,
      false,
      false,
    ]);
  });

  test("that was too large to read is refused where it came from another server", () => {
    expect(refuses("federated_user_may_invite", undefined)).toBe(true);
    for (const name of [...callbackNames].filter((one) => one !== "federated_user_may_invite"))
      expect(refuses(name, undefined)).toBe(false);
  });
});

describe("a join", () => {
  test("is refused to whom a list bans, in protected rooms", () => {
    ban("@bad:example.org");

    expect(joins("@bad:example.org")).toBe(true);
    expect([joins("@bad:example.org", somewhere), joins("@bad:example.org", desk)]).toEqual([false, false]);
    expect(joins(guest)).toBe(false);
  });
});

describe("a message", () => {
  beforeEach(() => ban("@bad:example.org"));

  test("of somebody of our homeserver whom a list bans is refused, where that is wanted", () => {
    expect(sends("@bad:example.org")).toBe(true);
    expect(sends("@bad:example.org", {}, { refusesEvents: false })).toBe(false);
    expect([sends(guest), sends("@bad:example.org", { room_id: somewhere })]).toEqual([false, false]);
  });

  test("of another server is never refused: it stands everywhere else", () => {
    ban(eve);

    expect(sends(eve)).toBe(false);
  });

  test.each(["m.room.member", "m.room.redaction"])(
    "that leaves, or takes back, is never refused (%s)",
    (type) => {
      expect(sends("@bad:example.org", { type })).toBe(false);
    },
  );
});

test("after a stop nobody is refused anything", () => {
  ban(eve);
  ban("@bad:example.org");
  const stop = { by: user(mod), at: 0, event: event("$stop") };

  set({ stopping: { ...usualSettings.stopping, stop } });

  expect([invites(eve), joins("@bad:example.org"), sends("@bad:example.org")]).toEqual([false, false, false]);
  expect(refuses("federated_user_may_invite", undefined)).toBe(false);
});

test("no question breaks it, and what makes no sense is allowed", () => {
  ban("*", server);
  const junk = fc.dictionary(
    fc.constantFrom("inviter", "invitee", "room_id", "user", "room", "event", "sender", "id"),
    fc.oneof(
      fc.jsonValue(),
      fc.string({ unit: "binary" }).map((text) => `@${text}`),
    ) as fc.Arbitrary<unknown>,
  );
  const name = fc.constantFrom(...callbackNames, "accept_make_join", "__proto__", "");

  fc.assert(
    fc.property(name, junk, (callback, body) => {
      const isKnown = typeof body["inviter"] === "string" && body["inviter"].includes(":");
      const isRefused = refuses(callback, body);
      expect(isRefused && !isKnown).toBe(false);
    }),
    { numRuns: 300 },
  );
});
