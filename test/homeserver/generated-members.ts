/**
 * Members of a generated room, computed from their number instead of stored: a million of them cost
 * nothing until one is touched, from when on the room's own state overrides them.
 */
import type { StoredEvent } from "./event.ts";

export interface MemberPlan {
  readonly roomId: string;
  readonly roomIndex: number;
  readonly membersEach: number;
  /** Users shared by the rooms of one plan; membersEach * rooms makes everybody distinct. */
  readonly distinctUsers: number;
  /** Members are spread over `s0.test` … `s<servers - 1>.test`. */
  readonly servers: number;
  readonly originServerTs: number;
  readonly position: number;
}

export function generatedUserId(userNumber: number, servers: number): string {
  return `@member${userNumber}:s${userNumber % servers}.test`;
}

export class GeneratedMembers {
  readonly #plan: MemberPlan;

  constructor(plan: MemberPlan) {
    this.#plan = plan;
  }

  get count(): number {
    return this.#plan.membersEach;
  }

  userIdAt(index: number): string {
    return generatedUserId(this.#userNumberAt(index), this.#plan.servers);
  }

  event(userId: string): StoredEvent | undefined {
    const userNumber = this.#userNumber(userId);
    return userNumber === undefined ? undefined : this.#build(userNumber);
  }

  byEventId(eventId: string): StoredEvent | undefined {
    const match = /^\$gen-(\d+)-(\d+)-/.exec(eventId);
    if (match === null || Number(match[1]) !== this.#plan.position) return undefined;
    const built = this.event(generatedUserId(Number(match[2]), this.#plan.servers));
    return built?.eventId === eventId ? built : undefined;
  }

  *events(): Generator<StoredEvent> {
    for (let index = 0; index < this.count; index += 1) {
      yield this.#build(this.#userNumberAt(index));
    }
  }

  #userNumberAt(index: number): number {
    const { roomIndex, membersEach, distinctUsers } = this.#plan;
    return (roomIndex * membersEach + index) % distinctUsers;
  }

  #userNumber(userId: string): number | undefined {
    const match = /^@member(\d+):s\d+\.test$/.exec(userId);
    if (match === null) return undefined;
    const userNumber = Number(match[1]);
    const { roomIndex, membersEach, distinctUsers, servers } = this.#plan;
    if (userNumber >= distinctUsers || generatedUserId(userNumber, servers) !== userId) {
      return undefined;
    }
    const start = (roomIndex * membersEach) % distinctUsers;
    const index = (userNumber - start + distinctUsers) % distinctUsers;
    return index < membersEach ? userNumber : undefined;
  }

  #build(userNumber: number): StoredEvent {
    const { roomId, servers, originServerTs, position } = this.#plan;
    const userId = generatedUserId(userNumber, servers);
    return {
      // The position names the room, so that an id leads back to its event without an index.
      eventId: `$gen-${position}-${userNumber}-`.padEnd(44, "A"),
      roomId,
      type: "m.room.member",
      sender: userId,
      stateKey: userId,
      originServerTs,
      position,
      redacts: undefined,
      transaction: undefined,
      replaces: undefined,
      content: { membership: "join", displayname: `Member ${userNumber}` },
      redactedBecause: undefined,
    };
  }
}
