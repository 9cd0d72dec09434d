/**
 * Who may do what in a room, under the rules of every room version: string and fractional levels of old rooms,
 * creators above every level since version 12 (specification: "Rooms", "m.room.power_levels"; MSC4289).
 */
import { asObject, type JsonObject } from "../kit/json.ts";
import { parseUserId, type UserId } from "./ids.ts";
import type { StateEvent } from "./event.ts";

/** A creator of a room of version 12 or later: above every number, and untouchable for everybody. */
export const creatorLevel = Infinity;

export class PowerLevels {
  readonly #creators: ReadonlySet<string>;
  readonly #legacyCreator: string | undefined;
  readonly #content: JsonObject | undefined;

  /** Without a power-level event the rules of the room version for a fresh room hold. */
  constructor(create: StateEvent | undefined, levels: StateEvent | undefined) {
    this.#content = levels?.content;
    this.#creators = create && hasSovereignCreators(create) ? creatorsOf(create) : new Set();
    this.#legacyCreator = create && !hasSovereignCreators(create) ? legacyCreator(create) : undefined;
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

  /** Above what everybody has who is not named. */
  isAboveUsual(user: UserId): boolean {
    return this.of(user) > (readLevel(this.#content?.["users_default"]) ?? 0);
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

  canSendState(actor: UserId, type: string): boolean {
    return this.of(actor) >= this.neededForState(type);
  }

  /** Everybody whose level is written down, creators first. */
  named(): readonly UserId[] {
    const users = Object.keys(asObject(this.#content?.["users"]) ?? {});
    return [...new Set([...this.#creators, ...users])].flatMap((user) => parseUserId(user) ?? []);
  }

  #eventLevel(type: string): number | undefined {
    return readLevel(asObject(this.#content?.["events"])?.[type]);
  }
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
function readLevel(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? Math.trunc(value) : undefined;
  if (typeof value === "string" && /^\s*[+-]?\d{1,20}\s*$/.test(value)) return Number(value);
  return undefined;
}
