/** What a protection found in one incident, in a few lines however many people it is about. */
import { code, count, joined, lines, plain, say, someOf, type Say } from "../../kit/say.ts";
import type { Mode } from "../../automod/define.ts";
import type { Finding, Target } from "../../model/finding.ts";
import type { RoomId } from "../../model/ids.ts";

/** A finding with what was done about it. */
export interface FoundNews {
  readonly finding: Finding<Target>;
  readonly isRepeat: boolean;
  readonly responses: readonly string[];
  /** What a rule gives besides. */
  readonly heat: number;
  readonly unfit: readonly string[];
  readonly mode: Exclude<Mode, "shadow">;
  readonly isSpared: boolean;
  readonly lacksList: boolean;
}

/** People, rooms and servers named in a message; the others are counted. */
const named = 5;
/** Beyond so many of one incident they are no longer counted one by one. */
const most = 10_000;

export class FoundSums {
  /** What was found of each person, room or server last, by id or name. */
  readonly #sentences = new Map<string, string>();
  /** Those who are named. */
  readonly #first: string[] = [];
  readonly #rooms = new Set<RoomId>();
  readonly #spared = new Set<string>();
  readonly #wouldHave = new Set<string>();
  readonly #asksFor = new Set<string>();
  readonly #unfit = new Set<string>();
  #lacksEvents = false;
  #repeats = 0;
  #personLacksList = false;
  #serverLacksList = false;

  add({ finding, isRepeat, responses, heat, unfit, mode, isSpared, lacksList }: FoundNews): void {
    const { about, sentence } = finding;
    const who = nameOf(about);
    this.#rooms.add(about.room);
    if (this.#sentences.has(who) || this.#sentences.size < most) {
      if (!this.#sentences.has(who) && this.#first.length < named) this.#first.push(who);
      this.#sentences.set(who, sentence);
    }
    if (isRepeat) this.#repeats++;
    if (mode === "alert")
      this.#wouldHave.add([...responses, ...(heat > 0 ? [`heat ${heat}`] : [])].join("+"));
    if (mode === "ask") this.#asksFor.add(responses.join("+"));
    if (isSpared && mode !== "alert") this.#spared.add(who);
    for (const response of unfit)
      if (response === "redact") this.#lacksEvents = true;
      else this.#unfit.add(response);
    if (about.kind === "server") this.#serverLacksList ||= lacksList;
    else this.#personLacksList ||= lacksList;
  }

  describe(protection: string, roomName: (room: RoomId) => Say): Say {
    const where = this.#rooms.size === 1 ? roomName([...this.#rooms][0]!) : count(this.#rooms.size, "room");
    // Described again for everybody who is found: only those who are named are walked through.
    const found = this.#first.map((who) => say`${code(who)} (${plain(this.#sentences.get(who) ?? "", 80)})`);
    const who = someOf(found, named, this.#sentences.size);
    const again = this.#repeats > 0 ? say` ${count(this.#repeats, "time")} it was a repeat.` : "";
    return lines(
      say`${protection} in ${where}: ${who}.${again}`,
      this.#wouldHave.size > 0
        ? say`Alert only, so nothing was done. It would have been: ${plain([...this.#wouldHave].join(", "), 100)}.`
        : undefined,
      this.#asksFor.size > 0
        ? say`It waits for a yes: ${plain([...this.#asksFor].join(", "), 100)}.`
        : undefined,
      this.#spared.size > 0
        ? say`${count(this.#spared.size, "regular")} among them: muted, and neither kicked nor banned.`
        : undefined,
      this.#personLacksList
        ? say`There is no list that I may write to, so the ban is in the room alone.`
        : undefined,
      this.#serverLacksList ? say`There is no list that I may write to, so no server is banned.` : undefined,
      this.#unfit.size > 0
        ? say`Left out, as only people can be answered with it: ${joined([...this.#unfit].map((one) => code(one)))}.`
        : undefined,
      this.#lacksEvents
        ? say`There is nothing to redact: invitations, redactions and what a room stands on stay.`
        : undefined,
    );
  }
}

function nameOf(about: Target): string {
  switch (about.kind) {
    case "person":
      return about.user;
    case "room":
      return about.room;
    case "server":
      return about.server;
  }
}
