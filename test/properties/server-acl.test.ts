import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { canonicalGlob } from "../../src/kit/glob.ts";
import type { ServerAclContent } from "../../src/model/actions/server-acl.ts";
import type { ServerName } from "../../src/model/ids.ts";
import { canMeanTheSame, withoutCovered } from "../../src/policy/server-acl/patterns.ts";
import { aclFor, compileServerAcl, isServerAllowed } from "../../src/policy/server-acl/compile.ts";
import { naiveGlob } from "../support/naive-glob.ts";

const label = fc.constantFrom("a", "b", "ab", "evil", "good");
const server = fc
  .oneof(
    fc.tuple(label, label).map((labels) => labels.join(".")),
    fc.tuple(label, label, label).map((labels) => labels.join(".")),
    fc.constantFrom("1.2.3.4", "[::1]", "a"),
  )
  .map((name) => name as ServerName);
/** A server with some pieces replaced by wildcards. */
const pattern = fc
  .tuple(
    server,
    fc.array(fc.tuple(fc.nat(12), fc.nat(3), fc.constantFrom("*", "?", "**", "*?")), { maxLength: 3 }),
  )
  .map(([name, holes]) =>
    holes.reduce(
      (text, [at, width, hole]) => text.slice(0, at) + hole + text.slice(at + width),
      name as string,
    ),
  );
const entity = fc.oneof(
  pattern,
  pattern,
  fc.constantFrom("*", "EVIL.good:80", "*.evil", "x y", "é", "\0", '"'),
  fc.string(),
);
const request = fc.record({
  entities: fc.array(fc.record({ entity, listRank: fc.nat(3), sentAt: fc.nat(5) }), { maxLength: 30 }),
  ownServer: server,
  spared: fc.array(fc.record({ server: fc.oneof(server, pattern), why: fc.constant("it is spared") }), {
    maxLength: 3,
  }),
  present: fc.array(server, { maxLength: 5 }).map((servers) => new Set(servers)),
  maxBytes: fc.oneof(fc.constant(62_000), fc.integer({ min: 60, max: 200 })),
});
const content = fc.record({
  allow: fc.array(fc.oneof(pattern, fc.constant("*")), { maxLength: 3 }),
  deny: fc.array(entity, { maxLength: 6 }),
  allow_ip_literals: fc.boolean(),
});

function bytesOf(acl: ServerAclContent): number {
  return Buffer.byteLength(JSON.stringify(acl));
}

test("every compiled list admits our own server and the spared ones, and fits", () => {
  fc.assert(
    fc.property(request, server, (asked, probe) => {
      const { deny, bytes } = compileServerAcl(asked);
      const acl = { allow: ["*"], deny, allow_ip_literals: true };

      expect(isServerAllowed(acl, asked.ownServer)).toBe(true);
      const isSpared = asked.spared.some((one) => naiveGlob(one.server, probe));
      expect(isServerAllowed(acl, probe) || !isSpared).toBe(true);
      expect(bytesOf({ ...acl, allow_ip_literals: false })).toBe(bytes);
      expect(bytes).toBeLessThanOrEqual(asked.maxBytes);
    }),
    { numRuns: 1000 },
  );
});

test("where everything fits, it denies just the servers that some entity matches, refused entities aside", () => {
  fc.assert(
    fc.property(request, server, (asked, probe) => {
      const { deny, refused } = compileServerAcl({ ...asked, maxBytes: 62_000 });
      // What is denied in part has entries of its own (`carve.test.ts`).
      fc.pre(!refused.some((one) => one.isInPart));
      const isRefused = new Set(refused.map((one) => one.entity));
      const isMeant = asked.entities.some(
        (one) =>
          !isRefused.has(one.entity) && naiveGlob(one.entity.trim().toLowerCase().replace(/:80$/, ""), probe),
      );

      expect(isServerAllowed({ allow: ["*"], deny }, probe)).toBe(!isMeant);
    }),
    { numRuns: 1000 },
  );
});

test("nothing gets lost: each entity is denied, refused, covered or left out", () => {
  fc.assert(
    fc.property(request, (asked) => {
      const { deny, refused, subsumed, leftOut } = compileServerAcl(asked);
      // What is denied in part has entries of its own (`carve.test.ts`).
      fc.pre(!refused.some((one) => one.isInPart));
      const isRefused = new Set(refused.map((one) => one.entity));
      const accepted = asked.entities.filter((one) => !isRefused.has(one.entity));

      expect(deny.length + subsumed + leftOut.length).toBe(accepted.length);
    }),
  );
});

test("a room's list admits our own server, fits, allows somebody, and is written only once", () => {
  fc.assert(
    fc.property(
      request,
      fc.option(content, { nil: undefined }),
      fc.record({ keepByHand: fc.boolean(), handMade: fc.array(fc.boolean(), { maxLength: 6 }) }),
      (asked, current, { keepByHand, handMade }) => {
        const compiled = compileServerAcl(asked);
        const byHand = (current?.deny ?? []).filter((_, i) => handMade[i]);
        const { ownServer } = asked;
        const maxBytes = Math.max(asked.maxBytes, 300);
        const wanted = aclFor(compiled, { current, byHand, keepByHand, ownServer, maxBytes });
        const after = wanted?.content ?? current;
        if (!after) return;

        expect(isServerAllowed(after, ownServer)).toBe(true);
        expect(after.allow).not.toEqual([]);
        expect(wanted === undefined || bytesOf(after) <= maxBytes).toBe(true);
        expect(aclFor(compiled, { current: after, byHand, keepByHand, ownServer, maxBytes })).toBeUndefined();
      },
    ),
    { numRuns: 1000 },
  );
});

test("two patterns can mean the same server if one server matches both", () => {
  fc.assert(
    fc.property(pattern, pattern, server, (a, b, probe) => {
      expect(canMeanTheSame(a, b) || !naiveGlob(a, probe) || !naiveGlob(b, probe)).toBe(true);
    }),
    { numRuns: 5000 },
  );
});

test("two patterns that can mean no server together are told apart", () => {
  expect(canMeanTheSame("*.gov", "*.evil.tld")).toBe(false);
  expect(canMeanTheSame("a*b", "?")).toBe(false);
  expect(canMeanTheSame("a?c", "abd*")).toBe(false);
  expect(canMeanTheSame("*x*", "ab?d")).toBe(true);
  expect(canMeanTheSame("", "*")).toBe(true);
});

test("leaving out covered patterns never changes what is matched", () => {
  const short = fc
    .array(fc.constantFrom("a", "b", "*", "?"), { minLength: 1, maxLength: 6 })
    .map((parts) => parts.join(""));
  const text = fc
    .array(fc.constantFrom("a", "b"), { minLength: 1, maxLength: 6 })
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(
      fc.array(fc.oneof(pattern, short), { maxLength: 20 }),
      fc.oneof(server, text),
      (patterns, probe) => {
        const entries = [...new Set(patterns.map(canonicalGlob))].map((one) => ({ pattern: one }));
        const kept = withoutCovered(entries, () => {});
        const matches = (list: readonly { pattern: string }[]): boolean =>
          list.some((one) => naiveGlob(one.pattern, probe));

        expect(matches(kept)).toBe(matches(entries));
      },
    ),
    { numRuns: 5000 },
  );
});
