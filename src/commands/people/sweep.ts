/** `sweep`: removes the people of banned servers from the rooms, after showing them. */
import { bullets, code, count, folded, lines, say, type Say } from "../../kit/say.ts";
import { serverOf, type ServerName } from "../../model/ids.ts";
import type { WorldView } from "../../model/world/view.ts";
import { allToSweep, isOfBannedServer, peopleToSweep, type Swept } from "../../policy/sweep.ts";
import { defineCommand, optional, problem, type CommandContext, type Entity } from "../define.ts";
import { roomName } from "../shared/room-names.ts";

const shown = 100;

export const sweep = defineCommand({
  words: ["sweep"],
  role: "moderator",
  about:
    "Show who of banned servers is still in the protected rooms, and remove them after a yes. A server ACL cuts servers off and removes nobody; whoever is removed cannot come back from there. Moderators and exempt people are left out.",
  takes: {
    who: optional("entity", "one banned server, or a glob of servers; without it all banned servers"),
    reason: optional("rest", "why, shown to those who are removed"),
  },
  examples: ["sweep", "sweep evil.example", "sweep *.evil.example scam network"],
  reply({ who, reason = "" }, _flags, context) {
    const { world } = context;
    if (who && who.kind !== "server")
      return problem(
        say`${code(who.text)} is no server; ${code(`${context.prefix} kick ${who.text}`)} removes people`,
      );
    const all = who ? peopleToSweep(who.text, context) : allToSweep(context);
    const places = all.filter(({ user }) => isOfBannedServer(user, context.rulesInForce));
    if (places.length === 0) return nobody(who, all, context);
    return {
      say: preview(places, world),
      acts: places.map(({ room, user }) => ({
        action: { kind: "kick", room, user, reason },
        replaces: String(world.members.get(room, user)?.stamp),
      })),
      waitsFor: { kind: "own-question" },
    };
  },
});

function nobody(who: Entity | undefined, all: readonly Swept[], { prefix }: CommandContext) {
  if (!who) return { say: say`Nobody of a banned server is in a protected room.` };
  if (all.length === 0) return { say: say`Nobody of ${code(who.text)} is in a protected room.` };
  return problem(
    say`no rule bans ${code(who.text)}: whoever is removed would come back. ${code(`${prefix} ban ${who.text}`)} first`,
  );
}

/** "Removal of 3 people of 2 banned servers from 4 rooms", with their names. */
function preview(places: readonly Swept[], world: WorldView): Say {
  const people = Map.groupBy(places, ({ user }) => user);
  const servers = new Set<ServerName>([...people.keys()].map(serverOf));
  const rooms = new Set(places.map(({ room }) => room)).size;
  const items = [...people].slice(0, shown).map(([user, those]) => {
    const first = roomName(those[0]!.room, world);
    return say`${code(user)} in ${first}${those.length > 1 ? say` and ${those.length - 1} more` : ""}`;
  });
  const more = people.size > shown ? [say`... and ${people.size - shown} more`] : [];
  return lines(
    say`Removal of ${count(people.size, "person", "people")} of ${count(servers.size, "banned server")} from ${count(rooms, "room")}`,
    folded(say`Who they are`, bullets([...items, ...more])),
  );
}
