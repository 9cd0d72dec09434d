/** `ban`: writes a rule and bans at once in the rooms where the person is, without waiting until the rule comes back by sync. */
import { code, count, lines, say, type Say } from "../../kit/say.ts";
import { bridgeOfBot } from "../../model/bridges.ts";
import type { UserId } from "../../model/ids.ts";
import type { PolicyListView } from "../../model/policy-list.ts";
import type { Rule } from "../../model/policy-rule.ts";
import { hitAmongUs, isLeftAlone } from "../../policy/own-people.ts";
import { hitInstead, usersMatching } from "../../policy/index/member-search.ts";
import { banContent, isBan, ruleToBe, writeBan } from "../../policy/rule-writing.ts";
import {
  defineCommand,
  needed,
  optional,
  problem,
  type CommandContext,
  type Entity,
  type Proposal,
  yesFirst,
} from "../define.ts";
import { banNotes, shutdownOf } from "../shared/ban-notes.ts";
import { whichReason } from "../shared/reason-choices.ts";
import { listChoices, listToWrite, whichList } from "../shared/target-list.ts";
import { listName } from "../shared/room-names.ts";
import { removalOf, rulesToTakeOff } from "../shared/take-off.ts";
import { unfitKind } from "../shared/unfit-kind.ts";
import { unknownServer } from "../shared/unknown-server.ts";
import { globNeedsYes } from "../shared/people.ts";
import { expiryOf, untilText } from "../shared/expiry-flag.ts";

export const ban = defineCommand({
  words: ["ban"],
  role: "moderator",
  takesSeveral: true,
  about:
    "Ban a user, server or room, or a glob of them, by a rule on a list, in all protected rooms at once.",
  takes: {
    kind: optional("kind", "user, room or server, where the entity could be mistaken"),
    who: needed("entity", "whom or what: @name:server, server.example, !room, #alias, or a glob of one"),
    list: optional("list", "the list that gets the rule; without it the default list"),
    reason: optional("rest", "why; some reasons (such as spam) also remove what the person wrote"),
  },
  flags: {
    for: {
      type: "duration",
      about:
        "For how long, such as 30m, 12h, 7d, 2w or 1d12h; then the rule is taken back and its bans are lifted. Without it for ever.",
    },
    takedown: {
      type: "boolean",
      about: "Ask those who follow the list to remove what was written as well (MSC4204); I do so, too.",
    },
    hash: {
      type: "boolean",
      about:
        "Write a hash instead of the name, so that the list does not spread it (MSC4205). Not for globs.",
    },
    "no-reason": { type: "boolean", about: "Do not ask why, where `commands.banReasons` would." },
  },
  examples: [
    "ban @spammer:example.org spam",
    "ban coc @rude:example.org insults",
    "ban @one:example.org @two:example.org spam",
    "ban *.evil.example scam network",
    "ban @*:evil.example coc spam",
    "ban @rude:example.org --for 7d insults",
    "ban @spammer:example.org --takedown --hash",
  ],
  reply({ who, list: named, reason = "" }, { for: forMs, takedown, hash, ...flags }, context) {
    const { list, left } = listToWrite(named, context);
    if (!list) return { ...problem(whichList(context)), ...listChoices(context) };
    if (left) return problem(left);
    const wrong = unfitKind(who) ?? hitsWrongPeople(who, { reason, hash, context });
    if (wrong) return problem(wrong);
    if (hash && who.isGlob)
      return problem(
        say`${code(who.text)} is a glob, and a hash stands for one name: leave out ${code("--hash")}`,
      );
    const asking = reason === "" && !flags["no-reason"] ? whichReason(who.text, context) : undefined;
    if (asking) return asking;
    const content = banContent(who, { reason, expiresAt: expiryOf(forMs, context), takedown, hash });
    const action = writeBan(who, { list, rulesInForce: context.rulesInForce, content });
    const rule = ruleToBe(action, context) as Rule;
    const allowed = overridingAllow(who, list, context);
    if (allowed) return problem(allowedBy(allowed, who, { list, context }));
    const people = who.kind === "user" ? peopleOf(rule, who, context) : [];
    // Other rules for the same entity are removed, or the ban would not end with this one.
    const others = forMs === undefined ? [] : otherBansOf(who, rule, context).map(removalOf);
    const bans = people.flatMap((user) => bansOf(user, { reason, list, takedown, context }));
    const there = who.kind === "user" ? whereNow(who, { people, bans, context }) : "";
    const shutdowns = takedown ? shutdownOf(who, reason, context) : [];
    const isRemovedHere =
      shutdowns.length > 0 ? say`people who are removed do not come back by themselves` : undefined;
    return {
      say: announce(who, { rule, there, context }),
      acts: [{ action }, ...others, ...bans, ...shutdowns],
      waitsFor: yesFirst(
        people.length > 0 ? globNeedsYes(who) : (isRemovedHere ?? unknownServer(who, "ban", context)),
      ),
    };
  },
});

/** Moderators whom the rule would hit, or others who bear another spelling of an id that nobody here bears. */
function hitsWrongPeople(
  who: Entity,
  { reason, hash, context: { world, prefix } }: { reason: string; hash: boolean; context: CommandContext },
): Say | undefined {
  const ofUs = hitAmongUs(who.text, world);
  const others = who.kind === "user" ? hitInstead(who.text, world.members) : [];
  // A hash means one id, and no other spelling of it.
  const hit = hash && ofUs !== who.text && who.kind === "user" && !who.isGlob ? undefined : ofUs;
  const [other] = hash ? [] : others;
  const exact = code(`${prefix} ban "${who.text}" --hash${reason === "" ? "" : ` ${reason}`}`);
  const how = others.length > 0 ? say`. ${exact} writes a rule that means this id alone` : "";
  if (hit !== undefined)
    return say`${code(who.text)} would hit ${hit === world.self ? "me" : say`the moderator ${code(hit)}`}${how}`;
  return (
    other &&
    say`nobody here has exactly the id ${code(who.text)}, and a rule for it would ban ${code(other)}${how}`
  );
}

/** Other ban rules for exactly this entity on the same list: under another state key, or with an older event type. */
function otherBansOf(who: Entity, rule: Rule, context: CommandContext): readonly Rule[] {
  const isOther = (one: Rule) =>
    one.list === rule.list &&
    isBan(one) &&
    (one.stateKey !== rule.stateKey || one.eventType !== rule.eventType);
  return rulesToTakeOff(who, isOther, context).ours;
}

/** A rule that allows the person and precedes rules of the list, so that a ban on it would have no effect. */
function overridingAllow(
  who: Entity,
  list: PolicyListView,
  { rulesInForce }: CommandContext,
): Rule | undefined {
  if (who.kind !== "user" || who.isGlob) return undefined;
  const verdict = rulesInForce.verdict(who.text as UserId);
  return verdict?.kind === "allow" && rulesInForce.rankOf(verdict.rule.list) <= rulesInForce.rankOf(list.room)
    ? verdict.rule
    : undefined;
}

function allowedBy(
  rule: Rule,
  { text }: Entity,
  { list, context: { world, prefix } }: { list: PolicyListView; context: CommandContext },
): Say {
  const allows = say`${listName(rule.list, world)} allows ${code(text)}`;
  return rule.list === list.room
    ? say`${allows}, and a ban would have no effect: ${code(`${prefix} unallow ${text}`)} first`
    : say`${allows}, and it stands before ${listName(list.room, world)}: the ban would have no effect`;
}

function peopleOf(rule: Rule, who: Entity, context: CommandContext): readonly UserId[] {
  if (!who.isGlob) return [who.text as UserId];
  return usersMatching([rule], context.world.members).filter(
    (user) => !isLeftAlone(user, context) && !bridgeOfBot(user, context.world.settings),
  );
}

function bansOf(
  user: UserId,
  {
    reason,
    list,
    takedown,
    context,
  }: { reason: string; list: PolicyListView; takedown: boolean; context: CommandContext },
): readonly Proposal[] {
  const { world, expected } = context;
  const redacts = takedown || context.config.redactReasons.match(reason);
  return expected.toBanIn(user).map((room) => ({
    action: { kind: "ban", room, user, reason, redacts },
    list: list.room,
    replaces: String(world.members.get(room, user)?.stamp),
  }));
}

/** Whom the rule matches in protected rooms now, as a clause after "Ban of ... on list ...". */
function whereNow(
  who: Entity,
  {
    people,
    bans,
    context,
  }: { people: readonly UserId[]; bans: readonly Proposal[]; context: CommandContext },
): Say {
  const hit = bans.flatMap(({ action }) => (action.kind === "ban" ? action : []));
  const rooms = count(new Set(hit.map(({ room }) => room)).size, "protected room");
  // How many it hits is told below: by the question, or by what was done.
  if (who.isGlob) return hit.length > 0 ? say`` : say`, which fits nobody here now`;
  if (hit.length > 0) return say`, present in ${rooms}`;
  const { world } = context;
  const banned = people.flatMap((user) => world.protectedRoomsOf(user, ["ban"]));
  if (banned.length > 0) return say`, banned in ${count(banned.length, "protected room")} already`;
  return say`, who is in no protected room now`;
}

function announce(
  who: Entity,
  { rule, there, context }: { rule: Rule; there: Say | ""; context: CommandContext },
): Say {
  const what = rule.recommendation === "takedown" ? "Takedown" : "Ban";
  return lines(
    say`${what} of ${code(who.text)} on ${listName(rule.list, context.world)}${untilText(rule.expiresAt)}${there}`,
    banNotes(who, rule, context),
  );
}
