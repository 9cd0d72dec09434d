/** From clusters to what is believed of waves: stages that were reached, members, profiles; and what people said of a wave. */
import { hourMs, minuteMs } from "../kit/duration.ts";
import type { Seen } from "../model/observation.ts";
import type { UserId } from "../model/ids.ts";
import type { WaveProfile } from "../model/wave-profiles.ts";
import type { Wave } from "../model/waves.ts";
import type { Settings } from "../model/settings/settings.ts";
import type { WorldView } from "../model/world/view.ts";
import type { Accounts } from "./accounts.ts";
import type { Cluster } from "./cluster.ts";
import type { Clusters } from "./clusters.ts";
import { profileOf, sharesOf } from "./common.ts";
import type { Earlier } from "./earlier.ts";
import type { Good } from "./good.ts";
import type { Joins } from "./joins.ts";
import { stageOf, type StageReached } from "./stage.ts";
import { memberOf, rank, restored } from "./told.ts";
import { isContent } from "./traits.ts";

/** A wave of which nobody has come or spoken for so long is over, unless it did harm: of that one people say so. */
const overAfterMs = 2 * hourMs;
/** So long after its last account one that did harm goes on when more come; after that it is known as an earlier one. */
const harmfulOverAfterMs = 24 * hourMs;
/** Looked for clusters that are over after so long. */
const lookedEveryMs = minuteMs;
/** A profile is written anew when there are so many times as many accounts. */
const profileGrowth = 1.5;
/** So many, at so many times the pace that was ever seen, are a flood. */
const [floodAccounts, floodPace] = [20, 10];
/** What fewer of a wave have than this is not its own, but of the person who was taken for a member. */
const ownShare = 0.5;

export interface TellingOptions {
  readonly world: WorldView;
  readonly accounts: Accounts;
  readonly clusters: Clusters;
  readonly good: Good;
  readonly earlier: Earlier;
  readonly joins: Joins;
  /** Accounts of a wave. */
  readonly fewest: number;
}

interface Now {
  readonly at: number;
  /** Not enough is known of what is usual here. */
  readonly isCold: boolean;
}

export class Telling {
  readonly #options: TellingOptions;
  #isRestored = false;
  #lookedAt = -Infinity;
  /** What moderators had said when it was last looked at. */
  #verdicts: Settings["waveVerdicts"] | undefined;
  #excused: Settings["excused"] | undefined;

  constructor(options: TellingOptions) {
    this.#options = options;
  }

  /** What people said meanwhile, and once what is left of an earlier run. */
  takeUp(at: number): readonly Seen[] {
    if (!this.#isRestored) this.#restore(at);
    const { world, clusters } = this.#options;
    const believed: Seen[] = [];
    const { waveVerdicts, excused } = world.settings;
    const hasSaid = waveVerdicts !== this.#verdicts || excused !== this.#excused;
    [this.#verdicts, this.#excused] = [waveVerdicts, excused];
    if (hasSaid) believed.push(...this.#tookBack());
    for (const cluster of clusters.all) {
      const now = cluster.told && world.stored.waves.get(cluster.id);
      if (!now || (now === cluster.told && !hasSaid)) continue;
      cluster.told = now;
      believed.push(...this.#heard(cluster, now, at));
    }
    return believed;
  }

  /** Somebody is fine no more: what they have in common is a sign again, and a wave goes on. */
  #tookBack(): readonly Seen[] {
    const { world, good, clusters, accounts } = this.#options;
    const { waveVerdicts, excused } = world.settings;
    const believed: Seen[] = [];
    for (const profile of [...world.stored.waveProfiles.all()]) {
      const [id, user] = profile.wave.split(" ") as [string, UserId | undefined];
      const isFine = user === undefined ? waveVerdicts.get(id)?.is === "fine" : excused.has(user);
      if (profile.known !== "fine" || isFine) continue;
      good.delete(profile.wave);
      const { known: _, ...open } = profile;
      believed.push({ kind: "wave-profile", profile: open });
      const wave = user === undefined ? world.stored.waves.get(id) : undefined;
      if (wave && wave.endedAt === undefined) clusters.add(restored(wave, open, accounts));
    }
    return believed;
  }

  tell(touched: ReadonlySet<Cluster>, now: Now): readonly Seen[] {
    const { clusters } = this.#options;
    const those = new Set<Cluster>();
    for (const cluster of touched) if (clusters.all.has(cluster)) those.add(this.#whole(cluster, now));
    const believed: Seen[] = [];
    for (const { told } of clusters.takeMerged())
      if (told) believed.push({ kind: "wave", wave: { ...told, endedAt: now.at }, members: [], left: [] });
    for (const cluster of those)
      if (this.#options.clusters.all.has(cluster)) believed.push(...this.#tellOf(cluster, now));
    believed.push(...this.#over(now.at));
    return believed;
  }

  /** What is about to be told for the first time may be a part of a larger one. */
  #whole(cluster: Cluster, { at, isCold }: Now): Cluster {
    if (cluster.reached) return cluster;
    cluster.tally.moveTo(at);
    return this.#stageOf(cluster, isCold) ? this.#options.clusters.joinLarger(cluster, at) : cluster;
  }

  #tellOf(cluster: Cluster, { at, isCold }: Now): readonly Seen[] {
    cluster.tally.moveTo(at);
    const isNews = this.#reach(cluster, this.#stageOf(cluster, isCold), at);
    const { reached } = cluster;
    if (!reached) return [];
    if (isNews) for (const account of cluster.members) cluster.changed.add(account);
    const wave = this.#waveOf(cluster, reached);
    const members = [...cluster.changed]
      .filter((one) => cluster.has(one))
      .map((one) => memberOf(cluster, one));
    const left = [...cluster.left];
    cluster.changed.clear();
    cluster.left.clear();
    cluster.told = wave;
    const believed: Seen[] = [{ kind: "wave", wave, members, left }];
    if (isNews || cluster.accounts >= profileGrowth * cluster.writtenAt)
      believed.push(this.#profile(cluster, at));
    return believed;
  }

  /** A wave that is like an earlier one is suspected with its first account. */
  #stageOf(cluster: Cluster, isCold: boolean): StageReached | undefined {
    const isEarlier = cluster.base !== undefined && cluster.base.profile.wave !== cluster.id;
    return (
      stageOf(cluster.tally, { fewest: this.#options.fewest, isCold }) ??
      (isEarlier ? { stage: "suspected" } : undefined)
    );
  }

  /** Whether it reached more than before: it never goes back. */
  #reach(cluster: Cluster, stage: StageReached | undefined, at: number): boolean {
    const { world, joins } = this.#options;
    const { reached, isFlood } = cluster;
    const record = world.stored.newcomers.joinsRecord(at);
    const isPace = joins.inLastMinute(at) >= floodPace * Math.max(1, record);
    const isCold = stage?.doubt === "cold";
    cluster.isFlood ||= !isCold && cluster.tally.counts.alike >= floodAccounts && isPace;
    const isMore = stage !== undefined && rank(stage) > rank(reached);
    if (!isMore) return cluster.isFlood !== isFlood;
    cluster.reached = stage;
    cluster.reachedAt = { ...cluster.reachedAt, [stage.stage]: at };
    return true;
  }

  #waveOf(cluster: Cluster, { stage, proof, doubt }: StageReached): Wave {
    const before = this.#options.world.stored.waves.get(cluster.id);
    const shares =
      before && cluster.accounts < profileGrowth * cluster.sharesOf
        ? before.shares
        : sharesOf(cluster.common);
    if (shares !== before?.shares) cluster.sharesOf = cluster.accounts;
    return {
      id: cluster.id,
      stage,
      firstAt: cluster.firstAt,
      lastAt: cluster.lastAt,
      reachedAt: cluster.reachedAt,
      accounts: cluster.accounts,
      spoke: cluster.speakers,
      shares,
      ...(proof ? { proof } : {}),
      ...(doubt ? { asksFirst: doubt } : {}),
      ...(cluster.isFlood ? { isFlood: true } : {}),
      ...(before?.endedAt === undefined ? {} : { endedAt: before.endedAt }),
    };
  }

  #profile(cluster: Cluster, at: number): Seen {
    cluster.writtenAt = cluster.accounts;
    return {
      kind: "wave-profile",
      profile: profileOf(cluster.common, { wave: cluster.id, at, known: undefined }),
    };
  }

  /** A person, or the part that acts, changed the wave. */
  #heard(cluster: Cluster, wave: Wave, at: number): readonly Seen[] {
    const said = this.#options.world.settings.waveVerdicts.get(wave.id)?.is;
    if (said === "fine") return this.#fine(cluster, at);
    if (wave.endedAt !== undefined) return this.#ended(cluster, at);
    const { stage, proof, doubt } = cluster.reached!;
    if (said === "clean" && (stage !== "harmful" || doubt !== undefined)) {
      cluster.reached = { stage: "harmful", proof: stage === "harmful" && proof ? proof : "said" };
      cluster.reachedAt = { harmful: at, ...cluster.reachedAt };
      for (const account of cluster.members) cluster.changed.add(account);
      return this.#tellOf(cluster, { at, isCold: false });
    }
    return this.#freed(cluster, at);
  }

  /** All of them are fine, and so is whoever has the same in common. */
  #fine(cluster: Cluster, at: number): readonly Seen[] {
    const profile = profileOf(cluster.common, { wave: cluster.id, at, known: "fine" });
    this.#options.good.add(profile);
    this.#options.clusters.end(cluster);
    return [{ kind: "wave-profile", profile }];
  }

  #ended(cluster: Cluster, at: number): readonly Seen[] {
    const isHarmful = cluster.reached?.stage === "harmful";
    const profile = profileOf(cluster.common, {
      ...{ wave: cluster.id, at },
      known: isHarmful ? "harmful" : undefined,
    });
    if (isHarmful) this.#options.earlier.set(profile);
    this.#options.clusters.end(cluster);
    return [{ kind: "wave-profile", profile }];
  }

  /** Some of them are no members: what they have and most of the wave has not is no sign any more. */
  #freed(cluster: Cluster, at: number): readonly Seen[] {
    const { world, good, clusters, accounts } = this.#options;
    const believed: Seen[] = [];
    for (const { user } of world.stored.waveMembers.of(cluster.id)) {
      const account = world.settings.excused.has(user) ? accounts.get(user) : undefined;
      if (!account || !cluster.has(account)) continue;
      const others = cluster.others(account);
      const traits = account.traits.filter(
        (trait) =>
          others.having(trait) <
          ownShare * Math.max(1, isContent(trait.class) ? others.spoke : others.accounts),
      );
      clusters.leave(account, cluster);
      cluster.left.delete(user);
      const profile: WaveProfile = {
        wave: `${cluster.id} ${user}`,
        ...{ at, accounts: 1, spoke: 1, texts: [], known: "fine" },
        traits: traits.map(({ class: one, key, shown }) => ({ class: one, key, shown, count: 1 })),
      };
      good.add(profile);
      believed.push({ kind: "wave-profile", profile });
    }
    if (believed.length === 0) return [];
    clusters.fitAgain(cluster, at);
    return [...believed, ...this.#tellOf(cluster, { at, isCold: false })];
  }

  /** Clusters in which nothing has happened for long. */
  #over(at: number): readonly Seen[] {
    if (Math.abs(at - this.#lookedAt) < lookedEveryMs) return [];
    this.#lookedAt = at;
    const believed: Seen[] = [];
    for (const cluster of this.#options.clusters.all) {
      const quietMs = at - cluster.lastAt;
      const { reached } = cluster;
      if (!reached) {
        cluster.tally.moveTo(at);
        if (cluster.tally.isEmpty) this.#options.clusters.end(cluster);
      } else if (reached.stage === "harmful") {
        if (quietMs >= harmfulOverAfterMs) believed.push(...this.#ended(cluster, at));
      } else if (quietMs >= overAfterMs) {
        believed.push({
          kind: "wave",
          wave: { ...this.#waveOf(cluster, reached), endedAt: at },
          members: [],
          left: [],
        });
        believed.push(...this.#ended(cluster, at));
      }
    }
    return believed;
  }

  #restore(at: number): void {
    this.#isRestored = true;
    const { world, good, earlier, clusters, accounts } = this.#options;
    for (const profile of world.stored.waveProfiles.all()) {
      const wave = world.stored.waves.get(profile.wave);
      const isOver =
        wave === undefined || wave.endedAt !== undefined || at - wave.lastAt >= harmfulOverAfterMs;
      if (profile.known === "fine") good.add(profile);
      else if (isOver) earlier.set(wave?.stage === "harmful" ? { ...profile, known: "harmful" } : profile);
      else clusters.add(restored(wave, profile, accounts));
    }
  }
}
