/** `kick`: removes people who may come back. */
import { code, count, say } from "../kit/say.ts";
import { compileGlob } from "../kit/glob.ts";
import type { UserId } from "../model/ids.ts";
import { defineCommand, needed, optional, problem, type Proposal } from "./define.ts";

export const kick = defineCommand({
  words: ["kick"],
  about: "Remove a person, or all who match a glob, from one or all protected rooms, without a ban.",
  takes: {
    who: needed("person", "@name:server, or a glob such as @*:evil.example"),
    room: optional("room", "only this room; without it all protected rooms"),
    reason: optional("rest", "why, shown to the person"),
  },
  examples: [
    "kick @loud:example.org calm down please",
    "kick @*:evil.example #lobby:example.org",
    "kick @loud:example.org !room:example.org",
  ],
  answer({ who, room, reason = "" }, _flags, { world }) {
    if (room && !world.isProtected(room.id)) return problem(say`${code(room.text)} is not a protected room`);
    const glob = who.isGlob ? compileGlob(who.text, { ignoreCase: true }) : undefined;
    const people: Iterable<UserId> = glob
      ? [...world.members.users()].filter((user) => glob.matches(user) && user !== world.self)
      : [who.text as UserId];
    const acts: Proposal[] = [];
    for (const user of people) {
      for (const id of world.members.roomsOf(user, ["join", "invite", "knock"])) {
        if (!world.isProtected(id) || (room && room.id !== id)) continue;
        acts.push({
          action: { kind: "kick", room: id, user, reason },
          replaces: String(world.members.get(id, user)?.stamp),
        });
      }
    }
    if (acts.length === 0)
      return problem(
        say`nobody who matches ${code(who.text)} is in ${room ? code(room.text) : "a protected room"}`,
      );
    return { say: say`Kick of ${code(who.text)}: ${count(acts.length, "removal")}`, acts };
  },
});
