/**
 * Follows the cleaning up of waves: whose removal was proposed already, how fast it goes on, and when a wave is over. A
 * restart begins anew, and proposes nothing that the rooms show to be done.
 */
import { keepNewest } from "../../kit/bounded.ts";
import { minuteMs } from "../../kit/duration.ts";
import type { Decision } from "../../model/decision.ts";
import type { UserId } from "../../model/ids.ts";
import type { WaveVerdict } from "../../model/settings/waves.ts";
import type { Wave, WaveMember } from "../../model/waves.ts";
import { banMember, kickMember, type CleaningView } from "./clean.ts";
import { CleaningPace } from "./pace.ts";

interface Cleaned {
  /** As it and what was said of it were when it was looked at last, and when the next look is due although neither changed. */
  looked: Wave | undefined;
  said: WaveVerdict | undefined;
  againAt: number | undefined;
  /** Who only came, and stays until somebody says otherwise. */
  left: number;
  /** Whose removal was proposed. */
  readonly banned: Set<UserId>;
  readonly kicked: Set<UserId>;
  readonly banPace: CleaningPace;
  readonly kickPace: CleaningPace;
}

/** Nobody of it came or spoke for so long: what only came is removed. */
const quietMs = 5 * minuteMs;
/** And for so long: it is over. Who is let in again after that is nobody that it takes along. */
const overMs = 30 * minuteMs;
/** More silent accounts stay until somebody says otherwise: so many kicks cost everybody more than they do. */
const mostKicked = 500;
const banPace = { burst: 200, perSecond: 10 };
export const kicksPerSecond = 5;
const kickPace = { burst: kicksPerSecond, perSecond: kicksPerSecond };
const followedWaves = 128;

export class WaveCleaning {
  readonly #view: CleaningView;
  readonly #all = new Map<string, Cleaned>();

  constructor(view: CleaningView) {
    this.#view = view;
  }

  /**
   * Whether nothing is left to be done about the wave. While a room is contained for it, it is not over: what ends is
   * followed by the end of the containment.
   */
  isOver({ id, stage, lastAt }: Wave, at: number): boolean {
    const { containments } = this.#view.world.stored;
    const isContained = containments.standing().some(({ waves }) => waves.includes(id));
    return stage === "harmful" && at - lastAt >= overMs && !isContained;
  }

  /** The removals that are due. Its members are walked through only where anything has changed, or when a look is due. */
  of(wave: Wave, said: WaveVerdict | undefined, at: number): readonly Decision[] {
    const cleaned = this.#of(wave);
    const isDue = cleaned.againAt !== undefined && at >= cleaned.againAt;
    if (cleaned.looked === wave && cleaned.said === said && !isDue) return [];
    cleaned.looked = wave;
    cleaned.said = said;
    cleaned.againAt = undefined;
    const [view, by] = [this.#view, said?.by];
    const members = [...view.world.stored.waveMembers.of(wave.id)];
    const spoke = members.filter((one) => one.spokeAt !== undefined && !cleaned.banned.has(one.user));
    const bans = paced(spoke.toReversed(), {
      pace: cleaned.banPace,
      done: cleaned.banned,
      at,
      act: (one) => banMember(wave, one, { by, at, view }),
    });
    const isQuiet = at - wave.lastAt >= quietMs;
    const silent = members.filter((one) => one.spokeAt === undefined && !cleaned.kicked.has(one.user));
    const isToBeKicked = silent.length + cleaned.kicked.size <= mostKicked || said?.kicksAll === true;
    cleaned.left = isQuiet && !isToBeKicked ? this.#stillThere(silent) : 0;
    const kicks = paced(isQuiet && isToBeKicked ? silent : [], {
      pace: cleaned.kickPace,
      done: cleaned.kicked,
      at,
      act: (one) => kickMember(wave, one, { by, at, view }),
    });
    if (bans.isMore || kicks.isMore) cleaned.againAt = at + 1_000;
    else if (!isQuiet) cleaned.againAt = wave.lastAt + quietMs;
    return [...bans.decisions, ...kicks.decisions];
  }

  /** How many only came, and stay until somebody says otherwise; known when it is quiet. */
  left({ id }: Wave): number {
    return this.#all.get(id)?.left ?? 0;
  }

  /** It is quiet, and everything that was to be done without a further word has been begun. */
  isDone({ id, lastAt }: Wave, at: number): boolean {
    const cleaned = this.#all.get(id);
    return cleaned?.looked !== undefined && cleaned.againAt === undefined && at - lastAt >= quietMs;
  }

  #stillThere(members: readonly WaveMember[]): number {
    return members.filter(({ user }) => this.#view.world.protectedRoomsOf(user, ["join"]).length > 0).length;
  }

  /** When the next look at the wave is due although nothing happens, ms since the epoch. */
  againAt({ id }: Wave): number | undefined {
    return this.#all.get(id)?.againAt;
  }

  #of({ id }: Wave): Cleaned {
    let cleaned = this.#all.get(id);
    if (!cleaned) {
      cleaned = {
        looked: undefined,
        said: undefined,
        againAt: undefined,
        left: 0,
        banned: new Set(),
        kicked: new Set(),
        banPace: new CleaningPace(banPace),
        kickPace: new CleaningPace(kickPace),
      };
      this.#all.set(id, cleaned);
      keepNewest(this.#all, followedWaves);
    }
    return cleaned;
  }
}

function paced(
  members: readonly WaveMember[],
  {
    pace,
    done,
    at,
    act,
  }: {
    readonly pace: CleaningPace;
    readonly done: Set<UserId>;
    readonly at: number;
    readonly act: (member: WaveMember) => readonly Decision[];
  },
): { readonly decisions: readonly Decision[]; readonly isMore: boolean } {
  const allowed = pace.allowed(at);
  const decisions: Decision[] = [];
  let looked = 0;
  for (const member of members) {
    if (decisions.length >= allowed) break;
    looked++;
    done.add(member.user);
    decisions.push(...act(member));
  }
  pace.took(decisions.length);
  return { decisions, isMore: looked < members.length };
}
