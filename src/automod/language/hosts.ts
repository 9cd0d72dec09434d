/**
 * Hosts that are asked for where a condition speaks of the domain: `link.domain` is the part that somebody registered, so
 * `docs.example.org` is never one.
 */
import { domainOf, hostNamed } from "../../kit/links.ts";
import type { Meaning } from "./meaning.ts";

const domain = "link.domain";

/** The host, where it is one within a domain. */
export function hostWithin(entry: string): { readonly host: string; readonly domain: string } | undefined {
  const host = hostNamed(entry);
  const registered = domainOf(host);
  return registered === host ? undefined : { host, domain: registered };
}

/** The words that the part of a condition compares a domain with. */
export function comparedWithDomain(meaning: Meaning): readonly string[] {
  if (meaning.kind === "in") return meaning.fact.name === domain ? meaning.looked.words : [];
  if (meaning.kind !== "same") return [];
  const both = [meaning.left, meaning.right];
  if (!both.some((word) => word.kind === "fact" && word.fact.name === domain)) return [];
  return both.flatMap((word) => (word.kind === "constant" ? word.text : []));
}

/** The lists in which a condition looks for a domain. */
export function listsOfDomains(meaning: Meaning): readonly string[] {
  if ("parts" in meaning) return meaning.parts.flatMap(listsOfDomains);
  if ("part" in meaning) return listsOfDomains(meaning.part);
  return meaning.kind === "in" && meaning.fact.name === domain ? meaning.looked.lists : [];
}
