/** How much heat somebody has at present, and what gave it. */
import { describeDuration } from "../../kit/duration.ts";
import { code, joined, plain, say, type Say } from "../../kit/say.ts";
import { cooled, type Heated } from "../../model/heat.ts";
import type { CommandContext } from "../define.ts";

/** "Heat 72: masked-text 30 (2 minutes ago, 26 of it left), ...", the newest first. */
export function heatNow(who: Heated, world: CommandContext["world"], at: number): readonly Say[] {
  const record = world.stored.heat.get(who);
  const now = world.stored.heat.of(who, at);
  if (!record || now === 0) return [];
  const gains = record.gains.toReversed().map((gain) => {
    const left = Math.round(cooled(gain, at));
    const ago = describeDuration(Math.abs(at - gain.at));
    return say`${code(gain.rule)} ${plain(`${Math.round(gain.heat)} (${ago} ago${left < Math.round(gain.heat) ? `, ${left} left` : ""})`)}`;
  });
  const older = record.older ? Math.round(cooled(record.older, at)) : 0;
  const all = [...gains, ...(older > 0 ? [say`${older} of what was before`] : [])];
  return [say`Heat ${now}: ${joined(all)}.`];
}
