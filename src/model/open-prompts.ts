/** Commands that wait for an argument that a moderator was asked for. They outlive a restart, as a person may be about to answer. */
import type { Say } from "../kit/say.ts";
import type { NamedPeople } from "./heard-command.ts";
import type { EventId, ResolvedAlias, RoomAlias, UserId } from "./ids.ts";
import { UnwrittenItems } from "./unwritten-items.ts";

export interface OpenPrompt {
  /** The incomplete command. */
  readonly command: EventId;
  /** Only they may complete it. */
  readonly by: UserId;
  /** What is asked for: the answer is inserted between `before` and `after`. */
  readonly missing: {
    /** The kind of the argument. */
    readonly kind: string;
    readonly before: string;
    readonly after: string;
    readonly choices: readonly { readonly typed: string; readonly shown: Say }[];
  };
  /** When it was asked, ms since the epoch. */
  readonly at: number;
  /** Results of look-ups for the incomplete command, which are used again. */
  readonly aliases: readonly (readonly [RoomAlias, ResolvedAlias])[];
  readonly names: readonly (readonly [string, NamedPeople])[];
  /** Our message that asks, once it is in the room. */
  readonly message?: EventId;
  /** The moderator's next message may be the answer. Later ones have to be replies. */
  readonly takesNextMessage: boolean;
}

/** The prompts, to read only. */
export type OpenPromptsView = Readonly<Pick<OpenPrompts, "all" | "get">>;

export class OpenPrompts {
  readonly storedAs = "prompt";
  readonly unwritten = new UnwrittenItems<OpenPrompt>();
  readonly #remembered: number;
  readonly #all = new Map<EventId, OpenPrompt>();

  /** Beyond so many the oldest are forgotten: their commands have to be said again. */
  constructor(remembered: number) {
    this.#remembered = remembered;
  }

  get view(): OpenPromptsView {
    return this;
  }

  /** Oldest first. */
  all(): readonly OpenPrompt[] {
    return [...this.#all.values()];
  }

  get(command: EventId): OpenPrompt | undefined {
    return this.#all.get(command);
  }

  set(prompt: OpenPrompt): void {
    this.#all.set(prompt.command, prompt);
    this.unwritten.note(prompt.command, prompt);
    const oldest = this.#all.size > this.#remembered ? this.#all.keys().next().value : undefined;
    if (oldest) this.delete(oldest);
  }

  delete(command: EventId): void {
    if (this.#all.delete(command)) this.unwritten.note(command, undefined);
  }

  restore(key: string, prompt: OpenPrompt): void {
    this.#all.set(key as EventId, prompt);
  }
}
