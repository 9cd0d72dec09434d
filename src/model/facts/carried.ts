/**
 * What a message carries that others may carry, too, beside its words: unknown links, handles, files, a mask. Waves are
 * recognised by what many strangers carry; nothing of it is as anybody wrote it, but for the domains of links.
 */
import { stableId } from "../../kit/hash.ts";
import { asObject, asString, type JsonObject } from "../../kit/json.ts";
import type { EventSighting } from "../signals/sighting.ts";
import { mentions } from "../signals/mentions.ts";
import { contactsFound } from "./contacts.ts";
import { isMention } from "./link-kind.ts";
import { keyOfLink, keyOfMedia } from "./post-keys.ts";
import { mediaOf, saidIn, type Said, type SaidMedia } from "./said.ts";

/** What it is in common by, beside likeness of the words. */
export type CarriedClass = "link" | "contact" | "media" | "kind" | "mask";

export interface Carried {
  readonly class: CarriedClass;
  /** The same for the same; of all classes. */
  readonly key: string;
  /** For moderators. */
  readonly shown: string;
}

/** Of each class: more in one message tell no more. */
const mostOfClass = 4;
/** People mentioned by one message that make it one for mentions. */
const manyMentions = 5;

/** Nothing, where it cannot be read. */
export function carriedBy(sighting: EventSighting): readonly Carried[] {
  const said = saidIn(sighting.event);
  if (said.isUnreadable) return [];
  const found = [...linksIn(said, sighting), ...contactsIn(said), ...mediaIn(said, sighting)];
  if (said.folded.masked) found.push({ class: "mask", key: "mask", shown: "masked words" });
  const carries = new Set(found.map(({ class: one }) => one));
  for (const [one, shown] of [
    ["link", "links that are unknown here"],
    ["contact", "ways to reach somebody elsewhere"],
    ["media", "media"],
  ] as const)
    if (carries.has(one)) found.push({ class: "kind", key: `kind:${one}`, shown });
  if (mentions.of(sighting) >= manyMentions)
    found.push({ class: "kind", key: "kind:mentions", shown: "mentions of many people" });
  return found;
}

/** What regulars link to is no sign of anything. */
function linksIn(said: Said, { world, at }: EventSighting): Carried[] {
  if (!mayHoldLink.test(said.raw) && !said.html.text) return [];
  const found: Carried[] = [];
  for (const link of said.links) {
    const key = keyOfLink(link);
    if (key === undefined || isMention(link) || world.stored.knownLinks.isKnown(key, at) === true) continue;
    found.push({ class: "link", key: `link:${key}`, shown: `links to ${link.domain}` });
    found.push({
      ...{ class: "link", key: `address:${stableId(link.url)}`, shown: `one address at ${link.domain}` },
    });
    if (found.length === 2 * mostOfClass) break;
  }
  return found;
}

/** To look for links takes libraries of 20 MB: not for the full stop of a sentence. */
const mayHoldLink = /[a-z0-9-]\.[a-z]{2}|:\/\/|matrix:|\[\.\]|\bdot\b/i;

function contactsIn(said: Said): Carried[] {
  const found = new Set(contactsFound(said.looked).map((one) => one.trim().toLowerCase()));
  return [...found].slice(0, mostOfClass).map((one) => ({
    class: "contact",
    key: `contact:${stableId(one)}`,
    shown: "the same handle, number or wallet",
  }));
}

function mediaIn(said: Said, { world, at }: EventSighting): Carried[] {
  const media = mediaOf(said);
  const known = media && keyOfMedia(media);
  if (media && known !== undefined && world.stored.knownMedia.isKnown(known, at) === true) return [];
  return [...keysOfMedia(media, said)].map((key) => ({
    class: "media",
    key,
    shown: shownMedia[key.split(":")[0]!]!,
  }));
}

const shownMedia: Readonly<Record<string, string>> = {
  file: "the same file",
  look: "pictures that look the same",
  tint: "pictures that look alike",
  size: "pictures of one size",
};

function keysOfMedia(media: SaidMedia | undefined, { content }: Said): ReadonlySet<string> {
  const keys = new Set<string>();
  const file = asObject(content["file"]);
  const reaction = asString(asObject(content["m.relates_to"])?.["key"]);
  const claimed = asString(asObject(file?.["hashes"])?.["sha256"]);
  for (const address of [asString(content["url"]) ?? asString(file?.["url"]), reaction, claimed])
    if (address !== undefined && (address === claimed || address.startsWith("mxc://")))
      keys.add(`file:${stableId(address)}`);
  if (!media) return keys;
  const look = keyOfMedia(media);
  if (look !== undefined) keys.add(`look:${look}`);
  const tint = tintOf(content);
  if (tint !== undefined) keys.add(`tint:${tint}`);
  if (media.width !== undefined && media.height !== undefined)
    keys.add(`size:${media.width}x${media.height}`.slice(0, 40));
  return keys;
}

/**
 * What stays the same of a blurhash when a picture is encoded again: how many parts it has, and its mean colour but for
 * the last digit.
 */
function tintOf(content: JsonObject): string | undefined {
  const info = asObject(content["info"]);
  const blurhash = asString(info?.["xyz.amorgan.blurhash"]) ?? asString(info?.["blurhash"]) ?? "";
  return blurhash.length >= 6 && blurhash.length <= 100 ? blurhash[0]! + blurhash.slice(2, 5) : undefined;
}
