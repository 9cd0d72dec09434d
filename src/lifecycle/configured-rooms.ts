/**
 * The rooms that config and an earlier bot name: finds them at a start, and protects or watches them. What cannot be found is
 * told, remembered and looked for again.
 */
import { setImmediate } from "node:timers/promises";
import type { Config } from "../config/schema.ts";
import type { Clock } from "../kit/clock.ts";
import type { Log } from "../kit/log.ts";
import { code, say, type Say } from "../kit/say.ts";
import { joinManagementRoom, makeManagementRoom } from "./join-management-room.ts";
import { resolveAlias } from "../matrix/look-ups.ts";
import type { Transport } from "../matrix/http/transport.ts";
import { parseRoomAlias, parseRoomId, type ResolvedAlias, type RoomId } from "../model/ids.ts";
import type { Seen } from "../model/observation.ts";
import type { SettingChange } from "../model/settings/change.ts";
import { holdersOf } from "../model/settings/holders.ts";
import type { WorldView } from "../model/world/view.ts";
import { quoted } from "../model/quoted.ts";
import type { Snapshot } from "../store/snapshot.ts";
import { provenSuccessor } from "../policy/list-upgrades.ts";
import { UnresolvedRooms } from "./unresolved-rooms.ts";
import { objectionTo } from "../takeover/objections.ts";
import { parseAddress, type Address, type ListAddress, type Takeover } from "../takeover/earlier-bot.ts";

export interface ConfiguredRoomsOptions {
  readonly config: Config;
  readonly transport: Transport;
  readonly snapshot: Snapshot;
  readonly clock: Clock;
  readonly log: Log;
  readonly receive: (seen: readonly Seen[]) => void;
  readonly untilReachable: <T>(attempt: () => Promise<T>) => Promise<T>;
}

/** A room or list to protect or watch, and where it is named. */
interface Wanted {
  readonly address: ListAddress;
  readonly as: "room" | "list";
  readonly by: "config" | "earlier bot";
}

/** A room or list that is wanted and could not be found yet. */
export interface Lost extends Wanted {
  readonly problem: string;
}

/** Which rooms and lists of an earlier bot we protect and watch, and which not and why (`left`). */
export interface TakenOver {
  readonly rooms: readonly RoomId[];
  readonly lists: readonly RoomId[];
  readonly left: readonly Say[];
}

const changesInOneGo = 250;

export class ConfiguredRooms {
  readonly #options: ConfiguredRoomsOptions;
  /** Entries of the config that are no addresses. */
  readonly problems: Say[] = [];
  lost: readonly Lost[] = [];
  /** Why rooms of an earlier bot are not protected, in words. */
  readonly #left: Say[] = [];
  readonly #unresolved: UnresolvedRooms;

  constructor(options: ConfiguredRoomsOptions) {
    this.#options = options;
    this.#unresolved = new UnresolvedRooms(options);
  }

  /** `made`: the room that an earlier bot of this account made for its first manager. */
  async useManagementRoom(world: WorldView, made?: RoomId): Promise<void> {
    const room = await this.#managementRoom(world, made);
    if (room !== world.settings.managementRoom) this.#change([{ kind: "use-management-room", room }]);
  }

  /** What an earlier bot had set besides rooms and lists. */
  takeOver({ protections, bots }: Takeover): void {
    this.#change([
      ...protections.map(({ becomes, values }) => ({
        kind: "set-protection" as const,
        protection: becomes,
        values,
      })),
      ...protections.flatMap(({ lists = [] }) =>
        lists.map(({ name, kind, entries }) => ({
          kind: "edit-rule-list" as const,
          list: name,
          of: kind,
          add: entries,
          remove: [],
        })),
      ),
      ...bots.map((bot) => ({ kind: "understand" as const, bot, on: true })),
    ]);
  }

  /**
   * The list with the shortcode becomes the default list, if there is none. To be called when the lists are read.
   * Undefined where no list has the shortcode.
   */
  useDefaultList(world: WorldView, shortcode: string): RoomId | undefined {
    const list = world.watchedLists().find((one) => one.isCalled(shortcode))?.room;
    if (list && world.settings.defaultList === undefined) this.#change([{ kind: "set-default-list", list }]);
    return list;
  }

  /** Protects and watches what config and an earlier bot name, unless a person has taken it out since. */
  async useRooms(world: WorldView, earlierBot: Pick<Takeover, "rooms" | "lists">): Promise<TakenOver> {
    const { config } = this.#options;
    if (config.protectJoinedRooms && !world.settings.protectsJoined)
      this.#change([{ kind: "protect-joined", on: true }]);
    const wanted = (as: Lost["as"], by: Lost["by"], addresses: readonly ListAddress[]) =>
      addresses.map((address): Wanted => ({ address, as, by }));
    const found = await this.#find(
      [
        ...this.#unresolved.rooms.map((one): Wanted => ({ ...one, by: "earlier bot" })),
        ...wanted("list", "earlier bot", earlierBot.lists),
        ...wanted("list", "config", this.#addressesIn(config.watchedLists)),
        ...wanted("room", "earlier bot", earlierBot.rooms),
        ...wanted("room", "config", this.#addressesIn(config.protectedRooms)),
      ],
      world,
    );
    const takenOver = (as: Lost["as"], holds: (room: RoomId) => boolean) => [
      ...new Set(
        found.flatMap((one) =>
          one.as === as && one.by === "earlier bot" && holds(one.room) ? [one.room] : [],
        ),
      ),
    ];
    return {
      lists: takenOver("list", (room) => world.isWatched(room)),
      rooms: takenOver("room", (room) => world.isProtected(room)),
      left: this.#left,
    };
  }

  /** Looks again for what could not be found. */
  async findLost(world: WorldView): Promise<void> {
    if (this.lost.length > 0) await this.#find(this.lost, world);
  }

  async #find(
    wanted: readonly Wanted[],
    world: WorldView,
  ): Promise<readonly (Wanted & { readonly room: RoomId })[]> {
    const answers = await Promise.all(
      wanted.map(async (one) => ({ ...one, answer: await this.#locate(one.address) })),
    );
    this.lost = answers.flatMap(({ answer, ...one }) =>
      "problem" in answer ? [{ ...one, problem: answer.problem }] : [],
    );
    this.#unresolved.keep(this.lost.filter((one) => one.by === "earlier bot"));
    const found = answers.flatMap(({ answer, ...one }) =>
      "room" in answer ? [{ ...one, room: answer.room, via: answer.via }] : [],
    );
    const changes: SettingChange[] = [];
    for (const one of found) changes.push(...this.#changeFor(one, world, changes));
    // In slices: each change copies all settings, and thousands of rooms would block the event loop.
    for (let from = 0; from < changes.length; from += changesInOneGo) {
      if (from > 0) await setImmediate();
      this.#change(changes.slice(from, from + changesInOneGo));
    }
    return found;
  }

  #changeFor(
    { room, via, address, as, by }: Wanted & { readonly room: RoomId; readonly via: readonly string[] },
    world: WorldView,
    changes: readonly SettingChange[],
  ): readonly SettingChange[] {
    const { managementRoom, excluded, rooms, lists } = world.settings;
    const prefix = this.#options.config.commands.prefixes[0]!;
    if (excluded.has(room) || room === managementRoom) return [];
    if (as === "list" && world.isWatched(room)) return [];
    const holders = as === "room" ? holdersOf(room, world.settings) : [];
    if (holders.includes("hand")) return [];
    // So far a space alone holds it, or that we are in it: whatever becomes of that, the config names it.
    if (holders.length > 0) return by === "config" ? [{ kind: "hold", room, by: "hand" }] : [];
    const planned = changes.filter((one) => one.kind === (as === "list" ? "watch" : "protect")).length;
    const count = planned + (as === "list" ? lists.length : rooms.size);
    const objection = by === "config" ? undefined : objectionTo({ room, as, count }, { world, prefix });
    if (objection) {
      this.#left.push(objection);
      this.#options.log.warn({ room, reason: objection.text }, "not taken over");
      return [];
    }
    if (as === "room") return [{ kind: "protect", room: { room, via, space: undefined } }];
    const { liftsBans = this.#options.config.lists.liftBans } = address;
    return [{ kind: "watch", list: { room, via, liftsBans } }];
  }

  /** An alias is looked up once: it stands for the room to which it led then, even if it moves later. */
  async #locate({ id, via }: Address): Promise<ResolvedAlias> {
    const alias = parseRoomAlias(id);
    if (!alias) return { room: id as RoomId, via };
    const kept = parseRoomId(this.#options.snapshot.kept(`alias ${alias}`));
    if (kept) return { room: kept, via };
    const answer = await resolveAlias(this.#options.transport, alias);
    if ("room" in answer) this.#options.snapshot.keep(`alias ${alias}`, answer.room);
    return answer;
  }

  /** By id or alias from the config; else the one made before; else a new one for the first manager. */
  async #managementRoom(world: WorldView, made: RoomId | undefined): Promise<RoomId> {
    const wanted = this.#options.config.managementRoom;
    const { config, transport, untilReachable, log } = this.#options;
    if (wanted === undefined) {
      if (world.settings.managementRoom) return world.settings.managementRoom;
      if (made !== undefined && world.rooms.get(made)?.ownMembership === "join") return made;
      const manager = config.initialManager!;
      const room = await makeManagementRoom(transport, { self: world.self, manager });
      log.info({ room, manager }, "management room made");
      return room;
    }
    const known = parseRoomId(wanted) ?? parseRoomId(this.#options.snapshot.kept(`alias ${wanted}`));
    if (known && world.rooms.get(known)?.ownMembership === "join") return newestOf(known, world);
    const room = await joinManagementRoom(transport, wanted, { self: world.self, untilReachable });
    if (parseRoomAlias(wanted)) this.#options.snapshot.keep(`alias ${wanted}`, room);
    return room;
  }

  #addressesIn(entries: readonly string[]): readonly Address[] {
    return entries.flatMap((entry) => {
      const address = parseAddress(entry);
      if (!address)
        this.problems.push(say`${code(entry)} in the config is neither a room id, an alias nor a link`);
      return address ?? [];
    });
  }

  /** Sends all changes as one batch, so that they are written and judged once. */
  #change(changes: readonly SettingChange[]): void {
    this.#options.receive(changes.map((change) => ({ kind: "settings-changed", change })));
  }
}

export function describeLost({ address, as, by, problem }: Lost): Say {
  const what = by === "config" ? say`` : say`The ${as} of an earlier bot `;
  const howLong = by === "config" ? "" : ", for two weeks";
  return say`${what}${code(address.id)} leads nowhere: ${quoted(problem, 200)}. I look again every few minutes${howLong}.`;
}

/** The room that has taken the place of the one that the config names, if we have followed an upgrade of it. */
function newestOf(named: RoomId, { settings, rooms }: WorldView): RoomId {
  const seen = new Set<RoomId>();
  for (let one: RoomId | undefined = named; one && !seen.has(one); one = provenSuccessor(one, { rooms })) {
    if (one === settings.managementRoom) return one;
    seen.add(one);
  }
  return named;
}
