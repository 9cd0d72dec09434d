/** By what an event is counted, and what then stands for it. */
import type { Fact, FactValue } from "../model/facts/fact.ts";
import type { LinkFacts } from "../model/facts/facts.ts";
import { vocabulary } from "../model/facts/index.ts";
import type { EventFacts } from "../model/facts/read.ts";
import { serverOf } from "../model/ids.ts";
import type { EventSighting } from "../model/signals/sighting.ts";
import type { CheckedRate, RateKey } from "./language/meaning.ts";
import { noValues } from "./kept.ts";

/** One thing that the event is counted by. */
export interface Keyed {
  readonly key: string;
  /** The links that it stands for; undefined where it is counted by something else. */
  readonly links: readonly LinkFacts[] | undefined;
}

export function isByLinks({ by }: CheckedRate): boolean {
  return by.some(isOfLink);
}

/**
 * By links, each of them counts. None where by whom it is counted is unknown. `link`: the one at hand, where it is counted
 * by links.
 */
export function keysOf(
  rate: CheckedRate,
  { facts, sighting, link }: Omit<Asked, "link"> & { readonly link?: LinkFacts | undefined },
): readonly Keyed[] {
  const { by, anywhere } = rate;
  const start = `${writtenBy(rate)}${part(anywhere ? "" : sighting.room)}`;
  const keyOf = (one: LinkFacts | undefined) => {
    let key = start;
    for (const each of by) {
      const value = valueOf(each, { facts, sighting, link: one });
      if (value === undefined) return undefined;
      key += part(String(value));
    }
    return key;
  };
  if (!isByLinks(rate)) {
    const key = keyOf(undefined);
    return key === undefined ? [] : [{ key, links: undefined }];
  }
  const byKey = new Map<string, LinkFacts[]>();
  for (const one of link ? [link] : (facts.links() ?? [])) {
    const key = keyOf(one);
    const same = key === undefined ? undefined : byKey.get(key);
    if (same) same.push(one);
    else if (key !== undefined) byKey.set(key, [one]);
  }
  return [...byKey].map(([key, links]) => ({ key, links }));
}

/** "author + link.domain anywhere" */
export function writtenBy({ by, anywhere }: CheckedRate): string {
  return `${by.join(" + ")}${anywhere ? " anywhere" : ""}`;
}

/** Whatever stands in one part of a key, it is never taken for two. */
function part(value: string): string {
  return ` ${value.length}:${value}`;
}

/** Each once. Counted by something else than links, an event stands for what all of its links say. */
export function valuesFor(
  { of }: CheckedRate,
  { links }: Keyed,
  { facts, sighting }: Omit<Asked, "link">,
): readonly FactValue[] {
  if (of === undefined) return noValues;
  if (!links && !isOfLink(of)) {
    const value = valueOf(of, { facts, sighting, link: undefined });
    return value === undefined ? noValues : [value];
  }
  const those = links ?? facts.links() ?? [];
  const values = those.flatMap((link) => valueOf(of, { facts, sighting, link }) ?? []);
  return values.length > 1 ? [...new Set(values)] : values;
}

function isOfLink(one: RateKey | Fact): boolean {
  return typeof one === "string" ? one.startsWith("link.") : one.ofLink;
}

interface Asked {
  readonly facts: EventFacts;
  readonly sighting: EventSighting;
  readonly link: LinkFacts | undefined;
}

function valueOf(
  one: RateKey | Fact,
  { facts, sighting: { user, room }, link }: Asked,
): FactValue | undefined {
  switch (one) {
    case "author":
      return user;
    case "server":
      return serverOf(user);
    case "room":
      return room;
    case "community":
      return "";
    default: {
      const fact = typeof one === "string" ? vocabulary.get(one)! : one;
      return fact.ofLink ? link?.get(fact) : facts.get(fact);
    }
  }
}
