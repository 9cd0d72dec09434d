/** Who belongs to a bridge that moderators have named: asked of every event, so its globs are compiled once for all. */
import { compileGlob, type Glob } from "../kit/glob.ts";
import type { UserId } from "./ids.ts";
import type { Bridge, BridgeSettings } from "./settings/bridges.ts";

interface Compiled {
  readonly ghosts: readonly { readonly glob: Glob; readonly bridge: Bridge }[];
  readonly bots: ReadonlyMap<string, Bridge>;
}

const compiled = new WeakMap<BridgeSettings["bridges"], Compiled>();

/** The bridge of which the person is a ghost. */
export function bridgeOfGhost(user: UserId, { bridges }: BridgeSettings): Bridge | undefined {
  if (bridges.size === 0) return undefined;
  return compiledOf(bridges).ghosts.find(({ glob }) => glob.matches(user))?.bridge;
}

/** The bridge whose bot the person is. */
export function bridgeOfBot(user: UserId, { bridges }: BridgeSettings): Bridge | undefined {
  return bridges.size === 0 ? undefined : compiledOf(bridges).bots.get(user);
}

function compiledOf(bridges: BridgeSettings["bridges"]): Compiled {
  const known = compiled.get(bridges);
  if (known) return known;
  const all = [...bridges.values()];
  const made = {
    ghosts: all.map((bridge) => ({ glob: compileGlob(bridge.ghosts, { ignoreCase: true }), bridge })),
    bots: new Map(all.flatMap((bridge) => (bridge.bot === undefined ? [] : [[bridge.bot, bridge] as const]))),
  };
  compiled.set(bridges, made);
  return made;
}
