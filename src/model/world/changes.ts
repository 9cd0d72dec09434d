/** What changed in the world: for judging (`Changes`) and for the store (`Row`s). */
import type { Membership, StateEvent } from "../event.ts";
import type { EventId, RoomId, UserId } from "../ids.ts";
import type { MemberRecord } from "../member-record.ts";
import type { Rule, RuleChange } from "../policy-rule.ts";
import type { Room } from "../room.ts";
import type { Settings } from "../settings/settings.ts";
import type { ItemRow } from "./collections.ts";

/** A ban that we made for a list and that is no more, by no act of ours. */
export interface LostBan {
  readonly room: RoomId;
  readonly user: UserId;
  /** Who lifted it; undefined where nobody did, as after a state reset. */
  readonly by: UserId | undefined;
  /** Stamp of the ban that was lost. */
  readonly stamp: number;
}

/** What has to be judged again. */
export interface Changes {
  readonly rules: readonly RuleChange[];
  /** People who came to be present (joined, invited, knocking) or changed a profile, or are to be judged there again. */
  readonly arrivals: readonly { readonly room: RoomId; readonly user: UserId }[];
  /** Ids of which no membership was known before, be it a ban. */
  readonly firstSeen: readonly UserId[];
  /** Rooms that must be judged as a whole: newly seen, newly protected, or our power there changed. */
  readonly rooms: ReadonlySet<RoomId>;
  /** Rooms whose ACL is no longer what we believed. */
  readonly acls: ReadonlySet<RoomId>;
  /** Rooms whose ACL was ours and was written over by somebody else, and by whom. */
  readonly overwritten: ReadonlyMap<RoomId, UserId>;
  /** Rooms where our change of the power levels took back one that we did not know of, and who had made that. */
  readonly lostLevels: ReadonlyMap<RoomId, UserId>;
  /** Rooms that went back to older power levels without anybody's doing, and the levels that were lost. */
  readonly resetLevels: ReadonlyMap<RoomId, StateEvent>;
  /** Rooms in which other servers than before are kept out for a while. */
  readonly cutOff: ReadonlySet<RoomId>;
  /** Rooms where somebody took back what contained them. */
  readonly lifted: ReadonlySet<RoomId>;
  readonly lostBans: readonly LostBan[];
  /** What the author of each membership event in a protected room was there before it: a join of somebody who had joined is a new name. */
  readonly membershipsBefore: ReadonlyMap<EventId, Membership>;
  /** Rules that were accepted or rejected just now: whom they match has to be judged again. */
  readonly answeredRules: readonly Rule[];
  /** Who is spared or exempt, or what is watched, has changed: every room may be concerned. */
  readonly everything: boolean;
}

/** One row of the stored world. `undefined` deletes it. */
export type Row =
  | {
      readonly kind: "state";
      readonly room: RoomId;
      readonly type: string;
      readonly stateKey: string;
      readonly event: StateEvent | undefined;
    }
  | {
      readonly kind: "member";
      readonly room: RoomId;
      readonly user: UserId;
      readonly record: MemberRecord | undefined;
    }
  | { readonly kind: "room"; readonly room: RoomId; readonly summary: RoomSummary }
  /** Deletes the members of the room. */
  | { readonly kind: "room-forgotten"; readonly room: RoomId }
  /** Deletes everything of the room. */
  | { readonly kind: "room-gone"; readonly room: RoomId }
  | { readonly kind: "settings"; readonly settings: Settings }
  | ItemRow;

/** The rows of one kind. */
export type RowOf<Kind extends Row["kind"]> = Extract<Row, { readonly kind: Kind }>;

export interface RoomSummary {
  readonly ownMembership: Room["ownMembership"];
  readonly trouble: string | undefined;
  readonly wasRemoved: boolean;
  readonly aclByHand: readonly string[];
  readonly membersKnown: boolean;
}

export class ChangeLog {
  #rules: RuleChange[] = [];
  #arrivals: { room: RoomId; user: UserId }[] = [];
  #firstSeen: UserId[] = [];
  #rooms = new Set<RoomId>();
  #acls = new Set<RoomId>();
  #overwritten = new Map<RoomId, UserId>();
  #lostLevels = new Map<RoomId, UserId>();
  #resetLevels = new Map<RoomId, StateEvent>();
  #cutOff = new Set<RoomId>();
  #lifted = new Set<RoomId>();
  #lostBans: LostBan[] = [];
  #membershipsBefore = new Map<EventId, Membership>();
  #answeredRules: Rule[] = [];
  #everything = false;
  #rows: Row[] = [];
  /** A row of settings holds all settings, so only the newest is kept. */
  #settings: Row | undefined;

  rule(change: RuleChange): void {
    this.#rules.push(change);
  }

  arrival(room: RoomId, user: UserId): void {
    this.#arrivals.push({ room, user });
  }

  firstSeen(user: UserId): void {
    this.#firstSeen.push(user);
  }

  room(room: RoomId): void {
    this.#rooms.add(room);
  }

  acl(room: RoomId): void {
    this.#acls.add(room);
  }

  overwritten(room: RoomId, by: UserId): void {
    this.#overwritten.set(room, by);
  }

  lostLevels(room: RoomId, by: UserId): void {
    this.#lostLevels.set(room, by);
  }

  resetLevels(room: RoomId, lost: StateEvent): void {
    this.#resetLevels.set(room, lost);
  }

  cutOff(room: RoomId): void {
    this.#cutOff.add(room);
  }

  lifted(room: RoomId): void {
    this.#lifted.add(room);
  }

  lostBan(lost: LostBan): void {
    this.#lostBans.push(lost);
  }

  membershipBefore(event: EventId, membership: Membership): void {
    this.#membershipsBefore.set(event, membership);
  }

  answeredRule(rule: Rule): void {
    this.#answeredRules.push(rule);
  }

  everything(): void {
    this.#everything = true;
  }

  store(row: Row): void {
    if (row.kind === "settings") this.#settings = row;
    else this.#rows.push(row);
  }

  /** What has changed since this was last asked. */
  takeChanges(): Changes {
    const changes: Changes = {
      rules: this.#rules,
      arrivals: this.#arrivals,
      firstSeen: this.#firstSeen,
      rooms: this.#rooms,
      acls: this.#acls,
      overwritten: this.#overwritten,
      lostLevels: this.#lostLevels,
      resetLevels: this.#resetLevels,
      cutOff: this.#cutOff,
      lifted: this.#lifted,
      lostBans: this.#lostBans,
      membershipsBefore: this.#membershipsBefore,
      answeredRules: this.#answeredRules,
      everything: this.#everything,
    };
    this.#rules = [];
    this.#arrivals = [];
    this.#firstSeen = [];
    this.#rooms = new Set();
    this.#acls = new Set();
    this.#overwritten = new Map();
    this.#lostLevels = new Map();
    this.#resetLevels = new Map();
    this.#cutOff = new Set();
    this.#lifted = new Set();
    this.#lostBans = [];
    this.#membershipsBefore = new Map();
    this.#answeredRules = [];
    this.#everything = false;
    return changes;
  }

  /** What the store has to write since this was last asked. */
  takeRows(): readonly Row[] {
    const rows = this.#settings ? [this.#settings, ...this.#rows] : this.#rows;
    this.#rows = [];
    this.#settings = undefined;
    return rows;
  }
}
