/** Questions of a homeserver, answered by one bot: from what it believes, once it has read everything, and counted. */
import type { Config } from "../config/schema.ts";
import { isToBeRefused } from "../decisions/callbacks.ts";
import { compileGlob } from "../kit/glob.ts";
import { callbackNames, type Asked, type CallbackAnswer } from "../model/callbacks.ts";
import type { Meter } from "../model/metrics.ts";
import type { WorldView } from "../model/world/view.ts";
import type { RulesInForce } from "../policy/rules-in-force.ts";

export interface CallbackIngredients {
  readonly config: Pick<Config, "antispam" | "acl" | "dryRun">;
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
  /** Until everything was read nothing is refused. */
  readonly health: { readonly isWatching: boolean };
  readonly measuring: { readonly meter?: Meter | undefined };
}

export function answeringCallbacks(ingredients: CallbackIngredients): (asked: Asked) => CallbackAnswer {
  const { config, health, measuring } = ingredients;
  const view = {
    ...ingredients,
    sparedServers: config.acl.sparedServers.map((server) => compileGlob(server, { ignoreCase: true })),
    noInvitesTo: new Set(config.antispam.noInvitesTo),
    refusesEvents: config.antispam.events,
  };
  return (asked) => {
    const isRefused = health.isWatching && isToBeRefused(asked, view);
    const answer = !isRefused ? "allowed" : config.dryRun ? "recorded" : "refused";
    const name = callbackNames.has(asked.callback) ? asked.callback : "other";
    measuring.meter?.count("tyr_antispam_requests_total", [name, answer]);
    return answer;
  };
}
