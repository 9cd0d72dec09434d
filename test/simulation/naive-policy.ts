/**
 * What the lists ask for, worked out the slow and obvious way from the server's own state. Shares no code with Tyr: it is
 * what Tyr is measured against.
 */
import type { Homeserver } from "../homeserver/homeserver.ts";
import { createHash } from "node:crypto";
import type { ClientEvent, Content } from "../homeserver/event.ts";
import { naiveGlob } from "../support/naive-glob.ts";
import { servers } from "./town.ts";

export interface NaiveRule {
  readonly kind: "user" | "room" | "server";
  /** In a hashed rule the server that it means, or the hash, which matches nothing as a glob. */
  readonly entity: string;
  readonly isHashed: boolean;
  readonly says: "ban" | "allow";
  readonly listRank: number;
}

const dialects = ["m.policy.rule.", "m.room.rule.", "org.matrix.mjolnir.rule."];
const kinds = ["user", "room", "server"] as const;
const bans = ["m.ban", "org.matrix.mjolnir.ban", "m.takedown", "org.matrix.msc4204.takedown"];
const allows = ["m.allow", "org.matrix.mjolnir.allow", "fi.mau.meowlnir.unban"];

interface Applying {
  readonly now: number;
  /** Events of rules that are not applied here, as moderators said. */
  readonly rejected: { has(event: string): boolean };
}

/** The rules in force, of lists in order of precedence. */
export function rulesOf(
  homeserver: Homeserver,
  lists: readonly string[],
  applying: Applying,
): readonly NaiveRule[] {
  return lists.flatMap((list, listRank) =>
    kinds.flatMap((kind) =>
      rulesOfKind(homeserver, list, { kind, ...applying }).map((rule) => ({ ...rule, listRank })),
    ),
  );
}

/** Of several dialects under one key the newest that holds a rule counts. */
function rulesOfKind(
  homeserver: Homeserver,
  list: string,
  { kind, now, rejected }: Applying & { kind: NaiveRule["kind"] },
): readonly Omit<NaiveRule, "listRank">[] {
  const inForce = new Map<string, ClientEvent>();
  for (const dialect of [...dialects].reverse()) {
    for (const event of homeserver.stateOfType(list, dialect + kind)) {
      if (isRule(event, now)) inForce.set(event.state_key!, event);
    }
  }
  const applied = [...inForce.values()].filter((event) => !rejected.has(event.event_id));
  return applied.flatMap(({ content }) => {
    const says = meaningOf(content["recommendation"] as string);
    const hash = hashIn(content);
    // Of the servers there are the one that is meant, as an ACL has to name it.
    const server = kind === "server" ? servers.find((one) => digest(one) === hash) : undefined;
    if (says && server !== undefined) return [{ kind, entity: server, isHashed: true, says }];
    return says
      ? [
          {
            kind,
            entity: (content["entity"] as string | undefined) ?? hash ?? "",
            isHashed: hash !== undefined,
            says,
          },
        ]
      : [];
  });
}

function hashIn(content: Content): string | undefined {
  return (content["hashes"] as { sha256?: string } | undefined)?.sha256;
}

function meaningOf(recommendation: string): NaiveRule["says"] | undefined {
  if (bans.includes(recommendation)) return "ban";
  return allows.includes(recommendation) ? "allow" : undefined;
}

function isRule({ content }: ClientEvent, now: number): boolean {
  const { recommendation, expiry } = content;
  const entity = content["entity"] ?? hashIn(content);
  if (typeof recommendation !== "string" || typeof entity !== "string") return false;
  if (entity === "" || entity.length > 512) return false;
  return typeof expiry !== "number" || expiry <= 0 || expiry > now;
}

/** The first list that says anything decides, and in it an allow rule is stronger than a ban. */
export function verdictOn(
  rules: readonly NaiveRule[],
  user: string,
  isKnown: (user: string) => boolean = () => false,
): "ban" | "allow" | undefined {
  const about = rules.filter((rule) => rule.kind === "user" && means(rule, user, isKnown));
  const first = Math.min(...about.map((rule) => rule.listRank));
  const deciding = about.filter((rule) => rule.listRank === first);
  if (deciding.length === 0) return undefined;
  return deciding.some((rule) => rule.says === "allow") ? "allow" : "ban";
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}

/**
 * Bans are meant whatever the case, unless somebody known bears exactly the id; who is to be spared has to be named exactly.
 */
function means(
  { entity, isHashed, says }: NaiveRule,
  user: string,
  isKnown: (user: string) => boolean,
): boolean {
  if (isHashed) return digest(user) === entity;
  if (says === "ban" && entity !== user && !/[*?]/.test(entity) && isKnown(entity)) return false;
  return says === "ban" ? matches(entity, user) : naiveGlob(entity, user);
}

export function matches(pattern: string, text: string): boolean {
  return naiveGlob(pattern.toLowerCase(), text.toLowerCase());
}

/** Whether an exemption (of a user, a server or a glob of either) spares the user. */
export function isExempt(exemptions: readonly string[], user: string): boolean {
  return exemptions.some((entity) => matches(entity, user) || matches(entity, serverOf(user)));
}

/** The same without exemptions of another spelling of the id: whom those spare depends on who was seen. */
export function isSurelyExempt(exemptions: readonly string[], user: string): boolean {
  const sure = exemptions.filter((one) => one === user || one.toLowerCase() !== user.toLowerCase());
  return isExempt(sure, user);
}

export function serverOf(user: string): string {
  return user.slice(user.indexOf(":") + 1);
}

/** The specification's evaluation of a server ACL. */
export function isAllowed(acl: unknown, server: string): boolean {
  if (acl === undefined) return true;
  const { allow, deny } = acl as { allow?: unknown; deny?: unknown };
  const has = (patterns: unknown) =>
    Array.isArray(patterns) && patterns.some((one) => typeof one === "string" && matches(one, server));
  return !has(deny) && has(allow);
}
