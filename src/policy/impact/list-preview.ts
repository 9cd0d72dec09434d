/** What watching a list would do to our rooms, in numbers and names, before any of it is applied. Changes nothing. */
import { hasWildcard } from "../../kit/glob.ts";
import type { EventId, ServerName, UserId } from "../../model/ids.ts";
import type { PolicyListView } from "../../model/policy-list.ts";
import { stableRuleType, type Rule, type RuleKind } from "../../model/policy-rule.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { RulesInForce } from "../rules-in-force.ts";
import { hitsOf, type Hit } from "./rule-reach.ts";
import { Impact, type ImpactLimits } from "./impact.ts";
import { usersMatching } from "../index/member-search.ts";
import { RuleIndex } from "../index/rule-index.ts";
import type { AclOptions } from "../server-acl/spared-servers.ts";

/** A rule, and one of the people whom it names and who are spared. */
export interface RuleAgainstSpared {
  readonly rule: Rule;
  readonly user: UserId;
}

export interface ListPreview {
  readonly counts: Readonly<Record<RuleKind, number>>;
  readonly allows: number;
  /** Rules with a recommendation that is shown and never applied. */
  readonly others: number;
  readonly hashed: number;
  readonly globs: number;
  /** Rules that a watched list has already. */
  readonly shared: number;
  /** When the newest rule was written, as its sender claims, in ms since the epoch; undefined where there are no rules. */
  readonly newest: Rule | undefined;
  /** People of our rooms whom it would remove or cut off, newcomers included. */
  readonly people: ReadonlySet<UserId>;
  readonly impact: Impact;
  /** Servers that it would deny and that have people in protected rooms. */
  readonly servers: ReadonlySet<ServerName>;
  /** The rules that would do so: a yes covers these. */
  readonly hitting: readonly EventId[];
  readonly againstUs: readonly RuleAgainstSpared[];
  readonly againstExempt: readonly RuleAgainstSpared[];
  readonly writers: Writers;
}

/** Who may write in the list. */
export interface Writers {
  /** People with an entry of their own in the power levels. */
  readonly named: readonly UserId[];
  /** Everybody who joins may write. */
  readonly everybody: boolean;
}

export interface PreviewView {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
  readonly acl: AclOptions | undefined;
  readonly limits: ImpactLimits;
  readonly at: number;
}

/** The list must have been read; it need not be watched. */
export function previewOf(list: PolicyListView, view: PreviewView): ListPreview {
  const { world, rulesInForce } = view;
  const rules = [...list.rules()];
  const bans = rules.filter(isBan);
  const hits = hitsOf(
    bans.filter((rule) => !world.settings.rejected.has(rule.eventId)),
    { world, rulesInForce: rulesInForce.with(rules) },
    view.acl,
  );
  return {
    ...countsOf(rules),
    shared: rules.filter((rule) => isShared(rule, rulesInForce)).length,
    newest: rules.reduce<Rule | undefined>(
      (newest, rule) => (newest && newest.sentAt >= rule.sentAt ? newest : rule),
      undefined,
    ),
    people: new Set(hits.map(({ user }) => user)),
    impact: impactOf(hits, view),
    servers: new Set(hits.flatMap(({ server }) => server ?? [])),
    hitting: [...new Set(hits.map(({ rule }) => rule.eventId))],
    ...rulesAgainstSpared(bans, view),
    writers: writersOf(list, world),
  };
}

function isBan({ recommendation }: Rule): boolean {
  return recommendation === "ban" || recommendation === "takedown";
}

function countsOf(
  rules: readonly Rule[],
): Pick<ListPreview, "counts" | "allows" | "others" | "hashed" | "globs"> {
  const counts = { user: 0, server: 0, room: 0 };
  let [allows, others, hashed, globs] = [0, 0, 0, 0];
  for (const { kind, recommendation, entity } of rules) {
    counts[kind]++;
    if (recommendation === "allow") allows++;
    if (recommendation === "other") others++;
    if (entity === undefined) hashed++;
    else if (hasWildcard(entity)) globs++;
  }
  return { counts, allows, others, hashed, globs };
}

/** Whether a watched list has the same rule already: of this kind, entity and recommendation. */
function isShared({ kind, entity, hash, recommendation }: Rule, { index }: RulesInForce): boolean {
  const same = entity === undefined ? index.rulesWithHash(kind, hash) : index.rulesWithEntity(kind, entity);
  return same.some((rule) => rule.recommendation === recommendation);
}

export function impactOf(
  hits: readonly Hit[],
  { world, limits, at }: Pick<PreviewView, "world" | "limits" | "at">,
): Impact {
  const impact = new Impact({ world, limits, at });
  for (const { room, user, server } of hits) {
    impact.add(room, user);
    if (server !== undefined) impact.addServer(room, server);
  }
  return impact;
}

/** Rules against people whom we spare whatever lists say. A list that has such rules was not made for our rooms. */
function rulesAgainstSpared(
  bans: readonly Rule[],
  { world, rulesInForce }: PreviewView,
): Pick<ListPreview, "againstUs" | "againstExempt"> {
  const index = new RuleIndex(world.limits, (user) => world.members.has(user as UserId));
  for (const rule of bans) index.add(rule);
  const first = (user: UserId): readonly RuleAgainstSpared[] =>
    index
      .rulesForUser(user)
      .slice(0, 1)
      .map((rule) => ({ rule, user }));
  const us = [world.self, ...world.spared()].filter((user, i, all) => all.indexOf(user) === i);
  const exempt =
    world.settings.exemptions.size === 0
      ? []
      : usersMatching(bans, world.members).filter(
          (user) => !us.includes(user) && rulesInForce.exemptionOf(user) !== undefined,
        );
  return { againstUs: us.flatMap(first), againstExempt: exempt.flatMap(first) };
}

function writersOf(list: PolicyListView, world: WorldView): Writers {
  const power = world.rooms.get(list.room)?.power;
  if (!power) return { named: [], everybody: false };
  const type = stableRuleType("user");
  const named = power.named().filter((user) => power.canSendState(user, type));
  return { named, everybody: power.usualLevel >= power.neededForState(type) };
}
