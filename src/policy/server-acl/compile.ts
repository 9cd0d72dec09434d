/**
 * The server ACL that the lists ask for, compiled once for all rooms and then fitted to each (specification: "Server Access
 * Control Lists"). Safe by construction: it never denies our own server or a spared one, always allows somebody, and never
 * exceeds the size of an event. When to write it is decided elsewhere.
 */
import { foldCase, hasWildcard, matchesGlob } from "../../kit/glob.ts";
import { asObject, stringsOf } from "../../kit/json.ts";
import type { ServerAclContent } from "../../model/actions/server-acl.ts";
import { isSameAcl } from "../../model/server-acl.ts";
import { withoutPort, type ServerName } from "../../model/ids.ts";
import { everybody, fit, jsonBytes, type AclBase } from "./size.ts";
import { aclPattern, type Spared, SparedServers, withoutCovered } from "./patterns.ts";
import { PatternIndex } from "../index/pattern-index.ts";

export interface AclEntity {
  readonly entity: string;
  /** Precedence of the list: 0 is the first. */
  readonly listRank: number;
  readonly sentAt: number;
}

export interface AclRequest {
  readonly entities: readonly AclEntity[];
  readonly ownServer: ServerName;
  /** Servers never denied (globs allowed), with the reason that moderators are told. */
  readonly spared: readonly Spared[];
  /** Servers with people in protected rooms: where not all entries fit, entries against these are kept first. */
  readonly present: ReadonlySet<ServerName>;
  /**
   * Of the content as JSON in UTF-8. An event may have 65,536 bytes; signatures, hashes and references to other events
   * take one to three thousand of them.
   */
  readonly maxBytes: number;
}

export interface Refusal {
  readonly entity: string;
  readonly why: string;
  /** A part of it is denied all the same. */
  readonly isInPart?: boolean;
}

export interface CompiledAcl {
  /** Sorted. */
  readonly deny: readonly string[];
  /** The same entries, the most important first. */
  readonly byImportance: readonly string[];
  /** Bytes of the whole content, with everybody else allowed. */
  readonly bytes: number;
  readonly refused: readonly Refusal[];
  /** Entries that did not fit, the most important first. */
  readonly leftOut: readonly string[];
  /** How many entities got no entry, because another entry covers or repeats them. */
  readonly subsumed: number;
}

export function compileServerAcl(request: AclRequest): CompiledAcl {
  const { entries, refused, repeated } = readEntities(request);
  let subsumed = repeated;
  const kept = withoutCovered(entries, (entry, by) => {
    subsumed++;
    raise(by, entry);
  });
  markPresent(kept, request.present);
  const ranked = [...kept].sort(byImportance).map((entry) => entry.pattern);
  const { fitting, leftOut, bytes } = fit(ranked, everybody, request.maxBytes);
  return { deny: [...fitting].sort(), byImportance: fitting, bytes, refused, leftOut, subsumed };
}

interface RoomAcl {
  readonly current: ServerAclContent | undefined;
  /** Entries of the current list that people made. */
  readonly byHand: readonly string[];
  readonly keepByHand: boolean;
  /** It is for a while: where there was none, nothing else changes by it, and it is as none when its entries are gone. */
  readonly isForAWhile?: boolean;
  readonly ownServer: ServerName;
  readonly maxBytes: number;
}

/**
 * The content for one room; `undefined` where the room has it already or needs none. What people set in the room is kept:
 * the allowed servers, whether IP literals are allowed and, if asked to, their denied entries, which come first.
 */
export function aclFor(
  compiled: CompiledAcl,
  { current, byHand, keepByHand, isForAWhile, ownServer, maxBytes }: RoomAcl,
): { content: ServerAclContent; refused: readonly Refusal[]; leftOut: readonly string[] } | undefined {
  const refused: Refusal[] = [];
  const kept = keepByHand ? unharmful(byHand, ownServer, refused) : [];
  if (!current && compiled.deny.length === 0 && kept.length === 0) return undefined;
  const base = {
    allow: allowListOf(current, ownServer, refused),
    allow_ip_literals: (isForAWhile && !current) || ipLiteralsOf(current, ownServer, refused),
  };
  const { deny, leftOut } = denyListOf(compiled, kept, { base, maxBytes });
  const content = { ...base, deny };
  return current && isSameAcl(content, current) ? undefined : { content, refused, leftOut };
}

/**
 * Whether the ACL allows the server, evaluated as the specification says and as leniently as Synapse reads it: without an
 * event everybody is allowed; with an event that lacks its lists, nobody is.
 */
export function isServerAllowed(acl: unknown, server: string): boolean {
  if (acl === undefined) return true;
  const content = asObject(acl) ?? {};
  const name = withoutPort(server).toLowerCase();
  if (content["allow_ip_literals"] === false && isIpLiteral(name)) return false;
  return !matchesAny(stringsOf(content["deny"]), name) && matchesAny(stringsOf(content["allow"]), name);
}

/** An IPv6 address in brackets, or an IPv4 address without leading zeros (Synapse accepts none with them). */
export function isIpLiteral(name: string): boolean {
  const octets = name.split(".");
  const isIpv4 =
    octets.length === 4 && octets.every((octet) => /^(?:0|[1-9]\d{0,2})$/.test(octet) && Number(octet) < 256);
  return isIpv4 || name.startsWith("[");
}

/** `name` is in lower case without port, so a pattern with a port matches nothing. */
function matchesAny(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => {
    if (pattern === name || pattern === "*") return true;
    const folded = foldCase(pattern);
    return hasWildcard(folded) ? matchesGlob(folded, name) : folded === name;
  });
}

interface Entry {
  readonly pattern: string;
  listRank: number;
  sentAt: number;
  /** It denies servers with people in protected rooms. */
  isPresent: boolean;
}

/** Further wildcards with spared servers in them are refused as a whole: each is compared with all servers. */
const mostInPart = 50;

function readEntities({ entities, ownServer, spared, present }: AclRequest): {
  entries: readonly Entry[];
  refused: readonly Refusal[];
  repeated: number;
} {
  const protectedServers = new SparedServers(ownServer, spared);
  const entries = new Map<string, Entry>();
  const refused = new Map<string, Refusal>();
  let [repeated, inPart] = [0, 0];
  for (const { entity, listRank, sentAt } of entities) {
    const read = aclPattern(entity);
    const known = read.pattern === undefined ? undefined : entries.get(read.pattern);
    if (known) {
      repeated++;
      raise(known, { listRank, sentAt });
      continue;
    }
    const why = read.pattern === undefined ? read.why : protectedServers.objectionTo(read.pattern, listRank);
    const add = (pattern: string) => {
      const other = entries.get(pattern);
      if (other) raise(other, { listRank, sentAt });
      else entries.set(pattern, { pattern, listRank, sentAt, isPresent: false });
    };
    if (read.pattern !== undefined && why === undefined) {
      add(read.pattern);
      // An exception from one list is none from another.
      refused.delete(entity);
    }
    if (why === undefined) continue;
    const part =
      inPart < mostInPart ? protectedServers.inPart(read.pattern ?? "", listRank, present) : undefined;
    refused.set(entity, part ? { entity, why: part.why, isInPart: true } : { entity, why });
    for (const pattern of part?.patterns ?? []) add(pattern);
    if (part) inPart++;
  }
  return { entries: [...entries.values()], refused: [...refused.values()], repeated };
}

/** An entry that covers another one is as important as the more important of both. */
function raise(entry: Entry, other: Pick<Entry, "listRank" | "sentAt">): void {
  entry.listRank = Math.min(entry.listRank, other.listRank);
  entry.sentAt = Math.max(entry.sentAt, other.sentAt);
}

function markPresent(entries: readonly Entry[], present: ReadonlySet<ServerName>): void {
  const globs = new PatternIndex();
  const found = new Set<string>(present);
  for (const { pattern } of entries) if (hasWildcard(pattern)) globs.add(pattern);
  for (const server of present) for (const pattern of globs.candidates(server) ?? []) found.add(pattern);
  for (const entry of entries) entry.isPresent = found.has(entry.pattern);
}

/** By importance: servers whose people are here, then lists by precedence, then the newest rule. */
function byImportance(a: Entry, b: Entry): number {
  return (
    Number(b.isPresent) - Number(a.isPresent) ||
    a.listRank - b.listRank ||
    b.sentAt - a.sentAt ||
    (a.pattern < b.pattern ? -1 : 1)
  );
}

/** Entries made by hand might deny our own server: Synapse refuses such an ACL from its own users only. */
function unharmful(byHand: readonly string[], ownServer: ServerName, refused: Refusal[]): readonly string[] {
  return byHand.filter((entry) => {
    if (!matchesAny([entry], ownServer)) return true;
    refused.push({ entity: entry, why: `it would deny ${ownServer}: it is our own server` });
    return false;
  });
}

function allowListOf(
  current: ServerAclContent | undefined,
  ownServer: ServerName,
  refused: Refusal[],
): readonly string[] {
  if (!current || current.allow.length === 0) return ["*"];
  if (matchesAny(current.allow, ownServer)) return current.allow;
  const shown =
    current.allow.length === 1 ? current.allow[0]! : `the list of ${current.allow.length} allowed servers`;
  refused.push({
    entity: shown,
    why: `it does not allow ${ownServer}, our own server; everybody is allowed instead`,
  });
  return ["*"];
}

function ipLiteralsOf(
  current: ServerAclContent | undefined,
  ownServer: ServerName,
  refused: Refusal[],
): boolean {
  const isOwn = isIpLiteral(ownServer);
  if (current?.allow_ip_literals === false && isOwn) {
    refused.push({
      entity: "allow_ip_literals",
      why: `without IP literals ${ownServer}, our own server, is denied`,
    });
  }
  return isOwn || (current?.allow_ip_literals ?? false);
}

function denyListOf(
  compiled: CompiledAcl,
  byHand: readonly string[],
  { base, maxBytes }: { base: AclBase; maxBytes: number },
): { deny: readonly string[]; leftOut: readonly string[] } {
  const ours = setOf(compiled);
  const others = [...new Set(byHand)].filter((entry) => !ours.has(entry));
  const more = others.reduce(
    (sum, entry) => sum + jsonBytes(entry) + 1,
    jsonBytes(base) - jsonBytes(everybody),
  );
  if (compiled.bytes + more <= maxBytes) return { deny: [...others, ...compiled.deny], leftOut: [] };
  const { fitting, leftOut } = fit([...others, ...compiled.byImportance], base, maxBytes);
  const fits = new Set(fitting);
  const keep = (entry: string): boolean => fits.has(entry);
  return { deny: [...others.filter(keep), ...compiled.deny.filter(keep)], leftOut };
}

/** One compiled ACL is compared with a thousand rooms, so its set is made once. */
const sets = new WeakMap<CompiledAcl, ReadonlySet<string>>();

function setOf(compiled: CompiledAcl): ReadonlySet<string> {
  let set = sets.get(compiled);
  if (!set) sets.set(compiled, (set = new Set(compiled.deny)));
  return set;
}
