/** What follows from `stop` and `go`: what waits is dropped, and commands that were dropped are offered again afterwards. */
import type { Batch, NotDone } from "../bot/part.ts";
import { commandsDropped, isDroppedByStop, stoppedBy, stoppedCode } from "../model/stopped.ts";
import type { Words } from "../model/actions/action.ts";
import type { Decision, Outcome } from "../model/decision.ts";
import type { Observation, Seen } from "../model/observation.ts";
import type { DroppedCommand } from "../model/settings/stop.ts";
import type { WorldView } from "../model/world/view.ts";

export interface StopPartOptions {
  readonly world: WorldView;
  /** Takes what waits and fits out of the queues. */
  readonly drop: (isUnwanted: (decision: Decision, mayBeDone: boolean) => boolean) => readonly Decision[];
  /** Something else is to stand in the end: what may be done is then done first, so that it can be taken back. */
  readonly isTakenBack: (decision: Decision) => boolean;
  readonly offerAgain: (command: DroppedCommand, at: number) => Decision<Words> | undefined;
  /** Believed at once. */
  readonly believe: (seen: Seen, at: number) => void;
  readonly receive: (seen: readonly Seen[]) => void;
}

export class StopPart {
  readonly name = "stop";
  readonly #options: StopPartOptions;

  constructor(options: StopPartOptions) {
    this.#options = options;
  }

  seen({ seen, at }: Pick<Batch, "seen" | "at">): void {
    if (seen.some((one) => one.kind === "settings-changed" && one.change.kind === "stop")) this.#drop();
    const dropped = seen.flatMap((one) =>
      one.kind === "outcome" && isStoppedOutcome(one.outcome) ? one.outcome.decision : [],
    );
    this.#dropped(dropped, at);
  }

  /** What commands from before the stop come to only now, as what a search finds. */
  guarded({ refused }: Pick<NotDone, "refused">, { at }: Pick<Batch, "at">): void {
    this.#dropped(
      refused.filter(({ isStopped }) => isStopped).map(({ decision }) => decision),
      at,
    );
  }

  /** After the reply to `go`, or the message that the stop is over. */
  says({ seen, at }: Pick<Batch, "seen" | "at">): readonly Decision<Words>[] {
    const { stop, dropped } = this.#options.world.settings.stopping;
    // One that was said in the place of the stop that ends goes on.
    if (stop || dropped.length === 0 || !seen.some(isGoDone)) return [];
    this.#change({ kind: "forget-dropped" }, at);
    return dropped.flatMap((command) => this.#options.offerAgain(command, at) ?? []);
  }

  #drop(): void {
    const result = stoppedBy(this.#options.world.settings.stopping.stop);
    const dropped = this.#options.drop(
      (decision, mayBeDone) =>
        isDroppedByStop(decision) && !(mayBeDone && this.#options.isTakenBack(decision)),
    );
    this.#options.receive(dropped.map((decision) => ({ kind: "outcome", outcome: { decision, result } })));
  }

  #dropped(decisions: readonly Decision[], at: number): void {
    const commands = commandsDropped(decisions);
    if (commands.length > 0) this.#change({ kind: "drop-commands", commands }, at);
  }

  #change(change: Extract<Seen, { kind: "settings-changed" }>["change"], at: number): void {
    this.#options.believe({ kind: "settings-changed", change }, at);
  }
}

function isStoppedOutcome({ result }: Outcome): boolean {
  return result.kind === "failed" && result.code === stoppedCode;
}

function isGoDone(one: Observation): boolean {
  if (one.kind !== "outcome" || one.outcome.result.kind !== "done") return false;
  const { action } = one.outcome.decision;
  return action.kind === "change-settings" && action.change.kind === "go";
}
