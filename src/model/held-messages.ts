/** Messages that a protection holds until a moderator has looked, as the question about them tells. */
import type { RoomId, UserId } from "./ids.ts";

/** Whose messages are held, in one room. */
export interface HeldPerson {
  readonly user: UserId;
  readonly room: RoomId;
  /** The step of the ladder that held them. */
  readonly step: number;
  /** Which of all messages of the question was their first, from 1: an answer covers people whom its message told of. */
  readonly first: number;
  /** What they were found at, for moderators. */
  readonly sentence: string;
}

export interface HeldMessages {
  readonly kind: "held";
  readonly protection: string;
  readonly incident: string;
  readonly people: readonly HeldPerson[];
  /** All messages that are held, also of people beyond those who are kept. */
  readonly messages: number;
  /** With what a no goes on, as it is written in a ladder; empty where nothing follows. */
  readonly next: string;
}

/** The people whom an answer covers: those of whom the message told. `told`: how many messages it told of. */
export function peopleCovered({ people }: HeldMessages, told: number): readonly HeldPerson[] {
  return people.filter(({ first }) => first <= told);
}
