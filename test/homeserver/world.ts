/** Everything that exists on the server: users, rooms, aliases, and the stream they share. */
import { Changes } from "./changes.ts";
import type { HomeserverClock } from "./clock.ts";
import type { Identity } from "./cross-signing.ts";
import type { DeviceChange } from "./device-lists.ts";
import type { Device } from "./device.ts";
import type { Content, EventDraft, StoredEvent } from "./event.ts";
import { domainOf, Ids } from "./ids.ts";
import { forbidden, notFound } from "./matrix-error.ts";
import { type Receipt, Room } from "./room.ts";

export interface User {
  readonly id: string;
  readonly localpart: string;
  isAdmin: boolean;
  /** What administrators of the server have done to the account. */
  standing: "good" | "locked" | "suspended";
  isDeactivated: boolean;
  isErased: boolean;
  password: string;
  displayName: string;
  avatarUrl: string | undefined;
  readonly filters: unknown[];
  readonly accountData: Map<string, AccountData>;
  readonly forgotten: Set<string>;
  /** By id, in order of their making. */
  readonly devices: Map<string, Device>;
  /** How many devices the server has named. */
  logins: number;
  /** Of cross-signing. */
  readonly identity: Identity;
}

/** What an access token stands for. */
export interface Login {
  readonly userId: string;
  /** Undefined where an administrator made the token. */
  readonly deviceId: string | undefined;
  /** The device may log in again and goes on with its keys. */
  isExpired: boolean;
}

export interface AccountData {
  readonly type: string;
  readonly roomId: string | undefined;
  readonly content: Content;
  readonly position: number;
}

/** A file of the media repository; `user` is unknown for files of other servers. */
export interface Media {
  /** What was uploaded. */
  readonly bytes?: Uint8Array;
  readonly user: string | undefined;
  /** Administrators keep it from being quarantined. */
  readonly isSafe: boolean;
  quarantinedBy: string | undefined;
}

export interface EventReport {
  readonly id: number;
  readonly received_ts: number;
  readonly room_id: string;
  readonly event_id: string;
  readonly user_id: string;
  readonly reason: string | null;
  readonly sender: string | null;
}

export interface WorldOptions {
  readonly clock: HomeserverClock;
  readonly serverName: string;
  readonly defaultRoomVersion: string;
  readonly seed: number;
}

export class World {
  readonly clock: HomeserverClock;
  readonly serverName: string;
  readonly defaultRoomVersion: string;
  readonly ids: Ids;
  readonly changes: Changes;
  readonly users = new Map<string, User>();
  readonly tokens = new Map<string, Login>();
  /** Of user-interactive authentication. */
  readonly authSessions = new Set<string>();
  readonly deviceChanges: DeviceChange[] = [];
  readonly rooms = new Map<string, Room>();
  readonly aliases = new Map<string, string>();
  /** By `mxc://server/id`. */
  readonly media = new Map<string, Media>();
  /** What users reported of events, oldest first. */
  readonly eventReports: EventReport[] = [];
  /** By room who blocked it. */
  readonly blockedRooms = new Map<string, string>();
  readonly #roomsOfUser = new Map<string, Set<Room>>();
  #position = 0;
  #batches = 0;

  constructor(options: WorldOptions) {
    this.clock = options.clock;
    this.serverName = options.serverName;
    this.defaultRoomVersion = options.defaultRoomVersion;
    this.ids = new Ids(options.seed);
    this.changes = new Changes(options.clock);
  }

  get position(): number {
    return this.#position;
  }

  nextPosition(): number {
    this.#position += 1;
    return this.#position;
  }

  isLocal(userId: string): boolean {
    return domainOf(userId) === this.serverName;
  }

  room(roomId: string): Room {
    const room = this.rooms.get(roomId);
    if (room === undefined) throw forbidden(`Unknown room ${roomId}`);
    return room;
  }

  /** A room by id or alias. */
  resolve(idOrAlias: string): Room {
    if (!idOrAlias.startsWith("#")) {
      const room = this.rooms.get(idOrAlias);
      if (room === undefined)
        throw notFound("Can't join remote room because no servers that are in the room have been provided.");
      return room;
    }
    const roomId = this.aliases.get(idOrAlias);
    if (roomId === undefined) throw notFound(`Room alias ${idOrAlias} not found`);
    return this.room(roomId);
  }

  addRoom(versionName: string, creator: string): Room {
    const room = new Room(this.ids.roomId(Number(versionName), domainOf(creator)), versionName);
    this.rooms.set(room.id, room);
    return room;
  }

  removeRoom(room: Room): void {
    this.rooms.delete(room.id);
    for (const rooms of this.#roomsOfUser.values()) rooms.delete(room);
    for (const [alias, roomId] of this.aliases) if (roomId === room.id) this.aliases.delete(alias);
  }

  /** Rooms the user has a stored membership in, of any kind. */
  roomsOf(userId: string): ReadonlySet<Room> {
    return this.#roomsOfUser.get(userId) ?? new Set();
  }

  joinedRoomsOf(userId: string): readonly Room[] {
    // Generated members are in no index; only local users ask about themselves.
    const candidates = this.users.has(userId) ? this.roomsOf(userId) : this.rooms.values();
    return [...candidates].filter((room) => room.membership(userId) === "join");
  }

  /** Also with oneself. */
  shareRoom(one: string, other: string): boolean {
    if (one === other) return true;
    return [...this.roomsOf(one)].some(
      (room) => room.membership(one) === "join" && room.membership(other) === "join",
    );
  }

  /** Writes the event down and tells everybody concerned. Checks nothing. */
  append(room: Room, draft: EventDraft, apply?: (event: StoredEvent) => void): StoredEvent {
    const event = this.#build(room, draft);
    room.append(event);
    apply?.(event);
    this.#indexMember(room, event.type, event.stateKey);
    this.changes.announceEvent(event);
    this.announceRoom(room, event.stateKey);
    return event;
  }

  /** A redaction of an unknown event is accepted and shown to nobody. */
  withhold(room: Room, draft: EventDraft): StoredEvent {
    return this.#build(room, draft);
  }

  reset(room: Room, draft: EventDraft & { readonly stateKey: string }): StoredEvent {
    const event = this.#build(room, draft);
    this.resetTo(room, draft.type, draft.stateKey, event);
    return event;
  }

  resetTo(room: Room, type: string, stateKey: string, event: StoredEvent | undefined): void {
    room.resetState({ type, stateKey }, event, this.nextPosition());
    this.#indexMember(room, type, stateKey);
    this.announceRoom(room, stateKey);
  }

  /** Many changes as one: long polls and watches look only at the end. */
  inOneGo<T>(work: () => T): T {
    this.#batches += 1;
    try {
      return work();
    } finally {
      this.#batches -= 1;
      if (this.#batches === 0) this.changes.announce(() => true);
    }
  }

  putReceipt({ room: id, ...receipt }: Omit<Receipt, "position"> & { room: string }): void {
    const room = this.room(id);
    room.receipts.push({ ...receipt, position: this.nextPosition() });
    this.announceRoom(room, undefined);
  }

  announceRoom(room: Room, target: string | undefined): void {
    if (this.#batches > 0) return;
    this.changes.announce((userId) => userId === target || room.membership(userId) === "join");
  }

  #build(room: Room, draft: EventDraft): StoredEvent {
    const { stateKey } = draft;
    return {
      eventId: this.ids.eventId(room.version, domainOf(draft.sender)),
      roomId: room.id,
      type: draft.type,
      sender: draft.sender,
      stateKey,
      originServerTs: this.clock.now() - (draft.agoMs ?? 0),
      position: this.nextPosition(),
      redacts: draft.redacts,
      transaction: draft.transaction,
      replaces: stateKey === undefined ? undefined : room.state(draft.type, stateKey),
      content: draft.content,
      redactedBecause: undefined,
    };
  }

  #indexMember(room: Room, type: string, stateKey: string | undefined): void {
    if (type !== "m.room.member" || stateKey === undefined) return;
    let rooms = this.#roomsOfUser.get(stateKey);
    if (rooms === undefined) this.#roomsOfUser.set(stateKey, (rooms = new Set()));
    rooms.add(room);
  }
}
