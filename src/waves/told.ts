/** Clusters as the waves that are believed, and back. */
import type { WaveProfile } from "../model/wave-profiles.ts";
import { waveStages, type Wave, type WaveMember } from "../model/waves.ts";
import type { Account } from "./account.ts";
import type { Accounts } from "./accounts.ts";
import { Base } from "./base.ts";
import { Cluster } from "./cluster.ts";
import type { StageReached } from "./stage.ts";

/** Rooms of a member that are told. */
const mostRooms = 64;

/** As it was before a restart. */
export function restored(wave: Wave, profile: WaveProfile, accounts: Accounts): Cluster {
  const cluster = new Cluster(accounts, { id: wave.id, at: wave.firstAt, base: new Base(profile) });
  const { stage, proof, asksFirst, lastAt, reachedAt } = wave;
  cluster.reached = { stage, ...(proof ? { proof } : {}), ...(asksFirst ? { doubt: asksFirst } : {}) };
  cluster.reachedAt = reachedAt;
  cluster.lastAt = lastAt;
  cluster.before = { accounts: wave.accounts, spoke: wave.spoke };
  cluster.isFlood = wave.isFlood === true;
  cluster.told = wave;
  return cluster;
}

/** In the order of the stages; less than the first where none is reached. */
export function rank(reached: StageReached | undefined): number {
  return reached ? waveStages.indexOf(reached.stage) : -1;
}

export function memberOf({ id }: Cluster, account: Account): WaveMember {
  const { user, fit, joinedAt, spokeAt, rooms, messages } = account;
  return {
    wave: id,
    user,
    bits: Math.round(fit.sum * 10) / 10,
    ...(joinedAt === undefined ? {} : { joinedAt }),
    ...(spokeAt === undefined ? {} : { spokeAt }),
    rooms: [...rooms].slice(0, mostRooms),
    messages: [...messages],
  };
}
