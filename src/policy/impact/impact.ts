/** Whom a change would hit, and whether that is too much to be done without a moderator's yes. Pure counting. */
import { hourMs, minuteMs } from "../../kit/duration.ts";
import { code, count, joined, lines, say, someOf, type Say } from "../../kit/say.ts";
import { serverOf, type RoomId, type ServerName, type UserId } from "../../model/ids.ts";
import { roomNamed } from "../../model/named.ts";
import type { WorldView } from "../../model/world/view.ts";

/** The limits of the config's section `guard`. */
export interface ImpactLimits {
  readonly maxPeople: number;
  /** Percent. */
  readonly maxRoomShare: number;
  readonly roomShareFrom: number;
  readonly maxRegulars: number;
  readonly maxStaff: number;
  /** Percent. */
  readonly maxServerShare: number;
  readonly serverShareFrom: number;
  readonly newcomerHours: number;
}

/** So many rooms and people are named in a question; the others are only counted. */
const named = 5;

interface RoomImpact {
  readonly people: Set<UserId>;
  readonly newcomers: Set<UserId>;
  readonly servers: Set<ServerName>;
}

/** People who must not be removed without a yes, wherever they are: regulars, and staff of rooms. */
interface AccountStatus {
  readonly isRegular: boolean;
  readonly isStaff: boolean;
}

export class Impact {
  /** Newcomers left out. */
  readonly people = new Set<UserId>();
  readonly regulars = new Set<UserId>();
  readonly staff = new Set<UserId>();
  readonly #rooms = new Map<RoomId, RoomImpact>();
  /** What was found about each person, who is looked at once, however many rooms they would be removed from. */
  readonly #known = new Map<UserId, AccountStatus>();
  readonly #world: WorldView;
  readonly #limits: ImpactLimits;
  readonly #at: number;

  constructor({ world, limits, at }: { world: WorldView; limits: ImpactLimits; at: number }) {
    this.#world = world;
    this.#limits = limits;
    this.#at = at;
  }

  /** The person would be removed from the room or cut off from it. Tells whether that counts. */
  add(room: RoomId, user: UserId): boolean {
    const world = this.#world;
    const record = world.members.get(room, user);
    if (record?.membership !== "join" || !world.isProtected(room)) return false;
    const there = this.#room(room);
    const { isRegular, isStaff } = this.#standingOf(user);
    if (!isRegular && !isStaff && this.#isSince(record.since)) {
      there.newcomers.add(user);
      return false;
    }
    this.people.add(user);
    there.people.add(user);
    return true;
  }

  /** The person would lose what can be given back whole: regulars and staff count like anybody. */
  addForNow(room: RoomId, user: UserId): void {
    const record = this.#world.members.get(room, user);
    if (record?.membership !== "join" || !this.#world.isProtected(room)) return;
    const there = this.#room(room);
    if (this.#isSince(record.since)) {
      there.newcomers.add(user);
      return;
    }
    this.people.add(user);
    there.people.add(user);
  }

  /** The person's messages would be redacted, which nobody can undo. */
  addWords(user: UserId): void {
    const world = this.#world;
    this.#standingOf(user);
    const rooms = world.members.roomsOf(user, ["join"]).filter((room) => world.isProtected(room));
    if (rooms.some((room) => !this.#isNew(room, user))) this.people.add(user);
  }

  addServer(room: RoomId, server: ServerName): void {
    this.#room(room).servers.add(server);
  }

  /** The reasons why this needs a yes; none where it does not. `before`: people hit by earlier parts of the same change. */
  tooMuch(before: ReadonlySet<UserId> = new Set()): readonly Say[] {
    const { maxPeople, maxRegulars, maxStaff } = this.#limits;
    const reasons: Say[] = [];
    const all = new Set([...before, ...this.people]).size;
    const more = all - this.people.size;
    if (this.people.size > 0 && all > maxPeople) {
      const since = more > 0 ? say` (with ${more} before them)` : "";
      reasons.push(
        say`it would hit ${count(this.people.size, "person", "people")}${since}, and the limit is ${maxPeople}`,
      );
    }
    if (this.regulars.size > maxRegulars)
      reasons.push(say`it would hit ${count(this.regulars.size, "regular")}: ${namesOf(this.regulars)}`);
    if (this.staff.size > maxStaff)
      reasons.push(
        say`it would hit ${count(this.staff.size, "person", "people")} with a power level above the usual: ${namesOf(this.staff)}`,
      );
    reasons.push(...this.#tooMuchInRooms());
    return reasons.length <= named + 1
      ? reasons
      : [...reasons.slice(0, named), say`and ${count(reasons.length - named, "more reason")}`];
  }

  /** Of the rooms that are no handful of people: how many percent of one are hit at most, newcomers included. */
  largestShare(): number {
    const shares = [...this.#rooms].map(([id, { people, newcomers }]) =>
      this.#joined(id) < this.#limits.roomShareFrom
        ? 0
        : ((people.size + newcomers.size) * 100) / this.#joined(id),
    );
    return Math.max(0, ...shares);
  }

  /** Who is hit and where, in a line or two; empty where nobody is. */
  describe(): Say | undefined {
    const newcomers = new Set([...this.#rooms.values()].flatMap((room) => [...room.newcomers]));
    if (this.people.size + newcomers.size === 0) return undefined;
    const sizeOf = ({ people, newcomers }: RoomImpact) => people.size + newcomers.size;
    const rooms = [...this.#rooms].filter(([, room]) => sizeOf(room) > 0);
    rooms.sort(([, a], [, b]) => sizeOf(b) - sizeOf(a));
    const where = rooms.map(([id, room]) => say`${this.#label(id)} (${sizeOf(room)} of ${this.#joined(id)})`);
    const special = [
      ...(this.regulars.size > 0 ? [count(this.regulars.size, "regular")] : []),
      ...(this.staff.size > 0 ? [say`${this.staff.size} with a power level above the usual`] : []),
    ];
    const among = special.length > 0 ? say`, ${joined(special)} among them` : "";
    const hit = joined(
      [
        ...(this.people.size > 0 ? [count(this.people.size, "person", "people")] : []),
        ...(newcomers.size > 0 ? [count(newcomers.size, "newcomer")] : []),
      ],
      " and ",
    );
    const all = new Set([...this.people, ...newcomers]);
    const who = all.size <= named ? say`: ${namesOf(all)}` : "";
    return lines(
      say`It would hit ${hit}${among}${who}.`,
      where.length > 0 ? say`In ${someOf(where, named)}.` : undefined,
    );
  }

  /** A single room is described with its numbers; several are only counted. */
  #tooMuchInRooms(): readonly Say[] {
    const { maxRoomShare, roomShareFrom, maxServerShare, serverShareFrom } = this.#limits;
    const ofPeople: Say[] = [];
    const ofServers: Say[] = [];
    for (const [id, { people, newcomers, servers }] of this.#rooms) {
      // Newcomers who would be removed do not count as people of the room.
      const residents = Math.max(people.size, this.#joined(id) - newcomers.size);
      if (people.size >= roomShareFrom && people.size * 100 > residents * maxRoomShare)
        ofPeople.push(say`it would hit ${people.size} of the ${residents} people in ${this.#label(id)}`);
      if (servers.size < serverShareFrom) continue;
      const all = serversIn(id, this.#world);
      if (servers.size * 100 > all * maxServerShare)
        ofServers.push(say`it would cut off ${servers.size} of the ${all} servers in ${this.#label(id)}`);
    }
    return [
      ...inOneOrMany(
        ofPeople,
        say`it would hit more than ${maxRoomShare} percent of the people`,
        maxRoomShare,
      ),
      ...inOneOrMany(
        ofServers,
        say`it would cut off more than ${maxServerShare} percent of the servers`,
        maxServerShare,
      ),
    ];
  }

  #standingOf(user: UserId): AccountStatus {
    const known = this.#known.get(user);
    if (known) return known;
    const isRegular = this.#world.regulars.isRegular(user, this.#at);
    const isStaff = isStaffOf(user, this.#world);
    if (isRegular) this.regulars.add(user);
    if (isStaff) this.staff.add(user);
    const standing = { isRegular, isStaff };
    this.#known.set(user, standing);
    return standing;
  }

  #isNew(room: RoomId, user: UserId): boolean {
    return this.#isSince(this.#world.members.get(room, user)?.since ?? 0);
  }

  #isSince(since: number): boolean {
    return since > 0 && this.#at - since * minuteMs < this.#limits.newcomerHours * hourMs;
  }

  #joined(id: RoomId): number {
    return this.#world.members.joinedCount(id);
  }

  #label(id: RoomId): Say {
    const label = this.#world.rooms.get(id)?.label ?? id;
    return roomNamed({ id, label }, { self: this.#world.self, maxLength: 60 });
  }

  #room(id: RoomId): RoomImpact {
    let room = this.#rooms.get(id);
    if (!room) this.#rooms.set(id, (room = { people: new Set(), newcomers: new Set(), servers: new Set() }));
    return room;
  }
}

/** Staff: somebody who was given a power level in a protected room is known to those who run it. */
function isStaffOf(user: UserId, world: WorldView): boolean {
  return world
    .protectedRoomsOf(user, ["join"])
    .some((room) => world.rooms.get(room)?.power.isAboveUsual(user) === true);
}

function inOneOrMany(rooms: readonly Say[], inMany: Say, percent: number): readonly Say[] {
  if (rooms.length === 0) return [];
  if (rooms.length > 1) return [say`${inMany} in ${count(rooms.length, "room")}`];
  return [say`${rooms[0]!}, and the limit is ${percent} percent`];
}

function serversIn(room: RoomId, { members }: WorldView): number {
  const servers = new Set<ServerName>();
  for (const user of members.membersOf(room, ["join"])) servers.add(serverOf(user));
  return servers.size;
}

function namesOf(people: ReadonlySet<UserId>): Say {
  const shown = [...people].slice(0, named).map((user) => code(user, 80));
  return someOf(shown, named, people.size);
}
