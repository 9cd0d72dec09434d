/** All scenes, by the names of the table; and what comes of one for a seed. */
import { Chance } from "./blocks/chance.ts";
import { size, type Community } from "./community.ts";
import type { Scene } from "./scene.ts";
import { alike } from "./scenes/alike.ts";
import { crowds } from "./scenes/crowds.ts";
import { hostileWaves } from "./scenes/hostile.ts";
import { machines } from "./scenes/machines.ts";
import { moreWaves } from "./scenes/more-waves.ts";
import { waves } from "./scenes/waves.ts";
import { Script, type Account, type Scripted } from "./script.ts";

export const scenes: readonly Scene[] = [
  ...waves,
  ...moreWaves,
  ...hostileWaves,
  ...crowds,
  ...alike,
  ...machines,
];

export interface Played {
  readonly events: readonly Scripted[];
  /** Who are of the wave or the crowd, and who only came at the same time. */
  readonly accounts: readonly Account[];
  readonly bystanders: readonly Account[];
}

export function play(scene: Scene, of: Community): Played {
  const chance = new Chance(of.seed).stream(scene.name);
  const script = new Script(scene.name);
  const [accounts, bystanders]: [Account[], Account[]] = [[], []];
  const names = new Set(of.members.map(({ id }) => id));
  scene.play({ of, chance, script, names, accounts, bystanders });
  const { events } = script;
  const strange = events.find(({ room }) => room < 0 || room >= size.rooms);
  if (strange) throw new Error(`${scene.name}: there is no room ${strange.room}`);
  return { events, accounts, bystanders };
}
