/** What a scene is: a wave or a harmless crowd, what it promises about itself, and what has to come of it. */
import type { WaveStage } from "../../src/model/waves.ts";
import { Weighted, type Chance } from "./blocks/chance.ts";
import { newAccount, popularity, size, type Community } from "./community.ts";
import type { Naming } from "./blocks/names.ts";
import type { Account, Place, Script } from "./script.ts";

/** From the least to the most that any seed gives. */
export type Range = readonly [least: number, most: number];

export interface Scene {
  /** As the table calls it. */
  readonly name: string;
  readonly about: string;
  readonly is: "wave" | "harmless";
  readonly promises: Promised;
  readonly must?: Must | undefined;
  /** We are not there from then till then, in ms, and read afterwards what happened. */
  readonly away?: Range;
  readonly play: (stage: Stage) => void;
}

export interface Promised {
  readonly accounts: Range;
  readonly servers: Range;
  /** From the first event to the last, in seconds. */
  readonly lasts: Range;
  /** The middle one of the delays from the first join to the first word, in seconds; absent: nobody speaks. */
  readonly delay?: Range;
}

export interface Must {
  /** The stage that a wave has to reach. */
  readonly reach?: WaveStage;
  /** Before more accounts than that had spoken, or joined; the middle one of all seeds, and each of them. */
  readonly spoke?: { readonly median?: number; readonly most: number };
  readonly joined?: { readonly most: number };
  /** The last stage that a harmless crowd may reach, other than none; in at most this share of the seeds. */
  readonly atMost?: { readonly stage: WaveStage; readonly share: number };
}

/** Where a scene is played. */
export interface Stage {
  readonly of: Community;
  readonly chance: Chance;
  readonly script: Script;
  readonly names: Set<string>;
  /** Who are of the wave, or of the crowd. */
  readonly accounts: Account[];
  /** Who come at the same time and have nothing to do with it. */
  readonly bystanders: Account[];
}

export interface Word {
  readonly who: Account;
  /** The number of the account, and of the word among its words, from 0. */
  readonly index: number;
  readonly nth: number;
  readonly place: Place;
}

export interface Crowd {
  readonly count: number;
  /** One of them each, or as many as live on each. */
  readonly servers: readonly string[] | Weighted<string>;
  readonly naming: Naming;
  /** The first comes then; 0 unless said otherwise. */
  readonly from?: number;
  /** On average between one arrival and the next, in ms. */
  readonly every: number;
  readonly rooms: readonly number[];
  /** In how many of the rooms each is. */
  readonly roomsEach?: Range;
  /** From the first join to the first word, in ms; without it nobody speaks. */
  readonly delay?: (chance: Chance) => number;
  /** How many words each says, and what is between them. */
  readonly words?: Range;
  readonly pause?: (chance: Chance) => number;
  readonly says?: (word: Word) => void;
  readonly avatar?: (index: number) => string | undefined;
  /** It has nothing to do with the wave. */
  readonly isApart?: boolean;
}

/** They come one after another, and each says its words; gives them in the order in which they came. */
export function comes(
  { chance, script, names, accounts, bystanders }: Stage,
  crowd: Crowd,
): readonly Account[] {
  const { count, servers, naming, rooms, every, from = 0, roomsEach = [1, 1], delay, says } = crowd;
  const { words = [1, 1], pause = paces.human, avatar, isApart = false } = crowd;
  const came: Account[] = [];
  let at = from;
  for (let index = 0; index < count; index++) {
    const made = newAccount(
      naming,
      index,
      servers instanceof Weighted ? servers.draw(chance) : chance.one(servers),
      { chance, names },
    );
    const face = avatar?.(index);
    const who = face === undefined ? made : { ...made, avatar: face };
    came.push(who);
    const there = chance.some(rooms, chance.whole(...roomsEach));
    for (const [i, room] of there.entries()) script.join(who, { room, at: at + i * 400 });
    let next = at + (delay?.(chance) ?? 0);
    const said = delay ? chance.whole(...words) : 0;
    for (let nth = 0; nth < said; nth++) {
      says?.({ who, index, nth, place: { room: there[nth % there.length]!, at: next } });
      next += pause(chance);
    }
    at += chance.untilNext(every);
  }
  (isApart ? bystanders : accounts).push(...came);
  return came;
}

/** How fast words follow a join, or one another. */
export const paces = {
  machine: (chance: Chance) => chance.between(1_000, 4_000),
  /** A program that has been told to wait. */
  patient: (chance: Chance) => chance.between(5_500, 20_000),
  /** Nobody reads, thinks and types in less than some seconds. */
  human: (chance: Chance) => Math.max(9_000, chance.logNormal(75_000, 0.9)),
  hasty: (chance: Chance) => Math.max(6_000, chance.logNormal(25_000, 0.7)),
} as const;

/** The liveliest rooms. */
export const lively = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);
export const everywhere = lively(size.rooms);
export const somewhere = (chance: Chance): number => popularity.draw(chance);
