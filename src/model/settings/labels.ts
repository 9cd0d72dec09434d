/**
 * What moderators said of incidents: whether it was right that the protection found those people. And of which protections
 * they were told that it is often wrong.
 */
import { withEntry, withoutEntry } from "../../kit/immutable.ts";
import type { UserId } from "../ids.ts";
import type { ChangeRows } from "./change-row.ts";

export interface Label {
  readonly protection: string;
  readonly isRight: boolean;
  /** Undefined where it was taken back. */
  readonly by?: UserId;
  /** When it was said, ms since the epoch. */
  readonly at: number;
}

export interface LabelSettings {
  /** By incident: the last word about it. */
  readonly labels: ReadonlyMap<string, Label>;
  /** By protection: the version of which it was told that it is often wrong; 0 where it has none. */
  readonly doubted: ReadonlyMap<string, number>;
}

export type LabelChange =
  /** `label`: null where nothing is said of it any more. */
  | { readonly kind: "label"; readonly incident: string; readonly label: Label | null }
  | { readonly kind: "doubt"; readonly protection: string; readonly version: number };

/** Older ones are of findings that are forgotten, or nearly. Each is written with every change of the settings. */
const mostLabels = 500;

export const labelChanges: ChangeRows<LabelSettings, LabelChange> = {
  label: {
    apply: ({ labels }, { incident, label }) => {
      const before = labels.get(incident);
      if (!label) return before ? { labels: withoutEntry(labels, incident) } : {};
      const others = [...withoutEntry(labels, incident)].slice(-(mostLabels - 1));
      return { labels: new Map([...others, [incident, label]]) };
    },
    inverse: ({ incident }, { labels }) => ({ kind: "label", incident, label: labels.get(incident) ?? null }),
    holds: ({ incident, label }, { labels }) => {
      const now = labels.get(incident);
      return now?.at === label?.at && now?.isRight === label?.isRight;
    },
    subject: () => undefined,
  },
  doubt: {
    apply: ({ doubted }, { protection, version }) =>
      doubted.get(protection) === version ? {} : { doubted: withEntry(doubted, protection, version) },
    inverse: () => undefined,
    holds: () => false,
    subject: () => undefined,
  },
};
