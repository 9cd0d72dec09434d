/** What follows from `stop` and `go`: what waits is dropped, and commands that were dropped are offered again afterwards. */
import { keepNewest } from "../kit/bounded.ts";
import type { Batch, NotDone } from "../bot/part.ts";
import { commandsDropped, isDroppedByStop, stoppedBy, stoppedCode } from "../model/stopped.ts";
import type { Words } from "../model/actions/action.ts";
import type { Cause, Decision, Outcome } from "../model/decision.ts";
import type { KeptCommand } from "../model/heard-command.ts";
import type { EventId } from "../model/ids.ts";
import type { Observation, ObservationOf, Seen } from "../model/observation.ts";
import type { DroppedCommand } from "../model/settings/stop.ts";
import type { WorldView } from "../model/world/view.ts";

export interface StopPartOptions {
  readonly world: WorldView;
  /** Takes what waits and fits out of the queues. */
  readonly drop: (isUnwanted: (decision: Decision, mayBeDone: boolean) => boolean) => readonly Decision[];
  /** Something else is to stand in the end: what may be done is then done first, so that it can be taken back. */
  readonly isTakenBack: (decision: Decision) => boolean;
  /** The undo number of a command. */
  readonly numberOf: (occasion: string) => number | undefined;
  readonly offerAgain: (command: DroppedCommand, at: number) => Decision<Words> | undefined;
  /** Believed at once. */
  readonly believe: (seen: Seen, at: number) => void;
  readonly receive: (seen: readonly Seen[]) => void;
}

type CommandCause = Extract<Cause, { kind: "command" }>;

interface Typed {
  readonly text: string;
  readonly undoes: CommandCause["undoes"] | undefined;
}

export class StopPart {
  readonly name = "stop";
  readonly #options: StopPartOptions;
  /** The newest commands, with what they referred to: any of them may be dropped. */
  readonly #heard = new Map<EventId, ObservationOf<"command">>();

  constructor(options: StopPartOptions) {
    this.#options = options;
  }

  seen({ seen, at }: Pick<Batch, "seen" | "at">): void {
    for (const one of seen) if (one.kind === "command") this.#heard.set(one.event.eventId, one);
    keepNewest(this.#heard, this.#options.world.limits.commandsRemembered);
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

  /** It was to be carried out, and `stop` was said after it. */
  overtook(command: ObservationOf<"command">, { event, by, text, undoes }: CommandCause): void {
    const kept = this.#kept(command, { text, undoes });
    this.#change({ kind: "drop-commands", commands: [{ event, by, text, kept }] }, command.at);
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
    const commands = commandsDropped(decisions).map(({ undoes, ...command }) => {
      const heard = this.#heard.get(command.event);
      return heard ? { ...command, kept: this.#kept(heard, { text: command.text, undoes }) } : command;
    });
    if (commands.length > 0) this.#change({ kind: "drop-commands", commands }, at);
  }

  #kept(heard: ObservationOf<"command">, said: Typed): KeptCommand {
    const { line = said.text, aliases, names = new Map(), subject, note, named, given, policyServer } = heard;
    return {
      line: this.#undoByNumber(said) ?? line,
      aliases: [...aliases],
      names: [...names],
      ...(subject ? { subject } : {}),
      ...(note ? { note } : {}),
      ...(named ? { named } : {}),
      ...(given ? { given } : {}),
      ...(policyServer ? { policyServer } : {}),
    };
  }

  /** `undo last` means the command that was the last one then. */
  #undoByNumber({ text, undoes }: Typed): string | undefined {
    if (undoes?.length !== 1 || !/^\s*undo\s+last\b/i.test(text)) return undefined;
    const number = this.#options.numberOf(undoes[0]!);
    return number === undefined ? undefined : `undo ${number}`;
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
