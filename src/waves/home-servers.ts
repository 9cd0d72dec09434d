/** Servers of our own people (ourselves, staff, creators): that somebody is of one of them is a sign of nothing. */
import { minuteMs } from "../kit/duration.ts";
import { serverOf, type ServerName } from "../model/ids.ts";
import type { WorldView } from "../model/world/view.ts";

/** Looked up anew after so long. */
const lookedUpForMs = 10 * minuteMs;
/** Rooms whose staff is looked at: those of a community, and a bound for one that protects thousands. */
const mostRooms = 500;

export class HomeServers {
  readonly #world: WorldView;
  #found: { readonly servers: ReadonlySet<ServerName>; readonly at: number } | undefined;

  constructor(world: WorldView) {
    this.#world = world;
  }

  has(server: ServerName, at: number): boolean {
    if (!this.#found || Math.abs(at - this.#found.at) >= lookedUpForMs)
      this.#found = { servers: serversOfStaff(this.#world), at };
    return this.#found.servers.has(server);
  }
}

function serversOfStaff(world: WorldView): ReadonlySet<ServerName> {
  const servers = new Set([serverOf(world.self)]);
  for (const user of world.spared()) servers.add(serverOf(user));
  let rooms = 0;
  for (const { power } of world.protectedRooms()) {
    if (++rooms > mostRooms) break;
    for (const user of power.named()) if (power.isAboveUsual(user)) servers.add(serverOf(user));
  }
  return servers;
}
