import { describe, expect, test } from "@jest/globals";
import type { ServerAclContent } from "../../../src/model/actions/server-acl.ts";
import type { ServerName } from "../../../src/model/ids.ts";
import {
  aclFor,
  compileServerAcl,
  isServerAllowed,
  type AclRequest,
  type CompiledAcl,
} from "../../../src/policy/server-acl/compile.ts";

const ownServer = "good.tld" as ServerName;

function compiled(entities: readonly string[], parts: Partial<AclRequest> = {}): CompiledAcl {
  return compileServerAcl({
    entities: entities.map((entity) => ({ entity, listRank: 0, sentAt: 0 })),
    ownServer,
    spared: [],
    present: new Set(),
    maxBytes: 62_000,
    ...parts,
  });
}

function acl(parts: Partial<ServerAclContent>): ServerAclContent {
  return { allow: ["*"], deny: [], allow_ip_literals: false, ...parts };
}

function inRoom(
  current: ServerAclContent | undefined,
  parts: { byHand?: readonly string[]; keepByHand?: boolean; own?: string; maxBytes?: number } = {},
) {
  return {
    current,
    byHand: parts.byHand ?? [],
    keepByHand: parts.keepByHand ?? true,
    ownServer: (parts.own ?? ownServer) as ServerName,
    maxBytes: parts.maxBytes ?? 62_000,
  };
}

describe("an exception from one list", () => {
  const spared = [{ server: "good.evil.org", why: "it is an exception", atRank: 1 }];
  const from = (listRank: number, entity: string) => ({ entity, listRank, sentAt: 0 });

  test("spares from that list alone", () => {
    expect(compiled([], { spared, entities: [from(1, "good.evil.org"), from(1, "bad.org")] }).deny).toEqual([
      "bad.org",
    ]);
    for (const rank of [0, 2])
      expect(compiled([], { spared, entities: [from(rank, "good.evil.org")] }).deny).toEqual([
        "good.evil.org",
      ]);
  });

  test.each([
    [0, 1],
    [1, 0],
  ])("says nothing of a server that another list denies (ranks %p, %p)", (one, other) => {
    const { deny, refused } = compiled([], {
      spared,
      entities: [from(one, "good.evil.org"), from(other, "good.evil.org")],
    });

    expect(deny).toEqual(["good.evil.org"]);
    expect(refused).toEqual([]);
  });

  test("is spared within a wildcard of that list, and not of another", () => {
    expect(compiled([], { spared, entities: [from(1, "*.evil.org")] }).deny).not.toContain("*.evil.org");
    expect(compiled([], { spared, entities: [from(0, "*.evil.org")] }).deny).toEqual(["*.evil.org"]);
  });
});

describe("a wildcard with a spared server in it", () => {
  const spared = [{ server: "good.evil.org", why: "good.evil.org is exempt" }];

  test("denies what is said by length, and servers of that length that are here", () => {
    const present = new Set(["vile.evil.org", "good.evil.org", "vile.other.org"] as ServerName[]);
    const { deny, refused } = compiled(["*.evil.org"], { spared, present });

    expect(deny).toEqual(["?.evil.org", "??.evil.org", "???.evil.org", "?????*.evil.org", "vile.evil.org"]);
    expect(refused).toEqual([
      {
        entity: "*.evil.org",
        why: "it spares good.evil.org (good.evil.org is exempt); other servers with a name of that length are denied as soon as somebody of theirs is here",
        isInPart: true,
      },
    ]);
  });

  test("denies those that are here where the rest cannot be said", () => {
    const present = new Set(["bad.evil.org", "a.good.evil.org"] as ServerName[]);
    const wide = [{ server: "*.good.evil.org", why: "it is exempt" }];
    const { deny, refused } = compiled(["*.evil.org"], { spared: wide, present });

    expect(deny).toEqual(["bad.evil.org"]);
    expect(refused[0]?.why).toContain("all others are denied as soon as somebody of theirs is here");
  });

  test("is refused as a whole where it means more than one domain, or our own server", () => {
    const wide = [{ server: "good.org", why: "it is exempt" }];

    expect(compiled(["*.org", "*evil*"], { spared: [...wide, ...spared] }).deny).toEqual([]);
    expect(compiled(["*.good.tld"], { spared, ownServer: "us.good.tld" as ServerName }).deny).toEqual([]);
  });
});

describe("the compiled list", () => {
  test("is sorted, in lower case, without ports and repetitions", () => {
    const { deny, subsumed } = compiled([
      "spam.tld",
      "Evil.TLD:8448",
      "evil.tld",
      "[2001:DB8::1]:8448",
      "**.bad.tld",
    ]);

    expect(deny).toEqual(["*.bad.tld", "[2001:db8::1]", "evil.tld", "spam.tld"]);
    expect(subsumed).toBe(1);
  });

  test("leaves out what a wider pattern covers, and no more", () => {
    const { deny, subsumed } = compiled([
      "evil.tld",
      "sub.evil.tld",
      "*.evil.tld",
      "*.a.evil.tld",
      "a?.tld",
      "ab.tld",
      "a*.tld",
      "noevil.tld",
    ]);

    expect(deny).toEqual(["*.evil.tld", "a*.tld", "evil.tld", "noevil.tld"]);
    expect(subsumed).toBe(4);
  });

  test.each([
    ["*", /deny good\.tld: it is our own server/],
    ["*.tld", /deny good\.tld: it is our own server/],
    ["Good.tld:8448", /deny good\.tld: it is our own server/],
    ["friend.org", /deny friend\.org: @a:friend\.org is a moderator/],
    ["f?iend.*", /deny friend\.org: @a:friend\.org is a moderator/],
    ["physics.edu", /deny physics\.edu: universities are exempt/],
    ["*physics*", /could deny servers like \*\.edu: universities are exempt/],
    ["evil tld", /characters that no server name has/],
    ["evil😀.tld", /characters that no server name has/],
    ["e\0vil.tld", /characters that no server name has/],
    ['"evil.tld"', /characters that no server name has/],
    ["evil.tld:*", /without port/],
    ["a".repeat(256), /256 characters/],
    ["   ", /0 characters/],
  ])("says why it refuses %j", (entity, why) => {
    const { deny, refused } = compiled([entity], {
      spared: [
        { server: "Friend.org", why: "@a:friend.org is a moderator" },
        { server: "*.edu", why: "universities are exempt" },
        { server: "@*:spam", why: "no server, so it spares none" },
      ],
    });

    expect(deny).toEqual([]);
    expect(refused).toEqual([{ entity, why: expect.stringMatching(why) }]);
  });

  test("a refused pattern makes no other one needless", () => {
    expect(compiled(["*", "*.tld", "evil.tld"]).deny).toEqual(["evil.tld"]);
  });

  test("counts its bytes as they will be sent", () => {
    const { deny, bytes } = compiled(["evil.tld", "spam.tld"]);

    expect(bytes).toBe(Buffer.byteLength(JSON.stringify(acl({ deny }))));
    expect(compiled([]).bytes).toBe(Buffer.byteLength(JSON.stringify(acl({}))));
  });

  test("over the limit keeps servers that are here, then the first list, then the newest", () => {
    const entities = [
      { entity: "old.tld", listRank: 0, sentAt: 1 },
      { entity: "new.tld", listRank: 0, sentAt: 2 },
      { entity: "other.tld", listRank: 1, sentAt: 9 },
      { entity: "here.tld", listRank: 2, sentAt: 0 },
      { entity: "*.near.tld", listRank: 2, sentAt: 0 },
    ];
    const present = new Set(["here.tld", "a.near.tld"] as ServerName[]);
    const { bytes } = compiled(["*.near.tld", "here.tld", "new.tld"]);

    const { deny, leftOut, bytes: used } = compiled([], { entities, present, maxBytes: bytes });

    expect(deny).toEqual(["*.near.tld", "here.tld", "new.tld"]);
    expect(leftOut).toEqual(["old.tld", "other.tld"]);
    expect(used).toBe(bytes);
  });

  test("an entry that covers another one matters as much as that", () => {
    const entities = [
      { entity: "*.evil.tld", listRank: 5, sentAt: 0 },
      { entity: "a.evil.tld", listRank: 0, sentAt: 0 },
      { entity: "spam.tld", listRank: 1, sentAt: 0 },
    ];

    expect(compiled([], { entities, maxBytes: 70 }).deny).toEqual(["*.evil.tld"]);
  });
});

describe("the list for a room", () => {
  test("is not written where there are neither rules nor a list", () => {
    expect(aclFor(compiled([]), inRoom(undefined))).toBeUndefined();
  });

  test("is not written where it stands already, in whatever order", () => {
    const current = acl({ deny: ["spam.tld", "evil.tld", "spam.tld"] });

    expect(aclFor(compiled(["evil.tld", "spam.tld"]), inRoom(current))).toBeUndefined();
  });

  test("a new one allows everybody else and no IP literals", () => {
    expect(aclFor(compiled(["evil.tld"]), inRoom(undefined))?.content).toEqual(acl({ deny: ["evil.tld"] }));
  });

  test("keeps the room's own list of allowed servers and its choice about IP literals", () => {
    const current = acl({ allow: ["*.tld", "friend.org"], allow_ip_literals: true });

    expect(aclFor(compiled(["evil.tld"]), inRoom(current))?.content).toEqual({
      ...current,
      deny: ["evil.tld"],
    });
  });

  test("keeps entries by hand, first and as they are written, when asked to", () => {
    const current = acl({ deny: ["Hand.tld:8448", "gone.tld"] });
    const byHand = ["Hand.tld:8448"];

    expect(aclFor(compiled(["evil.tld"]), inRoom(current, { byHand }))?.content.deny).toEqual([
      "Hand.tld:8448",
      "evil.tld",
    ]);
    expect(
      aclFor(compiled(["evil.tld"]), inRoom(current, { byHand, keepByHand: false }))?.content.deny,
    ).toEqual(["evil.tld"]);
  });

  test("drops an entry by hand that denies our own server, and says so", () => {
    const current = acl({ deny: ["*.TLD", "spam.tld"] });

    const wanted = aclFor(compiled([]), inRoom(current, { byHand: ["*.TLD", "spam.tld"] }));

    expect(wanted?.content.deny).toEqual(["spam.tld"]);
    expect(wanted?.refused).toEqual([
      { entity: "*.TLD", why: "it would deny good.tld: it is our own server" },
    ]);
  });

  test("takes our entries back when the rules go, and leaves an empty deny list", () => {
    expect(aclFor(compiled([]), inRoom(acl({ deny: ["evil.tld"] })))?.content).toEqual(acl({}));
  });

  test("allows everybody where nobody, or not our own server, was allowed", () => {
    expect(aclFor(compiled([]), inRoom(acl({ allow: [] })))?.content.allow).toEqual(["*"]);
    const wanted = aclFor(compiled([]), inRoom(acl({ allow: ["friend.org"] })));
    expect(wanted?.content.allow).toEqual(["*"]);
    expect(wanted?.refused).toEqual([
      { entity: "friend.org", why: expect.stringContaining("our own server") },
    ]);
  });

  test("allows IP literals where our own server is one", () => {
    const own = "10.0.0.1";

    expect(aclFor(compiled(["evil.tld"]), inRoom(undefined, { own }))?.content.allow_ip_literals).toBe(true);
    expect(aclFor(compiled(["evil.tld"]), inRoom(acl({}), { own }))?.refused).toHaveLength(1);
  });

  test("a room with a long list of its own gets what still fits, the most important first", () => {
    const allow = Array.from({ length: 10 }, (_, i) => `*.allowed${i}.tld`).concat("*");
    const all = compiled(["evil.tld", "spam.tld"], { present: new Set(["spam.tld"] as ServerName[]) });
    const maxBytes = Buffer.byteLength(JSON.stringify(acl({ allow, deny: ["spam.tld"] })));

    const wanted = aclFor(all, inRoom(acl({ allow }), { maxBytes }));

    expect(wanted?.content.deny).toEqual(["spam.tld"]);
    expect(wanted?.leftOut).toEqual(["evil.tld"]);
  });
});

describe("evaluation", () => {
  test.each<[string, unknown, boolean]>([
    ["evil.tld", undefined, true],
    ["evil.tld", {}, false],
    ["evil.tld", null, false],
    ["evil.tld", { allow: ["*"] }, true],
    ["evil.tld", { allow: ["*"], deny: ["evil.tld"] }, false],
    ["EVIL.tld:8448", { allow: ["*"], deny: ["Evil.tld"] }, false],
    ["sub.evil.tld", { allow: ["*"], deny: ["*.evil.tld"] }, false],
    ["evil.tld", { allow: ["*"], deny: ["*.evil.tld"] }, true],
    ["evil.tld", { allow: ["good.tld"] }, false],
    ["evil.tld", { allow: ["*"], deny: "evil.tld" }, true],
    ["evil.tld", { allow: ["*", 7], deny: [null, "evil.tld"] }, false],
    ["evil.tld", { allow: "*" }, false],
    ["1.2.3.4", { allow: ["*"], allow_ip_literals: false }, false],
    ["1.2.3.4:8448", { allow: ["*"], allow_ip_literals: false }, false],
    ["[::1]:8448", { allow: ["*"], allow_ip_literals: false }, false],
    ["1.2.3.4", { allow: ["*"] }, true],
    ["1.2.3.4", { allow: ["*"], allow_ip_literals: "no" }, true],
    ["1.2.3.400", { allow: ["*"], allow_ip_literals: false }, true],
    ["[::1]", { allow: ["*"], deny: ["[::1]"] }, false],
  ])("%s against %j", (server, content, isAllowed) => {
    expect(isServerAllowed(content, server)).toBe(isAllowed);
  });
});
