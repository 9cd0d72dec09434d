/** `unban`: removes the rules for exactly this entity, whatever their event type and state key, and lifts the bans. */
import { code, count, joined, lines, plain, say, type Say } from "../../kit/say.ts";
import { compileGlob } from "../../kit/glob.ts";
import type { ActionOf } from "../../model/actions/action.ts";
import type { RoomId, UserId } from "../../model/ids.ts";
import type { Rule } from "../../model/policy-rule.ts";
import {
  defineCommand,
  needed,
  optional,
  problem,
  yesFirst,
  type CommandContext,
  type Entity,
  type Proposal,
} from "../define.ts";
import { howToSpare } from "../shared/excepted.ts";
import { listName } from "../shared/room-names.ts";
import { stillStanding } from "../shared/still-standing.ts";
import { removalOf, rulesToTakeOff } from "../shared/take-off.ts";

/** Invitations to more rooms at once are asked about: they fill the list of invitations of the person. */
const mostInvited = 10;

export const unban = defineCommand({
  words: ["unban"],
  role: "moderator",
  takesSeveral: true,
  about: "Take the rules for a user, server or room off the lists and lift the bans in all protected rooms.",
  takes: {
    kind: optional("kind", "user, room or server, where the entity could be mistaken"),
    who: needed("entity", "whom or what; a glob takes back the rule with exactly that glob"),
    list: optional("list", "only this list; without it all lists that I may write to"),
    reason: optional("rest", "why, for the record of the rooms"),
  },
  flags: {
    invite: {
      type: "boolean",
      about: "Invite the person back to the rooms in which the ban is lifted.",
    },
  },
  examples: [
    "unban @regular:example.org",
    "unban coc @regular:example.org appeal accepted",
    "unban *.example.org",
    "unban @regular:example.org --invite",
  ],
  reply({ who, list, reason = "" }, { invite }, context) {
    if (invite && (who.kind !== "user" || who.isGlob))
      return problem(say`${code("--invite")} is for one person, and ${code(who.text)} is none`);
    const isMeant = (rule: Rule) => rule.recommendation !== "allow" && (!list || rule.list === list.room);
    const { ours, foreign } = rulesToTakeOff(who, isMeant, context);
    const stillAsked =
      who.kind === "user" && !who.isGlob ? ruleStillBanning(who.text as UserId, ours, context) : undefined;
    const removals = ours.map(removalOf);
    const hints = [...hintsOf(who, stillAsked !== undefined, context), ...spelledOtherwise(who, context)];
    const lifts = stillAsked ? [] : liftsOf(who, { reason, removed: ours, context });
    const invitations = invite
      ? lifts.flatMap(({ action }) => (action.kind === "unban" ? invitationAfter(action) : []))
      : [];
    const acts = [...removals, ...lifts, ...invitations];
    if (acts.length === 0 && !stillAsked && foreign.length === 0)
      return {
        say: lines(
          say`${code(who.text)} is on no list and banned in no protected room: nothing to lift`,
          ...hints,
        ),
      };
    return {
      say: lines(describe(who, { removals, lifts, foreign, stillAsked, context }), ...hints),
      acts,
      isProblem: acts.length === 0,
      waitsFor: yesFirst(
        invitations.length > mostInvited ? say`it invites to ${invitations.length} rooms at once` : undefined,
      ),
    };
  },
});

/** What else stands against the person: whoever is unbanned and muted would come back and wonder. */
function hintsOf(who: Entity, isExemptionOffered: boolean, context: CommandContext): readonly Say[] {
  if (who.kind !== "user" || who.isGlob) return [];
  return stillStanding(who.text as UserId, context, isExemptionOffered ? ["ban", "server"] : ["ban"]);
}

/** A rule for an id in other capitals is about another person, and is left to another command. */
function spelledOtherwise(who: Entity, { world, prefix }: CommandContext): readonly Say[] {
  if (who.kind !== "user" || who.isGlob) return [];
  const isOther = ({ kind, entity, recommendation }: Rule) =>
    kind === "user" &&
    recommendation !== "allow" &&
    entity !== who.text &&
    entity?.toLowerCase() === who.text.toLowerCase();
  const [rule] = world.watchedLists().flatMap((list) => list.variantsFor(isOther));
  if (!rule?.entity) return [];
  return [
    say`${listName(rule.list, world)} has a rule for ${code(rule.entity)}, in other capitals: ${code(`${prefix} unban "${rule.entity}"`)} takes that off.`,
  ];
}

/** The rule that would ban the person again at once, if `removed` are gone; undefined where none would. */
function ruleStillBanning(
  user: UserId,
  removed: readonly Rule[],
  { rulesInForce, expected }: CommandContext,
): Rule | undefined {
  const removing = new Set(removed.map((rule) => rule.eventId));
  const isGone = (rule: Rule) => removing.has(rule.eventId) || expected.isReplaced(rule);
  if (rulesInForce.exemptionOf(user)) return undefined;
  const verdict = rulesInForce.decide(
    rulesInForce.index.rulesForUser(user).filter((rule) => rule.kind === "user" && !isGone(rule)),
  );
  return verdict?.kind === "ban" ? verdict.rule : undefined;
}

function liftsOf(
  who: Entity,
  { reason, removed, context }: { reason: string; removed: readonly Rule[]; context: CommandContext },
): readonly Proposal[] {
  const { world } = context;
  if (who.kind !== "user") return [];
  const people = who.isGlob ? [...world.members.users()].filter(matcher(who.text)) : [who.text as UserId];
  const free = [...new Set(people)].filter(
    (user) => !who.isGlob || !ruleStillBanning(user, removed, context),
  );
  return free.flatMap((user) =>
    bansToLift(user, who.isGlob, context).map((room) => liftIn(room, { user, reason, context })),
  );
}

/** For a glob only bans that Tyr made for a rule: bans made by hand were meant for that person. */
function bansToLift(user: UserId, isGlob: boolean, { expected }: CommandContext): readonly RoomId[] {
  return expected.bannedIn(user).filter((room) => !isGlob || expected.listOfBan(room, user) !== undefined);
}

/** Not before the ban is lifted: it is less urgent, and acts in one room go one after another. */
function invitationAfter({ room, user }: ActionOf<"unban">): Proposal {
  return { action: { kind: "invite", room, user, reason: "" } };
}

function liftIn(
  room: RoomId,
  { user, reason, context }: { user: UserId; reason: string; context: CommandContext },
): Proposal {
  const list = context.expected.listOfBan(room, user);
  return {
    action: { kind: "unban", room, user, reason },
    replaces: String(context.world.members.get(room, user)?.stamp),
    // Kept for an undo, which bans again for the same list.
    ...(list ? { list } : {}),
  };
}

function matcher(glob: string): (user: UserId) => boolean {
  const compiled = compileGlob(glob, { ignoreCase: true });
  return (user) => compiled.matches(user);
}

function describe(
  who: Entity,
  {
    removals,
    lifts,
    foreign,
    stillAsked,
    context,
  }: {
    removals: readonly Proposal[];
    lifts: readonly Proposal[];
    foreign: readonly Rule[];
    stillAsked: Rule | undefined;
    context: CommandContext;
  },
): Say {
  const parts = [
    removals.length > 0 ? say`${count(removals.length, "rule")} to take back` : undefined,
    lifts.length > 0 ? say`${count(lifts.length, "ban")} to lift` : undefined,
  ].filter((part) => part !== undefined);
  const what =
    parts.length > 0 ? say`Unban of ${code(who.text)}: ${joined(parts)}` : say`Unban of ${code(who.text)}`;
  const cannot = foreign.map(
    (rule) =>
      say`I may not write to ${listName(rule.list, context.world)}, which bans ${code(rule.entity ?? "a hash")}.`,
  );
  const still =
    stillAsked &&
    say`The bans stay: ${code(stillAsked.entity ?? "a hashed rule")} on ${listName(stillAsked.list, context.world)} still asks for them${stillAsked.reason === "" ? "" : say` (${plain(stillAsked.reason, 100)})`}. ${howToSpare(who.text, stillAsked, context)}`;
  return lines(what, ...cannot, still);
}
