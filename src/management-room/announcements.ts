/**
 * What moderators are told outside of any command or incident, each thing once: losses, lacking rights, what others
 * undid.
 */
import type { Batch } from "../bot/part.ts";
import { listName, roomName, roomNameAndId } from "../commands/shared/room-names.ts";
import { diskTroubleOf } from "../commands/shared/problems.ts";
import { powersMissing, troubleOf } from "../commands/shared/room-trouble.ts";
import { describeTime } from "../kit/duration.ts";
import { code, count, say, type Say } from "../kit/say.ts";
import type { ActionOf } from "../model/actions/action.ts";
import { decide, type Decision, type Outcome } from "../model/decision.ts";
import { actsFor } from "../decisions/judge/reset-levels.ts";
import type { StateEvent } from "../model/event.ts";
import type { RoomId, UserId } from "../model/ids.ts";
import type { LostBan } from "../model/world/changes.ts";
import type { SettingChange } from "../model/settings/change.ts";
import { noSubject, type Subject } from "../model/subject.ts";
import type { WorldView } from "../model/world/view.ts";
import type { DiskNews } from "../model/health.ts";
import type { Notify } from "./notify.ts";

export interface AnnouncementsOptions {
  readonly world: WorldView;
  readonly notify: Pick<Notify, "with">;
  /** The command prefix, for commands that a message suggests. */
  readonly prefix: string;
  /** Whether we have stopped for now to repair the server ACL of the room, which others keep changing. */
  readonly isLeftAlone: (room: RoomId, at: number) => boolean;
  /** News of the data folder that has not been told. */
  readonly diskNews: (at: number) => DiskNews | undefined;
}

type Message = Decision<ActionOf<"tell">>;

export class Announcements {
  readonly name = "announcements";
  readonly #options: AnnouncementsOptions;
  readonly #world: WorldView;
  /** Rooms in which we lack power, with the powers that were named in the last message about it. */
  readonly #weak = new Map<RoomId, string>();
  #isOpen = false;

  constructor(options: AnnouncementsOptions) {
    this.#options = options;
    this.#world = options.world;
  }

  /** Power that is lacking is told from now on: the start message names what is lacking at the start. */
  caughtUp(): void {
    for (const room of this.#world.protectedRooms()) this.#isNewlyWeak(room.id);
    this.#isOpen = true;
  }

  says({ seen, changes, at }: Batch): readonly Message[] {
    return [
      ...seen.map((one) => {
        if (one.kind === "own-membership") return this.#lossOf(one.room, one.at);
        return one.kind === "outcome" ? this.#ended(one.outcome, one.at) : undefined;
      }),
      ...this.#weakAmong(changes.rooms, at),
      ...this.#overwritten(changes.overwritten, at),
      ...this.#lostLevels(changes.lostLevels, at),
      ...this.#resetLevels(changes.resetLevels, at),
      this.#disk(at),
    ].flatMap((message) => message ?? []);
  }

  /** A message outside of any incident, and what it is about. Undefined while there is no management room. */
  of(say: Say, what: string, at: number, about?: Partial<Subject>): Message | undefined {
    const room = this.#world.settings.managementRoom;
    if (!room) return undefined;
    const action = {
      kind: "tell",
      room,
      key: what,
      revision: 0,
      say,
      edits: undefined,
      replyTo: undefined,
      ...(about ? { about: { ...noSubject, ...about } } : {}),
    } as const;
    return decide(action, { kind: "self", what }, { at, replaces: "" });
  }

  /** As `of`, for what went wrong: moderators are notified, of things with one `topic` once in a while. */
  trouble(
    said: Say,
    { what, topic, at, about }: { what: string; topic: string; at: number; about?: Partial<Subject> },
  ): Message | undefined {
    const message = this.of(said, what, at, about);
    return message && this.#options.notify.with(message, { kind: "trouble", topic });
  }

  /** What the start or the account has to tell. */
  ofRun(
    said: Say,
    { what, isTrouble, at }: { what: string; isTrouble: boolean; at: number },
  ): Message | undefined {
    return isTrouble ? this.trouble(said, { what, topic: "run", at }) : this.of(said, what, at);
  }

  /** Sent once for each exemption, exception or stop, after it was removed from the settings. */
  #ended({ decision: { action, because }, result }: Outcome, at: number): Message | undefined {
    if (action.kind !== "change-settings" || because.kind !== "expiry" || result.kind !== "done")
      return undefined;
    const { entity, event } = because;
    if (action.change.kind === "go") {
      // Another one may have been said in its place meanwhile.
      const isStopped = this.#world.settings.stopping.stop !== undefined;
      return isStopped
        ? undefined
        : this.of(say`The stop is over: what lists ask for is done now.`, `end of ${event}`, at);
    }
    return this.of(endedSetting(action.change, entity, this.#world), `end of ${event}`, at);
  }

  /** Sent when the data folder can no longer be written, and when it can be again. */
  #disk(at: number): Message | undefined {
    const news = this.#options.diskNews(at);
    if (!news) return undefined;
    if (news.kind === "began")
      return this.trouble(diskTroubleOf(news.reason), { what: `disk began ${at}`, topic: "disk", at });
    const lost =
      news.lost > 0
        ? say` ${count(news.lost, "journal entry", "journal entries")} had to be dropped meanwhile.`
        : "";
    return this.of(
      say`My data folder can be written again, and what I kept in memory is in it.${lost}`,
      `disk over ${at}`,
      at,
    );
  }

  /** Sent when we were removed from a protected room or watched list. */
  #lossOf(id: RoomId, at: number): Message | undefined {
    const room = this.#world.rooms.get(id);
    const isOurs = this.#world.isProtected(id) || this.#world.isWatched(id);
    const trouble = isOurs && room?.wasRemoved ? troubleOf(id, this.#world) : undefined;
    if (!trouble) return undefined;
    return this.trouble(say`${roomName(id, this.#world)} ${code(id)}: ${trouble}`, {
      what: `lost ${id} ${at}`,
      topic: "losses",
      at,
      about: { rooms: [id] },
    });
  }

  /** Sent when we turn out to lack power in a room, without waiting for the first ban to fail. */
  #weakAmong(rooms: ReadonlySet<RoomId>, at: number): readonly (Message | undefined)[] {
    if (!this.#isOpen) return [];
    return [...rooms].flatMap((id) => {
      const trouble = this.#isNewlyWeak(id) ? troubleOf(id, this.#world) : undefined;
      if (!trouble) return [];
      return [
        this.trouble(say`${roomName(id, this.#world)} ${code(id)}: ${trouble}`, {
          what: `weak ${id} ${at}`,
          topic: "rights",
          at,
          about: { rooms: [id] },
        }),
      ];
    });
  }

  /** For bans that lists ask for and that somebody lifted by hand: they stay lifted until the person joins again. */
  liftedBy(
    lifted: readonly (LostBan & { readonly by: UserId; readonly list: RoomId })[],
    at: number,
  ): readonly (Message | undefined)[] {
    return [...Map.groupBy(lifted, ({ by, list }) => `${by} ${list}`).values()].map((group) => {
      const { by, list, user } = group[0]!;
      const people = new Set(group.map((one) => one.user));
      const who = people.size === 1 ? code(user) : count(people.size, "person", "people");
      const where = group.length === 1 ? roomName(group[0]!.room, this.#world) : count(group.length, "room");
      return this.of(
        say`${code(by)} lifted the ban of ${who} in ${where}, which ${listName(list, this.#world)} asks for. I leave it; whoever comes back is banned again. ${code(`${this.#options.prefix} exempt add ${people.size === 1 ? user : "<who>"}`)} spares them.`,
        `lifted ${by} ${group.map((one) => `${one.room} ${one.stamp}`).join(" ")}`,
        at,
        { who: [...people], rooms: group.map((one) => one.room) },
      );
    });
  }

  /** Sent when more bans are made or lifted by hand than we offer to add to lists. */
  noMoreOffers(until: number, at: number): Message | undefined {
    return this.of(
      say`More bans are made or lifted by hand than I offer in an hour. I offer none before ${describeTime(until)}; ${code(`${this.#options.prefix} ban <who>`)} does it all the same.`,
      `offers rest ${at}`,
      at,
    );
  }

  /**
   * For changes of power levels that ours overwrote because they were made in the same moment: only a person can tell
   * which is right.
   */
  #lostLevels(rooms: ReadonlyMap<RoomId, UserId>, at: number): readonly (Message | undefined)[] {
    return [...rooms].map(([room, by]) =>
      this.trouble(
        say`${code(by)} changed the power levels of ${roomName(room, this.#world)} in the same moment as I did. Mine came later and took that back: please look whether it has to be done again.`,
        { what: `lost levels ${room} ${at}`, topic: "levels", at, about: { rooms: [room] } },
      ),
    );
  }

  /** For power levels that the homeserver lost: what of them is put back, and that somebody has to look at the rest. */
  #resetLevels(rooms: ReadonlyMap<RoomId, StateEvent>, at: number): readonly (Message | undefined)[] {
    return [...rooms].map(([room, lost]) => {
      const world = this.#world;
      if (!world.isProtected(room)) return undefined;
      const acts = actsFor(room, lost, world).length;
      const isOurs = lost.sender === world.self;
      const then =
        acts > 0
          ? say`I put back ${count(acts, "level")} that ${acts === 1 ? "was" : "were"} lost by that.`
          : "";
      const rest = isOurs
        ? ""
        : say` The levels that were lost were set by ${code(lost.sender)}: please look whether they have to be set again.`;
      return this.of(
        say`The homeserver went back to older power levels in ${roomName(room, world)}, by nobody's doing (a state reset). ${then}${rest}`,
        `reset levels ${room} ${lost.eventId}`,
        at,
        { rooms: [room] },
      );
    });
  }

  /** For server ACLs of ours that somebody overwrote: they are repaired, unless that happened too often. */
  #overwritten(rooms: ReadonlyMap<RoomId, UserId>, at: number): readonly (Message | undefined)[] {
    return [...rooms].map(([room, by]) => {
      const acl = this.#world.rooms.get(room)?.event("m.room.server_acl")?.eventId;
      const isLeftAlone = this.#options.isLeftAlone(room, at);
      const then = isLeftAlone
        ? say`It happened too often in an hour: I leave it for an hour. Two bots may be at work there.`
        : say`Entries that lists ask for are put back; entries made by hand stay.`;
      const said = say`${code(by)} changed the server ACL of ${roomName(room, this.#world)}. ${then}`;
      const what = `overwritten ${room} ${acl}`;
      const about = { rooms: [room] };
      return isLeftAlone
        ? this.trouble(said, { what, topic: "server ACLs", at, about })
        : this.of(said, what, at, about);
    });
  }

  #isNewlyWeak(id: RoomId): boolean {
    const room = this.#world.isProtected(id) ? this.#world.rooms.get(id) : undefined;
    const missing =
      room?.isKnown && this.#world.membersKnown.has(id)
        ? powersMissing(room, this.#world.self).join(", ")
        : "";
    const isNew = missing !== "" && this.#weak.get(id) !== missing;
    if (missing === "") this.#weak.delete(id);
    else this.#weak.set(id, missing);
    return isNew;
  }
}

/** A setting that was made for a time, and is as it was before. */
function endedSetting(change: SettingChange, entity: string, world: WorldView): Say {
  switch (change.kind) {
    case "unexcept":
      return say`The exception of ${code(entity)} from ${listName(change.list, world)} has ended: it applies again.`;
    case "unwatch":
      return say`The time is over for which I was to follow ${roomNameAndId(change.list, world)}: I follow it no longer.`;
    case "set-protection":
      return say`The time is over for which ${code(change.protection)} was switched${change.room ? say` in ${roomName(change.room, world)}` : ""}: it is as it was before.`;
    default:
      return say`The exemption of ${code(entity)} has ended: the lists apply again.`;
  }
}
