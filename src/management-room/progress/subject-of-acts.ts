/** Whom, where and what the acts of an incident are about, a few of each: for the message that tells of them. */
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

/** One more than is told, so that nobody takes the last of many for the only one. */
function addFew(set: Set<string>, text: string | undefined): void {
  if (text !== undefined && text !== "" && set.size <= mostOfEach) set.add(text);
}
