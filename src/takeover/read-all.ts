/** All readers together: the account data and the management room's state are read as the bot that wrote them would. */
import { readDraupnir } from "./draupnir.ts";
import { readMeowlnir } from "./meowlnir.ts";
import { readMjolnir } from "./mjolnir.ts";
import { merged, type Takeover, type Traces } from "./earlier-bot.ts";

/** `writesAcls`: our config lets us write server ACLs. Where the earlier bot was told not to, we do not start silently. */
export function readTakeover(traces: Traces, options: { readonly writesAcls: boolean }): Takeover {
  // Draupnir keeps using Mjolnir's keys of account data, so what they hold belongs to one of the two.
  const fromAccount = readDraupnir(traces, options) ?? readMjolnir(traces);
  const fromRoom = readMeowlnir(traces, options);
  return merged([fromAccount, fromRoom].filter((bot) => bot !== undefined));
}
