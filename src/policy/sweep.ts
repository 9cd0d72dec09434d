/** Who of servers that are banned is still in protected rooms: a server ACL cuts their servers off and removes nobody. */
import { bridgeOfBot } from "../model/bridges.ts";
import { compileGlob } from "../kit/glob.ts";
import { serverOf, withoutPort, type RoomId, type ServerName, type UserId } from "../model/ids.ts";
import type { WorldView } from "../model/world/view.ts";
import { isLeftAlone } from "./own-people.ts";
import type { RulesInForceView } from "./rules-in-force.ts";

export interface Swept {
  readonly room: RoomId;
  readonly user: UserId;
}

interface View {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForceView & { exemptionOf(user: UserId): unknown };
}

/** People of the server, or of all that match the glob, who are in protected rooms; never moderators or exempt people. */
export function peopleToSweep(servers: string, view: View): readonly Swept[] {
  const { world } = view;
  const glob = compileGlob(servers, { ignoreCase: true });
  return [...world.members.servers()]
    .filter((server) => glob.matches(withoutPort(server)))
    .flatMap((server) => placesOf(server, view));
}

/** The same for every server that a rule bans. */
export function allToSweep(view: View): readonly Swept[] {
  const { world, rulesInForce } = view;
  return [...world.members.servers()]
    .filter((server) => isBanned(server, rulesInForce))
    .flatMap((server) => placesOf(server, view))
    .filter(({ user }) => isOfBannedServer(user, rulesInForce));
}

/** Whether a rule bans the server that the person is on, and they are no exception from its list. */
export function isOfBannedServer(
  user: UserId,
  rulesInForce: Pick<RulesInForceView, "index" | "decide">,
): boolean {
  const rules = rulesInForce.index.rulesForUser(user).filter(({ kind }) => kind === "server");
  return rulesInForce.decide(rules)?.kind === "ban";
}

function isBanned(server: ServerName, rulesInForce: RulesInForceView): boolean {
  return rulesInForce.decide(rulesInForce.index.rulesForServer(server))?.kind === "ban";
}

function placesOf(server: ServerName, view: View): readonly Swept[] {
  const { world } = view;
  if (server === serverOf(world.self)) return [];
  return [...world.members.usersOfServer(server)]
    .filter((user) => !isLeftAlone(user, view) && !bridgeOfBot(user, world.settings))
    .flatMap((user) => world.protectedRoomsOf(user).map((room) => ({ room, user })));
}
