/** Which event stands for the command that an answer to a question gives: nobody has typed one. */
import type { EventId } from "./ids.ts";
import type { Question } from "./question.ts";

/**
 * The event that stands for the command which an accepted offer becomes: the offer's message, or an id that we make up
 * while we do not know that the message has arrived.
 */
export function occasionOfOffer({ id, message }: Pick<Question, "id" | "message">): EventId {
  return message ?? madeUpOccasion(id);
}

/** An offer can have been carried out before its message was known and after. */
export function occasionsOfOffer(question: Pick<Question, "id" | "message">): readonly EventId[] {
  return [occasionOfOffer(question), madeUpOccasion(question.id)];
}

/** The event that a reply or a reaction to a command can name: undefined for an id that we made up. */
export function eventOfCommand(command: EventId): EventId | undefined {
  return /^\$offer-\d+$/.test(command) ? undefined : command;
}

/** Stands for the command that uses the profile of the config: questions begin with 1. */
export const occasionOfConfig = madeUpOccasion(0);

function madeUpOccasion(question: number): EventId {
  return `$offer-${question}` as EventId;
}
