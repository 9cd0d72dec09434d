/** `waves invite`: people who were removed as a wave, and are fine, are asked to come back. */
import { count, lines, say } from "../../kit/say.ts";
import { removedBy } from "../../policy/removed-by-wave.ts";
import { defineCommand, optional, problem } from "../define.ts";
import { aboutWave, withWave } from "./named.ts";

/** Homeservers let few invitations through: so many take minutes by the usual limits. Who is left is invited by the next command. */
const mostInvited = 200;

export const wavesInvite = defineCommand({
  words: ["waves", "invite"],
  role: "moderator",
  about:
    "Invite again whom a wave cost their place that turned out to be fine: whoever was banned or kicked for it, and is not back. They see an invitation, no more.",
  takes: { wave: optional("word", aboutWave, "incident") },
  examples: ["waves invite", "waves invite 12"],
  reply: ({ wave: named }, _flags, context) =>
    withWave(named, context, ({ id }) => {
      if (context.world.settings.waveVerdicts.get(id)?.is !== "fine")
        return problem(say`nobody said that the people of that wave are fine`);
      const { banned, outside } = removedBy(id, context);
      if (outside.length === 0)
        return problem(
          banned.length > 0
            ? say`all whom it cost their place are still banned`
            : say`nobody whom it cost their place is still outside`,
        );
      const invited = outside.slice(0, mostInvited);
      const people = new Set(invited.map(({ user }) => user)).size;
      const rooms = new Set(invited.map(({ room }) => room)).size;
      return {
        say: lines(
          say`Inviting ${count(people, "person", "people")} back to ${count(rooms, "room")}, as fast as the homeserver allows.`,
          outside.length > invited.length
            ? say`${outside.length - invited.length} invitations are left; the same again sends the next ones.`
            : undefined,
        ),
        acts: invited.map(({ room, user }) => ({
          action: { kind: "invite", room, user, reason: "" },
          replaces: String(context.world.members.get(room, user)?.stamp),
        })),
      };
    }),
});
