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

export interface Said {
  /** What a message says, with ids in place of pills; undefined for reactions. */
  readonly text: string | undefined;
  readonly at: number;
  readonly context: ParseContext;
}

interface Answer {
  readonly prompt: OpenPrompt;
  readonly is: "cancel" | { readonly text: string };
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
   * The whole command, where the event answers a prompt. Any message of a moderator ends their chance to answer without a
   * reply.
   */
  completedBy(event: RoomEvent, said: Said): Completion | undefined {
    for (const one of this.#options.open.all())
      if (!this.#isInTime(one, said.at)) this.#options.remove(one.command);
    const answer = this.#answerIn(event, said);
    const isReaction = event.type === "m.reaction";
    if (!isReaction) this.#mustReplyTo(this.#ownOf(event.sender));
    if (!answer) return undefined;
    const { prompt, is } = answer;
    this.#options.remove(prompt.command);
    if (is === "cancel") return undefined;
    return { line: completedLine(prompt.missing as MissingArgument, is.text), prompt, isReaction };
  }

  /** Whether the event answers a prompt. The prompt stays as it is. */
  isAnswer(event: RoomEvent, said: Said): boolean {
    return this.#answerIn(event, said) !== undefined;
  }

  #answerIn(event: RoomEvent, { text, at, context }: Said): Answer | undefined {
    const own = this.#ownOf(event.sender).filter((one) => this.#isInTime(one, at));
    if (event.type === "m.reaction") return reactionTo(own, event);
    const to = replyTarget(event) ?? threadRoot(event);
    const prompt =
      own.find(({ message }) => message !== undefined && message === to) ??
      own.find((one) => one.takesNextMessage);
    if (!prompt || text === undefined || text === "") return undefined;
    const missing = prompt.missing as MissingArgument;
    const isReply = prompt.message !== undefined && prompt.message === to;
    if (isReply && cancelWords.includes(text.toLowerCase().replace(/[.!]+$/, "")))
      return { prompt, is: "cancel" };
    if (!isReply && (to !== undefined || !isSureAnswer(text, missing, context))) return undefined;
    return { prompt, is: { text: choiceNamed(text, missing)?.typed ?? text } };
  }

  #isInTime({ at: askedAt }: OpenPrompt, at: number): boolean {
    return Math.abs(at - askedAt) <= this.#options.withinMs;
  }

  #ownOf(moderator: string): readonly OpenPrompt[] {
    return this.#options.open.all().filter(({ by }) => by === moderator);
  }

  #mustReplyTo(prompts: readonly OpenPrompt[]): void {
    for (const one of prompts)
      if (one.takesNextMessage) this.#options.set({ ...one, takesNextMessage: false });
  }
}

function reactionTo(prompts: readonly OpenPrompt[], event: RoomEvent): Answer | undefined {
  const relation = asObject(event.content["m.relates_to"]);
  const prompt = prompts.find(({ message }) => message !== undefined && message === relation?.["event_id"]);
  const key = asString(relation?.["key"]) ?? "";
  const choice = prompt && choiceNamed(key, prompt.missing as MissingArgument);
  return prompt && choice ? { prompt, is: { text: choice.typed } } : undefined;
}
