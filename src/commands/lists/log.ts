/** `lists log`: who wrote, changed and took off which rules of a list, newest first. */
import { dayMs, describeDuration, describeTime } from "../../kit/duration.ts";
import { code, count, joined, lines, plain, say, type Say } from "../../kit/say.ts";
import type { PastRule } from "../../model/past-acts.ts";
import type { PolicyListView } from "../../model/policy-list.ts";
import type { Rule } from "../../model/policy-rule.ts";
import { defineCommand, needed, optional, problem, type CommandContext } from "../define.ts";
import { describeRule } from "../shared/describe-rule.ts";
import { listWord } from "../shared/list-word.ts";
import { pageFlag, pagesOf } from "../shared/paging.ts";
import { listName } from "../shared/room-names.ts";

const usualSinceMs = 30 * dayMs;
/** Rules that went which are looked at; a list that lost more at once is told by their number. */
const mostGone = 5_000;
/** Editors in the line that counts; the others are in the items. */
const namedEditors = 5;

interface Entry {
  readonly at: number;
  /** Undefined: nobody, its time was over. */
  readonly by: string | undefined;
  readonly what: "wrote" | "changed" | "took off" | "over";
  readonly rule: Rule;
}

export const listsLog = defineCommand({
  words: ["lists", "log"],
  role: "viewer",
  about:
    "Show what its editors did to a list: rules written, changed and taken off, by whom and when, newest first. Rules that are gone are known as far as I saw them go.",
  takes: {
    list: needed("list", "shortcode, room id or alias"),
    by: optional("person", "only what they did, or those whom a glob of ids fits"),
  },
  flags: {
    since: { type: "duration", about: "How far back, such as 12h or 90d; without it 30 days." },
    page: pageFlag,
  },
  examples: ["lists log coc", "lists log coc @mod:example.org --since 90d"],
  reply({ list, by }, { since = usualSinceMs, page }, context) {
    const { world, at, prefix } = context;
    const name = listName(list.room, world);
    if (by?.isGlob) return problem(say`${code(by.text)} is a glob: name one editor, or none for all`);
    const entries = entriesOf(list, at - since, context).filter((one) => !by || one.by === by.text);
    const what = by ? say` by ${code(by.text)}` : "";
    const within = say`in the last ${describeDuration(since)}`;
    if (entries.length === 0) return { say: say`${name}: no change${what} ${within} that I know of.` };
    const again = `${prefix} lists log ${listWord(list, world)}${by ? ` ${by.text}` : ""} --since ${describeDays(since)}`;
    const items = entries.map((entry) => () => described(entry));
    return {
      say: lines(
        pagesOf(say`${name}: ${count(entries.length, "change")}${what} ${within}, newest first`, items, {
          page,
          again,
        }),
        by ? undefined : byEditor(entries),
      ),
    };
  },
});

/** As it is typed. */
function describeDays(ms: number): string {
  return `${Math.max(1, Math.ceil(ms / dayMs))}d`;
}

function entriesOf(list: PolicyListView, since: number, { past }: CommandContext): readonly Entry[] {
  const gone = past.rulesGoneFrom(list.room, since, mostGone);
  const written = [...list.rules(), ...gone.map(({ rule }) => rule)].filter(({ sentAt }) => sentAt >= since);
  const replaced = new Set(gone.map(({ rule }) => placeOf(rule)));
  const entries = [
    ...written.map((rule): Entry => ({ at: rule.sentAt, by: rule.sender, what: "wrote", rule })),
    ...gone.map((one): Entry => endOf(one, list)),
  ];
  // Who changed a rule is told once: by the change, and not by what it wrote as well.
  const changed = new Set(
    entries.flatMap(({ what, rule, by, at }) =>
      what === "changed" ? `${placeOf(rule)} ${by} ${minuteOf(at)}` : [],
    ),
  );
  return entries
    .filter(
      ({ what, rule, by, at }) =>
        what !== "wrote" ||
        !replaced.has(placeOf(rule)) ||
        !changed.has(`${placeOf(rule)} ${by} ${minuteOf(at)}`),
    )
    .sort((a, b) => b.at - a.at);
}

function placeOf({ eventType, stateKey }: Rule): string {
  return `${eventType}\n${stateKey}`;
}

/** What we saw and what the homeserver stamped lie seconds apart. */
function minuteOf(at: number): number {
  return Math.round(at / 60_000);
}

function endOf({ rule, endedAt, endedBy }: PastRule, list: PolicyListView): Entry {
  const now = list.ruleAt(rule.eventType, rule.stateKey);
  const isChanged = now !== undefined && now.sentAt >= rule.sentAt && now.sender === endedBy;
  const what = endedBy === undefined ? "over" : isChanged ? "changed" : "took off";
  return { at: endedAt, by: endedBy, what, rule };
}

function described({ at, by, what, rule }: Entry): Say {
  if (what === "over")
    return say`${describeTime(at)}: its time was over, or it was gone when I came back: ${describeRule(rule)}`;
  return say`${describeTime(at)}: ${code(by ?? "", 80)} ${plain(what === "changed" ? "changed what was" : what)} ${describeRule(rule)}`;
}

/** "@a:x: 12 written, 3 taken off". */
function byEditor(entries: readonly Entry[]): Say {
  const editors = [
    ...Map.groupBy(
      entries.filter(({ by }) => by !== undefined),
      ({ by }) => by ?? "",
    ),
  ].sort(([, a], [, b]) => b.length - a.length);
  const shown = editors
    .slice(0, namedEditors)
    .map(([by, those]) => say`${code(by, 80)} ${joined(tally(those))}`);
  const more = editors.length - shown.length;
  return say`By editor: ${joined(shown, "; ")}${more > 0 ? say`; and ${count(more, "other")}` : ""}.`;
}

function tally(those: readonly Entry[]): readonly Say[] {
  const words = [
    ["wrote", "written"],
    ["changed", "changed"],
    ["took off", "taken off"],
  ] as const;
  return words.flatMap(([what, word]) => {
    const some = those.filter((one) => one.what === what).length;
    return some > 0 ? [say`${some.toLocaleString("en")} ${word}`] : [];
  });
}
