/**
 * All rules of the watched lists, ready to answer "which of them match this?" in less than a microsecond at a hundred
 * thousand rules. Which of them decides is left to `RulesInForce`.
 */
import { sha256Base64 } from "../../kit/hash.ts";
import { withoutPort, type RoomAlias, type RoomId, type ServerName, type UserId } from "../../model/ids.ts";
import type { GlobLimits } from "../../model/limits.ts";
import type { Rule, RuleKind } from "../../model/policy-rule.ts";
import { EntityIndex, type IsBorne } from "./entity-index.ts";

/** Leaves out rules that are not applied to whoever was asked about. */
export interface Leaving {
  readonly forUser: (rules: readonly Rule[], user: UserId) => readonly Rule[];
  readonly forServer: (rules: readonly Rule[], server: ServerName) => readonly Rule[];
}

const none: readonly Rule[] = Object.freeze<Rule[]>([]);

export class RuleIndex {
  readonly #byKind: Readonly<Record<RuleKind, EntityIndex>>;
  readonly #leaving: Leaving | undefined;

  /** `isBorne`: whether somebody known has exactly this id; without it nobody has. */
  constructor(limits?: GlobLimits, isBorne?: IsBorne, leaving?: Leaving) {
    const index = () => new EntityIndex(limits, isBorne);
    this.#leaving = leaving;
    this.#byKind = { user: index(), room: index(), server: index() };
  }

  get size(): number {
    const { user, room, server } = this.#byKind;
    return user.size + room.size + server.size;
  }

  /** Server rules, hashed ones included. */
  get serverRuleCount(): number {
    return this.#byKind.server.size;
  }

  /** The same rule (list, type, state key and event) counts once. */
  add(rule: Rule): void {
    this.#byKind[rule.kind].add(rule);
  }

  remove(rule: Rule): void {
    this.#byKind[rule.kind].remove(rule);
  }

  /** Every rule that matches the person and applies to them: rules for users, and for the server they are on. In no order. */
  rulesForUser(user: UserId): readonly Rule[] {
    const found = this.rulesNamingUser(user);
    return this.#leaving?.forUser(found, user) ?? found;
  }

  /** The same with the rules of lists from which they are excepted. */
  rulesNamingUser(user: UserId): readonly Rule[] {
    const { user: users, server: servers } = this.#byKind;
    let found: Rule[] | undefined;
    if (users.size > 0) found = users.collect(user, found);
    if (users.hasHashes) found = users.collectHashed(sha256Base64(user), found);
    if (servers.size > 0) found = this.#collectForServer(user.slice(user.indexOf(":") + 1), found);
    return found ?? none;
  }

  rulesForServer(server: ServerName): readonly Rule[] {
    const found = this.rulesNamingServer(server);
    return this.#leaving?.forServer(found, server) ?? found;
  }

  rulesNamingServer(server: ServerName): readonly Rule[] {
    return this.#collectForServer(server, undefined) ?? none;
  }

  rulesForRoom(room: RoomId | RoomAlias): readonly Rule[] {
    const rooms = this.#byKind.room;
    const found = rooms.collect(room, undefined);
    return (rooms.hasHashes ? rooms.collectHashed(sha256Base64(room), found) : found) ?? none;
  }

  /** Server rules that are not hashed: a server ACL can be made of them. */
  serverRules(): Iterable<Rule> {
    return this.#byKind.server.withoutHashes();
  }

  *rules(): Iterable<Rule> {
    for (const index of Object.values(this.#byKind)) yield* index.rules();
  }

  /** Rules with exactly this entity (the pattern, not what it matches): those that `unban` takes back. */
  rulesWithEntity(kind: RuleKind, entity: string): readonly Rule[] {
    return this.#byKind[kind].withEntity(entity);
  }

  rulesWithHash(kind: RuleKind, hash: string | undefined): readonly Rule[] {
    return (hash === undefined ? undefined : this.#byKind[kind].collectHashed(hash, undefined)) ?? none;
  }

  /**
   * Rules that are not applied: of patterns with hardly a literal character only the first `limits.vagueGlobs` of each
   * kind are applied, as each costs time at every event. Moderators must be told of the others.
   */
  unindexed(): readonly Rule[] {
    return Object.values(this.#byKind).flatMap((index) => index.waiting());
  }

  /** MSC4205 does not say whether the hash is of the name as compared or as written, so both are tried. */
  #collectForServer(written: string, found: Rule[] | undefined): Rule[] | undefined {
    const servers = this.#byKind.server;
    const name = comparable(written);
    found = servers.collect(name, found);
    if (!servers.hasHashes) return found;
    found = servers.collectHashed(sha256Base64(name), found);
    return written === name ? found : servers.collectHashed(sha256Base64(written), found);
  }
}

/** The same as `serverOf`, only quicker: a port ends in a digit, and nearly no server name does. */
function comparable(server: string): string {
  const last = server.charCodeAt(server.length - 1);
  return (last >= 0x30 && last <= 0x39 ? withoutPort(server) : server).toLowerCase();
}
