/** All readers together: the account data and the management room's state are read as the bot that wrote them would. */
import { readDraupnir } from "./draupnir.ts";
import { readMeowlnir } from "./meowlnir.ts";
import { readMjolnir } from "./mjolnir.ts";
import { merged, type Takeover, type TakeoverOptions, type Traces } from "./earlier-bot.ts";

export function readTakeover(traces: Traces, options: TakeoverOptions): Takeover {
  // Draupnir keeps using Mjolnir's keys of account data, so what they hold belongs to one of the two.
  const fromAccount = readDraupnir(traces, options) ?? readMjolnir(traces);
  const fromRoom = readMeowlnir(traces, options);
  return merged([fromAccount, fromRoom].filter((bot) => bot !== undefined));
}
