/**
 * What several lists say about one entity, added up, where lists are not all trusted alike. Each list has one voice, of its
 * weight, and lists of one owner have one together. From the threshold on the strongest rule is applied.
 */
import type { EventId, RoomId } from "../model/ids.ts";
import type { Rule } from "../model/policy-rule.ts";
import {
  isFullyTrusted,
  modeOf,
  weightOf,
  type ListMode,
  type ListTrust,
  type WatchedList,
} from "../model/settings/lists.ts";

/** `with`: rules of other lists without which it would not come to this. */
export type Decided =
  | { readonly kind: "allow"; readonly rule: Rule }
  | { readonly kind: "ban" | "mute"; readonly rule: Rule; readonly with?: readonly Rule[] };

/** What one list says against somebody, by its strongest rule. */
export interface Voice {
  readonly rule: Rule;
  readonly weight: number;
  /** It may lead to something; other voices only add to those that may. */
  readonly acts: boolean;
}

/** How far each list is trusted. */
export class Trust {
  readonly threshold: number;
  /** Something was chosen for a list: otherwise the first that says anything decides. */
  readonly isUneven: boolean;
  readonly #lists: ReadonlyMap<RoomId, ListTrust>;
  readonly #owners: ReadonlyMap<RoomId, RoomId>;

  /** `owners`: of lists that have one voice, the one by which they are known. */
  constructor(
    lists: readonly WatchedList[],
    threshold: number,
    owners: ReadonlyMap<RoomId, RoomId> = new Map(),
  ) {
    this.#owners = owners;
    this.threshold = threshold;
    this.isUneven = !lists.every(isFullyTrusted);
    this.#lists = new Map(lists.map((list) => [list.room, list]));
  }

  /** A list that is only looked at is trusted as any other. */
  of(list: RoomId): ListTrust {
    return this.#lists.get(list) ?? {};
  }

  /** The same for lists of one owner. */
  ownerOf(list: RoomId): RoomId {
    return this.#owners.get(list) ?? list;
  }

  modeOf({ list, kind }: Pick<Rule, "list" | "kind">): ListMode {
    return modeOf(this.of(list), kind);
  }

  /** Whether what the rule says has an effect by itself: rules that are only told of spare nobody either. */
  acts(rule: Pick<Rule, "list" | "kind">): boolean {
    const mode = this.modeOf(rule);
    return mode === "apply" || mode === "ask";
  }
}

/** `inOrder`: the rules that match one entity, by precedence. */
export function decidedBy(inOrder: readonly Rule[], trust: Trust): Decided | undefined {
  const { voices, allow } = voicesOf(inOrder, trust);
  const uncapped = voices.filter(({ rule }) => trust.of(rule.list).cap !== "mute");
  const decided = reaching("ban", uncapped, trust) ?? reaching("mute", voices, trust);
  return decided ?? (allow && { kind: "allow", rule: allow });
}

/** An allow rule takes the voices from its own list and from those after it; one that is only told of, from its own. */
export function voicesOf(
  inOrder: readonly Rule[],
  trust: Trust,
): { readonly voices: readonly Voice[]; readonly allow: Rule | undefined } {
  const voices = new Map<RoomId, Voice>();
  const silent = new Set<RoomId>();
  for (const rule of inOrder) {
    if (trust.modeOf(rule) === "off" || silent.has(rule.list)) continue;
    const acts = trust.acts(rule);
    if (rule.recommendation === "allow") {
      if (acts) return { voices: [...voices.values()], allow: rule };
      silent.add(rule.list);
    } else if (!voices.has(rule.list))
      voices.set(rule.list, { rule, weight: weightOf(trust.of(rule.list)), acts });
  }
  return { voices: [...voices.values()], allow: undefined };
}

/** Lists of one owner speak once, with the weight of the weightiest: or a copy of a list would make an agreement. */
export function totalOf(voices: readonly Voice[], trust: Trust): number {
  const byOwner = new Map<RoomId, number>();
  for (const { rule, weight } of voices) {
    const owner = trust.ownerOf(rule.list);
    byOwner.set(owner, Math.max(weight, byOwner.get(owner) ?? 0));
  }
  return [...byOwner.values()].reduce((sum, weight) => sum + weight, 0);
}

function reaching(kind: "ban" | "mute", voices: readonly Voice[], trust: Trust): Decided | undefined {
  const first = voices.find(({ acts }) => acts);
  if (!first || totalOf(voices, trust) < trust.threshold) return undefined;
  const { rule, weight } = first;
  if (weight >= trust.threshold) return { kind, rule };
  return { kind, rule, with: voices.filter((voice) => voice !== first).map((voice) => voice.rule) };
}

/** The first of these rules to which it is due that somebody is banned or muted; undefined where it is to none of them. */
export function ruleAmong(
  verdict: { readonly kind: string } | Decided | undefined,
  among: ReadonlySet<EventId>,
): Rule | undefined {
  if (!verdict || !isAgainst(verdict)) return undefined;
  return [verdict.rule, ...(verdict.with ?? [])].find(({ eventId }) => among.has(eventId));
}

export function isAgainst(verdict: {
  readonly kind: string;
}): verdict is Extract<Decided, { readonly kind: "ban" | "mute" }> {
  return verdict.kind === "ban" || verdict.kind === "mute";
}
