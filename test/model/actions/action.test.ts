import { describe, expect, test } from "@jest/globals";
import type { Action } from "../../../src/model/actions/action.ts";
import {
  actKey,
  inverse,
  isStateWrite,
  placeOf,
  roomOf,
  targetOf,
} from "../../../src/model/actions/traits.ts";
import { plain } from "../../../src/kit/say.ts";
import { event, hall, listA, lobby, user } from "../../support/make.ts";

const ann = user("@ann:example.org");
const acl = { allow: ["*"], deny: ["evil.example"], allow_ip_literals: false };
const say = plain("hello");

const acts: readonly Action[] = [
  { kind: "ban", room: lobby, user: ann, reason: "spam", redacts: true },
  { kind: "unban", room: lobby, user: ann, reason: "spam" },
  { kind: "kick", room: lobby, user: ann, reason: "spam" },
  { kind: "redact", room: lobby, event: event("$e"), user: ann, reason: "" },
  { kind: "search-history", room: lobby, user: ann, limit: 5, reason: "" },
  { kind: "redact-by-server", user: ann, rooms: [lobby], limit: 5, reason: "" },
  { kind: "set-server-acl", room: lobby, content: acl, before: undefined },
  { kind: "write-policy", list: listA, eventType: "m.policy.rule.user", stateKey: "k", content: {} },
  { kind: "remove-policy", list: listA, eventType: "m.policy.rule.user", stateKey: "k", before: {} },
  { kind: "create-list", shortcode: "coc", alias: "", inviter: ann },
  { kind: "join", room: lobby, via: [] },
  { kind: "leave", room: lobby },
  { kind: "change-settings", change: { kind: "unwatch", list: listA } },
  { kind: "tell", room: lobby, key: "$c", revision: 0, say, edits: undefined, replyTo: undefined },
  { kind: "react", room: lobby, event: event("$e"), with: "✅" },
  { kind: "read-room", room: lobby, state: true, members: false },
  { kind: "read-bans", room: lobby },
  { kind: "send-file", room: lobby, list: listA, format: "csv" },
  { kind: "fill-gap", room: lobby, from: "s2", to: "s1", readState: true },
];

test("no two kinds of act are the same act", () => {
  expect(new Set(acts.map(actKey)).size).toBe(acts.length);
});

test("what is done to another room, person, event or key is another act", () => {
  const pairs: readonly (readonly [Action, Action])[] = [
    [acts[0]!, { ...acts[0]!, room: hall } as Action],
    [acts[0]!, { ...acts[0]!, user: user("@bob:x") } as Action],
    [acts[3]!, { ...acts[3]!, event: event("$f") } as Action],
    [acts[7]!, { ...acts[7]!, stateKey: "l" } as Action],
    [acts[7]!, { ...acts[7]!, eventType: "m.room.rule.user" } as Action],
    [acts[13]!, { ...acts[13]!, revision: 1 } as Action],
    [acts[15]!, { ...acts[15]!, members: true } as Action],
  ];

  for (const [one, other] of pairs) expect(actKey(one)).not.toBe(actKey(other));
});

test("a reason, a content or a limit makes no other act", () => {
  expect(actKey({ ...acts[0]!, reason: "other" } as Action)).toBe(actKey(acts[0]!));
  expect(actKey({ ...acts[4]!, limit: 9 } as Action)).toBe(actKey(acts[4]!));
  expect(actKey({ ...acts[6]!, content: { ...acl, deny: [] } } as Action)).toBe(actKey(acts[6]!));
});

test("acts upon lists belong to the list's room, acts of the account to none", () => {
  expect(acts.filter((act) => roomOf(act) === listA).map((act) => act.kind)).toEqual([
    "write-policy",
    "remove-policy",
  ]);
  expect(acts.filter((act) => roomOf(act) === undefined).map((act) => act.kind)).toEqual([
    "redact-by-server",
    "create-list",
    "change-settings",
  ]);
});

test("a person is the target of what is done to a person", () => {
  const targets = acts.filter((act) => targetOf(act) === ann).map((act) => act.kind);

  expect(targets).toEqual(["ban", "unban", "kick", "search-history"]);
});

test("exactly the acts that change a room's state are state writes", () => {
  expect(acts.filter(isStateWrite).map((act) => act.kind)).toEqual([
    "ban",
    "unban",
    "kick",
    "set-server-acl",
    "write-policy",
    "remove-policy",
    "join",
    "leave",
  ]);
});

describe("acts on the homeserver", () => {
  const pairs: readonly (readonly [Action, Action["kind"]])[] = [
    [{ kind: "suspend", user: ann, reason: "" }, "unsuspend"],
    [{ kind: "lock", user: ann, reason: "" }, "unlock"],
    [{ kind: "quarantine-media", media: "mxc://a/b" as never, user: ann, reason: "" }, "unquarantine-media"],
    [{ kind: "add-alias", alias: "#a:x" as never, room: lobby }, "remove-alias"],
    [{ kind: "list-publicly", room: lobby }, "unlist-publicly"],
  ];

  test.each(pairs)("%j and %s take each other back, at one place, one after another", (one, kind) => {
    const other = inverse(one)!;

    expect(other.kind).toBe(kind);
    expect(inverse(other)).toEqual(one);
    expect(placeOf(other)).toBe(placeOf(one));
    expect(actKey(other)).not.toBe(actKey(one));
    expect([one, other].every(isStateWrite)).toBe(true);
  });

  test("that are for good have no way back", () => {
    const final: readonly Action[] = [
      { kind: "deactivate", user: ann, erase: true, reason: "" },
      { kind: "shutdown-room", room: lobby, purge: true, reason: "" },
      { kind: "quarantine-media-of-room", room: lobby, reason: "" },
    ];

    expect(final.map(inverse)).toEqual([undefined, undefined, undefined]);
  });
});

describe("taking back", () => {
  test("a ban is an unban and the other way round", () => {
    expect(inverse(acts[0]!)).toEqual({ kind: "unban", room: lobby, user: ann, reason: "spam" });
    expect(inverse(acts[1]!)).toMatchObject({ kind: "ban", room: lobby, user: ann, redacts: false });
  });

  test("a policy and its removal restore each other's content", () => {
    const content = { entity: "@a:x", recommendation: "m.ban" };
    const write: Action = { kind: "write-policy", list: listA, eventType: "t", stateKey: "k", content };

    expect(inverse(inverse(write)!)).toEqual(write);
  });

  test("an ACL needs the one that was there", () => {
    const before = { ...acl, deny: [] };
    const write: Action = { kind: "set-server-acl", room: lobby, content: acl, before };

    expect(inverse(write)).toEqual({ kind: "set-server-acl", room: lobby, content: before, before: acl });
    expect(inverse({ ...write, before: undefined })).toBeUndefined();
  });

  test("a kick is an invitation and the other way round", () => {
    const kick: Action = { kind: "kick", room: lobby, user: ann, reason: "spam" };

    expect(inverse(kick)).toEqual({ ...kick, kind: "invite" });
    expect(inverse(inverse(kick)!)).toEqual(kick);
  });

  test("a rule that replaced another brings the other back", () => {
    const [content, before] = [{ reason: "new" }, { reason: "old" }];
    const write: Action = {
      kind: "write-policy",
      list: listA,
      eventType: "t",
      stateKey: "k",
      content,
      before,
    };

    expect(inverse(write)).toEqual({ ...write, content: before, before: content });
  });

  test("joining is leaving", () => {
    expect(inverse({ kind: "join", room: lobby, via: [] })).toEqual({ kind: "leave", room: lobby });
  });

  test.each(["redact", "search-history", "redact-by-server", "tell", "react", "create-list", "leave"])(
    "%s cannot be taken back",
    (kind) => {
      expect(inverse(acts.find((act) => act.kind === kind)!)).toBeUndefined();
    },
  );
});
