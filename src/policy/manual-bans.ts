/**
 * What a ban made or lifted by hand would mean for the lists: the command that would make it hold everywhere, and whether
 * there is anything to offer.
 */
import { sha256Base64 } from "../kit/hash.ts";
import type { RoomId, UserId } from "../model/ids.ts";
import type { PolicyListView } from "../model/policy-list.ts";
import { namesExactly, type Rule } from "../model/policy-rule.ts";
import type { WorldView } from "../model/world/view.ts";
import type { RulesInForce } from "./rules-in-force.ts";
import { defaultListOf, isWritable } from "./rule-writing.ts";

export interface OfferView {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
}

/** Longest reason that an offer takes over. */
const maxReason = 200;

/** `ban @x:y coc "spam"`; undefined where there is no list to write to, or the name cannot be typed safely. */
export function banCommand(
  user: UserId,
  reason: string,
  { world }: Pick<OfferView, "world">,
): { readonly text: string; readonly list: RoomId } | undefined {
  // The offer names it, so that whoever says yes sees where the rule goes.
  const list = [defaultListOf(world), ...world.watchedLists()].find(
    (one) => one !== undefined && isWritable(one.room, world),
  );
  if (!list || !isTypeable(user)) return undefined;
  const why = asReason(reason);
  return { text: `ban ${user} ${nameOf(list, world)}${why === "" ? "" : ` "${why}"`}`, list: list.room };
}

/** Off the lists where all rules that name the person are ours to take back; else an exemption. */
export function unbanCommand(user: UserId, { world, rulesInForce }: OfferView): string | undefined {
  if (!isTypeable(user)) return undefined;
  const rules = banRulesFor(user, rulesInForce).filter((rule) => !rulesInForce.isOff(rule));
  if (rules.length === 0) return undefined;
  return rules.every((rule) => isOursToTakeBack(rule, user, world))
    ? `unban ${user}`
    : `exempt add ${user} "the ban was lifted by hand"`;
}

/** Somebody whom people keep out of a protected room and no list does, and whom we may touch. */
export function isBanOfferable(user: UserId, { world, rulesInForce }: OfferView): boolean {
  if (user === world.self || world.isSpared(user) || rulesInForce.exemptionOf(user)) return false;
  if (banRulesFor(user, rulesInForce).length > 0 || rulesInForce.verdict(user)?.kind === "allow")
    return false;
  return world.protectedRoomsOf(user, ["ban"]).length > 0;
}

/** A list still asks for the ban, and nobody has spared the person. */
export function isUnbanOfferable(user: UserId, { world, rulesInForce }: OfferView): boolean {
  return !world.isSpared(user) && rulesInForce.verdict(user)?.kind === "ban";
}

function banRulesFor(user: UserId, { index }: RulesInForce): readonly Rule[] {
  return index
    .rulesForUser(user)
    .filter(
      ({ kind, recommendation }) =>
        kind === "user" && (recommendation === "ban" || recommendation === "takedown"),
    );
}

function isOursToTakeBack(rule: Rule, user: UserId, world: WorldView): boolean {
  return namesExactly(rule, user, sha256Base64(user)) && isWritable(rule.list, world, rule.eventType);
}

/**
 * Old ids may hold nearly anything: a `*` would ban everybody, a quote or a space would end the word, and a full stop at
 * its end would be taken for that of a sentence, so that somebody else were meant.
 */
function isTypeable(user: UserId): boolean {
  return /^@[\w.=/+-]+:(?:[\w.-]*\w|\[[\da-f:.]+\])(?::\d{1,5})?$/i.test(user);
}

/** What it is called by those who type; whoever else is called so, or a name of several words, makes us use its id. */
function nameOf({ room, shortcode }: PolicyListView, world: WorldView): string {
  const namesakes = world
    .watchedLists()
    .filter((list) => shortcode !== undefined && list.isCalled(shortcode));
  return shortcode !== undefined && /^[\w-]{1,30}$/.test(shortcode) && namesakes.length === 1
    ? shortcode
    : room;
}

/** One line without quotes, so that it stays a reason: it must neither be read as flags nor as a second person. */
function asReason(reason: string): string {
  return reason
    .slice(0, maxReason)
    .toWellFormed()
    .replace(/["“”„«»]/g, "'")
    .replace(/[\s\p{C}]+/gu, " ")
    .replace(/^[\s@!#]+/, "")
    .trim();
}
