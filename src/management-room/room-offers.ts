/**
 * Rooms that others lead us to: a moderator's invitation is accepted and offered for protection or watching, a stranger's is
 * told once a day, and the successor of an upgraded list waits for a yes where another person made it.
 */
import type { Batch } from "../bot/part.ts";
import { listName, roomNameAndId } from "../commands/shared/room-names.ts";
import { roomsAdd } from "../commands/rooms/rooms.ts";
import { dayMs } from "../kit/duration.ts";
import { code, count, lines, say, someOf, type Say } from "../kit/say.ts";
import { Wait } from "../kit/wait.ts";
import type { Words } from "../model/actions/action.ts";
import type { Decision } from "../model/decision.ts";
import type { RoomId, UserId } from "../model/ids.ts";
import type { ObservationOf } from "../model/observation.ts";
import type { QuestionAbout } from "../model/question.ts";
import type { WorldView } from "../model/world/view.ts";
import { doubtfulSuccessor, type DoubtfulSuccessor } from "../policy/list-upgrades.ts";
import { isNamedInviter } from "../policy/invitations.ts";
import { looksLikeList } from "../policy/looks-like-list.ts";
import type { Announcements } from "./announcements.ts";

export type RoomOffer = Extract<QuestionAbout, { readonly offer: "protect" | "watch" }>;

export interface RoomOffersOptions {
  readonly world: WorldView;
  /** Whether a list bans the room: strangers' invitations to it are declined, and not told. */
  readonly isListed: (room: RoomId) => boolean;
  /** The command prefix, for commands that a message suggests. */
  readonly prefix: string;
  /** Puts the question; gives its message. */
  readonly ask: (about: RoomOffer, what: Say, at: number) => Decision<Words> | undefined;
  readonly announcements: Pick<Announcements, "of">;
}

/** Invitations of strangers that are remembered for one message, and how many of them it names. */
const mostGathered = 100;
const named = 5;
/** Rooms into which moderators invited us and that we have not read yet. */
const mostAwaited = 100;

export class RoomOffers {
  readonly name = "offers of rooms";
  readonly #options: RoomOffersOptions;
  readonly #world: WorldView;
  /** Rooms into which a moderator invited us, until they can be looked at. */
  readonly #awaited = new Map<RoomId, UserId>();
  /** Strangers' invitations that were not told yet: by room, who sent it. */
  readonly #strangers = new Map<RoomId, UserId>();
  /** Since the last message about strangers' invitations. */
  readonly #told = new Wait();
  #isOpen = false;

  constructor(options: RoomOffersOptions) {
    this.#options = options;
    this.#world = options.world;
  }

  caughtUp(): void {
    this.#isOpen = true;
  }

  says({ seen, changes, at }: Pick<Batch, "seen" | "changes" | "at">): readonly Decision<Words>[] {
    for (const one of seen) if (one.kind === "own-membership") this.#note(one);
    const lists = changes.everything
      ? this.#world.settings.lists.map(({ room }) => room)
      : this.#listsConcerned(changes.rooms);
    return [
      ...this.#offers(at),
      ...lists.map((list) => this.#successor(list, at)),
      this.#invitations(at),
    ].flatMap((message) => message ?? []);
  }

  nextAt(): number | undefined {
    return this.#strangers.size > 0 ? this.#told.endsAt : undefined;
  }

  /** Whether what it offers has come about, or can come about no more. */
  isObsolete(about: QuestionAbout): boolean {
    if (about.kind !== "offer" || !("room" in about)) return false;
    const isIn = this.#world.rooms.get(about.room)?.ownMembership === "join";
    return (
      !isIn ||
      (about.offer === "watch" ? this.#world.isWatched(about.room) : this.#world.isProtected(about.room))
    );
  }

  #note({ room, membership, by }: ObservationOf<"own-membership">): void {
    if (membership !== "invite") {
      this.#strangers.delete(room);
      if (membership !== "join") this.#awaited.delete(room);
      return;
    }
    // Who appeals has us come by themselves.
    if (by === undefined || this.#world.isWanted(room)) return;
    const isAccepted =
      this.#world.mayDo(by, roomsAdd.role) ||
      (isNamedInviter(by, this.#world.settings) && !this.#options.isListed(room));
    if (!isAccepted) {
      if (this.#strangers.size < mostGathered && !this.#options.isListed(room)) this.#strangers.set(room, by);
    } else if (this.#awaited.size < mostAwaited) this.#awaited.set(room, by);
  }

  /** Rooms that a moderator invited us to, as soon as we can see what they are. */
  #offers(at: number): readonly (Decision<Words> | undefined)[] {
    return [...this.#awaited].map(([id, by]) => {
      const room = this.#world.rooms.get(id);
      if (!room?.isKnown) return undefined;
      this.#awaited.delete(id);
      const isList = looksLikeList(id, this.#world);
      if (this.#world.isWanted(id) || (this.#world.settings.protectsJoined && !isList)) return undefined;
      const what = isList
        ? say`It looks like a policy list. Follow it?`
        : room.isSpace
          ? say`It is a space. Protect it and all rooms in it?`
          : say`Protect it?`;
      const text = `${isList ? "lists watch" : "rooms add"} ${id}`;
      return this.#options.ask(
        { kind: "offer", offer: isList ? "watch" : "protect", room: id, text },
        say`I joined ${roomNameAndId(id, this.#world)}, as ${code(by)} invited me. ${what}`,
        at,
      );
    });
  }

  /** Watched lists that may have been upgraded: the changed rooms, and those that a changed room names as its predecessor. */
  #listsConcerned(rooms: ReadonlySet<RoomId>): readonly RoomId[] {
    const all = [...rooms].flatMap((id) => [id, this.#world.rooms.get(id)?.predecessor ?? id]);
    return [...new Set(all)].filter((id) => this.#world.isWatched(id));
  }

  #successor(list: RoomId, at: number): Decision<Words> | undefined {
    const doubtful = this.#isOpen ? doubtfulSuccessor(list, this.#world) : undefined;
    if (!doubtful || this.#world.isWatched(doubtful.successor)) return undefined;
    const { successor } = doubtful;
    if (this.#world.settings.excluded.has(successor) || this.#wasAsked(successor)) return undefined;
    const keeps = this.#world.settings.lists.find(({ room }) => room === list)?.liftsBans === false;
    const text = `lists watch ${successor} --now${keeps ? " --keep-bans" : ""}`;
    return this.#options.ask(
      { kind: "offer", offer: "watch", room: successor, text },
      this.#aboutSuccessor(doubtful),
      at,
    );
  }

  #aboutSuccessor({ list, successor, upgradedBy, listBy, successorBy }: DoubtfulSuccessor): Say {
    const world = this.#world;
    const size = world.lists.get(successor)?.size ?? 0;
    const maker = listBy ? say`, while ${code(listBy)} made the list` : "";
    return lines(
      say`${listName(list, world)} was upgraded by ${code(upgradedBy)}. Its successor ${roomNameAndId(successor, world)} was made by ${code(successorBy)}${maker}, and has ${count(size, "rule")}.`,
      say`Whoever may write there would decide who is banned here. Follow it?`,
    );
  }

  #wasAsked(room: RoomId): boolean {
    for (const { about } of this.#world.questions.all)
      if (about.kind === "offer" && about.offer === "watch" && about.room === room) return true;
    return false;
  }

  /** Strangers' invitations: the first is told at once, and all that come within a day after that in one message. */
  #invitations(at: number): Decision<Words> | undefined {
    if (!this.#isOpen || this.#strangers.size === 0 || this.#told.left(at) > 0) return undefined;
    const all = [...this.#strangers];
    this.#strangers.clear();
    this.#told.begin(at, dayMs);
    const { prefix } = this.#options;
    const whom = this.#world.settings.roles ? "admin" : "moderator";
    const rooms = all.map(([room, by]) => say`${code(by)} to ${code(room)}`);
    const [first] = all;
    const who =
      all.length === 1
        ? say`${code(first![1])}, who is no ${whom}, invited me to ${code(first![0])}.`
        : say`People who are no ${whom}s invited me to ${count(all.length, "room")}: ${someOf(rooms, named)}.`;
    const where = all.length === 1 ? first![0] : "<room>";
    return this.#options.announcements.of(
      say`${who} I come where ${whom === "admin" ? "an admin" : "a moderator"} wants me: ${code(`${prefix} rooms add ${where}`)} protects a room, ${code(`${prefix} lists watch ${where}`)} follows a list. What else comes today I tell tomorrow.`,
      `invitations ${at}`,
      at,
      { rooms: all.map(([room]) => room) },
    );
  }
}
