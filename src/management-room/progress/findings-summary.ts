/** What a protection found, summed up in a few lines however many people it is about. */
import { code, count, lines, plain, say, someOf, type Say } from "../../kit/say.ts";
import type { Finding } from "../../model/finding.ts";
import type { RoomId, UserId } from "../../model/ids.ts";

/** A finding with what was made of it. */
export interface FoundNews {
  readonly finding: Finding;
  readonly isRepeat: boolean;
  readonly measures: readonly string[];
  readonly isAlertOnly: boolean;
  readonly isSpared: boolean;
  readonly lacksList: boolean;
}

interface Person {
  readonly rooms: Set<RoomId>;
  sentence: string;
}

/** People named in a message; the others are counted. */
const named = 5;
/** Beyond so many people of one incident they are counted no more one by one. */
const most = 10_000;

export class FoundSums {
  readonly #people = new Map<UserId, Person>();
  /** Those who are named. */
  readonly #first: UserId[] = [];
  readonly #rooms = new Set<RoomId>();
  readonly #spared = new Set<UserId>();
  readonly #wouldHave = new Set<string>();
  #repeats = 0;
  #lacksList = false;

  add({ finding, isRepeat, measures, isAlertOnly, isSpared, lacksList }: FoundNews): void {
    const { user, room, sentence } = finding;
    this.#rooms.add(room);
    const known = this.#people.get(user);
    if (known) {
      known.rooms.add(room);
      known.sentence = sentence;
    } else if (this.#people.size < most) {
      this.#people.set(user, { rooms: new Set([room]), sentence });
      if (this.#first.length < named) this.#first.push(user);
    }
    if (isRepeat) this.#repeats++;
    if (isAlertOnly) this.#wouldHave.add(measures.join("+"));
    if (isSpared && !isAlertOnly) this.#spared.add(user);
    this.#lacksList ||= lacksList;
  }

  describe(protection: string, roomName: (room: RoomId) => Say): Say {
    const where = this.#rooms.size === 1 ? roomName([...this.#rooms][0]!) : count(this.#rooms.size, "room");
    // Told anew with everybody who is found: it must not take longer the more there are.
    const people = this.#first.map(
      (user) => say`${code(user)} (${plain(this.#people.get(user)?.sentence ?? "", 80)})`,
    );
    const who = someOf(people, named, this.#people.size);
    const again = this.#repeats > 0 ? say` ${count(this.#repeats, "time")} it was a repeat.` : "";
    return lines(
      say`${protection} in ${where}: ${who}.${again}`,
      this.#wouldHave.size > 0
        ? say`Alert only, so nothing was done. It would have been: ${plain([...this.#wouldHave].join(", "), 100)}.`
        : undefined,
      this.#spared.size > 0
        ? say`${count(this.#spared.size, "regular")} among them: muted, and neither kicked nor banned.`
        : undefined,
      this.#lacksList
        ? say`There is no list that I may write to, so the ban is in the room alone.`
        : undefined,
    );
  }
}
