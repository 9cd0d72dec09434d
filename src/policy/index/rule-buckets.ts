/**
 * Rules by a key. Nearly every key has one rule, kept without an array: a hundred thousand arrays of one would cost more
 * memory than the rules. A rule that is read twice counts once, though it comes as another object.
 */
import type { Rule } from "../../model/policy-rule.ts";

type Bucket = Rule | Map<string, Rule>;

/** What changed: a rule, a rule and its key, or nothing (already known, or already absent). */
export type BucketChange = "rule" | "key" | "nothing";

export class RuleBuckets {
  readonly #buckets = new Map<string, Bucket>();

  /** How many keys hold rules. */
  get size(): number {
    return this.#buckets.size;
  }

  add(key: string, rule: Rule): BucketChange {
    const bucket = this.#buckets.get(key);
    if (!bucket) {
      this.#buckets.set(key, rule);
      return "key";
    }
    const isKnown = holds(bucket, rule);
    if (bucket instanceof Map) bucket.set(identityOf(rule), rule);
    else if (isKnown) this.#buckets.set(key, rule);
    else this.#buckets.set(key, new Map([bucket, rule].map((one) => [identityOf(one), one])));
    return isKnown ? "nothing" : "rule";
  }

  remove(key: string, rule: Rule): BucketChange {
    const bucket = this.#buckets.get(key);
    if (!bucket || !holds(bucket, rule)) return "nothing";
    if (bucket instanceof Map && bucket.size > 1) {
      bucket.delete(identityOf(rule));
      return "rule";
    }
    this.#buckets.delete(key);
    return "key";
  }

  /** The rules under the key; a single rule comes without an array. */
  collect(key: string, found: Rule[] | undefined, belongs: (rule: Rule) => boolean): Rule[] | undefined {
    const bucket = this.#buckets.get(key);
    if (!bucket) return found;
    for (const rule of rulesOf(bucket)) if (belongs(rule)) (found ??= []).push(rule);
    return found;
  }

  *all(): Iterable<Rule> {
    for (const bucket of this.#buckets.values()) yield* rulesOf(bucket);
  }
}

function rulesOf(bucket: Bucket): Iterable<Rule> {
  return bucket instanceof Map ? bucket.values() : [bucket];
}

function holds(bucket: Bucket, rule: Rule): boolean {
  if (bucket instanceof Map) return bucket.has(identityOf(rule));
  return bucket === rule || identityOf(bucket) === identityOf(rule);
}

/** Whether both come from the same state event. A rule that replaces another has another event id. */
function identityOf(rule: Rule): string {
  return `${rule.list}\n${rule.eventType}\n${rule.eventId}\n${rule.stateKey}`;
}
