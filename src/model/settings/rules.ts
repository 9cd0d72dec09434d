/**
 * Protections and their lists that moderators wrote in the management room, or that stand in the community's rule files, as
 * the documents that were written. What a document means, `automod/` reads; how a protection is set stands in protections.ts, under the same name.
 */
import type { ListKind, RuleList } from "../rule-lists.ts";
import { withEntry, withoutEntry } from "../../kit/immutable.ts";
import type { RoomId, UserId } from "../ids.ts";
import type { ChangeRows } from "./change-row.ts";

export interface RuleVersion {
  /** From 1; never used again for another text. */
  readonly number: number;
  /** A document of a rule file, in YAML. */
  readonly text: string;
  readonly by: UserId;
  /** Ms since the epoch. */
  readonly at: number;
  /** Of a rule of a rules room: how its author counts it, and the digest of the text with its lists. */
  readonly shared?: { readonly version: number; readonly digest: string };
}

export interface StoredRule {
  /** The rule file that it stands in; absent for one that moderators wrote in the room. */
  readonly file?: string;
  /** Oldest first. */
  readonly versions: readonly RuleVersion[];
  /** The number of the version that answers. A newer one is tried beside it, in shadow. */
  readonly inForce: number;
  /** The rules room that it comes from; absent where it was written here. */
  readonly from?: RoomId;
}

export interface RuleSettings {
  readonly rules: ReadonlyMap<string, StoredRule>;
  readonly ruleLists: ReadonlyMap<string, RuleList>;
}

export type RuleChange =
  /** `inForce`: the version that answers from then on. */
  | {
      readonly kind: "write-rule";
      readonly rule: string;
      readonly version: RuleVersion;
      readonly inForce: number;
    }
  /** Takes a version back. `inForce`: what answers then; without any version left the rule is gone. */
  | {
      readonly kind: "drop-rule-version";
      readonly rule: string;
      readonly number: number;
      readonly inForce: number;
    }
  | { readonly kind: "use-rule"; readonly rule: string; readonly inForce: number }
  | { readonly kind: "remove-rule"; readonly rule: string }
  | { readonly kind: "restore-rule"; readonly rule: string; readonly stored: StoredRule }
  /** A list that is not there yet is made. */
  | {
      readonly kind: "edit-rule-list";
      readonly list: string;
      readonly of: ListKind;
      readonly add: readonly string[];
      readonly remove: readonly string[];
    }
  | { readonly kind: "remove-rule-list"; readonly list: string }
  | { readonly kind: "restore-rule-list"; readonly list: string; readonly stored: RuleList };

/** Rules that are written here or followed: every one is asked about what happens. */
export const mostRules = 500;

/** Beside the one in force, the newest. */
export const versionsKept = 20;

export const ruleChanges: ChangeRows<RuleSettings, RuleChange> = {
  "write-rule": {
    apply: ({ rules }, { rule, version, inForce }) => {
      const before = rules.get(rule);
      const others = (before?.versions ?? []).filter(({ number }) => number !== version.number);
      return {
        rules: withEntry(rules, rule, bounded({ ...before, versions: [...others, version], inForce })),
      };
    },
    inverse: ({ rule, version: { number } }, { rules }) => ({
      kind: "drop-rule-version",
      rule,
      number,
      inForce: rules.get(rule)?.inForce ?? 0,
    }),
    holds: ({ rule, version, inForce }, { rules }) => {
      const now = rules.get(rule);
      return now?.versions.at(-1)?.number === version.number && now.inForce === inForce;
    },
    subject: () => undefined,
  },
  "drop-rule-version": {
    apply: ({ rules }, { rule, number, inForce }) => {
      const versions = (rules.get(rule)?.versions ?? []).filter((one) => one.number !== number);
      const newest = versions.at(-1);
      if (!newest) return { rules: withoutEntry(rules, rule) };
      const isThere = versions.some((one) => one.number === inForce);
      const left = { ...rules.get(rule), versions, inForce: isThere ? inForce : newest.number };
      return { rules: withEntry(rules, rule, left) };
    },
    inverse: ({ rule, number }, { rules }) => {
      const before = rules.get(rule);
      const version = before?.versions.find((one) => one.number === number);
      return before && version && { kind: "write-rule", rule, version, inForce: before.inForce };
    },
    holds: ({ rule, number }, { rules }) =>
      rules.get(rule)?.versions.every((one) => one.number !== number) ?? true,
    subject: () => undefined,
  },
  "use-rule": {
    apply: ({ rules }, { rule, inForce }) => {
      const now = rules.get(rule);
      // The oldest versions are forgotten: one that is gone cannot answer.
      const isThere = now?.versions.some(({ number }) => number === inForce);
      return now && isThere ? { rules: withEntry(rules, rule, { ...now, inForce }) } : {};
    },
    inverse: ({ rule }, { rules }) => {
      const before = rules.get(rule);
      return before && { kind: "use-rule", rule, inForce: before.inForce };
    },
    holds: ({ rule, inForce }, { rules }) => rules.get(rule)?.inForce === inForce,
    subject: () => undefined,
  },
  "remove-rule": {
    apply: ({ rules }, { rule }) => ({ rules: withoutEntry(rules, rule) }),
    inverse: ({ rule }, { rules }) => {
      const stored = rules.get(rule);
      return stored && { kind: "restore-rule", rule, stored };
    },
    holds: ({ rule }, { rules }) => !rules.has(rule),
    subject: () => undefined,
  },
  "restore-rule": {
    apply: ({ rules }, { rule, stored }) => ({ rules: withEntry(rules, rule, stored) }),
    inverse: ({ rule }) => ({ kind: "remove-rule", rule }),
    holds: ({ rule }, { rules }) => rules.has(rule),
    subject: () => undefined,
  },
  "edit-rule-list": {
    apply: ({ ruleLists }, { list, of, add, remove }) => {
      const gone = new Set(remove);
      const kept = (ruleLists.get(list)?.entries ?? []).filter((entry) => !gone.has(entry));
      const entries = [...new Set([...kept, ...add])];
      return { ruleLists: withEntry(ruleLists, list, { kind: of, entries }) };
    },
    inverse: ({ list, of, add, remove }, { ruleLists }) => {
      const before = ruleLists.get(list);
      if (!before) return { kind: "remove-rule-list", list };
      const had = new Set(before.entries);
      return {
        kind: "edit-rule-list",
        list,
        of,
        add: remove.filter((entry) => had.has(entry)),
        remove: add.filter((entry) => !had.has(entry)),
      };
    },
    holds: ({ list, add, remove }, { ruleLists }) => {
      const now = new Set(ruleLists.get(list)?.entries);
      return add.every((entry) => now.has(entry)) && remove.every((entry) => !now.has(entry));
    },
    subject: () => undefined,
  },
  "remove-rule-list": {
    apply: ({ ruleLists }, { list }) => ({ ruleLists: withoutEntry(ruleLists, list) }),
    inverse: ({ list }, { ruleLists }) => {
      const stored = ruleLists.get(list);
      return stored && { kind: "restore-rule-list", list, stored };
    },
    holds: ({ list }, { ruleLists }) => !ruleLists.has(list),
    subject: () => undefined,
  },
  "restore-rule-list": {
    apply: ({ ruleLists }, { list, stored }) => ({ ruleLists: withEntry(ruleLists, list, stored) }),
    inverse: ({ list }) => ({ kind: "remove-rule-list", list }),
    holds: ({ list }, { ruleLists }) => ruleLists.has(list),
    subject: () => undefined,
  },
};

/** Without the oldest versions beyond those that are kept. */
export function bounded({ versions, inForce, ...rest }: StoredRule, kept = versionsKept): StoredRule {
  const newest = new Set(versions.slice(-kept));
  return { ...rest, inForce, versions: versions.filter((one) => newest.has(one) || one.number === inForce) };
}
