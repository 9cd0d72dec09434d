/** Matching at scale: `node bench/match.ts` (with `--expose-gc` for the memory of the index). */
import { hasWildcard } from "../src/kit/glob.ts";
import type { EventId, RoomId, UserId } from "../src/model/ids.ts";
import { Members } from "../src/model/members.ts";
import type { Rule, RuleKind } from "../src/model/policy-rule.ts";
import { usersMatching } from "../src/policy/index/member-search.ts";
import { RuleIndex } from "../src/policy/index/rule-index.ts";
import { inMicroseconds, inMs, medianMs, printTable, seeded } from "./table.ts";

const ruleCount = 100_000;
const memberCount = 100_000;
const peopleCount = 1_000_000;
const random = seeded(20_261_121);

const rules = asRead(Array.from({ length: ruleCount }, (_, i) => ruleLike(i)));
const named = rules.flatMap(({ entity }) =>
  entity && !hasWildcard(entity) && entity.startsWith("@") ? [entity as UserId] : [],
);
/** One in a hundred is banned by name. */
const members = asRead(
  Array.from({ length: memberCount }, (_, i) => (i % 100 === 0 ? named[i % named.length]! : someUser())),
);

forwards();
const people = knownPeople();
backwards();
hostile();

function forwards(): void {
  const before = heapBytes();
  const index = filled(rules);
  const bytes = heapBytes() - before;
  let matched = 0;
  const matching = medianMs(() => {
    matched = members.reduce((sum, member) => sum + Number(index.rulesForUser(member).length > 0), 0);
  });
  const fresh = asRead(Array.from({ length: 10_000 }, (_, i) => ruleLike(ruleCount + i)));
  const adding: number[] = [];
  const removing = medianMs(
    () => {
      const started = performance.now();
      for (const rule of fresh) index.add(rule);
      adding.push(performance.now() - started);
      for (const rule of fresh) index.remove(rule);
    },
    { runs: 15 },
  );
  const addMs = median(adding);
  printTable(`${ruleCount} rules, ${memberCount} members (${matched} of them matched)`, [
    { what: "build", measured: inMs(medianMs(() => filled(rules))) },
    { what: "match, per member", measured: inMicroseconds(matching, memberCount), target: "0.5 µs" },
    { what: "add, per rule", measured: inMicroseconds(addMs, fresh.length), target: "0.5 µs" },
    { what: "remove, per rule", measured: inMicroseconds(removing - addMs, fresh.length), target: "0.5 µs" },
    {
      what: "memory of the index",
      measured: before > 0 ? `${(bytes / 1e6).toFixed(1)} MB` : "run with --expose-gc",
    },
  ]);
}

function backwards(): void {
  const exact = Array.from({ length: 10_000 }, () => userRule(someUser()));
  const wholeServers = Array.from({ length: 10_000 }, (_, i) => userRule(`@*:server${i}.example.org`));
  const serverGlobs = Array.from({ length: 1000 }, (_, i) => ruleOf("server", `*.sub${i}.example.net`));
  const globs = Array.from({ length: 1000 }, (_, i) => userRule(`@*${word()}${i}*:*`));
  const row = (what: string, asked: readonly Rule[], target: string) => {
    let matched = 0;
    const ms = medianMs(() => (matched = usersMatching(asked, people).length), { runs: 5, warmUps: 1 });
    return { what: `${what} (${matched} matched)`, measured: inMs(ms), target };
  };
  printTable(`new rules against ${peopleCount} known people`, [
    row("1 exact", exact.slice(0, 1), "0.1 ms"),
    row("10,000 exact", exact, "10 ms"),
    row("10,000 whole servers", wholeServers, "100 ms"),
    row("1,000 server globs", serverGlobs, "10 ms"),
    row("1 glob", globs.slice(0, 1), "50 ms"),
    row("1 glob within one server", [userRule("@a*:server7.example.org")], "1 ms"),
    row("1,000 globs", globs, "200 ms"),
  ]);
}

/** What the worst list can do to one match. */
function hostile(): void {
  const count = 50_000;
  const vague = Array.from({ length: count }, (_, i) =>
    userRule(`*${"?".repeat(i % 500)}${String.fromCharCode(97 + (i % 26))}?*`),
  );
  const oneGram = Array.from({ length: count }, (_, i) =>
    userRule(`*${"?".repeat(i % 400)}aaaa${"?".repeat(Math.floor(i / 400))}*b`),
  );
  const row = (what: string, asked: readonly Rule[]) => {
    const index = filled(asked);
    const ms = medianMs(() =>
      members.slice(0, 1000).forEach((member) => index.rulesForUser(`@aaaa${member.slice(1)}` as UserId)),
    );
    return {
      what: `${what} (${index.unindexed().length} of ${index.size} waiting)`,
      measured: inMicroseconds(ms, 1000),
    };
  };
  printTable("hostile lists, per match", [
    row("50,000 globs without a usable literal", vague),
    row("50,000 globs around one gram", oneGram),
  ]);
}

/** Strings put together in JavaScript are ropes, and slower than those that come from the network. */
function asRead<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

function knownPeople(): Members {
  const known = new Members(0);
  const room = "!room:example.org" as RoomId;
  const users = asRead(Array.from({ length: peopleCount }, () => someUser()));
  for (const user of users) known.set(room, user, { membership: "join", eventId: "$a", isOurs: false });
  return known;
}

function filled(with_: readonly Rule[]): RuleIndex {
  const index = new RuleIndex();
  for (const rule of with_) index.add(rule);
  return index;
}

/** Nine in ten rules name a person, nearly one in ten a server, one in a hundred is another glob. */
function ruleLike(i: number): Rule {
  const share = random();
  if (share < 0.9) return userRule(`@${word()}${i}:${someServer()}`);
  if (share < 0.96) return userRule(`@*:bad${i}.example.org`);
  if (share < 0.99) return ruleOf("server", share < 0.975 ? `bad${i}.example.org` : `*.bad${i}.example.org`);
  return userRule(
    [`@*${word()}${i}*:*`, `@${word()}${i}*`, `@*${word()}:*.bad${i % 100}.tld`, `@${word()}??${i % 100}:*`][
      i % 4
    ]!,
  );
}

function userRule(entity: string): Rule {
  return ruleOf("user", entity);
}

function ruleOf(kind: RuleKind, entity: string): Rule {
  const eventId = `$${random().toString(36).slice(2)}${random().toString(36).slice(2)}` as EventId;
  return {
    list: "!list:example.org" as RoomId,
    kind,
    eventType: `m.policy.rule.${kind}`,
    stateKey: `rule:${entity}`,
    eventId,
    sender: "@moderator:example.org" as UserId,
    sentAt: 0,
    entity,
    hash: undefined,
    recommendation: "ban",
    recommendationText: "m.ban",
    reason: "spam",
    expiresAt: undefined,
  };
}

function someUser(): UserId {
  return `@${word()}${random() < 0.5 ? "." : "_"}${word()}${Math.floor(random() * 1000)}:${someServer()}` as UserId;
}

/** A third of people are on one server; the others spread widely. */
function someServer(): string {
  const share = random();
  if (share < 0.35) return "matrix.org";
  if (share < 0.5) return `sub${Math.floor(random() * 40)}.host${Math.floor(random() * 50)}.example.net`;
  return `server${Math.floor(random() * 8_000)}.example.org`;
}

function word(): string {
  const length = 3 + Math.floor(random() * 6);
  let text = "";
  for (let i = 0; i < length; i++) text += "etaoinsrhldcumfpgwybvkxjqz"[Math.floor(26 * random() ** 1.7)];
  return text;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function heapBytes(): number {
  if (!globalThis.gc) return 0;
  globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
