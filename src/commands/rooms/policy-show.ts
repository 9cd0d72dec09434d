/** `policy`: the policy servers of the protected rooms, and how they do. */
import { describeTime } from "../../kit/duration.ts";
import { code, count, lines, say, someOf, type Say } from "../../kit/say.ts";
import type { RoomId } from "../../model/ids.ts";
import type { PolicyTrouble } from "../../model/policy-places.ts";
import { isSamePolicyServer, readPolicyServer, shortKey } from "../../model/policy-server.ts";
import type { RoomView } from "../../model/room.ts";
import type { PolicyWish } from "../../model/settings/policy-servers.ts";
import type { WorldView } from "../../model/world/view.ts";
import { isPresentIn, wishFor } from "../../policy/policy-servers.ts";
import { defineCommand, optional, problem } from "../define.ts";
import { pageFlag, pagesOf } from "../shared/paging.ts";
import { notProtected } from "../shared/people.ts";
import { aboutPolicyRoom, policyRooms } from "../shared/policy-rooms.ts";
import { roomName } from "../shared/room-names.ts";

export const policyShow = defineCommand({
  words: ["policy"],
  role: "viewer",
  also: [["policy", "list"]],
  about:
    "Show policy servers. Of each protected room: which it is, its key, whether its user is in the room, the last trouble with it; and what signed redactions were done.",
  takes: { room: optional("room", aboutPolicyRoom) },
  flags: { page: pageFlag },
  examples: ["policy", "policy #lobby:example.org"],
  reply({ room }, { page }, { world, prefix }) {
    const objection = notProtected(room, world);
    if (objection) return problem(objection);
    const rooms = policyRooms(room, world);
    const told = rooms.filter((one) => readPolicyServer(one) || wishFor(one.id, world.settings));
    const beside = lines(wished(world), redactions(world));
    if (told.every((one) => !readPolicyServer(one) && !wishFor(one.id, world.settings)?.server))
      return {
        say: lines(
          say`No ${rooms.length === 1 ? "policy server is set" : "protected room has a policy server"}. ${code(`${prefix} policy set policy.example.org`)} sets one.`,
          beside,
        ),
      };
    const title = say`Policy servers of ${count(told.length, "room")}`;
    const items = told.map((one) => () => describe(one, world));
    return { say: lines(pagesOf(title, items, { page, again: `${prefix} policy` }), beside) };
  },
});

function describe(room: RoomView, world: WorldView): Say {
  const server = readPolicyServer(room);
  const wish = wishFor(room.id, world.settings);
  const name = roomName(room.id, world, 60);
  const trouble = world.stored.policyPlaces.get(room.id)?.trouble;
  const last = trouble ? say`; ${troubleOf(trouble)} ${describeTime(trouble.at)}` : "";
  if (!server) return say`${name}: ${missing(room.id, wish, world)}`;
  const user = wish?.user;
  const isThere = isPresentIn(room.id, server, { world, user });
  const presence = isThere ? "in the room" : "not in the room, so nobody asks it";
  const other =
    wish?.server && !isSamePolicyServer(wish.server, server) ? say`; ${code(wish.server.via)} is wanted` : "";
  return say`${name}: ${code(server.via)}, key ${code(shortKey(server))}, ${presence}${other}${last}`;
}

/** Why there is none although one is wanted. */
function missing(room: RoomId, wish: PolicyWish | undefined, world: WorldView): Say {
  if (!wish?.server) return say`none, as somebody wants it so`;
  const via = code(wish.server.via);
  if (world.stored.policyPlaces.get(room)?.setFor === wish.at)
    return say`none: somebody cleared ${via}, and I leave it so`;
  const membership = wish.user && world.members.membershipOf(room, wish.user);
  if (membership === "join") return say`${via} is about to be set`;
  if (membership === "ban") return say`${via} is wanted, but its user is banned`;
  return membership === "invite"
    ? say`${via} as soon as ${code(wish.user ?? "")} joins, who is invited`
    : say`${via} as soon as ${code(wish.user ?? "")} joins`;
}

const troubles = {
  refused: "it last refused an act of mine on",
  silent: "an act of mine last got no answer on",
  slow: "an act of mine last took 10 seconds or longer on",
} as const;

function troubleOf({ how }: PolicyTrouble): string {
  return troubles[how];
}

/** What is wanted for rooms that come to be protected. */
function wished({ settings }: WorldView): Say | undefined {
  const all = settings.policyServers.get("all");
  return all?.server
    ? say`${code(all.server.via)} is wanted in all protected rooms, those of later included, as ${code(all.command.by)} said on ${describeTime(all.at)}.`
    : undefined;
}

/** What policy servers asked to be redacted. */
function redactions({ stored: { policyCommands } }: WorldView): Say | undefined {
  const times = (verdict: "obeyed" | "forged" | "stale" | "beyond") =>
    policyCommands.get(verdict)?.times ?? 0;
  const refused = [
    ...(times("forged") > 0 ? [say`${times("forged")} not signed by the room's policy server`] : []),
    ...(times("stale") > 0 ? [say`${times("stale")} that may be older than an hour`] : []),
    ...(times("beyond") > 0 ? [say`${times("beyond")} beyond 100 an hour`] : []),
  ];
  if (times("obeyed") === 0 && refused.length === 0) return undefined;
  const not = refused.length > 0 ? say`; not done: ${someOf(refused, 3)}` : "";
  return say`Redactions that policy servers asked for: ${times("obeyed")} done${not}.`;
}
