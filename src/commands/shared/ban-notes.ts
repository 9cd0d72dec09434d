/** What a ban of a server or a room does not do, and what does it: said with the ban itself. */
import { code, count, lines, say, type Say } from "../../kit/say.ts";
import { serverOf, type RoomId } from "../../model/ids.ts";
import type { Rule } from "../../model/policy-rule.ts";
import { takenUpBy } from "../../policy/impact/rule-reach.ts";
import { roomOfOurs } from "../../policy/own-people.ts";
import { isIpLiteral } from "../../policy/server-acl/compile.ts";
import { allSparedServers } from "../../policy/server-acl/spared-servers.ts";
import { peopleToSweep } from "../../policy/sweep.ts";
import type { CommandContext, Entity, Proposal } from "../define.ts";

/** `rule`: as it will be written. Undefined for people, and where there is nothing to add. */
export function banNotes(who: Entity, rule: Rule, context: CommandContext): Say | undefined {
  switch (who.kind) {
    case "user":
      return undefined;
    case "server": {
      const notes = [subdomains(who, context), ...stillHere(who, rule, context)].filter(
        (note) => note !== undefined,
      );
      return notes.length > 0 ? lines(...notes) : undefined;
    }
    case "room":
      return ofRoom(who, rule.recommendation === "takedown", context);
  }
}

/** A takedown of a room keeps everybody of our homeserver out of it, where we are its administrator. */
export function shutdownOf(who: Entity, reason: string, { world }: CommandContext): readonly Proposal[] {
  if (who.kind !== "room" || !isOneRoom(who) || !world.isServerAdmin) return [];
  const room = who.text as RoomId;
  if (roomOfOurs(room, world)) return [];
  return [{ action: { kind: "shutdown-room", room, purge: false, reason } }];
}

function isOneRoom({ text, isGlob }: Entity): boolean {
  return !isGlob && text.startsWith("!");
}

/** A ban of `evil.example` says nothing of `a.evil.example`. */
function subdomains({ text, isGlob }: Entity, { rulesInForce, prefix }: CommandContext): Say | undefined {
  const wild = `*.${text}`;
  if (isGlob || isIpLiteral(text) || rulesInForce.index.rulesWithEntity("server", wild).length > 0)
    return undefined;
  return say`Servers below it are not part of that: ${code(`${prefix} ban ${wild}`)} bans them as well.`;
}

/** The server ACL cuts servers off and removes nobody; where none will deny the server, its people go on as before. */
function stillHere({ text }: Entity, rule: Rule, context: CommandContext): readonly Say[] {
  const { world, rulesInForce, prefix, config } = context;
  const people = [...new Set(peopleToSweep(text, context).map(({ user }) => user))];
  const isTakenUp = config.acl && takenUpBy(allSparedServers(world, rulesInForce, config.acl), rulesInForce);
  const cutOff = people.filter((user) => isTakenUp?.(rule, serverOf(user))).length;
  const sweep = say`${code(`${prefix} sweep ${text}`)} shows and removes them`;
  const still = (number: number) =>
    say`${count(number, "person", "people")} of it ${number === 1 ? "is" : "are"} still in the rooms and`;
  const heard = people.length - cutOff;
  return [
    ...(cutOff > 0 ? [say`${still(cutOff)} cannot be heard there any more: ${sweep}.`] : []),
    ...(heard > 0
      ? [
          say`${still(heard)} ${heard === 1 ? "is" : "are"} heard there as before, as no server ACL of mine denies their server: ${sweep}.`,
        ]
      : []),
  ];
}

function ofRoom(who: Entity, isTakedown: boolean, { world, prefix }: CommandContext): Say {
  const ours = isOneRoom(who) ? roomOfOurs(who.text as RoomId, world) : undefined;
  if (ours)
    return say`That is ${ours}: the rule has no effect there. Others who follow the list may apply it.`;
  const here = !world.isServerAdmin
    ? say` I am no administrator of my homeserver, so I cannot keep its people out.`
    : !isOneRoom(who)
      ? ""
      : isTakedown
        ? say` Everybody of my homeserver is removed from it, and it is blocked there.`
        : say` ${code(`${prefix} shutdown ${who.text}`)} removes everybody of my homeserver from it and keeps them out.`;
  return say`A rule for a room touches nobody in my rooms. I decline what others invite me to there, and those who follow the list may apply it.${here}`;
}
