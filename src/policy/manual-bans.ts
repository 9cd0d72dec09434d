/**
 * Bans that people made or lifted with a client: the command that would make each hold in all rooms, and whether there is
 * anything to offer.
 */
import { sha256Base64 } from "../kit/hash.ts";
import type { RoomId, UserId } from "../model/ids.ts";
import type { PolicyListView } from "../model/policy-list.ts";
import { namesExactly, type Rule } from "../model/policy-rule.ts";
import type { WorldView } from "../model/world/view.ts";
import { isLeftAlone } from "./own-people.ts";
import type { RulesInForce } from "./rules-in-force.ts";
import { isClosed } from "./list-upgrades.ts";
import { defaultListOf, isWritable } from "./rule-writing.ts";

export interface OfferView {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
}

/** Longest reason that an offer takes over from the ban, in characters. */
const maxReason = 200;

/** `ban @x:y coc "spam"`; undefined where there is no list to write to, or the name cannot be typed safely. */
export function banCommand(
  user: UserId,
  reason: string,
  { world }: Pick<OfferView, "world">,
): { readonly text: string; readonly list: RoomId } | undefined {
  // The offer names the list, so that the moderator who says yes sees where the rule goes.
  const list = [defaultListOf(world), ...world.watchedLists()].find(
    (one) => one !== undefined && isWritable(one.room, world) && !isClosed(one.room, world),
  );
  if (!list || !isTypeable(user)) return undefined;
  const why = asReason(reason);
  return { text: `ban ${user} ${nameOf(list, world)}${why === "" ? "" : ` "${why}"`}`, list: list.room };
}

/** `unban` where we may remove all rules that name the person; else `exempt`. */
export function unbanCommand(user: UserId, { world, rulesInForce }: OfferView): string | undefined {
  if (!isTypeable(user)) return undefined;
  const rules = banRulesFor(user, rulesInForce).filter((rule) => !rulesInForce.isOff(rule));
  if (rules.length === 0) return undefined;
  return rules.every((rule) => isOursToTakeBack(rule, user, world))
    ? `unban ${user}`
    : `exempt add ${user} "the ban was lifted by hand"`;
}

/** Whether somebody is banned by hand in a protected room and by no list, and is not spared. */
export function isBanOfferable(user: UserId, { world, rulesInForce }: OfferView): boolean {
  if (isLeftAlone(user, { world, rulesInForce })) return false;
  if (banRulesFor(user, rulesInForce).length > 0 || rulesInForce.verdict(user)?.kind === "allow")
    return false;
  return world.protectedRoomsOf(user, ["ban"]).length > 0;
}

/** Whether a list still asks for the ban, and nobody has exempted the person. */
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
 * Whether the id can be typed in a command. Historical ids may hold nearly any character: a `*` would ban everybody, a
 * quote or a space would end the word, and a full stop at the end would be read as the end of a sentence.
 */
function isTypeable(user: UserId): boolean {
  return /^@[\w.=/+-]+:(?:[\w.-]*\w|\[[\da-f:.]+\])(?::\d{1,5})?$/i.test(user);
}

/** The short name of the list; its room id where the name is of several words or another list has it, too. */
function nameOf({ room, shortcode }: PolicyListView, world: WorldView): string {
  const namesakes = world
    .watchedLists()
    .filter((list) => shortcode !== undefined && list.isCalled(shortcode));
  return shortcode !== undefined && /^[\w-]{1,30}$/.test(shortcode) && namesakes.length === 1
    ? shortcode
    : room;
}

/** The reason in one line without quotes, so that no part of it is read as a flag or as another person. */
function asReason(reason: string): string {
  return reason
    .slice(0, maxReason)
    .toWellFormed()
    .replace(/["“”„«»]/g, "'")
    .replace(/[\s\p{C}]+/gu, " ")
    .replace(/^[\s@!#]+/, "")
    .trim();
}
