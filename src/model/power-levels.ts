/**
 * Who may do what in a room, under the rules of every room version: string and fractional levels of old rooms,
 * creators above every level since version 12 (specification: "Rooms", "m.room.power_levels"; MSC4289).
 */
import { asObject, type JsonObject } from "../kit/json.ts";
import { parseUserId, type UserId } from "./ids.ts";
import type { StateEvent } from "./event.ts";

/**
 * A person's own entry in `users`, so that it can be put back. Undefined where the person has none, null where the event
 * has no `users` at all. A text, as rooms of old versions hold them, is read as its number.
 */
export type LevelEntry = number | null | undefined;

/** The largest integer in canonical JSON (spec appendices: within ±(2^53 - 1)). */
export const largestLevel = 2 ** 53 - 1;

/** The level of a creator since room version 12: above every number, so that nobody can act against them. */
const creatorLevel = Infinity;

export class PowerLevels {
  readonly #create: StateEvent | undefined;
  readonly #creators: ReadonlySet<string>;
  readonly #legacyCreator: string | undefined;
  readonly #content: JsonObject | undefined;

  /** Without a power-level event the defaults of the room version for a new room hold. */
  constructor(create: StateEvent | undefined, levels: Pick<StateEvent, "content"> | undefined) {
    this.#create = create;
    this.#content = levels?.content;
    this.#creators = create && hasSovereignCreators(create) ? creatorsOf(create) : new Set();
    this.#legacyCreator = create && !hasSovereignCreators(create) ? legacyCreator(create) : undefined;
  }

  /** The levels as they are with another entry for the person. */
  withEntry(user: UserId, entry: LevelEntry): PowerLevels {
    return new PowerLevels(this.#create, { content: withLevel(this.#content ?? {}, user, entry) });
  }

  isCreator(user: UserId): boolean {
    return this.#creators.has(user);
  }

  of(user: UserId): number {
    if (this.#creators.has(user)) return creatorLevel;
    if (!this.#content) return user === this.#legacyCreator ? 100 : 0;
    const own = asObject(this.#content["users"])?.[user];
    return readLevel(own) ?? readLevel(this.#content["users_default"]) ?? 0;
  }

  entryOf(user: UserId): LevelEntry {
    const users = asObject(this.#content?.["users"]);
    if (!users) return null;
    return readLevel(users[user]);
  }

  /** The level for a mute: below every level that the room asks for to send anything. */
  get silence(): number {
    const asked = [
      this.#content?.["events_default"],
      ...Object.values(asObject(this.#content?.["events"]) ?? {}),
    ].flatMap((level) => readLevel(level) ?? []);
    return Math.min(0, ...asked) - 1;
  }

  /** Below the level that any event in the room needs. */
  isSilenced(user: UserId): boolean {
    return this.of(user) <= this.silence;
  }

  /** Whether the person has more than the default level. */
  isAboveUsual(user: UserId): boolean {
    return this.of(user) > this.usualLevel;
  }

  /** The level of people without an entry of their own. */
  get usualLevel(): number {
    return readLevel(this.#content?.["users_default"]) ?? 0;
  }

  /** `ban`, `kick`, `redact` default to 50, `invite` to 0. */
  needed(act: "ban" | "kick" | "redact" | "invite"): number {
    return readLevel(this.#content?.[act]) ?? (act === "invite" ? 0 : 50);
  }

  neededForState(type: string): number {
    return this.#eventLevel(type) ?? readLevel(this.#content?.["state_default"]) ?? 50;
  }

  neededForMessage(type: string): number {
    return this.#eventLevel(type) ?? readLevel(this.#content?.["events_default"]) ?? 0;
  }

  canBan(actor: UserId, target: UserId): boolean {
    return this.of(actor) >= this.needed("ban") && this.of(actor) > this.of(target);
  }

  canKick(actor: UserId, target: UserId): boolean {
    return this.of(actor) >= this.needed("kick") && this.of(actor) > this.of(target);
  }

  /** Lifting a ban is a kick of a banned member: both levels are needed. */
  canUnban(actor: UserId, target: UserId): boolean {
    return this.canBan(actor, target) && this.canKick(actor, target);
  }

  canRedactOthers(actor: UserId): boolean {
    return this.of(actor) >= Math.max(this.needed("redact"), this.neededForMessage("m.room.redaction"));
  }

  /** Whether a mention of the whole room by the person notifies anybody. */
  canNotifyRoom(actor: UserId): boolean {
    return this.of(actor) >= (readLevel(asObject(this.#content?.["notifications"])?.["room"]) ?? 50);
  }

  canSendState(actor: UserId, type: string): boolean {
    return this.of(actor) >= this.neededForState(type);
  }

  /** Whether anything begins to be allowed at just this level, besides the types of events for which `isLeftOut` holds. */
  rightsAt(level: number, isLeftOut: (type: string) => boolean): boolean {
    const asked = [
      ...(["ban", "kick", "redact"] as const).map((act) => this.needed(act)),
      ...[this.neededForState(""), readLevel(asObject(this.#content?.["notifications"])?.["room"]) ?? 50],
      ...Object.entries(asObject(this.#content?.["events"]) ?? {}).flatMap(([type, value]) =>
        isLeftOut(type) ? [] : (readLevel(value) ?? []),
      ),
    ];
    return asked.includes(level);
  }

  /** Everybody with an entry of their own, creators first. */
  named(): readonly UserId[] {
    const users = Object.keys(asObject(this.#content?.["users"]) ?? {});
    return [...new Set([...this.#creators, ...users])].flatMap((user) => parseUserId(user) ?? []);
  }

  #eventLevel(type: string): number | undefined {
    return readLevel(asObject(this.#content?.["events"])?.[type]);
  }
}

/**
 * The content of power levels with another entry for the person; everything else stays as it is, in its order. Levels that
 * are texts or fractions become the numbers as which every server reads them: servers take no others from a client.
 */
export function withLevel(content: JsonObject, user: UserId, entry: LevelEntry): JsonObject {
  const all = asNumbers(content);
  const users = { ...asObject(all["users"]) };
  // An entry out of an earlier version's store may be a text.
  const level = readLevel(entry);
  if (level === undefined) delete users[user];
  else users[user] = level;
  if (entry !== null || Object.keys(users).length > 0) return { ...all, users };
  const { users: _, ...without } = all;
  return without;
}

/** In how many settings and entries of people both contents differ, however their levels are written. */
export function differencesIn(one: JsonObject, other: JsonObject): number {
  const flat = (content: JsonObject) => {
    const { users, ...rest } = asNumbers(content);
    return { ...rest, ...asObject(users) };
  };
  const [a, b]: readonly JsonObject[] = [flat(one), flat(other)];
  const keys = new Set([...Object.keys(a!), ...Object.keys(b!)]);
  return [...keys].filter((key) => JSON.stringify(a![key]) !== JSON.stringify(b![key])).length;
}

const singleLevels: ReadonlySet<string> = new Set([
  ...["ban", "kick", "redact", "invite"],
  ...["users_default", "events_default", "state_default"],
]);
const levelTables: ReadonlySet<string> = new Set(["users", "events", "notifications"]);

/** Every level as a number. What is no level to any server is left out: the default stands in for it, as it did. */
export function asNumbers(content: JsonObject): JsonObject {
  const numbers = (entries: readonly (readonly [string, unknown])[]) =>
    entries.flatMap(([name, value]) => {
      const level = readLevel(value);
      return level === undefined ? [] : [[name, level] as const];
    });
  return Object.fromEntries(
    Object.entries(content).flatMap(([name, value]) => {
      if (singleLevels.has(name)) return numbers([[name, value]]);
      const table = levelTables.has(name) ? asObject(value) : undefined;
      return [[name, table ? Object.fromEntries(numbers(Object.entries(table))) : value] as const];
    }),
  );
}

export function roomVersionOf(create: StateEvent | undefined): string {
  const version = create?.content["room_version"];
  return typeof version === "string" ? version : "1";
}

/** Since room version 12 (and its unstable forerunner) creators stand above power levels. */
function hasSovereignCreators(create: StateEvent): boolean {
  const version = roomVersionOf(create);
  if (/^\d+$/.test(version)) return Number(version) >= 12;
  return version.startsWith("org.matrix.hydra");
}

function creatorsOf(create: StateEvent): ReadonlySet<string> {
  const additional = create.content["additional_creators"];
  return new Set([
    create.sender,
    ...(Array.isArray(additional) ? additional.filter((user) => typeof user === "string") : []),
  ]);
}

function legacyCreator(create: StateEvent): string {
  const creator = create.content["creator"];
  return Number(roomVersionOf(create)) < 11 && typeof creator === "string" ? creator : create.sender;
}

/** Versions 1 to 9 allow strings, 1 to 5 fractions; Synapse reads both this way. */
export function readLevel(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? withinBounds(Math.trunc(value)) : undefined;
  if (typeof value === "string" && /^\s*[+-]?\d{1,20}\s*$/.test(value)) return withinBounds(Number(value));
  return undefined;
}

function withinBounds(level: number): number {
  return Math.max(-largestLevel, Math.min(largestLevel, level));
}
