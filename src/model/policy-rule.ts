/**
 * One policy rule as it stands in a room (specification: "Moderation policy lists"; MSC2313, MSC4150 allow, MSC4204
 * takedown, MSC4205 hashes, MSC3908 expiry): read from every dialect, and written again as it was.
 */
import { asNumber, asObject, asString, type JsonObject } from "../kit/json.ts";
import { InternedTexts } from "../kit/interned-texts.ts";
import type { Limits } from "./limits.ts";
import { withoutPort, type EventId, type RoomId, type UserId } from "./ids.ts";
import type { StateEvent } from "./event.ts";

export type RuleKind = "user" | "room" | "server";

/** `allow` covers MSC4150 and Meowlnir's unban; `other` is shown but, as the specification asks, never applied. */
export type Recommendation = "ban" | "takedown" | "allow" | "other";

export interface Rule {
  readonly list: RoomId;
  readonly kind: RuleKind;
  readonly eventType: string;
  readonly stateKey: string;
  readonly eventId: EventId;
  readonly sender: UserId;
  readonly sentAt: number;
  /** A literal or a glob; server entities in lower case without port. Undefined for hashed rules. */
  readonly entity: string | undefined;
  /** Standard base64 of SHA-256 over the entity (MSC4205). */
  readonly hash: string | undefined;
  readonly recommendation: Recommendation;
  /** The recommendation as written, for `rules show`. */
  readonly recommendationText: string;
  /** Shortened; empty where none was given. */
  readonly reason: string;
  /** Milliseconds since the epoch; undefined is for ever. */
  readonly expiresAt: number | undefined;
}

export interface RuleChange {
  readonly list: RoomId;
  readonly before: Rule | undefined;
  readonly after: Rule | undefined;
  /** The event that brought the change about: the new rule event, the blank one, or the redaction. */
  readonly event: EventId;
  readonly by: UserId | undefined;
  /** `before` has expired; its event is still in the room. */
  readonly isExpiry?: boolean;
  /** `before` had gone from its list earlier, and was kept in force until now. */
  readonly wasKept?: boolean;
}

/** An entity names one user, room or server, each of at most 255 bytes; twice that leaves room for any useful glob. */
export const maxEntityLength = 512;

/** Newest dialect first: for one kind and state key, the rule of the newer dialect is in force. */
const dialects = ["m.policy.rule.", "m.room.rule.", "org.matrix.mjolnir.rule."] as const;
const kinds: readonly RuleKind[] = ["user", "room", "server"];

/** Every event type that can hold a rule, for filters and removal. */
export const ruleEventTypes: readonly string[] = dialects.flatMap((prefix) =>
  kinds.map((kind) => prefix + kind),
);

/** What the type of a rule event says of the rule. */
export interface RuleType {
  readonly type: string;
  readonly kind: RuleKind;
  /** Position of the dialect: 0 is the newest. */
  readonly rank: number;
}

const ruleTypes = new Map<string, RuleType>(
  dialects.flatMap((prefix, rank) =>
    kinds.map((kind) => [prefix + kind, { type: prefix + kind, kind, rank }] as const),
  ),
);
/** Senders, recommendations and reasons repeat in thousands of rules: each text is in memory once. */
const texts = new InternedTexts();

export function isRuleType(type: string): boolean {
  return ruleTypes.has(type);
}

/** Undefined for an event type that holds no rules. */
export function ruleTypeOf(type: string): RuleType | undefined {
  return ruleTypes.get(type);
}

export function stableRuleType(kind: RuleKind): string {
  return dialects[0] + kind;
}

const recommendations = new Map<string, Recommendation>([
  ["m.ban", "ban"],
  ["org.matrix.mjolnir.ban", "ban"],
  ["m.takedown", "takedown"],
  ["org.matrix.msc4204.takedown", "takedown"],
  ["m.allow", "allow"],
  ["org.matrix.mjolnir.allow", "allow"],
  ["fi.mau.meowlnir.unban", "allow"],
]);

/** As other bots write and read them today: the proposals are open, and the stable names not yet known everywhere. */
export const takedownRecommendation = "org.matrix.msc4204.takedown";
export const allowRecommendation = "org.matrix.mjolnir.allow";

/**
 * Whether the rule is for exactly the entity, in clear or hashed: people whose ids differ in capitals are different people.
 * `digest`: the hash of `text`, where there is one.
 */
export function namesExactly(
  { kind, entity, hash }: Rule,
  text: string,
  digest: string | undefined,
): boolean {
  if (entity === undefined) return hash === digest;
  return kind === "server" ? entity.toLowerCase() === text.toLowerCase() : entity === text;
}

/** Reads a rule event. `undefined` for a removed rule; a sentence that says what is wrong for an invalid one. */
export function readRule(
  list: RoomId,
  event: StateEvent,
  { reasonLength }: Pick<Limits, "reasonLength">,
): Rule | string | undefined {
  const info = ruleTypes.get(event.type);
  if (!info || Object.keys(event.content).length === 0) return undefined;
  const { content } = event;
  const recommendationText = asString(content["recommendation"]);
  const hash = hashOf(content);
  const entity = asString(content["entity"]);
  if (recommendationText === undefined) return "the rule has no recommendation";
  if (entity === undefined && hash === undefined) return "the rule has no entity";
  if (entity !== undefined && (entity === "" || entity.length > maxEntityLength)) {
    return `the entity is ${entity.length} characters long; 1 to ${maxEntityLength} can match anything`;
  }
  return {
    list,
    kind: info.kind,
    eventType: info.type,
    stateKey: event.stateKey,
    eventId: event.eventId,
    sender: texts.intern(event.sender),
    sentAt: event.sentAt,
    entity: entity === undefined ? undefined : normaliseEntity(info.kind, entity),
    hash: entity === undefined ? hash : undefined,
    recommendation: recommendations.get(recommendationText) ?? "other",
    recommendationText: texts.intern(recommendationText.slice(0, 100)),
    reason: texts.intern((asString(content["reason"]) ?? "").slice(0, reasonLength).toWellFormed()),
    expiresAt: expiryOf(content),
  };
}

/** Whether a rule with this content is a ban or a takedown. */
export function isBanContent(content: JsonObject): boolean {
  const read = recommendations.get(asString(content["recommendation"]) ?? "");
  return read === "ban" || read === "takedown";
}

/** What a rule with this content names: the entity, or "sha256:" and its hash. */
export function nameIn(content: JsonObject): string {
  return asString(content["entity"]) ?? hashedName(hashOf(content));
}

export function hashedName(hash: string | undefined): string {
  return `sha256:${hash}`;
}

export function isAllowContent(content: JsonObject): boolean {
  return recommendations.get(asString(content["recommendation"]) ?? "") === "allow";
}

/** Servers are compared in lower case and without port (server ACLs never see a port). */
export function normaliseEntity(kind: RuleKind, entity: string): string {
  return kind === "server" ? withoutPort(entity.trim()).toLowerCase() : entity;
}

function hashOf(content: JsonObject): string | undefined {
  const hashes = asObject(content["hashes"]) ?? asObject(content["org.matrix.msc4205.hashes"]);
  const sha256 = hashes && asString(hashes["sha256"]);
  return sha256 !== undefined && sha256.length <= 64 ? sha256 : undefined;
}

/** A hash in place of the name, under the stable and the unstable name of the field. */
export function hashContent(sha256: string | undefined): JsonObject {
  return { hashes: { sha256 }, "org.matrix.msc4205.hashes": { sha256 } };
}

const unstableExpiry = "support.feline.policy.expiry.rev.2";

function expiryOf(content: JsonObject): number | undefined {
  const at = asNumber(content["expiry"]) ?? asNumber(content[unstableExpiry]);
  return at !== undefined && at > 0 ? at : undefined;
}

/** The expiry as content of a rule, under the stable and the unstable name, for programs that know only one of them. */
export function expiryContent(expiresAt: number | undefined): JsonObject {
  return expiresAt === undefined ? {} : { expiry: expiresAt, [unstableExpiry]: expiresAt };
}

/** The content that writes the rule again as it was. */
export function contentOfRule({ entity, hash, recommendationText, reason, expiresAt }: Rule): JsonObject {
  return {
    ...(entity === undefined ? hashContent(hash) : { entity }),
    recommendation: recommendationText,
    reason,
    ...expiryContent(expiresAt),
  };
}

/** Equal for two events that write the same rule of one list, whatever their reason or expiry. */
export function sameness({ list, kind, entity, hash, recommendation }: Rule): string {
  return `${list}\n${kind}\n${entity ?? hash}\n${recommendation}`;
}

/** Whether the rule has expired. */
export function isOver({ expiresAt }: Pick<Rule, "expiresAt">, dueBy: number): boolean {
  return expiresAt !== undefined && expiresAt <= dueBy;
}
