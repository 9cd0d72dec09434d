/** What everybody may ask of the world. Nothing in it can be written: the one writer is `World`. */
import type { JsonObject } from "../../kit/json.ts";
import type { ActionOf, LevelChange } from "../actions/action.ts";
import type { Membership } from "../event.ts";
import type { RoomId, UserId } from "../ids.ts";
import type { Limits } from "../limits.ts";
import { present } from "../member-record.ts";
import type { MembersView } from "../members.ts";
import type { PaceView } from "../pace.ts";
import type { PolicyListView } from "../policy-list.ts";
import type { RecentEventsView } from "../recent-events.ts";
import type { RecentSpeechView } from "../recent-speech.ts";
import type { RoomView } from "../room.ts";
import type { RulesRoomView } from "../rules-room.ts";
import type { ServerPowers } from "../server-powers.ts";
import type { Settings } from "../settings/settings.ts";
import { isAtLeast, roleOf, type Role } from "../roles.ts";
import { isPaused } from "../staff/standing.ts";
import type { Beliefs, Oddity } from "./beliefs.ts";
import type { CollectionViews } from "./collections.ts";
import { contentAfter } from "./content-after.ts";

export class WorldView {
  readonly self: UserId;
  readonly limits: Limits;
  readonly rooms: ReadonlyMap<RoomId, RoomView>;
  /** Policy lists by their room, watched or not. */
  readonly lists: ReadonlyMap<RoomId, PolicyListView>;
  /** The followed ones, as soon as anything is known of them. */
  readonly rulesRooms: ReadonlyMap<RoomId, RulesRoomView>;
  readonly members: MembersView;
  /** Rooms whose members were read once and have been followed since. */
  readonly membersKnown: ReadonlySet<RoomId>;
  /** Everything that outlives a restart item by item. What is asked for most has a field of its own below. */
  readonly stored: CollectionViews;
  readonly questions: CollectionViews["questions"];
  readonly mutes: CollectionViews["mutes"];
  readonly offences: CollectionViews["offences"];
  readonly regulars: CollectionViews["regulars"];
  readonly lastSpoke: CollectionViews["lastSpoke"];
  readonly recentEvents: RecentEventsView;
  readonly recentSpeech: RecentSpeechView;
  /** How busy rooms are at present. */
  readonly pace: PaceView;
  /** What servers sent that is not what the specification says: how many, and the newest examples. */
  readonly malformed: { readonly count: number; readonly examples: readonly Oddity[] };
  readonly #beliefs: Beliefs;

  constructor(beliefs: Beliefs) {
    this.#beliefs = beliefs;
    this.self = beliefs.self;
    this.limits = beliefs.limits;
    this.rooms = beliefs.rooms;
    this.lists = beliefs.lists;
    this.rulesRooms = beliefs.rulesRooms;
    this.members = beliefs.members;
    this.membersKnown = beliefs.membersKnown;
    this.recentEvents = beliefs.recentEvents;
    this.recentSpeech = beliefs.recentSpeech;
    this.pace = beliefs.pace;
    this.stored = beliefs.stored;
    this.questions = beliefs.stored.questions;
    this.mutes = beliefs.stored.mutes;
    this.offences = beliefs.stored.offences;
    this.regulars = beliefs.stored.regulars;
    this.lastSpoke = beliefs.stored.lastSpoke;
    this.malformed = beliefs.malformed;
  }

  get settings(): Settings {
    return this.#beliefs.settings;
  }

  /** What the homeserver lets our account do outside of the rooms. */
  get serverPowers(): ServerPowers {
    return this.#beliefs.serverPowers;
  }

  /** The server lets us use its admin API. */
  get isServerAdmin(): boolean {
    return this.#beliefs.serverPowers.admin;
  }

  /** Our clock at the newest observation, in ms since the epoch. It may go back. */
  get now(): number {
    return this.#beliefs.time.now;
  }

  /** What ends by itself has ended if its end is at or before this; 0 until it is known. */
  get dueBy(): number {
    return this.#beliefs.time.dueBy;
  }

  /** Over how long a time, in ms, the messages that reach us at `at` may have been sent: `SeenTime` has the details. */
  heldUpMs(room: RoomId, seen: { readonly at: number; readonly late: boolean }): number {
    return this.#beliefs.time.heldUpMs(room, seen);
  }

  /** Protected by itself, through a space, or as a followed space. */
  isProtected(room: RoomId): boolean {
    return this.#beliefs.isProtected(room);
  }

  isWatched(room: RoomId): boolean {
    return this.#beliefs.isWatched(room);
  }

  /** Whether we keep account of who is in the room. */
  followsMembers(room: RoomId): boolean {
    return this.#beliefs.followsMembers(room);
  }

  /** Whether the settings ask us to be in the room. */
  isWanted(room: RoomId): boolean {
    return this.#beliefs.isWanted(room);
  }

  /** All protected rooms, followed spaces last. */
  *protectedIds(): Iterable<RoomId> {
    yield* this.settings.rooms.keys();
    yield* this.settings.spaces.keys();
  }

  /** Protected rooms that we are in and have read: those in which we can act. */
  *protectedRooms(): Iterable<RoomView> {
    for (const id of this.protectedIds()) {
      const room = this.rooms.get(id);
      if (room?.isKnown) yield room;
    }
  }

  /** The protected rooms in which the person has one of the memberships. */
  protectedRoomsOf(user: UserId, where: readonly Membership[] = present): readonly RoomId[] {
    return this.members.roomsOf(user, where).filter((room) => this.isProtected(room));
  }

  /** Moderators are the people in the management room: their commands are carried out. */
  isModerator(user: UserId): boolean {
    const { managementRoom } = this.settings;
    return managementRoom !== undefined && this.members.membershipOf(managementRoom, user) === "join";
  }

  /** Whether what they say is carried out: not while their account is accused, or was stopped. */
  mayCommand(user: UserId): boolean {
    return this.mayDo(user, "viewer");
  }

  /** Whether what they say is carried out where it takes the role: asked on every road from a word to an act. */
  mayDo(user: UserId, role: Role): boolean {
    return this.hasRole(user, role) && !isPaused(user, this, this.dueBy);
  }

  /** Whether they have the role, or more, whatever may keep them from using it. */
  hasRole(user: UserId, role: Role): boolean {
    return isAtLeast(roleOf(user, this), role);
  }

  /** Until the members of the management room are known, we do not know whom to spare, so nobody is touched. */
  get knowsModerators(): boolean {
    const { managementRoom } = this.settings;
    return managementRoom !== undefined && this.membersKnown.has(managementRoom);
  }

  /** We never act against the people in the management room, nor against those invited to it. */
  isSpared(user: UserId): boolean {
    const { managementRoom } = this.settings;
    if (managementRoom === undefined) return false;
    const membership = this.members.membershipOf(managementRoom, user);
    return membership === "join" || membership === "invite";
  }

  spared(): Iterable<UserId> {
    const { managementRoom } = this.settings;
    return managementRoom === undefined ? [] : this.members.membersOf(managementRoom, ["join", "invite"]);
  }

  /** Watched lists in order of precedence, those left out whose rules were never read. */
  watchedLists(): readonly PolicyListView[] {
    return this.settings.lists.flatMap((list) => this.lists.get(list.room) ?? []);
  }

  /** When the next rule, exemption, exception or mute may end, in ms since the epoch; undefined where none ends by itself. */
  nextEnd(): number | undefined {
    const { stop } = this.settings.stopping;
    let next = Math.min(this.mutes.nextEnd, this.stored.timedActs.nextEnd, stop?.until ?? Infinity);
    for (const { room } of this.settings.lists) next = Math.min(next, this.lists.get(room)?.nextEnd ?? next);
    for (const spared of [this.settings.exemptions, this.settings.exceptions])
      for (const { expiresAt = next } of spared.values()) next = Math.min(next, expiresAt);
    return next === Infinity ? undefined : next;
  }

  /** The content of the event that the act writes, as the room is now; undefined where the room has none to change. */
  contentAfter(action: ActionOf<"contain" | "release" | "put-back">): JsonObject | undefined {
    return contentAfter(this.#beliefs, action);
  }

  /** The content of the room's power levels as the act leaves them. */
  levelsAfter(change: LevelChange): JsonObject {
    return this.#beliefs.levelsAfter(change);
  }
}
