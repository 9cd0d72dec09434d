/**
 * Bans that people make or lift with a client: gathered for a moment, then offered for the lists. One offer for each person,
 * none for mass bans (another bot, a clean-up), and no more in an hour than somebody will read.
 */
import type { Batch } from "../bot/part.ts";
import { bansLifted } from "../decisions/judge/watchdog.ts";
import { hourMs } from "../kit/duration.ts";
import { keepNewest } from "../kit/bounded.ts";
import { asString } from "../kit/json.ts";
import type { Words } from "../model/actions/action.ts";
import type { Decision } from "../model/decision.ts";
import type { RoomId, UserId } from "../model/ids.ts";
import type { LostBan } from "../model/world/changes.ts";
import type { Observation } from "../model/observation.ts";
import type { QuestionAbout } from "../model/question.ts";
import type { Announcements } from "./announcements.ts";
import {
  banCommand,
  isBanOfferable,
  isUnbanOfferable,
  unbanCommand,
  type OfferView,
} from "../policy/manual-bans.ts";

export interface OfferLimits {
  readonly enabled: boolean;
  readonly perHour: number;
  /** If one account bans more people than this within ten minutes, it is a mass ban. */
  readonly massFrom: number;
}

/** A ban of ours that a person lifted, and the list that asks for it. */
export type Lifted = LostBan & { readonly by: UserId; readonly list: RoomId };

export interface Offer {
  readonly kind: "ban" | "unban";
  readonly user: UserId;
  readonly by: UserId;
  readonly rooms: readonly RoomId[];
  readonly reason: string;
  /** The list that gets the rule, or that asks for the ban. */
  readonly list: RoomId;
  /** What is run after a yes, without prefix. */
  readonly text: string;
}

interface DueOffers {
  readonly offers: readonly Offer[];
  /** Lifted bans for which nothing is offered: they are told. */
  readonly lifted: readonly Lifted[];
  /** There are too many: none is offered before this. Told once. */
  readonly restUntil: number | undefined;
}

export interface ManualBansOptions {
  readonly limits: OfferLimits;
  readonly view: OfferView;
  /** Puts the question; gives its message. */
  readonly ask: (offer: Offer, at: number) => Decision<Words> | undefined;
  readonly announcements: Pick<Announcements, "liftedBy" | "noMoreOffers">;
}

interface Gathered {
  readonly kind: "ban" | "unban";
  readonly user: UserId;
  readonly by: UserId;
  readonly rooms: Set<RoomId>;
  readonly reason: string;
  readonly lifted: Lifted[];
  firstAt: number;
  lastAt: number;
}

/** A person is often banned in one room after another, or by a rule right after it: an offer waits for that. */
const quietMs = 3_000;
const longestMs = 15_000;
const massWindowMs = 10 * 60_000;
/** People and accounts remembered; beyond it the oldest are forgotten. */
const mostGathered = 1_000;

export class ManualBans {
  readonly name = "offers after bans made by hand";
  readonly #options: ManualBansOptions;
  readonly #limits: OfferLimits;
  readonly #view: OfferView;
  readonly #gathered = new Map<string, Gathered>();
  /** Whom each account has banned lately, and when (ms since the epoch). */
  readonly #bannedBy = new Map<UserId, Map<UserId, number>>();
  /** When offers were made, in the last hour. */
  #madeAt: number[] = [];
  #isRestTold = false;
  #isOpen = false;

  constructor(options: ManualBansOptions) {
    this.#options = options;
    this.#limits = options.limits;
    this.#view = options.view;
  }

  /** From here on bans by hand are news; those made while we were away are not. */
  caughtUp(): void {
    this.#isOpen = true;
  }

  /** Offers for bans made or lifted by hand; lifted bans that are not offered are told in one message. */
  says({ seen, changes, at }: Batch): readonly Decision<Words>[] {
    const { ask, announcements } = this.#options;
    this.#noteBans(seen);
    for (const one of bansLifted(changes, this.#view)) this.#noteLifted(one, at);
    const { offers, lifted, restUntil } = this.#due(at);
    return [
      ...offers.map((offer) => ask(offer, at)),
      ...announcements.liftedBy(lifted, at),
      restUntil === undefined ? undefined : announcements.noMoreOffers(restUntil, at),
    ].flatMap((message) => message ?? []);
  }

  /** When the first of what was gathered is to be offered, ms since the epoch. */
  nextAt(): number | undefined {
    const ends = [...this.#gathered.values()].map(dueAt);
    return ends.length > 0 ? Math.min(...ends) : undefined;
  }

  /** Whether the person is banned everywhere, or free, by now: nobody has to answer the offer. */
  isObsolete(about: QuestionAbout): boolean {
    if (about.kind !== "offer" || !("user" in about)) return false;
    return about.offer === "ban"
      ? !isBanOfferable(about.user, this.#view)
      : !isUnbanOfferable(about.user, this.#view);
  }

  /** Bans that somebody made by hand. */
  #noteBans(batch: readonly Observation[]): void {
    const view = this.#view;
    if (!this.#isOpen || !this.#limits.enabled) return;
    for (const one of batch) {
      if (one.kind !== "state" || one.event.type !== "m.room.member" || !one.fromTimeline) continue;
      const { room, at, event } = one;
      const user = event.stateKey as UserId;
      if (asString(event.content["membership"]) !== "ban" || event.sender === view.world.self) continue;
      if (!view.world.isProtected(room) || !isBanOfferable(user, view)) continue;
      this.#noteSender(event.sender, user, at);
      const reason = asString(event.content["reason"])?.slice(0, 500) ?? "";
      this.#gather({ kind: "ban", user, by: event.sender, reason }, { room, at });
    }
  }

  /** A ban that lists ask for and somebody lifted by hand. */
  #noteLifted(lifted: Lifted, at: number): void {
    const { user, by, room } = lifted;
    this.#gather({ kind: "unban", user, by, reason: "" }, { room, at }).lifted.push(lifted);
  }

  /** What can be offered now, as nothing more has come about the person for a moment. */
  #due(at: number): DueOffers {
    const view = this.#view;
    const over = [...this.#gathered].filter(([, one]) => dueAt(one) <= at || at < one.lastAt);
    const offers: Offer[] = [];
    const lifted: Lifted[] = [];
    let restUntil: number | undefined;
    const manyLifters = new Set(
      [...Map.groupBy(over, ([, one]) => `${one.kind} ${one.by}`).entries()]
        .filter(([, group]) => group.length > 1)
        .map(([who]) => who),
    );
    for (const [key, one] of over) {
      this.#gathered.delete(key);
      if (!this.#isMeant(one, at)) continue;
      const isMany = one.kind === "unban" && manyLifters.has(`unban ${one.by}`);
      const isWanted = this.#limits.enabled && this.#isOpen && !isMany;
      const offer = isWanted ? offerOf(one, view) : undefined;
      if (offer && this.#mayOffer(at)) {
        offers.push(offer);
        continue;
      }
      if (offer) restUntil ??= this.#rest();
      lifted.push(...one.lifted);
    }
    return { offers, lifted, restUntil };
  }

  /** Whether it still stands, is not offered already, and is no mass ban. */
  #isMeant({ kind, user, by }: Gathered, at: number): boolean {
    const view = this.#view;
    if (kind === "unban") return isUnbanOfferable(user, view) && !isOffered(user, view);
    return isBanOfferable(user, view) && !this.#isEnMasse(by, at) && !isOffered(user, view);
  }

  #gather(
    { kind, user, by, reason }: Pick<Gathered, "kind" | "user" | "by" | "reason">,
    { room, at }: { room: RoomId; at: number },
  ): Gathered {
    const key = `${kind} ${user}`;
    const one = this.#gathered.get(key) ?? {
      kind,
      user,
      by,
      reason,
      rooms: new Set<RoomId>(),
      lifted: [],
      firstAt: at,
      lastAt: at,
    };
    one.rooms.add(room);
    one.lastAt = at;
    this.#gathered.set(key, one);
    keepNewest(this.#gathered, mostGathered);
    return one;
  }

  #noteSender(by: UserId, user: UserId, at: number): void {
    const banned = this.#bannedBy.get(by) ?? new Map<UserId, number>();
    banned.set(user, at);
    keepNewest(banned, mostGathered);
    this.#bannedBy.set(by, banned);
    keepNewest(this.#bannedBy, mostGathered);
  }

  #isEnMasse(by: UserId, at: number): boolean {
    const banned = this.#bannedBy.get(by);
    if (!banned) return false;
    for (const [user, when] of banned) if (Math.abs(at - when) > massWindowMs) banned.delete(user);
    if (banned.size === 0) this.#bannedBy.delete(by);
    return banned.size > this.#limits.massFrom;
  }

  #mayOffer(at: number): boolean {
    this.#madeAt = this.#madeAt.filter((when) => Math.abs(at - when) < hourMs);
    if (this.#madeAt.length >= this.#limits.perHour) return false;
    this.#madeAt.push(at);
    this.#isRestTold = false;
    return true;
  }

  #rest(): number | undefined {
    if (this.#isRestTold || this.#madeAt.length === 0) return undefined;
    this.#isRestTold = true;
    return Math.min(...this.#madeAt) + hourMs;
  }
}

function dueAt({ firstAt, lastAt }: Gathered): number {
  return Math.min(lastAt + quietMs, firstAt + longestMs);
}

function isOffered(user: UserId, { world }: OfferView): boolean {
  return world.questions
    .open()
    .some(({ about }) => about.kind === "offer" && "user" in about && about.user === user);
}

function offerOf({ kind, user, by, rooms, reason, lifted }: Gathered, view: OfferView): Offer | undefined {
  const offer = { kind, user, by, rooms: [...rooms], reason };
  if (kind === "ban") {
    const command = banCommand(user, reason, view);
    return command && { ...offer, ...command };
  }
  const text = unbanCommand(user, view);
  return text === undefined ? undefined : { ...offer, text, list: lifted[0]!.list };
}
