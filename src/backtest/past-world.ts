/**
 * A world of the past: rooms as they are now, people as they were when it begins, as far as that can be told. What
 * cannot be told is unknown in it.
 */
import { dayMs, minuteMs } from "../kit/duration.ts";
import type { RoomId, UserId } from "../model/ids.ts";
import type { MemberRecord } from "../model/member-record.ts";
import { protectionKey } from "../model/settings/protections.ts";
import type { Settings } from "../model/settings/settings.ts";
import type { WorldLimits } from "../model/world/limits.ts";
import type { WorldView } from "../model/world/view.ts";
import { World } from "../model/world/world.ts";
import type { FirstMembership, Past } from "./past.ts";

export interface PastWorldOptions {
  /** As it is believed now. */
  readonly world: WorldView;
  readonly limits: WorldLimits;
  /** The protection that is tried: on everywhere, whatever the settings say. */
  readonly protection: string;
  readonly past: Past;
  /** When the past begins, ms since the epoch. */
  readonly from: number;
}

export class PastWorld {
  readonly world: World;
  readonly #options: PastWorldOptions;
  readonly #speakers = new Set<UserId>();

  constructor(options: PastWorldOptions) {
    const { world, limits, protection } = options;
    this.#options = options;
    this.world = new World(world.self, limits);
    this.world.restore({ kind: "settings", settings: settingsFor(protection, world.settings) });
  }

  /** Puts people into rooms one by one, so that it can be done in slices. */
  *filled(): Iterable<void> {
    const { world: now, past } = this.#options;
    const { managementRoom } = now.settings;
    if (managementRoom) yield* this.#fill(managementRoom);
    for (const room of now.protectedIds()) yield* this.#fill(room);
    for (const user of past.speakers()) {
      this.#putSpeaker(user);
      yield;
    }
  }

  *#fill(room: RoomId): Iterable<void> {
    const { world: now, past } = this.#options;
    const known = now.rooms.get(room);
    if (!known) return;
    for (const event of known.events())
      this.world.restore({ kind: "state", room, type: event.type, stateKey: event.stateKey, event });
    const { trouble, wasRemoved, aclByHand } = known;
    const summary = { ownMembership: "join", trouble, wasRemoved, aclByHand, membersKnown: true } as const;
    this.world.restore({ kind: "room", room, summary });
    const firsts = past.firstsOf(room);
    const members = now.members.membersOf(room, ["join", "invite", "knock", "ban"]);
    for (const user of new Set([...members, ...firsts.keys()])) {
      this.#put(room, user, firsts.get(user));
      yield;
    }
  }

  #put(room: RoomId, user: UserId, first: FirstMembership | undefined): void {
    const { world: now, from } = this.#options;
    const today = now.members.get(room, user);
    const record = first ? recordBefore(first, today, from) : today;
    if (record) this.world.restore({ kind: "member", room, user, record: { ...record, forList: undefined } });
    this.#putSpeaker(user);
  }

  /** On how many days they had spoken before: those that we saw, without those that are now seen again. */
  #putSpeaker(user: UserId): void {
    const { world: now, past, from } = this.#options;
    if (this.#speakers.has(user)) return;
    this.#speakers.add(user);
    const today = now.regulars.get(user);
    const firstDay = Math.floor(from / dayMs);
    if (!today || today.firstDay >= firstDay) return;
    const days = Math.max(1, today.days - past.daysOf(user));
    const item = { firstDay: today.firstDay, lastDay: firstDay - 1, days };
    this.world.restore({ kind: "item", collection: "speaker", key: user, item });
  }
}

/** What the person was before the first event that was read of them. */
function recordBefore(
  { now, before }: FirstMembership,
  today: MemberRecord | undefined,
  from: number,
): MemberRecord | undefined {
  // Where the server does not tell, somebody who joins may have been there all along: nobody is a newcomer by guess.
  const membership = before ?? (now === "join" ? "join" : "leave");
  if (membership === "leave") return undefined;
  const isSame = today?.membership === membership && today.since * minuteMs < from;
  return { membership, stamp: 0, isOurs: false, forList: undefined, since: isSame ? today.since : 0 };
}

function settingsFor(protection: string, settings: Settings): Settings {
  const key = protectionKey(protection, undefined);
  const everywhere = { ...settings.protections.get(key), enabled: true };
  return { ...settings, lists: [], protections: new Map([...settings.protections, [key, everywhere]]) };
}
