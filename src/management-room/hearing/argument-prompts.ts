/**
 * Commands that wait for an argument that a moderator was asked for, and the answers that complete them. Kept in memory
 * only: after a restart the command has to be typed again.
 */
import { asObject, asString } from "../../kit/json.ts";
import { keepNewest } from "../../kit/bounded.ts";
import type { RoomEvent } from "../../model/event.ts";
import type { NamedPeople } from "../../model/heard-command.ts";
import type { EventId, ResolvedAlias, RoomAlias, UserId } from "../../model/ids.ts";
import type { MissingArgument, ParseContext } from "../../commands/define.ts";
import {
  choiceNamed,
  completedLine,
  isSureAnswer,
  numerals,
} from "../../commands/parser/missing-argument.ts";
import { replyTarget, threadRoot } from "./relations.ts";

export interface Prompt {
  /** The incomplete command. */
  readonly command: EventId;
  /** Only they may complete it. */
  readonly by: UserId;
  readonly missing: MissingArgument;
  readonly at: number;
  /** Results of look-ups for the incomplete command, which are used again. */
  readonly aliases: ReadonlyMap<RoomAlias, ResolvedAlias>;
  readonly names: ReadonlyMap<string, NamedPeople>;
}

export interface Completion {
  /** The whole command. */
  readonly line: string;
  readonly prompt: Prompt;
  /** Chosen by a reaction: our mark belongs on the command, as there is no message to put it on. */
  readonly isReaction: boolean;
}

interface OpenPrompt {
  readonly prompt: Prompt;
  /** Our message that asks, once it is in the room. */
  message: EventId | undefined;
  /** The moderator's next message may be the answer. Later ones have to be replies. */
  takesNextMessage: boolean;
}

const cancelWords = ["no", "cancel", "stop", "never mind", "nevermind", "forget it"];

export class ArgumentPrompts {
  readonly #limits: { readonly most: number; readonly withinMs: number };
  readonly #open = new Map<EventId, OpenPrompt>();

  /** `most`: prompts that are open at a time. `withinMs`: how long each can be answered. */
  constructor(limits: { most: number; withinMs: number }) {
    this.#limits = limits;
  }

  open(prompt: Prompt): void {
    // The next message of this moderator is about the newest prompt.
    for (const one of this.#open.values()) if (one.prompt.by === prompt.by) one.takesNextMessage = false;
    this.#open.set(prompt.command, { prompt, message: undefined, takesNextMessage: true });
    keepNewest(this.#open, this.#limits.most);
  }

  /** Our message that asks is in the room. Returns the reactions that choose, one for each choice. */
  promptSent(command: EventId, message: EventId): readonly string[] {
    const open = this.#open.get(command);
    if (!open || open.message !== undefined) return [];
    open.message = message;
    return numerals.slice(0, open.prompt.missing.choices.length);
  }

  /**
   * The whole command, where the event answers a prompt. `text`: what a message says, with ids in place of pills;
   * undefined for reactions. Any message of a moderator ends their chance to answer without a reply.
   */
  completedBy(
    event: RoomEvent,
    { text, at, context }: { text: string | undefined; at: number; context: ParseContext },
  ): Completion | undefined {
    for (const [command, { prompt }] of this.#open)
      if (Math.abs(at - prompt.at) > this.#limits.withinMs) this.#open.delete(command);
    if (event.type === "m.reaction") return this.#byReaction(event);
    const to = replyTarget(event) ?? threadRoot(event);
    const own = [...this.#open.values()].filter(({ prompt }) => prompt.by === event.sender);
    const open =
      own.find(({ message }) => message !== undefined && message === to) ??
      own.find((one) => one.takesNextMessage);
    for (const one of own) one.takesNextMessage = false;
    if (!open || text === undefined || text === "") return undefined;
    const { prompt, message } = open;
    const isReply = message !== undefined && message === to;
    if (isReply && cancelWords.includes(text.toLowerCase().replace(/[.!]+$/, ""))) {
      this.#open.delete(prompt.command);
      return undefined;
    }
    if (!isReply && (to !== undefined || !isSureAnswer(text, prompt.missing, context))) return undefined;
    return this.#complete(prompt, choiceNamed(text, prompt.missing)?.typed ?? text, false);
  }

  #byReaction(event: RoomEvent): Completion | undefined {
    const relation = asObject(event.content["m.relates_to"]);
    const open = [...this.#open.values()].find(
      ({ message, prompt }) =>
        message !== undefined && message === relation?.["event_id"] && prompt.by === event.sender,
    );
    const choice = open && choiceNamed(asString(relation?.["key"]) ?? "", open.prompt.missing);
    return open && choice ? this.#complete(open.prompt, choice.typed, true) : undefined;
  }

  #complete(prompt: Prompt, answer: string, isReaction: boolean): Completion {
    this.#open.delete(prompt.command);
    return { line: completedLine(prompt.missing, answer), prompt, isReaction };
  }
}
