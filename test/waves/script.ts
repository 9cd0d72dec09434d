/** What happens, event by event, each at its time: written by scenes, played to the recogniser or to the whole bot. */
import type { JsonObject } from "../../src/kit/json.ts";
import { pictureContent, type Picture } from "./blocks/media.ts";

export interface Account {
  readonly id: string;
  readonly server: string;
  readonly display: string;
  readonly avatar?: string;
}

export interface Scripted {
  /** Its name within the script: what it answers, edits or removes is named by it. */
  readonly id: string;
  /** When it arrives, in ms from the beginning of the scene; below zero in the hours before it. */
  readonly at: number;
  /** So long before its arrival it was sent, as far as the sender's server says. */
  readonly lateMs: number;
  /** Its number in the community. */
  readonly room: number;
  readonly who: string;
  readonly type: string;
  /** There for state. */
  readonly stateKey?: string;
  readonly content: JsonObject;
  /** Of a redaction. */
  readonly redacts?: string;
}

/** Where and when somebody does something. */
export interface Place {
  readonly room: number;
  readonly at: number;
  readonly lateMs?: number;
}

export class Script {
  readonly #events: Scripted[] = [];
  readonly #name: string;

  constructor(name: string) {
    this.#name = name.replace(/\W+/g, "-");
  }

  /** In the order in which they arrive. */
  get events(): readonly Scripted[] {
    return this.#events.toSorted((one, other) => one.at - other.at);
  }

  join({ id, display, avatar }: Account, place: Place): string {
    const content = { membership: "join", displayname: display, ...(avatar ? { avatar_url: avatar } : {}) };
    return this.#add({ who: id, type: "m.room.member", stateKey: id, content }, place);
  }

  leave({ id }: Account, place: Place): string {
    return this.#add(
      { who: id, type: "m.room.member", stateKey: id, content: { membership: "leave" } },
      place,
    );
  }

  invite({ id }: Account, whom: string, place: Place): string {
    return this.#add(
      { who: id, type: "m.room.member", stateKey: whom, content: { membership: "invite" } },
      place,
    );
  }

  say(account: Account, body: string, place: Place, more: JsonObject = {}): string {
    return this.send(account, "m.room.message", { msgtype: "m.text", body, ...more }, place);
  }

  mention(account: Account, body: string, whom: readonly string[], place: Place): string {
    return this.say(account, `${body} ${whom.join(" ")}`, place, { "m.mentions": { user_ids: [...whom] } });
  }

  reply(account: Account, body: string, to: string, place: Place): string {
    return this.say(account, body, place, { "m.relates_to": { "m.in_reply_to": { event_id: to } } });
  }

  edit(account: Account, body: string, of: string, place: Place): string {
    return this.say(account, `* ${body}`, place, {
      "m.new_content": { msgtype: "m.text", body },
      "m.relates_to": { rel_type: "m.replace", event_id: of },
    });
  }

  show(account: Account, picture: Picture, place: Place): string {
    return this.send(account, "m.room.message", pictureContent(picture), place);
  }

  react(account: Account, key: string, to: string, place: Place): string {
    return this.send(
      account,
      "m.reaction",
      { "m.relates_to": { rel_type: "m.annotation", event_id: to, key } },
      place,
    );
  }

  redact(account: Account, target: string, place: Place): string {
    return this.#add({ who: account.id, type: "m.room.redaction", content: {}, redacts: target }, place);
  }

  send({ id }: Account, type: string, content: JsonObject, place: Place): string {
    return this.#add({ who: id, type, content }, place);
  }

  #add(event: Omit<Scripted, "id" | "at" | "lateMs" | "room">, { room, at, lateMs = 0 }: Place): string {
    const id = `$${this.#name}-${this.#events.length + 1}`;
    this.#events.push({ id, at: Math.round(at), lateMs: Math.round(lateMs), room, ...event });
    return id;
  }
}
