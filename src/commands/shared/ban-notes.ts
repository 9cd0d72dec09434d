/** What a ban of a server or a room does not do, and what does it: said with the ban itself. */
import { code, count, lines, say, type Say } from "../../kit/say.ts";
import type { RoomId } from "../../model/ids.ts";
import { roomOfOurs } from "../../policy/own-people.ts";
import { isIpLiteral } from "../../policy/server-acl/compile.ts";
import { peopleToSweep } from "../../policy/sweep.ts";
import type { CommandContext, Entity } from "../define.ts";

/** Undefined for people, and where there is nothing to add. */
export function banNotes(who: Entity, context: CommandContext): Say | undefined {
  switch (who.kind) {
    case "user":
      return undefined;
    case "server": {
      const notes = [subdomains(who, context), stillHere(who, context)].filter((note) => note !== undefined);
      return notes.length > 0 ? lines(...notes) : undefined;
    }
    case "room":
      return ofRoom(who, context);
  }
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

function ofRoom({ text, isGlob }: Entity, { world, prefix }: CommandContext): Say {
  const ours = isGlob ? undefined : roomOfOurs(text as RoomId, world);
  if (ours)
    return say`That is ${ours}: the rule has no effect there. Others who follow the list may apply it.`;
  const here = world.isServerAdmin
    ? isGlob
      ? ""
      : say` ${code(`${prefix} shutdown ${text}`)} removes everybody of my homeserver from it and keeps them out.`
    : say` I am no administrator of my homeserver, so I cannot keep its people out.`;
  return say`A rule for a room touches nobody in my rooms. I decline what others invite me to there, and those who follow the list may apply it.${here}`;
}
