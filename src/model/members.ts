/**
 * Who is a member of which room. Compact, so that a million memberships fit: a person is a small integer, a membership is
 * 28 bytes in typed arrays, in one linked list of its person and one of its room. Memberships of "leave" are not kept, nor
 * is a person without any: a raid of throw-away accounts leaves nothing behind.
 */
import { stampOf } from "../kit/hash.ts";
import { grown, NumberLists } from "../kit/number-lists.ts";
import { none } from "../kit/numbered-texts.ts";
import type { RoomId, ServerName, UserId } from "./ids.ts";
import type { Membership } from "./event.ts";
import { codes, names, type MemberRecord } from "./member-record.ts";
import { People } from "./people.ts";

/** Who is where, to read only. */
export type MembersView = Readonly<Omit<Members, "set" | "restore" | "setForList" | "forgetRoom">>;

/** A person with more memberships than this gets an index by room. */
const manyRooms = 64;

export class Members {
  readonly #people: People;
  readonly #rooms: RoomId[] = [];
  readonly #roomIndex = new Map<RoomId, number>();
  readonly #joined: number[] = [];
  /** First membership of each person; `#next` leads to the others. */
  #head = new Int32Array(1024).fill(none);
  #next = new Int32Array(1024);
  /** The memberships of each room, by room index. */
  readonly #ofRooms = new NumberLists<number>();
  #owner = new Int32Array(1024);
  /** Room and membership of each entry: room index * 8 + membership code. */
  #place = new Int32Array(1024);
  #stamp = new Int32Array(1024);
  #since = new Uint32Array(1024);
  /** For our own bans: 1 + room index of the list, or 1 for none. Sparse: few memberships are bans of ours. */
  readonly #ours = new Map<number, number>();
  #used = 0;
  #free = none;
  #memberships = 0;
  /** An index by room for people in very many rooms, as moderators and bots are. */
  readonly #ofBusy = new Map<number, Map<number, number>>();

  /** `seed`: a secret number, so that strangers cannot choose ids that collide. */
  constructor(seed: number) {
    this.#people = new People(seed);
  }

  /** People with any membership. */
  get size(): number {
    return this.#people.size;
  }

  /** The most people that there have been at a time: so many have memory. */
  get mostAtOnce(): number {
    return this.#people.mostAtOnce;
  }

  get memberships(): number {
    return this.#memberships;
  }

  has(user: UserId): boolean {
    return this.#people.numberOf(user) !== none;
  }

  users(): Iterable<UserId> {
    return this.#people.users();
  }

  /** Nobody may come or go during the iteration. */
  usersOfServer(server: ServerName): Iterable<UserId> {
    return this.#people.usersOfServer(server);
  }

  countOfServer(server: ServerName): number {
    return this.#people.countOfServer(server);
  }

  /** Known ids that equal `lower` when put in lower case, those without capitals left out. */
  variantsOf(lower: string): readonly UserId[] {
    return this.#people.variantsOf(lower);
  }

  /** Servers with anybody known on them. */
  servers(): Iterable<ServerName> {
    return this.#people.servers();
  }

  joinedCount(room: RoomId): number {
    const index = this.#roomIndex.get(room);
    return index === undefined ? 0 : (this.#joined[index] ?? 0);
  }

  get(room: RoomId, user: UserId): MemberRecord | undefined {
    const entry = this.#find(room, user);
    return entry === none ? undefined : this.#record(entry);
  }

  membershipOf(room: RoomId, user: UserId): Membership {
    const entry = this.#find(room, user);
    return entry === none ? "leave" : this.#membershipAt(entry);
  }

  /** The rooms in which the person has one of the memberships. */
  roomsOf(user: UserId, where: readonly Membership[]): readonly RoomId[] {
    const found: RoomId[] = [];
    const id = this.#people.numberOf(user);
    for (let entry = id === none ? none : this.#head[id]!; entry !== none; entry = this.#next[entry]!) {
      if (where.includes(this.#membershipAt(entry))) found.push(this.#rooms[this.#place[entry]! >> 3]!);
    }
    return found;
  }

  /** Whether any ban of ours is on the person. True of nearly nobody, so it is asked before anything that costs more. */
  hasBanOfOurs(user: UserId): boolean {
    const id = this.#ours.size === 0 ? none : this.#people.numberOf(user);
    if (id === none) return false;
    let entry = this.#head[id]!;
    while (entry !== none && !this.#ours.has(entry)) entry = this.#next[entry]!;
    return entry !== none;
  }

  /** The people of one room. Its members must not change during the iteration. */
  *membersOf(room: RoomId, where: readonly Membership[]): Iterable<UserId> {
    const index = this.#roomIndex.get(room);
    if (index === undefined) return;
    for (let entry = this.#ofRooms.first(index); entry !== none; entry = this.#ofRooms.next(entry)) {
      if (where.includes(this.#membershipAt(entry))) yield this.#people.userOf(this.#owner[entry]!);
    }
  }

  set(
    room: RoomId,
    user: UserId,
    {
      membership,
      eventId,
      isOurs,
      since = 0,
    }: { membership: Membership; eventId: string; isOurs: boolean; since?: number | undefined },
  ): void {
    if (membership === "leave") return this.#remove(room, user);
    const entry = this.#find(room, user);
    // A new display name comes as another join; the person has been in the room all along.
    const isSame = entry !== none && this.#membershipAt(entry) === membership;
    this.restore(room, user, {
      membership,
      stamp: stampOf(eventId),
      isOurs,
      forList: undefined,
      since: isSame ? this.#since[entry]! : since,
    });
  }

  /** Sets a record as it was stored. A ban of the same event as before keeps the list that it was made for. */
  restore(room: RoomId, user: UserId, record: MemberRecord): void {
    const roomId = this.#internRoom(room);
    let entry = this.#find(room, user);
    const wasSame = entry !== none && this.#stamp[entry] === record.stamp;
    if (entry === none) entry = this.#insert(this.#internUser(user), roomId);
    this.#countJoined(roomId, this.#place[entry]! & 7, codes[record.membership]);
    this.#place[entry] = roomId * 8 + codes[record.membership];
    this.#stamp[entry] = record.stamp;
    this.#since[entry] = record.since;
    if (!record.isOurs) this.#ours.delete(entry);
    else if (record.forList) this.#ours.set(entry, 1 + 1 + this.#internRoom(record.forList));
    else if (!wasSame || !this.#ours.has(entry)) this.#ours.set(entry, 1);
  }

  /** Notes for which list our ban was made, once the act behind it is known. */
  setForList(room: RoomId, user: UserId, list: RoomId): void {
    const entry = this.#find(room, user);
    if (entry !== none && this.#ours.has(entry)) this.#ours.set(entry, 1 + 1 + this.#internRoom(list));
  }

  /** Forgets all members of a room. */
  forgetRoom(room: RoomId): void {
    for (const user of [...this.membersOf(room, names)]) this.#remove(room, user);
  }

  #record(entry: number): MemberRecord {
    const ours = this.#ours.get(entry);
    return {
      membership: this.#membershipAt(entry) as MemberRecord["membership"],
      stamp: this.#stamp[entry]!,
      isOurs: ours !== undefined,
      forList: ours === undefined || ours === 1 ? undefined : this.#rooms[ours - 2],
      since: this.#since[entry]!,
    };
  }

  #membershipAt(entry: number): Membership {
    return names[this.#place[entry]! & 7]!;
  }

  #find(room: RoomId, user: UserId): number {
    const id = this.#people.numberOf(user);
    const roomId = this.#roomIndex.get(room);
    if (id === none || roomId === undefined) return none;
    const busy = this.#ofBusy.get(id);
    if (busy) return busy.get(roomId) ?? none;
    let entry = this.#head[id]!;
    let steps = 0;
    for (; entry !== none && this.#place[entry]! >> 3 !== roomId; steps++) entry = this.#next[entry]!;
    if (steps > manyRooms) this.#noteBusy(id);
    return entry;
  }

  #noteBusy(id: number): void {
    const byRoom = new Map<number, number>();
    for (let entry = this.#head[id]!; entry !== none; entry = this.#next[entry]!)
      byRoom.set(this.#place[entry]! >> 3, entry);
    this.#ofBusy.set(id, byRoom);
  }

  #insert(id: number, roomId: number): number {
    let entry = this.#free;
    if (entry !== none) this.#free = this.#next[entry]!;
    else {
      entry = this.#used++;
      if (entry >= this.#next.length) this.#grow();
    }
    this.#place[entry] = roomId * 8;
    this.#stamp[entry] = 0;
    this.#owner[entry] = id;
    this.#next[entry] = this.#head[id]!;
    this.#head[id] = entry;
    this.#ofRooms.add(roomId, entry);
    this.#memberships++;
    this.#ofBusy.get(id)?.set(roomId, entry);
    return entry;
  }

  #remove(room: RoomId, user: UserId): void {
    const entry = this.#find(room, user);
    if (entry === none) return;
    const id = this.#people.numberOf(user);
    if (this.#head[id] === entry) this.#head[id] = this.#next[entry]!;
    else {
      let previous = this.#head[id]!;
      while (this.#next[previous] !== entry) previous = this.#next[previous]!;
      this.#next[previous] = this.#next[entry]!;
    }
    const roomId = this.#place[entry]! >> 3;
    this.#ofRooms.remove(roomId, entry);
    this.#countJoined(roomId, this.#place[entry]! & 7, 0);
    this.#ofBusy.get(id)?.delete(roomId);
    this.#ours.delete(entry);
    this.#next[entry] = this.#free;
    this.#free = entry;
    this.#memberships--;
    if (this.#head[id] !== none) return;
    this.#people.remove(id);
    this.#ofBusy.delete(id);
  }

  #countJoined(roomId: number, before: number, after: number): void {
    const change = Number(after === codes.join) - Number(before === codes.join);
    if (change !== 0) this.#joined[roomId] = (this.#joined[roomId] ?? 0) + change;
  }

  #internRoom(room: RoomId): number {
    let index = this.#roomIndex.get(room);
    if (index === undefined) {
      index = this.#rooms.push(room) - 1;
      this.#roomIndex.set(room, index);
    }
    return index;
  }

  #internUser(user: UserId): number {
    const known = this.#people.numberOf(user);
    if (known !== none) return known;
    const id = this.#people.add(user);
    if (id >= this.#head.length) this.#head = grown(this.#head, none);
    return id;
  }

  #grow(): void {
    this.#next = grown(this.#next);
    this.#owner = grown(this.#owner);
    this.#place = grown(this.#place);
    this.#stamp = grown(this.#stamp);
    this.#since = new Uint32Array(grown(new Int32Array(this.#since.buffer)).buffer);
  }
}
