/**
 * Ghosts of bridges: accounts that a bridge makes for people elsewhere. All of them look alike and many come at once, and
 * that is nothing. A bridge is known by its bot, to which somebody gave a level, and by its other ghosts; names alone could
 * be anybody's.
 */
import { minuteMs } from "../kit/duration.ts";
import { localpartOf, serverOf, type ServerName, type UserId } from "../model/ids.ts";
import { present } from "../model/member-record.ts";
import type { WorldView } from "../model/world/view.ts";

/** So many with one beginning of the name are a bridge, on whatever server. */
const fewestGhosts = 20;
/** On a server with hardly anybody else the bot alone is enough: a new bridge has no ghosts yet. */
const mostOthers = 50;
const mostLooked = 500;
const mostRooms = 500;
const lookedUpForMs = 10 * minuteMs;
/** Beginnings that are remembered; who makes up more has each looked up again. */
const mostRemembered = 256;

/** Names that begin with a low line are kept for bridges: homeservers let nobody else register one. */
const reserved = /^_[a-z]{3,24}_/;
const beginning = /^_?([a-z]{3,24})[_=.-]/;
const botName = /bot|bridge|appservice/;

export class Bridges {
  readonly #world: WorldView;
  readonly #known = new Map<string, { readonly isBridge: boolean; readonly at: number }>();

  constructor(world: WorldView) {
    this.#world = world;
  }

  isGhost(user: UserId, at: number): boolean {
    const found = beginning.exec(localpartOf(user).toLowerCase());
    if (!found) return false;
    const [prefix, word] = found as unknown as [string, string];
    const server = serverOf(user);
    const key = `${prefix} ${server}`;
    const known = this.#known.get(key);
    if (known && Math.abs(at - known.at) < lookedUpForMs) return known.isBridge;
    const isBridge = reserved.test(prefix)
      ? this.#hasBot("", server)
      : this.#hasBot(word, server) && this.#isBridge(prefix, server);
    this.#known.delete(key);
    this.#known.set(key, { isBridge, at });
    if (this.#known.size > mostRemembered) this.#known.delete(this.#known.keys().next().value!);
    return isBridge;
  }

  /** With a level in one of our rooms. */
  #hasBot(word: string, server: ServerName): boolean {
    let rooms = 0;
    for (const { power } of this.#world.protectedRooms()) {
      if (++rooms > mostRooms) break;
      const isThere = power.named().some((user) => {
        const name = localpartOf(user).toLowerCase();
        return (
          serverOf(user) === server && botName.test(name) && name.includes(word) && power.isAboveUsual(user)
        );
      });
      if (isThere) return true;
    }
    return false;
  }

  #isBridge(prefix: string, server: ServerName): boolean {
    const { members } = this.#world;
    let [ghosts, others, looked] = [0, 0, 0];
    for (const user of members.usersOfServer(server)) {
      if (++looked > mostLooked) break;
      if (members.roomsOf(user, present).length === 0) continue;
      if (localpartOf(user).toLowerCase().startsWith(prefix)) ghosts++;
      else others++;
    }
    return ghosts >= fewestGhosts || others <= mostOthers;
  }
}
