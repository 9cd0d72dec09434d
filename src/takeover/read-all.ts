/** All bots' readers in one: what is there is read by whoever wrote it. */
import { readDraupnir } from "./draupnir.ts";
import { readMeowlnir } from "./meowlnir.ts";
import { readMjolnir } from "./mjolnir.ts";
import { together, type Takeover, type Traces } from "./earlier-bot.ts";

/** `writesAcls`: our config lets us write server ACLs; what an earlier bot was told not to do is not done silently. */
export function readTakeover(traces: Traces, options: { readonly writesAcls: boolean }): Takeover {
  // A Draupnir goes on with a Mjolnir's keys, so they are one or the other's.
  const fromAccount = readDraupnir(traces, options) ?? readMjolnir(traces);
  const fromRoom = readMeowlnir(traces, options);
  return together([fromAccount, fromRoom].filter((taken) => taken !== undefined));
}
