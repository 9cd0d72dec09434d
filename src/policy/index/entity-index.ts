/**
 * The rules of one kind (users, rooms or servers), found by what they match: literally, as a glob, or hashed. Names are
 * looked up in folded case first; a rule that distinguishes case is compared with the name as written afterwards.
 */
import { foldCase, hasWildcard, matchesGlob } from "../../kit/glob.ts";
import type { GlobLimits } from "../../model/limits.ts";
import type { Rule } from "../../model/policy-rule.ts";
import { RuleBuckets, type BucketChange } from "./rule-buckets.ts";
import { PatternIndex } from "./pattern-index.ts";

/** Whether somebody known has exactly this user id. */
export type IsBorne = (user: string) => boolean;

export class EntityIndex {
  /** By the entity in folded case, a literal or a glob. */
  readonly #byText = new RuleBuckets();
  /** Finds the keys of `#byText` that match. */
  readonly #texts: PatternIndex;
  readonly #byHash = new RuleBuckets();
  readonly #isBorne: IsBorne;
  #size = 0;

  constructor(limits?: GlobLimits, isBorne: IsBorne = () => false) {
    this.#isBorne = isBorne;
    this.#texts = new PatternIndex(limits);
  }

  get size(): number {
    return this.#size;
  }

  get hasHashes(): boolean {
    return this.#byHash.size > 0;
  }

  add(rule: Rule): void {
    if (rule.entity === undefined)
      return this.#count(rule.hash === undefined ? "nothing" : this.#byHash.add(rule.hash, rule), 1);
    const text = foldCase(rule.entity);
    const change = this.#byText.add(text, rule);
    if (change === "key") this.#texts.add(text);
    this.#count(change, 1);
  }

  remove(rule: Rule): void {
    if (rule.entity === undefined)
      return this.#count(rule.hash === undefined ? "nothing" : this.#byHash.remove(rule.hash, rule), -1);
    const text = foldCase(rule.entity);
    const change = this.#byText.remove(text, rule);
    if (change === "key") this.#texts.remove(text);
    this.#count(change, -1);
  }

  /** Adds the rules whose entity matches `name` to `found`. Hashed rules are left to `collectHashed`. */
  collect(name: string, found: Rule[] | undefined): Rule[] | undefined {
    const candidates = this.#texts.candidates(foldCase(name));
    if (!candidates) return found;
    const belongs = (rule: Rule): boolean =>
      ignoresCase(rule) ? !isOfAnother(rule, name, this.#isBorne) : matchesCase(rule, name);
    for (const text of candidates) found = this.#byText.collect(text, found, belongs);
    return found;
  }

  collectHashed(hash: string, found: Rule[] | undefined): Rule[] | undefined {
    return this.#byHash.collect(hash, found, () => true);
  }

  /** The rules with exactly this text as their entity, whatever it matches. */
  withEntity(entity: string): readonly Rule[] {
    return this.#byText.collect(foldCase(entity), undefined, (rule) => rule.entity === entity) ?? [];
  }

  *rules(): Iterable<Rule> {
    yield* this.#byText.all();
    yield* this.#byHash.all();
  }

  withoutHashes(): Iterable<Rule> {
    return this.#byText.all();
  }

  /** Rules that are not applied: their patterns are too vague, and there are too many of them. */
  waiting(): readonly Rule[] {
    return this.#texts.waiting().flatMap((glob) => this.#byText.collect(glob, undefined, () => true) ?? []);
  }

  #count(change: BucketChange, by: 1 | -1): void {
    if (change !== "nothing") this.#size += by;
  }
}

/**
 * A ban of a user matches in any case, as a server may treat several spellings as one account; an allow rule means one.
 * Where somebody bears exactly the id that a ban names, the other spellings are other people: `isOfAnother`.
 */
export function ignoresCase(rule: Rule): boolean {
  if (rule.kind === "server") return true;
  return rule.kind === "user" && (rule.recommendation === "ban" || rule.recommendation === "takedown");
}

function isOfAnother({ kind, entity }: Rule, name: string, isBorne: IsBorne): boolean {
  if (kind !== "user" || entity === undefined || entity === name || hasWildcard(entity)) return false;
  return isBorne(entity);
}

function matchesCase(rule: Rule, name: string): boolean {
  const { entity } = rule;
  return entity === name || (entity !== undefined && hasWildcard(entity) && matchesGlob(entity, name));
}
