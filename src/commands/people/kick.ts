/** `kick`: removes people from rooms; they may come back. */
import { code, count, say } from "../../kit/say.ts";
import { defineCommand, needed, optional, problem, yesFirst } from "../define.ts";
import { globNeedsYes, nobodyThere, notProtected, placesOf, sparedNote } from "../shared/people.ts";

export const kick = defineCommand({
  words: ["kick"],
  role: "moderator",
  takesSeveral: true,
  about: "Remove a person, or all who match a glob, from one or all protected rooms, without a ban.",
  takes: {
    who: needed("person", "@name:server, or a glob such as @*:evil.example"),
    room: optional("room", "only this room, or a space with its rooms; without it all protected rooms"),
    reason: optional("rest", "why, shown to the person"),
  },
  examples: [
    "kick @loud:example.org calm down please",
    "kick @*:evil.example #lobby:example.org",
    "kick @loud:example.org !room:example.org",
  ],
  reply({ who, room, reason = "" }, _flags, context) {
    const { world } = context;
    const objection = notProtected(room, world);
    if (objection) return problem(objection);
    const { there, spared } = placesOf(who, { room, context });
    if (there.length === 0) return problem(nobodyThere(who, { room, spared }));
    return {
      say: say`Kick of ${code(who.text)}: ${count(there.length, "removal")}${sparedNote(spared)}`,
      acts: there.map(({ room: id, user }) => ({
        action: { kind: "kick", room: id, user, reason },
        replaces: String(world.members.get(id, user)?.stamp),
      })),
      waitsFor: yesFirst(globNeedsYes(who)),
    };
  },
});
