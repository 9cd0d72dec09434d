import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { foldCase } from "../../src/kit/glob.ts";
import { sha256Base64 } from "../../src/kit/hash.ts";
import { serverOf, type RoomId, type ServerName, type UserId } from "../../src/model/ids.ts";
import type { Recommendation, Rule } from "../../src/model/policy-rule.ts";
import { usersMatching, type People } from "../../src/policy/index/member-search.ts";
import { RuleIndex } from "../../src/policy/index/rule-index.ts";
import { aRule } from "../support/a-rule.ts";
import { naiveGlob } from "../support/naive-glob.ts";

// Small alphabets, so that rules and people meet often.
const localpart = fc
  .array(fc.constantFrom("a", "b", "spam", "casino", "A", "Spam", "😀", "Σ", ".", "_"), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => parts.join(""));
const host = fc.constantFrom(
  "x",
  "evil.tld",
  "sub.evil.tld",
  "Sub.Evil.tld",
  "a.sub.evil.tld",
  "good.tld",
  "[::1]",
  "1.2.3.4",
);
const server = fc.tuple(host, fc.constantFrom("", "", "", ":8448")).map(([name, port]) => name + port);
const user = fc.tuple(localpart, server).map(([local, name]) => `@${local}:${name}` as UserId);
const recommendation = fc.constantFrom<Recommendation>("ban", "ban", "takedown", "allow", "other");

/** A real id with some pieces replaced by wildcards: it matches a few people, not none and not all. */
const userEntity = fc.oneof(
  user,
  server.map((name) => `@*:${name}`),
  host.map((name) => `*:${name}`),
  host.map((name) => `@*:*.${name}`),
  // All around one gram, and some with the same tail.
  fc.constantFrom(
    "*spam*",
    "*Spam*",
    "*spam?*",
    "?*spam*",
    "@*spam",
    "@*spam*:*",
    "@**:evil.tld",
    "**:evil.tld",
  ),
  fc
    .tuple(
      user,
      fc.array(fc.tuple(fc.nat(20), fc.nat(3), fc.constantFrom("*", "?", "??", "**", "*?")), {
        maxLength: 4,
      }),
    )
    .map(([id, holes]) =>
      holes.reduce(
        (text, [at, width, hole]) => text.slice(0, at) + hole + text.slice(at + width),
        id as string,
      ),
    ),
);
const serverEntity = fc.oneof(
  host.map((name) => name.toLowerCase()),
  host.map((name) => `*.${name.toLowerCase()}`),
  host.map((name) => `*${name.toLowerCase().slice(1)}`),
  fc.constantFrom("*", "*.tld", "?", "*evil*", "s?b.*", "*::1]"),
);
const rule = fc.oneof(
  fc
    .tuple(userEntity, recommendation)
    .map(([entity, what]) => aRule({ kind: "user", entity, recommendation: what })),
  fc
    .tuple(serverEntity, recommendation)
    .map(([entity, what]) => aRule({ kind: "server", entity, recommendation: what })),
  user.map((id) => aRule({ kind: "user", hash: sha256Base64(id) })),
  server.map((name) => aRule({ kind: "server", hash: sha256Base64(name) })),
  fc.constantFrom("!a:x", "!A:x", "!?:x", "#*:x").map((entity) => aRule({ kind: "room", entity })),
);

function speaksAbout({ kind, entity, hash, recommendation: what }: Rule, id: UserId): boolean {
  if (kind === "room") return false;
  const raw = id.slice(id.indexOf(":") + 1);
  const names = kind === "user" ? [id] : [serverOf(id), raw];
  if (entity === undefined) return names.some((name) => sha256Base64(name) === hash);
  const ignoresCase = kind === "server" || what === "ban" || what === "takedown";
  return ignoresCase ? naiveGlob(foldCase(entity), foldCase(names[0]!)) : naiveGlob(entity, names[0]!);
}

function peopleOf(users: readonly UserId[]): People {
  const all = new Set(users);
  return {
    has: (id) => all.has(id),
    variantsOf: (folded) => users.filter((id) => id !== folded && foldCase(id) === folded),
    usersOfServer: (name) => users.filter((id) => serverOf(id) === name),
    servers: () => new Set(users.map(serverOf)),
    users: () => all,
  };
}

test("the index answers as asking every rule would, whatever was added and removed before", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(rule, fc.boolean()), { maxLength: 60 }),
      fc.array(user, { minLength: 1, maxLength: 15 }),
      (rules, users) => {
        const index = new RuleIndex();
        for (const [one] of rules) index.add(one);
        for (const [one, goes] of rules) if (goes) index.remove({ ...one });
        const left = rules.filter(([, goes]) => !goes).map(([one]) => one);

        expect(index.size).toBe(left.length);
        for (const id of users) {
          const found = index.rulesForUser(id);
          expect(new Set(found)).toEqual(new Set(left.filter((one) => speaksAbout(one, id))));
          expect(found).toHaveLength(new Set(found).size);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test("the index of servers and rooms answers as asking every rule would", () => {
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 40 }), host, (rules, written) => {
      const index = new RuleIndex();
      for (const one of rules) index.add(one);
      const name = written.toLowerCase() as ServerName;
      const about = (kind: Rule["kind"], matches: (entity: string) => boolean, text: string): Set<Rule> =>
        new Set(
          rules.filter(
            (one) =>
              one.kind === kind &&
              (one.entity === undefined ? one.hash === sha256Base64(text) : matches(one.entity)),
          ),
        );

      expect(new Set(index.rulesForServer(name))).toEqual(
        about("server", (entity) => naiveGlob(entity, name), name),
      );
      for (const room of ["!a:x", "!A:x", "#b:x"] as RoomId[]) {
        expect(new Set(index.rulesForRoom(room))).toEqual(
          about("room", (entity) => naiveGlob(entity, room), room),
        );
      }
    }),
    { numRuns: 500 },
  );
});

test("the people a set of rules matches are those that one of them speaks about", () => {
  fc.assert(
    fc.property(
      fc.array(rule, { maxLength: 25 }),
      fc.uniqueArray(user, { maxLength: 40 }),
      (rules, users) => {
        const found = usersMatching(rules, peopleOf(users));

        expect(new Set(found)).toEqual(
          new Set(users.filter((id) => rules.some((one) => speaksAbout(one, id)))),
        );
        expect(found).toHaveLength(new Set(found).size);
      },
    ),
    { numRuns: 1000 },
  );
});
