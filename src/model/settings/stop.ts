/** The stop: while it stands, lists and protections only tell. And the commands that it dropped, until they were offered again. */
import type { KeptCommand } from "../heard-command.ts";
import type { EventId, UserId } from "../ids.ts";
import type { ChangeRows } from "./change-row.ts";

export interface Stop {
  /** Who said it. */
  readonly by: UserId;
  /** Acts of commands that were decided before are not done, ms since the epoch. */
  readonly at: number;
  /** It ends by itself then, ms since the epoch; absent where only `go` ends it. */
  readonly until?: number;
}

/** A command of which something was not done, as it was typed. */
export interface DroppedCommand {
  readonly event: EventId;
  readonly by: UserId;
  readonly text: string;
  /** What it referred to; undefined where it was said to an earlier run. */
  readonly kept?: KeptCommand;
}

export interface StopSettings {
  readonly stopping: {
    /** Undefined while nothing is stopped. */
    readonly stop: Stop | undefined;
    /** The newest; offered again once the stop is over. */
    readonly dropped: readonly DroppedCommand[];
  };
}

export type StopChange =
  | { readonly kind: "stop"; readonly stop: Stop }
  /** `endedAt`: ends only a stop that ends then, not one said since in its place. */
  | { readonly kind: "go"; readonly endedAt?: number }
  | { readonly kind: "drop-commands"; readonly commands: readonly DroppedCommand[] }
  /** `of`: their occasions; all of them where it is left out. */
  | { readonly kind: "forget-dropped"; readonly of?: readonly string[] };

/** Each is answered with a sentence of its own; the others are told of by the message of what they led to. */
const mostDropped = 20;

export const stopChanges: ChangeRows<StopSettings, StopChange> = {
  stop: {
    apply: ({ stopping }, { stop }) => ({ stopping: { ...stopping, stop } }),
    inverse: (_change, { stopping: { stop } }) => (stop ? { kind: "stop", stop } : { kind: "go" }),
    holds: ({ stop: { by, at, until } }, { stopping: { stop } }) =>
      stop?.by === by && stop.at === at && stop.until === until,
    subject: () => undefined,
  },
  go: {
    apply: ({ stopping }, { endedAt }) =>
      stopping.stop && (endedAt === undefined || endedAt === stopping.stop.until)
        ? { stopping: { ...stopping, stop: undefined } }
        : {},
    inverse: (_change, { stopping: { stop } }) => stop && { kind: "stop", stop },
    holds: (_change, { stopping: { stop } }) => stop === undefined,
    subject: () => undefined,
  },
  "drop-commands": {
    apply: ({ stopping }, { commands }) => {
      const events = new Set(commands.map(({ event }) => event));
      const others = stopping.dropped.filter(({ event }) => !events.has(event));
      return { stopping: { ...stopping, dropped: [...others, ...commands].slice(-mostDropped) } };
    },
    inverse: () => undefined,
    holds: () => false,
    subject: () => undefined,
  },
  "forget-dropped": {
    apply: ({ stopping }, { of }) => {
      const dropped = of ? stopping.dropped.filter(({ event }) => !of.includes(event)) : [];
      return dropped.length < stopping.dropped.length ? { stopping: { ...stopping, dropped } } : {};
    },
    inverse: () => undefined,
    holds: () => false,
    subject: () => undefined,
  },
};
