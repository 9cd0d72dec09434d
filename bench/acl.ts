/** Server ACLs at scale: `node bench/acl.ts`. */
import type { ServerAclContent } from "../src/model/actions/server-acl.ts";
import type { ServerName } from "../src/model/ids.ts";
import {
  aclFor,
  compileServerAcl,
  isServerAllowed,
  type AclRequest,
  type CompiledAcl,
} from "../src/policy/server-acl/compile.ts";
import { inMicroseconds, inMs, medianMs, printTable, seeded } from "./table.ts";

const ownServer = "chat.good.example.org" as ServerName;
const random = seeded(20_261_121);

for (const count of [4000, 10_000]) measure(count);

function measure(count: number): void {
  const asked = request(count);
  const compiled = compileServerAcl(asked);
  const same = asRead({ allow: ["*"], deny: compiled.deny, allow_ip_literals: false });
  const behind = { ...same, deny: same.deny.slice(1) };
  const byHand = ["by-hand.example.com", "*.by-hand.example.com"];
  printTable(`${count} entities, ${asked.spared.length} servers spared, ${asked.present.size} present`, [
    {
      what: "compile",
      measured: inMs(medianMs(() => compileServerAcl(asked), { runs: 15 })),
      target: "10 ms",
    },
    { what: "entries", measured: String(compiled.deny.length) },
    { what: "needless, since others cover them", measured: String(compiled.subsumed) },
    { what: "refused", measured: String(compiled.refused.length) },
    { what: "left out", measured: String(compiled.leftOut.length) },
    { what: "bytes", measured: String(compiled.bytes), target: `${asked.maxBytes}` },
    { what: "a room that has it", measured: perRoom(compiled, same, []), target: "100 µs" },
    { what: "a room that lacks an entry", measured: perRoom(compiled, behind, []) },
    {
      what: "a room with entries by hand",
      measured: perRoom(compiled, { ...same, deny: [...byHand, ...same.deny] }, byHand),
    },
    {
      what: "is one server allowed?",
      measured: inMicroseconds(
        medianMs(() => repeat(() => isServerAllowed(same, ownServer))),
        100,
      ),
    },
  ]);
}

function perRoom(compiled: CompiledAcl, current: ServerAclContent, byHand: readonly string[]): string {
  const room = { current, byHand, keepByHand: true, ownServer, maxBytes: 62_000 };
  return inMicroseconds(
    medianMs(() => repeat(() => aclFor(compiled, room))),
    100,
  );
}

function repeat(work: () => unknown): void {
  for (let i = 0; i < 100; i++) work();
}

/** Mostly plain names; one in ten a `*.name`, one in fifty another glob; names of 12 to 24 characters. */
function request(count: number): AclRequest {
  const entities = Array.from({ length: count }, (_, i) => ({
    entity: entityLike(i),
    listRank: i % 5,
    sentAt: i,
  }));
  const present = Array.from({ length: 5000 }, (_, i) =>
    i % 50 === 0 ? entities[i % count]!.entity : `server${i}.example.org`,
  );
  return {
    entities: asRead(entities),
    ownServer,
    spared: Array.from({ length: 50 }, (_, i) => ({
      server: i < 45 ? `friend${i}.example.com` : `*.friends${i}.edu`,
      why: "exempt",
    })),
    present: new Set(present as ServerName[]),
    maxBytes: 62_000,
  };
}

function entityLike(i: number): string {
  const name = `${letters(4)}${i % 500}.${letters(5)}.${["org", "com", "xyz", "chat"][i % 4]}`;
  if (i % 10 === 0) return `*.${name}`;
  if (i % 10 === 1) return `sub.bad${i % 50}.example.net`;
  if (i % 50 === 2) return `*${letters(6)}*.xyz`;
  return i % 500 === 3 ? `*.bad${i % 50}.example.net` : name;
}

function letters(count: number): string {
  return Array.from({ length: count }, () => String.fromCharCode(97 + Math.floor(random() * 26))).join("");
}

/** As it comes from the network: strings of their own. */
function asRead<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
