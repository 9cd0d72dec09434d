/**
 * What moderators were asked for, and the answers that complete their commands. Only in memory: whoever is not answered
 * after a restart says the command again.
 */
import { asObject, asString } from "../../kit/json.ts";
import { keepNewest } from "../../kit/bounded.ts";
import type { RoomEvent } from "../../model/event.ts";
import type { NamedPeople } from "../../model/heard-command.ts";
import type { EventId, ResolvedAlias, RoomAlias, UserId } from "../../model/ids.ts";
import type { MissingArgument, ParseContext } from "../../commands/define.ts";
import { chosen, completed, isSureAnswer, numerals } from "../../commands/parser/missing-argument.ts";
import { replyTarget, threadRoot } from "./relations.ts";

export interface Prompt {
  /** The command that lacks something. */
  readonly command: EventId;
  readonly by: UserId;
  readonly lack: MissingArgument;
  readonly at: number;
  /** What was looked up for it, which need not be looked up again. */
  readonly aliases: ReadonlyMap<RoomAlias, ResolvedAlias>;
  readonly names: ReadonlyMap<string, NamedPeople>;
}

export interface Completion {
  readonly line: string;
  readonly prompt: Prompt;
  /** By reaction: there is no message to answer but the command's. */
  readonly isReaction: boolean;
}

interface Open {
  readonly prompt: Prompt;
  message: EventId | undefined;
  /** The next message of the same moderator may be the answer; later ones have to reply. */
  isNext: boolean;
}

const giveUp = ["no", "cancel", "stop", "never mind", "nevermind", "forget it"];

export class Prompts {
  readonly #limits: { readonly most: number; readonly withinMs: number };
  readonly #open = new Map<EventId, Open>();

  constructor(limits: { most: number; withinMs: number }) {
    this.#limits = limits;
  }

  open(prompt: Prompt): void {
    // Whoever is asked something new has left the old.
    for (const one of this.#open.values()) if (one.prompt.by === prompt.by) one.isNext = false;
    this.#open.set(prompt.command, { prompt, message: undefined, isNext: true });
    keepNewest(this.#open, this.#limits.most);
  }

  /** The message that asks stands in the room; gives the marks by which it can be answered. */
  told(command: EventId, message: EventId): readonly string[] {
    const open = this.#open.get(command);
    if (!open || open.message !== undefined) return [];
    open.message = message;
    return numerals.slice(0, open.prompt.lack.choices.length);
  }

  /** The whole command, where the event is an answer; `words`: what a message says, with the ids its pills stand for. */
  completedBy(
    event: RoomEvent,
    { words, at, reading }: { words: string | undefined; at: number; reading: ParseContext },
  ): Completion | undefined {
    for (const [command, { prompt }] of this.#open)
      if (Math.abs(at - prompt.at) > this.#limits.withinMs) this.#open.delete(command);
    if (event.type === "m.reaction") return this.#byReaction(event);
    const to = replyTarget(event) ?? threadRoot(event);
    const mine = [...this.#open.values()].filter(({ prompt }) => prompt.by === event.sender);
    const open =
      mine.find(({ message }) => message !== undefined && message === to) ?? mine.find((one) => one.isNext);
    for (const one of mine) one.isNext = false;
    if (!open || words === undefined || words === "") return undefined;
    const { prompt, message } = open;
    const isReply = message !== undefined && message === to;
    if (isReply && giveUp.includes(words.toLowerCase().replace(/[.!]+$/, ""))) {
      this.#open.delete(prompt.command);
      return undefined;
    }
    if (!isReply && (to !== undefined || !isSureAnswer(words, prompt.lack, reading))) return undefined;
    return this.#complete(prompt, chosen(words, prompt.lack)?.typed ?? words, false);
  }

  #byReaction(event: RoomEvent): Completion | undefined {
    const relation = asObject(event.content["m.relates_to"]);
    const open = [...this.#open.values()].find(
      ({ message, prompt }) =>
        message !== undefined && message === relation?.["event_id"] && prompt.by === event.sender,
    );
    const choice = open && chosen(asString(relation?.["key"]) ?? "", open.prompt.lack);
    return open && choice ? this.#complete(open.prompt, choice.typed, true) : undefined;
  }

  #complete(prompt: Prompt, answer: string, isReaction: boolean): Completion {
    this.#open.delete(prompt.command);
    return { line: completed(prompt.lack, answer), prompt, isReaction };
  }
}
