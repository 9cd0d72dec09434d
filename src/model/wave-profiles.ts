/**
 * What the members of each wave had in common: by it a wave goes on after a restart, the same one is known when it comes
 * again, and what a moderator called fine is no sign of anything for a while. Nothing that anybody wrote is in it.
 */
import { keepNewest } from "../kit/bounded.ts";
import { dayMs } from "../kit/duration.ts";
import { UnwrittenItems } from "./unwritten-items.ts";

export interface ProfileTrait {
  readonly class: string;
  readonly key: string;
  readonly shown: string;
  /** Members that had it. */
  readonly count: number;
}

export interface WaveProfile {
  readonly wave: string;
  /** When it was last written, ms since the epoch. */
  readonly at: number;
  /** Members it was made of, and those of them who had spoken. */
  readonly accounts: number;
  readonly spoke: number;
  /** What several of them had. */
  readonly traits: readonly ProfileTrait[];
  /** What some of them wrote, as numbers that only tell what is like it. */
  readonly texts: readonly string[];
  /** `harmful`: whoever is like it belongs to it. `fine`: nothing of it is a sign of anything. */
  readonly known?: "harmful" | "fine";
}

export type WaveProfilesView = Readonly<Pick<WaveProfiles, "get" | "all">>;

/** Up to four kilobytes each, and looked at for accounts that have something of it. */
const mostProfiles = 64;
const keptMs = 30 * dayMs;

export class WaveProfiles {
  readonly storedAs = "wave-profile";
  readonly unwritten = new UnwrittenItems<WaveProfile>();
  readonly #all = new Map<string, WaveProfile>();

  get view(): WaveProfilesView {
    return this;
  }

  get(wave: string): WaveProfile | undefined {
    return this.#all.get(wave);
  }

  all(): Iterable<WaveProfile> {
    return this.#all.values();
  }

  /** What has not changed for thirty days is forgotten. */
  set(profile: WaveProfile): void {
    this.#all.delete(profile.wave);
    this.#all.set(profile.wave, profile);
    this.unwritten.note(profile.wave, profile);
    for (const [wave, { at }] of this.#all) {
      if (this.#all.size <= mostProfiles && profile.at - at < keptMs) continue;
      this.#all.delete(wave);
      this.unwritten.note(wave, undefined);
    }
  }

  restore(wave: string, profile: WaveProfile): void {
    this.#all.set(wave, profile);
    keepNewest(this.#all, mostProfiles);
  }
}
