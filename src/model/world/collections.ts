/**
 * The collections that outlive a restart: each bounded by itself, stored item by item under a name of its own. A new
 * thing to remember is a class in a file of its own and a line here: it is then stored, restored and part of the view.
 */
import { KnownPosts } from "../known-posts.ts";
import { Arrivals } from "../arrivals.ts";
import { Containments } from "../containments.ts";
import { Departures } from "../departures.ts";
import { Flags } from "../flags.ts";
import { Heat } from "../heat.ts";
import { KeptRules } from "../kept-rules.ts";
import { Knocks } from "../knocks.ts";
import { KnownServers } from "../known-servers.ts";
import { Holds, LetThroughs } from "../holds.ts";
import { LastSpoke } from "../last-spoke.ts";
import { Mutes } from "../mutes.ts";
import { Newcomers } from "../newcomers.ts";
import { Names } from "../names.ts";
import { Offences } from "../offences.ts";
import { OpenedWords } from "../opened-words.ts";
import { OpenPrompts } from "../open-prompts.ts";
import { PolicyCommands } from "../policy-commands.ts";
import { PolicyPlaces } from "../policy-places.ts";
import { Questions } from "../question.ts";
import { Regulars } from "../regulars.ts";
import { RuleFileTroubles } from "../rule-file-troubles.ts";
import { RuleFilesTaken } from "../rule-files-taken.ts";
import { RoomModes } from "../room-modes.ts";
import { RuleHits } from "../rule-hits.ts";
import { SpokenCounts } from "../spoken.ts";
import { StaffActs } from "../staff/staff-acts.ts";
import { StaffAlarms } from "../staff/staff-alarms.ts";
import { StaffHours } from "../staff/staff-hours.ts";
import { TimedActs } from "../timed-acts.ts";
import { Usual } from "../usual.ts";
import { Cases } from "../reports/cases.ts";
import { Reporters } from "../reports/reporters.ts";
import { ServerReports } from "../reports/server-reports.ts";
import { RoomReplies } from "../room-replies.ts";
import { WaveMembers, Waves } from "../waves.ts";
import { WaveProfiles } from "../wave-profiles.ts";
import type { UnwrittenItems } from "../unwritten-items.ts";
import type { WorldLimits } from "./limits.ts";

/** Made anew, without any item. The names are those by which the view has them. */
export function noItems({ regulars, limits }: WorldLimits) {
  return {
    questions: new Questions(limits.questionsRemembered),
    mutes: new Mutes(limits.mutesRemembered),
    offences: new Offences(limits.offencesRemembered),
    ruleFileTroubles: new RuleFileTroubles(),
    ruleFilesTaken: new RuleFilesTaken(),
    ruleHits: new RuleHits(limits.ruleHitsRemembered),
    regulars: new Regulars(regulars),
    lastSpoke: new LastSpoke(),
    openedWords: new OpenedWords(),
    prompts: new OpenPrompts(limits.promptsRemembered),
    knownLinks: new KnownPosts("known-link", { regularsNeeded: 2 }),
    knownMedia: new KnownPosts("known-media", { regularsNeeded: 1 }),
    names: new Names(limits.namesRemembered),
    spoken: new SpokenCounts(limits.spokenRemembered),
    usual: new Usual(),
    servers: new KnownServers(),
    arrivals: new Arrivals(limits.arrivalsRemembered),
    holds: new Holds(limits.offencesRemembered),
    letThroughs: new LetThroughs(limits.offencesRemembered),
    replies: new RoomReplies(),
    heat: new Heat(),
    waves: new Waves(),
    waveMembers: new WaveMembers(),
    waveProfiles: new WaveProfiles(),
    newcomers: new Newcomers(),
    containments: new Containments(),
    roomModes: new RoomModes(),
    knocks: new Knocks(limits.knocksRemembered),
    departures: new Departures(limits.departuresRemembered),
    staffActs: new StaffActs(),
    staffHours: new StaffHours(),
    staffAlarms: new StaffAlarms(),
    cases: new Cases(),
    reporters: new Reporters(),
    serverReports: new ServerReports(),
    timedActs: new TimedActs(),
    policyPlaces: new PolicyPlaces(),
    policyCommands: new PolicyCommands(),
    flags: new Flags(),
    keptRules: new KeptRules(limits.rules),
  } satisfies Readonly<Record<string, StoredCollection<object>>>;
}

/** What `T` is: an item as it is kept in memory, written as JSON. */
export interface StoredCollection<T extends object> {
  /** The name under which the store keeps the items. Never changed: what was written before would not be found. */
  readonly storedAs: string;
  /** The collection itself, by the type that cannot write to it. */
  readonly view: object;
  readonly unwritten: UnwrittenItems<T>;
  /** Puts a stored item back. Only what changes afterwards is unwritten. */
  restore(key: string, item: T): void;
}

export type Collections = Readonly<ReturnType<typeof noItems>>;

/** The collections, to read only. */
export type CollectionViews = { readonly [Name in keyof Collections]: Collections[Name]["view"] };

type ItemRowOf<C extends Collections[keyof Collections]> = {
  readonly kind: "item";
  readonly collection: C["storedAs"];
  /** Names the item within its collection. */
  readonly key: string;
  readonly item: Parameters<C["restore"]>[1] | undefined;
};

/** One item of one collection, to be written, deleted (where there is no item) or put back. */
export type ItemRow = {
  [Name in keyof Collections]: ItemRowOf<Collections[Name]>;
}[keyof Collections];

/** What changed in the collections since this was last asked. */
export function takeItemRows(collections: Collections): readonly ItemRow[] {
  const rows: ItemRow[] = [];
  for (const { storedAs, unwritten } of Object.values(collections))
    for (const [key, item] of unwritten.take())
      rows.push({ kind: "item", collection: storedAs, key, item } as ItemRow);
  return rows;
}

/** Items of a collection that we do not know (a newer Tyr wrote them) are left in the store as they are. */
export function restoreItem(collections: Collections, { collection, key, item }: ItemRow): void {
  if (!item) return;
  const all: readonly StoredCollection<object>[] = Object.values(collections);
  all.find(({ storedAs }) => storedAs === collection)?.restore(key, item);
}
