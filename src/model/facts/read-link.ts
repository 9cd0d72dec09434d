/** The facts of one link. */
import type { EventSighting } from "../signals/sighting.ts";
import type { Fact, FactValue } from "./fact.ts";
import type { LinkFacts } from "./facts.ts";
import { isMention, isOwnNetwork, kindOfLink } from "./link-kind.ts";
import { keyOfLink } from "./post-keys.ts";
import type { SaidLink } from "./said.ts";

type ReadLink = (link: SaidLink, sighting: EventSighting) => FactValue | undefined;

const readers: ReadonlyMap<string, ReadLink> = new Map<string, ReadLink>([
  // A mail address has none.
  ["link.domain", ({ domain }) => domain || undefined],
  ["link.host", ({ host }) => host || undefined],
  ["link.kind", kindOfLink],
  ["link.known", isKnown],
  ["link.false_face", ({ falseFace }) => falseFace],
]);

export function linkFactsOf(link: SaidLink, sighting: EventSighting): LinkFacts {
  return { get: (fact: Fact) => readers.get(fact.name)?.(link, sighting) };
}

function isKnown(link: SaidLink, { world, at }: EventSighting): boolean | undefined {
  if (isMention(link) || isOwnNetwork(link)) return true;
  const key = keyOfLink(link);
  return key === undefined ? undefined : world.stored.knownLinks.isKnown(key, at);
}
