/** What a ban of a server or a room does not do, and what does it: said with the ban itself. */
import { code, count, lines, say, type Say } from "../../kit/say.ts";
import type { RoomId } from "../../model/ids.ts";
import { roomOfOurs } from "../../policy/own-people.ts";
import { isIpLiteral } from "../../policy/server-acl/compile.ts";
import { peopleToSweep } from "../../policy/sweep.ts";
import type { CommandContext, Entity, Proposal } from "../define.ts";

/** Undefined for people, and where there is nothing to add. */
export function banNotes(who: Entity, isTakedown: boolean, context: CommandContext): Say | undefined {
  switch (who.kind) {
    case "user":
      return undefined;
    case "server": {
      const notes = [subdomains(who, context), stillHere(who, context)].filter((note) => note !== undefined);
      return notes.length > 0 ? lines(...notes) : undefined;
    }
    case "room":
      return ofRoom(who, isTakedown, context);
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

/** The server ACL cuts servers off and removes nobody. */
function stillHere({ text }: Entity, context: CommandContext): Say | undefined {
  const places = peopleToSweep(text, context);
  const people = new Set(places.map(({ user }) => user)).size;
  if (people === 0) return undefined;
  return say`${count(people, "person", "people")} of it ${people === 1 ? "is" : "are"} still in the rooms and cannot be heard there any more: ${code(`${context.prefix} sweep ${text}`)} shows and removes them.`;
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
