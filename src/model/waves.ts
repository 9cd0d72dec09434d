/**
 * Waves: accounts that came, or spoke, together and have more in common than newcomers here usually have. Recognised in
 * `waves/`; what moderators say of them is a setting (`settings/waves.ts`); what is believed of them is kept here, so that
 * it outlives a restart. Nothing that anybody wrote is in it.
 */
import type { Say } from "../kit/say.ts";
import { keepNewest } from "../kit/bounded.ts";
import type { EventId, RoomId, UserId } from "./ids.ts";
import { UnwrittenItems } from "./unwritten-items.ts";

/**
 * `suspected`: they look alike. `recognised`: they also say the same. `harmful`: there is proof that they mean harm. A
 * wave never goes back by itself.
 */
export const waveStages = ["suspected", "recognised", "harmful"] as const;
export type WaveStage = (typeof waveStages)[number];

/** What Tyr does by itself about a wave that is harmful; the config says which. */
export const waveActs = ["off", "ask", "contain", "all"] as const;
export type WaveAct = (typeof waveActs)[number];

/** What makes a wave harmful. */
export const waveProofs = {
  pace: "they write within seconds of joining",
  masks: "they mask their words",
  removed: "a moderator removed one of them",
  listed: "one of them is on a list",
  rules: "rules found two of them",
  reported: "people reported them",
  said: "a moderator said so",
  earlier: "they are like an earlier wave",
} as const;
export type WaveProof = keyof typeof waveProofs;

/** What many of its members have in common, and few others here. */
export interface SharedTrait {
  /** "server", "link", "text": the class of the trait. */
  readonly class: string;
  /** The same trait has the same key. */
  readonly key: string;
  /** For moderators: a server, a domain, "names of hexadecimal digits". Cleaned. */
  readonly shown: string;
  /** The share of the members who have it, from 0 to 1. */
  readonly share: number;
}

export interface Wave {
  /** Also the id of its incident. */
  readonly id: string;
  readonly stage: WaveStage;
  /** When its first account was seen, and the last one that joined or spoke; ms since the epoch. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** When each stage was reached. */
  readonly reachedAt: Readonly<Partial<Record<WaveStage, number>>>;
  /** How many accounts fit, and how many of those have spoken. The members known by name may be fewer. */
  readonly accounts: number;
  readonly spoke: number;
  readonly shares: readonly SharedTrait[];
  readonly proof?: WaveProof;
  /** Whatever is done about it is asked first, even where it is harmful. */
  readonly asksFirst?: WaveDoubt;
  /**
   * At least twenty are alike, and people come at ten times the pace of the last 30 days. A keynote may do that, too: reason
   * enough to call somebody and to ask, though they have said nothing.
   */
  readonly isFlood?: true;
  /** It has been quiet for long, and everything that was done for the time of the wave was taken back. */
  readonly endedAt?: number;
}

/** Why the recogniser is not sure enough for anything to be done without a person. */
export const waveDoubts = {
  cold: "Tyr has not been here for long enough to know what is usual",
  unreadable: "what they write cannot be read",
} as const;
export type WaveDoubt = keyof typeof waveDoubts;

export interface WaveMember {
  readonly wave: string;
  readonly user: UserId;
  /** How well they fit, in bits. */
  readonly bits: number;
  /** When they came to the first room, as far as we saw it, and first spoke; ms since the epoch, by our own clock. */
  readonly joinedAt?: number;
  readonly spokeAt?: number;
  readonly rooms: readonly RoomId[];
  /** Their newest messages, oldest first. */
  readonly messages: readonly { readonly room: RoomId; readonly event: EventId }[];
}

/** People who belong together are suspected, too: that alone is no reason to do anything. */
export function isOnlySuspected({ stage, isFlood }: Pick<Wave, "stage" | "isFlood">): boolean {
  return stage === "suspected" && isFlood !== true;
}

/** Whether the people of a wave are fine, as it is asked. Either answer gives a command. */
export interface WaveAsked {
  readonly kind: "wave";
  readonly wave: string;
  readonly accounts: number;
  readonly ifFine: string;
  readonly ifNot: string;
  /** What whoever doubts may look up. */
  readonly details?: Say;
}

/** What is left to be done about a wave, and put as a question: its silent accounts go, or others are told by rules. */
export interface WaveOffer {
  readonly kind: "offer";
  readonly offer: "silent accounts" | "rules of a wave";
  readonly wave: string;
  /** The command that a yes gives. */
  readonly text: string;
}

/** Messages remembered of one member: those that are to be removed first. A ban that redacts takes the others. */
export const messagesOfMember = 20;

/** Both to read only. */
export type WavesView = Readonly<Pick<Waves, "get" | "all" | "open">>;
export type WaveMembersView = Readonly<Pick<WaveMembers, "get" | "of">>;

/** Waves remembered, over ones among them; a community with more has other troubles. */
const wavesRemembered = 128;
/** Members by name, of all waves; half a kilobyte each. What is beyond it is only counted. */
const membersRemembered = 4_096;

export class Waves {
  readonly storedAs = "wave";
  readonly unwritten = new UnwrittenItems<Wave>();
  /** Oldest first. */
  readonly #all = new Map<string, Wave>();

  get view(): WavesView {
    return this;
  }

  get(id: string): Wave | undefined {
    return this.#all.get(id);
  }

  all(): Iterable<Wave> {
    return this.#all.values();
  }

  /** Those that have not ended. */
  open(): readonly Wave[] {
    return [...this.#all.values()].filter(({ endedAt }) => endedAt === undefined);
  }

  set(wave: Wave): void {
    this.#all.set(wave.id, wave);
    this.unwritten.note(wave.id, wave);
    if (this.#all.size <= wavesRemembered) return;
    const over = [...this.#all.values()].find(({ endedAt }) => endedAt !== undefined);
    const { id } = over ?? this.#all.values().next().value!;
    this.#all.delete(id);
    this.unwritten.note(id, undefined);
  }

  restore(id: string, wave: Wave): void {
    this.#all.set(id, wave);
    keepNewest(this.#all, wavesRemembered);
  }
}

export class WaveMembers {
  readonly storedAs = "wave-member";
  readonly unwritten = new UnwrittenItems<WaveMember>();
  readonly #all = new Map<UserId, WaveMember>();
  readonly #ofWave = new Map<string, Set<UserId>>();

  get view(): WaveMembersView {
    return this;
  }

  /** Nobody belongs to two waves. */
  get(user: UserId): WaveMember | undefined {
    return this.#all.get(user);
  }

  /** In the order in which they became members. */
  *of(wave: string): Iterable<WaveMember> {
    for (const user of this.#ofWave.get(wave) ?? []) yield this.#all.get(user)!;
  }

  set(member: WaveMember): void {
    this.#put(member);
    this.unwritten.note(member.user, member);
    if (this.#all.size > membersRemembered) this.delete(this.#all.keys().next().value!);
  }

  /** They fit no more. */
  delete(user: UserId): void {
    const member = this.#all.get(user);
    if (!member) return;
    this.#take(member);
    this.unwritten.note(user, undefined);
  }

  restore(_key: string, member: WaveMember): void {
    this.#put(member);
    if (this.#all.size > membersRemembered) this.#take(this.#all.values().next().value!);
  }

  #put(member: WaveMember): void {
    const before = this.#all.get(member.user);
    if (before && before.wave !== member.wave) this.#take(before);
    this.#all.set(member.user, member);
    const users = this.#ofWave.get(member.wave);
    if (users) users.add(member.user);
    else this.#ofWave.set(member.wave, new Set([member.user]));
  }

  #take({ user, wave }: WaveMember): void {
    this.#all.delete(user);
    const users = this.#ofWave.get(wave);
    users?.delete(user);
    if (users?.size === 0) this.#ofWave.delete(wave);
  }
}
