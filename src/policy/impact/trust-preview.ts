/** What it would change here to trust lists otherwise, both ways: who would be let go, and who would be hit. Changes nothing. */
import { serverOf, type EventId, type ServerName, type UserId } from "../../model/ids.ts";
import { present } from "../../model/member-record.ts";
import type { Rule } from "../../model/policy-rule.ts";
import type { WatchedList } from "../../model/settings/lists.ts";
import type { WorldView } from "../../model/world/view.ts";
import { usersMatching } from "../index/member-search.ts";
import type { RulesInForce, RulesInForceView, Verdict } from "../rules-in-force.ts";
import { isAgainst } from "../score.ts";
import { deniedEntities } from "../server-acl/denied-entities.ts";

/** Somebody for whom something changes, and the rule that asks, or asked, for it. */
export interface Moved {
  readonly user: UserId;
  readonly rule: Rule;
}

export interface TrustPreview {
  /** People who are here, or whom a rule has banned or muted here, and whom the lists name. */
  readonly people: number;
  readonly letGo: readonly Moved[];
  readonly banned: readonly Moved[];
  readonly muted: readonly Moved[];
  readonly unmuted: readonly Moved[];
  /** Whom lists ask for that are set to ask: a question follows, and nothing before its answer. */
  readonly asked: readonly Moved[];
  /** Of all these people, those of whom lists would say something that is not enough. */
  readonly flagged: readonly UserId[];
  /** Servers of people here. */
  readonly denied: readonly ServerName[];
  readonly readmitted: readonly ServerName[];
  /** How many entries server ACLs would have more, or fewer. */
  readonly entries: number;
  /** The rules that would hit somebody: a yes covers these. */
  readonly hitting: readonly EventId[];
}

interface Seen {
  readonly user: UserId;
  readonly before: Verdict | undefined;
  readonly after: Verdict | undefined;
  readonly isHere: boolean;
}

/** `next`: the lists as they would be trusted. */
export function previewOfTrust(
  next: readonly WatchedList[],
  { world, rulesInForce }: { readonly world: WorldView; readonly rulesInForce: RulesInForce },
): TrustPreview {
  const changed = rulesInForce.trusting(next);
  const rules = next.flatMap(({ room }) => [...(world.lists.get(room)?.rules() ?? [])]);
  const seen = usersMatching(
    rules.filter(({ kind }) => kind === "user"),
    world.members,
  )
    .filter((user) => !world.isSpared(user))
    .map((user) => ({
      user,
      before: rulesInForce.verdict(user),
      after: changed.verdict(user),
      isHere: world.protectedRoomsOf(user, present).length > 0,
    }))
    .filter(({ user, isHere }) => isHere || isHeldHere(user, world));
  const isToAsk = ({ after }: Seen) => isAsking(after, changed, world);
  const hit = seen.filter(({ before, after, isHere }) => isHere && isNew(before, after));
  const asked = hit.filter(isToAsk);
  const done = hit.filter((one) => !isToAsk(one));
  return {
    people: seen.length,
    letGo: seen.flatMap(letGoOf(world)),
    unmuted: seen.flatMap(unmutedOf(world)),
    asked: asked.flatMap(movedTo("ban", "mute")),
    banned: done.flatMap(movedTo("ban")),
    muted: done.flatMap(movedTo("mute")),
    flagged: seen.map(({ user }) => user).filter((user) => changed.flagOf(user) !== undefined),
    ...serversOf(rules, { world, rulesInForce, changed }),
    entries: entriesOf(changed) - entriesOf(rulesInForce),
    hitting: [...new Set(done.flatMap(({ after }) => rulesIn(after)))],
  };
}

function isHeldHere(user: UserId, world: WorldView): boolean {
  return world.members.hasBanOfOurs(user) || world.mutes.forListsOf(user).length > 0;
}

function isNew(before: Verdict | undefined, after: Verdict | undefined): boolean {
  return after !== undefined && isAgainst(after) && before?.kind !== after.kind;
}

/** Every list that might act by itself is set to ask, and its rule has no yes. */
function isAsking(after: Verdict | undefined, { trust }: RulesInForceView, world: WorldView): boolean {
  if (!after || !isAgainst(after)) return false;
  const { rule } = after;
  return trust.modeOf(rule) === "ask" && !world.settings.accepted.has(rule.eventId);
}

function movedTo(...kinds: readonly string[]): (one: Seen) => readonly Moved[] {
  return ({ user, after }) =>
    after && isAgainst(after) && kinds.includes(after.kind) ? [{ user, rule: after.rule }] : [];
}

function rulesIn(verdict: Verdict | undefined): readonly EventId[] {
  if (!verdict || !isAgainst(verdict)) return [];
  return [verdict.rule, ...(verdict.with ?? [])].map(({ eventId }) => eventId);
}

/** Their bans for a list would be lifted, where that list lifts bans. */
function letGoOf(world: WorldView): (one: Seen) => readonly Moved[] {
  const lifting = new Set(world.settings.lists.filter(({ liftsBans }) => liftsBans).map(({ room }) => room));
  return ({ user, before, after }) => {
    if (before?.kind !== "ban" || after?.kind === "ban") return [];
    const isBanned = world.protectedRoomsOf(user, ["ban"]).some((room) => {
      const record = world.members.get(room, user);
      return record?.isOurs === true && record.forList !== undefined && lifting.has(record.forList);
    });
    return isBanned ? [{ user, rule: before.rule }] : [];
  };
}

function unmutedOf(world: WorldView): (one: Seen) => readonly Moved[] {
  return ({ user, before, after }) =>
    before?.kind === "mute" && after?.kind !== "mute" && world.mutes.forListsOf(user).length > 0
      ? [{ user, rule: before.rule }]
      : [];
}

function serversOf(
  rules: readonly Rule[],
  {
    world,
    rulesInForce,
    changed,
  }: { readonly world: WorldView; readonly rulesInForce: RulesInForce; readonly changed: RulesInForceView },
): Pick<TrustPreview, "denied" | "readmitted"> {
  const people = usersMatching(
    rules.filter(({ kind }) => kind === "server"),
    world.members,
  ).filter((user) => world.protectedRoomsOf(user, ["join"]).length > 0);
  const servers = [...new Set(people.map(serverOf))];
  const isDenied = (view: RulesInForceView, server: ServerName) =>
    view.decide(view.index.rulesForServer(server))?.kind === "ban";
  return {
    denied: servers.filter((server) => !isDenied(rulesInForce, server) && isDenied(changed, server)),
    readmitted: servers.filter((server) => isDenied(rulesInForce, server) && !isDenied(changed, server)),
  };
}

function entriesOf(view: RulesInForceView): number {
  return new Set(deniedEntities(view).map(({ entity }) => entity)).size;
}
