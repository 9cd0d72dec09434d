/**
 * Everything that we believe, in fields that can be written. Only this folder imports it: the appliers write here,
 * everybody else reads through `WorldView`.
 */
import type { JsonObject } from "../../kit/json.ts";
import type { LevelChange } from "../actions/action.ts";
import type { RoomId, UserId } from "../ids.ts";
import type { Limits } from "../limits.ts";
import { Members } from "../members.ts";
import { withLevel } from "../power-levels.ts";
import { Pace } from "../pace.ts";
import { PolicyList, RuleBudget } from "../policy-list.ts";
import { RecentEvents } from "../recent-events.ts";
import { RecentSpeech } from "../recent-speech.ts";
import { Room } from "../room.ts";
import { RulesRoom } from "../rules-room.ts";
import { noServerPowers, type ServerPowers } from "../server-powers.ts";
import { noSettings, type Settings } from "../settings/settings.ts";
import { noItems, type Collections } from "./collections.ts";
import { ChangeLog } from "./changes.ts";
import type { WorldLimits } from "./limits.ts";
import { OwnEchoes } from "./own-echoes.ts";
import { RoomReads } from "./room-reads.ts";
import { SeenTime } from "./time.ts";

/** Something that was not what the specification says, as one server sent it. */
export interface Oddity {
  readonly room: RoomId | undefined;
  readonly what: string;
  readonly at: number;
}

export class Beliefs {
  readonly self: UserId;
  readonly limits: Limits;
  readonly rooms = new Map<RoomId, Room>();
  readonly lists = new Map<RoomId, PolicyList>();
  /** The followed ones. */
  readonly rulesRooms = new Map<RoomId, RulesRoom>();
  readonly members: Members;
  /** Rooms whose members were read once and have been followed since. */
  readonly membersKnown = new Set<RoomId>();
  readonly recentEvents: RecentEvents;
  readonly recentSpeech: RecentSpeech;
  readonly pace = new Pace();
  readonly stored: Collections;
  /** All are counted; the newest few are kept as examples. */
  readonly malformed: { count: number; readonly examples: Oddity[] } = { count: 0, examples: [] };
  settings: Settings = noSettings;
  /** What the homeserver lets our account do outside of the rooms. */
  serverPowers: ServerPowers = noServerPowers;
  readonly time = new SeenTime();
  readonly changes = new ChangeLog();
  readonly reads = new RoomReads();
  readonly ownEchoes: OwnEchoes;
  readonly #ruleBudget: RuleBudget;

  /** `seed`: a secret number for the hash tables, so that strangers cannot choose ids that collide. */
  constructor(self: UserId, limits: WorldLimits, seed: number) {
    this.self = self;
    this.limits = limits.limits;
    this.members = new Members(seed);
    this.recentEvents = new RecentEvents(limits);
    this.recentSpeech = new RecentSpeech(limits);
    this.stored = noItems(limits);
    this.ownEchoes = new OwnEchoes(self, this.limits);
    this.#ruleBudget = new RuleBudget(this.limits.rules);
  }

  /** The room as we believe it to be; made where there is none yet. */
  room(id: RoomId): Room {
    let room = this.rooms.get(id);
    if (!room) this.rooms.set(id, (room = new Room(id, this.limits.statePerRoom)));
    return room;
  }

  /** The rules of the room; made where there are none yet. */
  list(id: RoomId): PolicyList {
    let list = this.lists.get(id);
    if (!list) this.lists.set(id, (list = new PolicyList(id, this.limits, this.#ruleBudget)));
    return list;
  }

  /** What the followed room holds; made where it is not known yet. Of other rooms nothing is kept. */
  rulesRoom(id: RoomId): RulesRoom | undefined {
    if (!this.settings.rulesRooms.has(id)) return undefined;
    let room = this.rulesRooms.get(id);
    if (!room) this.rulesRooms.set(id, (room = new RulesRoom()));
    return room;
  }

  /** A followed space is protected as the rooms in it are: people sit in it, too. */
  isProtected(room: RoomId): boolean {
    return this.settings.rooms.has(room) || this.settings.spaces.has(room);
  }

  /** Some protection may look: one was set or written. */
  get hasProtections(): boolean {
    const { protections, rules } = this.settings;
    return protections.size > 0 || rules.size > 0;
  }

  isWatched(room: RoomId): boolean {
    return this.settings.lists.some((list) => list.room === room);
  }

  /** Whether we keep account of who is in the room. */
  followsMembers(room: RoomId): boolean {
    const isAppeal = this.stored.cases.appealIn(room) !== undefined;
    return this.isProtected(room) || room === this.settings.managementRoom || isAppeal;
  }

  /** Whether the settings, or somebody who appeals, ask us to be in the room. */
  isWanted(room: RoomId): boolean {
    return this.followsMembers(room) || this.isWatched(room) || this.settings.rulesRooms.has(room);
  }

  /** The content of the room's power levels as the act leaves them. */
  levelsAfter({ room, user, level }: LevelChange): JsonObject {
    return withLevel(this.rooms.get(room)?.event("m.room.power_levels")?.content ?? {}, user, level);
  }
}
