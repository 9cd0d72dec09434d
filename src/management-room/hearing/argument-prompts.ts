/** The answers that complete commands for which an argument was asked. What waits is kept in the world, past a restart. */
import { asObject, asString } from "../../kit/json.ts";
import type { RoomEvent } from "../../model/event.ts";
import type { EventId } from "../../model/ids.ts";
import type { OpenPrompt, OpenPromptsView } from "../../model/open-prompts.ts";
import type { MissingArgument, ParseContext } from "../../commands/define.ts";
import {
  choiceNamed,
  completedLine,
  isSureAnswer,
  numerals,
} from "../../commands/parser/missing-argument.ts";
import { replyTarget, threadRoot } from "./relations.ts";

export type Prompt = Omit<OpenPrompt, "missing" | "message" | "takesNextMessage"> & {
  readonly missing: MissingArgument;
};

export interface ArgumentPromptsOptions {
  readonly open: OpenPromptsView;
  /** Puts in a new or changed prompt. */
  readonly set: (prompt: OpenPrompt) => void;
  readonly remove: (command: EventId) => void;
  /** How long each can be answered. */
  readonly withinMs: number;
}

export interface Completion {
  /** The whole command. */
  readonly line: string;
  readonly prompt: OpenPrompt;
  /** Chosen by a reaction: our mark belongs on the command, as there is no message to put it on. */
  readonly isReaction: boolean;
}

const cancelWords = ["no", "cancel", "stop", "never mind", "nevermind", "forget it"];

export class ArgumentPrompts {
  readonly #options: ArgumentPromptsOptions;

  constructor(options: ArgumentPromptsOptions) {
    this.#options = options;
  }

  open(prompt: Prompt): void {
    // The next message of this moderator is about the newest prompt.
    this.#mustReplyTo(this.#ownOf(prompt.by));
    this.#options.set({ ...prompt, takesNextMessage: true });
  }

  /** Our message that asks is in the room. Returns the reactions that choose, one for each choice. */
  promptSent(command: EventId, message: EventId): readonly string[] {
    const open = this.#options.open.get(command);
    if (!open || open.message !== undefined) return [];
    this.#options.set({ ...open, message });
    return numerals.slice(0, open.missing.choices.length);
  }

  /**
   * The whole command, where the event answers a prompt. `text`: what a message says, with ids in place of pills;
   * undefined for reactions. Any message of a moderator ends their chance to answer without a reply.
   */
  completedBy(
    event: RoomEvent,
    { text, at, context }: { text: string | undefined; at: number; context: ParseContext },
  ): Completion | undefined {
    for (const { command, at: askedAt } of this.#options.open.all())
      if (Math.abs(at - askedAt) > this.#options.withinMs) this.#options.remove(command);
    if (event.type === "m.reaction") return this.#byReaction(event);
    const to = replyTarget(event) ?? threadRoot(event);
    const own = this.#ownOf(event.sender);
    const open =
      own.find(({ message }) => message !== undefined && message === to) ??
      own.find((one) => one.takesNextMessage);
    this.#mustReplyTo(own);
    if (!open || text === undefined || text === "") return undefined;
    const missing = open.missing as MissingArgument;
    const isReply = open.message !== undefined && open.message === to;
    if (isReply && cancelWords.includes(text.toLowerCase().replace(/[.!]+$/, ""))) {
      this.#options.remove(open.command);
      return undefined;
    }
    if (!isReply && (to !== undefined || !isSureAnswer(text, missing, context))) return undefined;
    return this.#complete(open, choiceNamed(text, missing)?.typed ?? text, false);
  }

  #byReaction(event: RoomEvent): Completion | undefined {
    const relation = asObject(event.content["m.relates_to"]);
    const open = this.#ownOf(event.sender).find(
      ({ message }) => message !== undefined && message === relation?.["event_id"],
    );
    const key = asString(relation?.["key"]) ?? "";
    const choice = open && choiceNamed(key, open.missing as MissingArgument);
    return open && choice ? this.#complete(open, choice.typed, true) : undefined;
  }

  #ownOf(moderator: string): readonly OpenPrompt[] {
    return this.#options.open.all().filter(({ by }) => by === moderator);
  }

  #mustReplyTo(prompts: readonly OpenPrompt[]): void {
    for (const one of prompts)
      if (one.takesNextMessage) this.#options.set({ ...one, takesNextMessage: false });
  }

  #complete(prompt: OpenPrompt, answer: string, isReaction: boolean): Completion {
    this.#options.remove(prompt.command);
    return { line: completedLine(prompt.missing as MissingArgument, answer), prompt, isReaction };
  }
}
