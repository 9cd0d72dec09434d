/** Remembers whom and what the newest messages of the management room name, so that a command in reply to one needs no request. */
import { lru, type Lru } from "../../kit/lru.ts";
import type { RoomEvent } from "../../model/event.ts";
import type { EventId, UserId } from "../../model/ids.ts";
import { isEmptySubject, type Subject } from "../../model/subject.ts";
import { editTarget } from "./relations.ts";
import { subjectOfMessage } from "../../commands/parser/subjects.ts";

export class RecentSubjects {
  readonly #self: UserId;
  readonly #subjects: Lru<EventId, Subject>;

  constructor(self: UserId, most: number) {
    this.#self = self;
    this.#subjects = lru(most);
  }

  get(message: EventId): Subject | undefined {
    // A reply to a message does not make it newer.
    return this.#subjects.peek(message);
  }

  note(event: RoomEvent): void {
    if (event.type !== "m.room.message") return;
    const subject = subjectOfMessage(event, this.#self);
    const edited = editTarget(event);
    // Of edits only our own count: of others the author of the edited message is not known here, and only authors may edit.
    if (isEmptySubject(subject) || (edited && event.sender !== this.#self)) return;
    this.#subjects.set(edited ?? event.eventId, subject);
  }
}
