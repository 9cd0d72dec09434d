/** The people, rooms and events that acts are about, a few of each: kept with the message that tells of the acts. */
import type { Action } from "../../model/actions/action.ts";
import { roomOf, traitsOf } from "../../model/actions/traits.ts";
import { eventLink } from "../../model/links.ts";
import { mostOfEach, type Subject } from "../../model/subject.ts";

export class GrowingSubject {
  readonly #who = new Set<string>();
  readonly #rooms = new Set<string>();
  readonly #events = new Set<string>();

  add(action: Action): void {
    switch (traitsOf(action).mentions) {
      case "fields":
        if ("user" in action) addFew(this.#who, action.user);
        addFew(this.#rooms, roomOf(action));
        if ("event" in action) addFew(this.#events, eventLink(action.room, action.event));
        return;
      case "entity":
        return this.#addEntity(traitsOf(action).subject(action));
      case "nothing":
        return;
    }
  }

  get subject(): Subject {
    return { who: [...this.#who], rooms: [...this.#rooms], events: [...this.#events] };
  }

  #addEntity(entity: string | undefined): void {
    if (/^[!#]/.test(entity ?? "")) addFew(this.#rooms, entity);
    else addFew(this.#who, entity);
  }
}

/** Keeps one more than is told: a reply to a message about many must not take the first few for all of them. */
function addFew(set: Set<string>, text: string | undefined): void {
  if (text !== undefined && text !== "" && set.size <= mostOfEach) set.add(text);
}
