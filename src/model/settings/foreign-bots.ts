/** Other bots whose commands are understood, so that moderators who come from them need not learn new words. */
import { without, withOne } from "../../kit/immutable.ts";
import type { ChangeRows } from "./change-row.ts";

export const foreignBots = ["mjolnir", "draupnir", "meowlnir"] as const;
export type ForeignBot = (typeof foreignBots)[number];

export interface ForeignBotSettings {
  /** Switched on by command, or when we took over from such a bot, in addition to those of the config. */
  readonly understood: ReadonlySet<ForeignBot>;
}

export interface ForeignBotChange {
  readonly kind: "understand";
  readonly bot: ForeignBot;
  readonly on: boolean;
}

export const foreignBotChanges: ChangeRows<ForeignBotSettings, ForeignBotChange> = {
  understand: {
    apply: ({ understood }, { bot, on }) => ({
      understood: on ? withOne(understood, bot) : without(understood, bot),
    }),
    inverse: (change, { understood }) => ({ ...change, on: understood.has(change.bot) }),
    holds: ({ bot, on }, { understood }) => understood.has(bot) === on,
    subject: () => undefined,
  },
};
