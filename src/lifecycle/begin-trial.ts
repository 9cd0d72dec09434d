/** How a protection is tried on the past: one at a time, by the protections that there are when it begins. */
import { protectionCalled } from "../automod/called.ts";
import type { Protection } from "../automod/define.ts";
import type { Registry } from "../automod/registry.ts";
import { Backtest } from "../backtest/backtest.ts";
import { Comparison } from "../backtest/comparison.ts";
import type { Config } from "../config/schema.ts";
import type { RunningTrial } from "../management-room/running-trial.ts";
import type { ActionOf } from "../model/actions/action.ts";
import type { Decision } from "../model/decision.ts";
import type { StashView } from "../model/stash.ts";
import type { Trial } from "../model/trial.ts";
import type { WorldView } from "../model/world/view.ts";
import type { RulesInForce } from "../policy/rules-in-force.ts";
import { worldLimits } from "./world-limits.ts";

export interface TrialOptions {
  readonly config: Config;
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
  readonly registry: Registry;
  readonly running: RunningTrial;
  readonly stash: Pick<StashView, "get">;
}

export function trialsOf({ config, world, rulesInForce, registry, running, stash }: TrialOptions) {
  const limits = worldLimits(config);
  return (
    { protection: name, against, rooms, since }: ActionOf<"try-protection">,
    decision: Decision,
  ): Trial | undefined => {
    const protection = protectionCalled(name, registry, world.settings);
    const other = against === undefined ? undefined : protectionCalled(against, registry, world.settings);
    if (against !== undefined && !other) return undefined;
    const begun = protection && running.begin(decision);
    if (!begun) return undefined;
    const options = { world, limits, rulesInForce, stash, rooms, since, until: decision.at, ...begun };
    const backtest = (tried: Protection) => new Backtest({ ...options, protection: tried });
    const first = backtest(protection);
    return other && against !== undefined ? new Comparison(first, backtest(other), against) : first;
  };
}
