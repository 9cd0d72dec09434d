/** Whom, where and what the acts of an incident are about, a few of each: for the message that tells of them. */
import { asString } from "../../kit/json.ts";
import type { Action } from "../../model/actions/action.ts";
import { roomOf } from "../../model/actions/traits.ts";
import { eventLink } from "../../model/links.ts";
import { mostOfEach, type Subject } from "../../model/subject.ts";

export class GrowingSubject {
  readonly #who = new Set<string>();
  readonly #rooms = new Set<string>();
  readonly #events = new Set<string>();

  add(action: Action): void {
    if ("user" in action && action.user) addFew(this.#who, action.user);
    if (action.kind === "write-policy") this.#addEntity(asString(action.content["entity"]));
    else if (action.kind === "remove-policy") this.#addEntity(asString(action.before["entity"]));
    // A rule is written to a list, which is not what the rule is about; nor is a message about where it stands.
    else if (!["tell", "react", "ask"].includes(action.kind)) addFew(this.#rooms, roomOf(action));
    if (action.kind === "redact") addFew(this.#events, eventLink(action.room, action.event));
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
