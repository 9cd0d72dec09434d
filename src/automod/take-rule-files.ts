/**
 * What the community's rule files say now becomes changes of settings, as if it had been written in the room. What cannot be
 * taken (a mistake, a file that is gone) changes nothing: what the file held before stays in force.
 */
import type { UserId } from "../model/ids.ts";
import type { RuleFileNews, RuleFileTrouble, RuleFileTroublesView } from "../model/rule-file-troubles.ts";
import { isSameTrouble } from "../model/rule-file-troubles.ts";
import type { ListKind, RuleList } from "../model/rule-lists.ts";
import type { SettingChange } from "../model/settings/change.ts";
import { forgetting } from "../model/settings/protections.ts";
import { bounded, type RuleVersion, type StoredRule } from "../model/settings/rules.ts";
import type { Settings } from "../model/settings/settings.ts";
import { excerptOf, type FileProblem } from "./file-problems.ts";
import { letsAct } from "./own-mode.ts";
import type { NamedList } from "./list-document.ts";
import { readRuleFile, type ReadRules, type TakenNames } from "./rule-file.ts";
import { readTogether, type FoundFile } from "./rule-files.ts";
import type { Rule } from "./rule.ts";
import { lookOf } from "./scope.ts";

export interface TakenFiles {
  readonly changes: readonly SettingChange[];
  readonly troubles: readonly RuleFileTrouble[];
  /** Of the files about which there is anything to tell. */
  readonly news: readonly RuleFileNews[];
}

export interface TakingView {
  readonly settings: Pick<Settings, "rules" | "ruleLists" | "protections">;
  readonly troubles: Pick<RuleFileTroublesView, "of">;
  /** Names of rules that come with Tyr. */
  readonly shipped: Required<Omit<TakenNames, "lists">>;
  /** Whether the config names the file, or the folder that it was in. */
  readonly isNamed: (file: string) => boolean;
  readonly by: UserId;
  /** Ms since the epoch. */
  readonly at: number;
}

/** Of files together; as many as moderators can write in the room. */
const mostRules = 500;
const mostLists = 20;
/** Mistakes that are kept and told of one file. */
const mostMistakes = 5;

type News = { -readonly [Name in keyof RuleFileNews]: RuleFileNews[Name] };

export function takeRuleFiles(found: readonly FoundFile[], view: TakingView): TakenFiles {
  return new Taking(found, view).taken();
}

class Taking {
  readonly #found: readonly FoundFile[];
  readonly #view: TakingView;
  readonly #changes: SettingChange[] = [];
  readonly #troubles = new Map<string, RuleFileTrouble>();
  readonly #news = new Map<string, News>();

  constructor(found: readonly FoundFile[], view: TakingView) {
    this.#found = found;
    this.#view = view;
  }

  taken(): TakenFiles {
    const { settings, troubles } = this.#view;
    const good = this.#readGood();
    const isWhole = this.#found.every(({ file }) => good.has(file) || this.#isMissing(file));
    for (const [file, read] of good) this.#take(file, read);
    this.#leave(settings.rules, { good, isWhole, of: "rules" });
    this.#leave(settings.ruleLists, { good, isWhole, of: "lists" });
    for (const file of good.keys()) if (troubles.of(file)) this.#newsOf(file).isWellAgain = true;
    for (const [file, trouble] of this.#troubles)
      if (!isSameTrouble(troubles.of(file), trouble)) this.#newsOf(file).trouble = trouble;
    const news = [...this.#news.values()];
    return { changes: this.#changes, troubles: [...this.#troubles.values()], news };
  }

  /** The files without a mistake. Those that have one leave their names taken, and their lists known. */
  #readGood(): ReadonlyMap<string, ReadRules> {
    let texts = this.#found.filter((one) => "text" in one);
    for (const one of this.#found) {
      if ("isMoving" in one) this.#keepTrouble(one.file);
      if ("trouble" in one && !(one.isMissing && this.#holdsAnything(one.file)))
        this.#wrong(one.file, "unreadable", [{ message: one.trouble, excerpt: "" }]);
    }
    for (;;) {
      const standing = new Set(texts.map(({ file }) => file));
      const read = readTogether(texts, this.#keptOf(standing));
      const bad = [...read].filter(([file, one]) => this.#mistakesIn(file, one, read).length > 0);
      if (bad.length === 0) return read;
      for (const [file, one] of bad) this.#wrong(file, "wrong", this.#mistakesIn(file, one, read));
      texts = texts.filter(({ file }) => !this.#troubles.has(file));
    }
  }

  /** Names and lists that are there whatever the files of `standing` say. */
  #keptOf(standing: ReadonlySet<string>) {
    const { settings, shipped } = this.#view;
    const stays = (file: string | undefined) => file === undefined || this.#isKept(file, standing);
    const rules = new Map(shipped.rules);
    for (const [name, { file }] of settings.rules) if (stays(file)) rules.set(name, whereIs(file));
    const lists = new Map<string, ListKind>();
    const named = new Map<string, string>();
    for (const [name, { kind, file }] of settings.ruleLists) {
      if (stays(file)) named.set(name, whereIs(file));
      if (stays(file) && file !== undefined) lists.set(name, kind);
    }
    return { lists, taken: { ...shipped, rules, lists: named } };
  }

  /** There is such a file, and it cannot be taken. What is gone gives its names to whichever file has them now. */
  #isKept(file: string, standing: ReadonlySet<string>): boolean {
    return !standing.has(file) && this.#found.some((one) => one.file === file) && !this.#isMissing(file);
  }

  #mistakesIn(file: string, read: ReadRules, all: ReadonlyMap<string, ReadRules>) {
    const before = [...all].slice(0, [...all.keys()].indexOf(file) + 1).map(([, one]) => one);
    const sum = (count: (one: ReadRules) => number) => before.reduce((total, one) => total + count(one), 0);
    const tooMany = [
      ...(sum(({ rules }) => rules.length) > mostRules
        ? [{ message: `all files together may have ${mostRules} rules`, excerpt: "" }]
        : []),
      ...(sum(({ lists }) => lists.size) > mostLists
        ? [{ message: `all files together may have ${mostLists} lists`, excerpt: "" }]
        : []),
    ];
    return [...read.mistakes.map(mistakeOf), ...tooMany];
  }

  #take(file: string, { rules, texts, lists }: ReadRules): void {
    for (const rule of rules) this.#takeRule(file, rule, texts.get(rule.name)!);
    for (const list of lists.values()) this.#takeList(file, list);
  }

  #takeRule(file: string, rule: Rule, text: string): void {
    const { settings, at, by } = this.#view;
    const { name } = rule;
    const before = settings.rules.get(name);
    const newest = before?.versions.at(-1);
    if (before && newest && this.#isSame(newest, rule, text)) {
      if (before.file !== file) this.#change(name, { ...before, file });
      return;
    }
    const version: RuleVersion = { number: (newest?.number ?? 0) + 1, text, by, at };
    const news = this.#newsOf(file);
    if (!before) {
      this.#change(name, { file, versions: [version], inForce: version.number });
      news.added = [...news.added, name];
      return;
    }
    const isBeside = this.#isTriedBeside(before, rule);
    const inForce = isBeside ? before.inForce : version.number;
    this.#change(name, bounded({ file, versions: [...before.versions, version], inForce }));
    const told = { name, version: version.number };
    if (isBeside) news.beside = [...news.beside, told];
    else news.changed = [...news.changed, told];
  }

  #change(rule: string, stored: StoredRule): void {
    this.#changes.push({ kind: "restore-rule", rule, stored });
  }

  /** Comments and layout are no change. */
  #isSame(version: RuleVersion, rule: Rule, text: string): boolean {
    if (version.text === text) return true;
    const before = this.#read(version);
    return before !== undefined && JSON.stringify(fieldsOf(before)) === JSON.stringify(fieldsOf(rule));
  }

  /** Lists do not matter to what a document says; those that it names may be of any file. */
  #read({ text }: RuleVersion): Rule | undefined {
    const kinds = new Map([...this.#view.settings.ruleLists].map(([name, { kind }]) => [name, kind]));
    return readRuleFile(text, kinds).rules[0];
  }

  /** Where moderators let the rule tell, ask or act, what it looks for does not change without them. */
  #isTriedBeside({ versions, inForce }: StoredRule, rule: Rule): boolean {
    const answering = versions.find(({ number }) => number === inForce);
    const before = answering && this.#read(answering);
    if (!before) return false;
    return lookOf(before) !== lookOf(rule) && letsAct(rule.name, this.#view.settings);
  }

  #takeList(file: string, { name, kind, entries }: NamedList): void {
    const before = this.#view.settings.ruleLists.get(name);
    const list: RuleList = { kind, entries, file };
    if (before && JSON.stringify([before.kind, before.entries]) === JSON.stringify([kind, entries])) {
      if (before.file !== file) this.#changes.push({ kind: "restore-rule-list", list: name, stored: list });
      return;
    }
    this.#changes.push({ kind: "restore-rule-list", list: name, stored: list });
    const news = this.#newsOf(file);
    news.lists = [...news.lists, name];
  }

  /**
   * What stands in no file any more goes, but not while a file cannot be taken: it may have moved there. What a file held that
   * is gone itself stays, as nobody may have meant that.
   */
  #leave(
    stored: ReadonlyMap<string, { readonly file?: string }>,
    { good, isWhole, of }: { good: ReadonlyMap<string, ReadRules>; isWhole: boolean; of: "rules" | "lists" },
  ): void {
    const standing = new Set(
      [...good.values()].flatMap(({ rules, lists }) =>
        of === "rules" ? rules.map(({ name }) => name) : [...lists.keys()],
      ),
    );
    for (const [name, { file }] of stored) {
      if (file === undefined || standing.has(name)) continue;
      const isThere = this.#found.some((one) => one.file === file) && !this.#isMissing(file);
      if (!isThere && this.#view.isNamed(file)) this.#wrong(file, "gone", []);
      else if (isWhole) this.#remove(name, { file, of });
    }
  }

  #remove(name: string, { file, of }: { file: string; of: "rules" | "lists" }): void {
    const news = this.#newsOf(file);
    if (of === "rules") {
      // So that a later rule of the same name does not begin with the mode of this one.
      this.#changes.push(...forgetting(name, this.#view.settings), { kind: "remove-rule", rule: name });
      news.removed = [...news.removed, name];
    } else {
      this.#changes.push({ kind: "remove-rule-list", list: name });
      news.lists = [...news.lists, name];
    }
  }

  #isMissing(file: string): boolean {
    return this.#found.some((one) => one.file === file && "trouble" in one && one.isMissing === true);
  }

  #holdsAnything(file: string): boolean {
    const { rules, ruleLists } = this.#view.settings;
    return [...rules.values(), ...ruleLists.values()].some((one) => one.file === file);
  }

  #wrong(file: string, kind: RuleFileTrouble["kind"], all: RuleFileTrouble["mistakes"]): void {
    const mistakes = all.slice(0, mostMistakes);
    this.#troubles.set(file, { file, kind, mistakes, more: all.length - mistakes.length });
  }

  #keepTrouble(file: string): void {
    const trouble = this.#view.troubles.of(file);
    if (trouble) this.#troubles.set(file, trouble);
  }

  #newsOf(file: string): News {
    let news = this.#news.get(file);
    if (!news) {
      const none = { added: [], changed: [], beside: [], removed: [], lists: [] };
      this.#news.set(file, (news = { file, isWellAgain: false, ...none }));
    }
    return news;
  }
}

function whereIs(file: string | undefined): string {
  return file === undefined ? "made in the management room" : `in ${file}`;
}

function mistakeOf({
  line,
  column,
  message,
  hint,
  ...place
}: FileProblem): RuleFileTrouble["mistakes"][number] {
  const excerpt = excerptOf({ ...place, column });
  return { line, column, message, excerpt, ...(hint === undefined ? {} : { hint }) };
}

function fieldsOf({ checked: _checked, ...fields }: Rule): object {
  return Object.fromEntries(Object.entries(fields).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
