/** By what a link or a picture is known again. */
import { stableId } from "../../kit/hash.ts";
import type { SaidLink, SaidMedia } from "./said.ts";
import { kindOfLink } from "./link-kind.ts";

/** Longer addresses are not told apart by what follows. */
const longestAddress = 200;

/**
 * The domain; of shorteners and invitations the whole address, as the domain says nothing of where it leads. Undefined for
 * what has no host, as a mail address.
 */
export function keyOfLink(link: SaidLink): string | undefined {
  const kind = kindOfLink(link);
  if (kind !== "shortener" && kind !== "invite") return link.domain || undefined;
  const { hostname, pathname } = new URL(link.url);
  return `${hostname}${pathname}`.slice(0, longestAddress);
}

/** A digest: no address of a picture is kept. */
export function keyOfMedia({ key }: SaidMedia): string | undefined {
  return key === undefined ? undefined : stableId(key);
}
