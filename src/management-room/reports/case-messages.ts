/**
 * The messages of cases: one for each, which grows and is edited; a call where it gets heavy; a reminder; and one line for
 * all that found no place among the messages of an hour.
 */
import { hourMs, minuteMs } from "../../kit/duration.ts";
import { stableId } from "../../kit/hash.ts";
import { code, lines, say, type Say } from "../../kit/say.ts";
import type { ActionOf, Words } from "../../model/actions/action.ts";
import { decide, type Decision, type Outcome } from "../../model/decision.ts";
import type { EventId, RoomId } from "../../model/ids.ts";
import { eventLink } from "../../model/links.ts";
import type { Seen } from "../../model/observation.ts";
import { isTellable, peopleIn, type Case } from "../../model/reports/cases.ts";
import { isUrgent } from "../../model/reports/report.ts";
import { weightOf } from "../../model/reports/weight.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { Notify } from "../notify.ts";
import { optionsOf } from "./case-answers.ts";
import { WaitingLine } from "./waiting-line.ts";
import { describeCase, titleOf, voicesOf, type CaseView } from "./wording.ts";

export interface CaseMessagesOptions {
  readonly world: WorldView;
  readonly notify: Pick<Notify, "with">;
  readonly prefix: string;
  readonly messagesAnHour: number;
  readonly remindMinutes: number;
  readonly isListed: CaseView["isListed"];
  /** Whether a reaction answers anything in the management room. */
  readonly isMarked: () => boolean;
  /** Believed at once. */
  readonly believe: (seen: Seen, at: number) => void;
}

type Tell = Decision<ActionOf<"tell">>;

/** Its message is edited no oftener. */
const growEveryMs = 5_000;
/** Of cases that only one person reports: whoever attacks with reports fills no room. */
const mostOfOnePerson = 3;
/** What would remove a newcomer's message is worth a call. */
const callsFrom = 3;

export class CaseMessages {
  readonly #options: CaseMessagesOptions;
  readonly #world: WorldView;
  /** Cases whose message may say something else now. */
  readonly #changed = new Set<number>();
  readonly #editedAt = new Map<number, number>();
  /** Messages that were sent just now, and get marks to choose by. */
  #sent: { readonly id: number; readonly event: EventId }[] = [];
  /** The line that counts what waits. */
  readonly #line: WaitingLine;

  constructor(options: CaseMessagesOptions) {
    this.#options = options;
    this.#world = options.world;
    this.#line = new WaitingLine({ ...options, mostOfOnePerson });
  }

  /** It is looked at once more what its message says. */
  changed(id: number): void {
    this.#changed.add(id);
  }

  ended({ decision: { action }, result }: Outcome, at: number): void {
    if (action.kind !== "tell" || action.edits !== undefined) return;
    const event = result.kind === "done" ? result.eventId : undefined;
    if (event) this.#line.sent(action.key, event);
    const id = idIn(action.key);
    const one = id === undefined ? undefined : this.#world.stored.cases.get(id);
    if (!one?.message || one.message.event) return;
    if (event) {
      this.#believe({ ...one, message: { ...one.message, event } }, at);
      this.#sent.push({ id: one.id, event });
    } else if (result.kind === "failed") {
      const { message: _notSent, ...rest } = one;
      this.#believe(rest, at);
    }
    this.#changed.add(one.id);
  }

  says(at: number): readonly Decision<Words>[] {
    const room = this.#world.settings.managementRoom;
    if (!room || !this.#world.knowsModerators) return [];
    const marks = this.#sent.flatMap((sent) => this.#marks(room, sent, at));
    this.#sent = [];
    const edits = [...this.#changed].flatMap((id) => this.#edit(room, id, at));
    return [
      ...marks,
      ...edits,
      ...this.#new(room, at),
      ...this.#reminders(room, at),
      ...this.#waiting(room, at),
    ];
  }

  nextAt(): number | undefined {
    let next = Infinity;
    for (const id of this.#changed)
      next = Math.min(next, (this.#editedAt.get(id) ?? -Infinity) + growEveryMs);
    for (const one of this.#world.stored.cases.open())
      if (one.message && this.#isUntouched(one)) next = Math.min(next, one.message.at + this.#remindMs);
    const untold = this.#untold().length;
    if (untold > 0) next = Math.min(next, (this.#oldestOfHour() ?? -Infinity) + hourMs + 1_000);
    next = Math.min(next, this.#line.nextAt(untold) ?? Infinity);
    return Number.isFinite(next) ? next : undefined;
  }

  get #remindMs(): number {
    return this.#options.remindMinutes * minuteMs;
  }

  #edit(room: RoomId, id: number, at: number): readonly Tell[] {
    const one = this.#world.stored.cases.get(id);
    // An edit needs the id of the message; once that is known it is looked at anew.
    if (!one?.message?.event) {
      this.#changed.delete(id);
      return [];
    }
    if (Math.abs(at - (this.#editedAt.get(id) ?? -Infinity)) < growEveryMs) return [];
    this.#changed.delete(id);
    this.#editedAt.delete(id);
    const { message } = one;
    const call = this.#call(room, one, at);
    const rang = call ? ({ rang: true } as const) : {};
    const text = this.#textOf(one);
    const mark = markOf(text);
    if (mark === message.mark && !call) return [];
    const isNew = mark !== message.mark;
    const told = {
      ...one,
      message: { ...message, ...rang, mark, revision: message.revision + Number(isNew) },
    };
    this.#believe(told, at);
    if (isNew) this.#editedAt.set(id, at);
    return [...(isNew ? [this.#tell(room, told, text, at)] : []), ...(call ? [call] : [])];
  }

  /** The heaviest first, as many as an hour has place for. */
  #new(room: RoomId, at: number): readonly Tell[] {
    const untold = this.#untold();
    if (untold.length === 0) return [];
    const byWeight = untold.toSorted((a, b) => weightOf(b.voices) - weightOf(a.voices) || a.id - b.id);
    return byWeight.flatMap((one) => (this.#hasPlace(one, at) ? this.#first(room, one, at) : []));
  }

  #first(room: RoomId, one: Case, at: number): readonly Tell[] {
    const text = this.#textOf(one);
    const rang = isCalledFor(one, this.#world) ? ({ rang: true } as const) : {};
    const message = { at, revision: 0, mark: markOf(text), ...rang };
    this.#believe({ ...one, message }, at);
    this.#editedAt.set(one.id, at);
    const tell = this.#tell(room, { ...one, message }, text, at);
    return [
      this.#options.notify.with(tell, { kind: "report", ...("rang" in rang ? {} : { topic: "reports" }) }),
    ];
  }

  #hasPlace(one: Case, at: number): boolean {
    const told = this.#toldWithinAnHour(at);
    if (told.length >= this.#options.messagesAnHour) return false;
    const [voice] = one.voices;
    if (!voice || peopleIn(one) > 1) return true;
    const ofThem = told.filter((other) => other.voices[0]?.by === voice.by && peopleIn(other) === 1);
    return ofThem.length < mostOfOnePerson;
  }

  #toldWithinAnHour(at: number): readonly Case[] {
    return [...this.#world.stored.cases.all()].filter(
      ({ message }) => message && Math.abs(at - message.at) < hourMs,
    );
  }

  #oldestOfHour(): number | undefined {
    const told = this.#toldWithinAnHour(this.#world.now).map(({ message }) => message!.at);
    return told.length > 0 ? Math.min(...told) : undefined;
  }

  /** Edits notify nobody: what became heavy, or may be dangerous, is said anew, once. */
  #call(room: RoomId, one: Case, at: number): Tell | undefined {
    if (one.message?.rang || one.isOver || !isCalledFor(one, this.#world) || !this.#isUntouched(one))
      return undefined;
    const said = say`${titleOf(one, this.#world)}: ${voicesOf(one)} by now. Please look.`;
    const key = `report ${one.id} call`;
    const call = this.#said(room, { key, said, replyTo: one.message?.event }, at);
    return this.#options.notify.with(call, { kind: "report" });
  }

  #reminders(room: RoomId, at: number): readonly Tell[] {
    return [...this.#world.stored.cases.open()].flatMap((one) => {
      const { message } = one;
      const isDue = message && at - message.at >= this.#remindMs;
      if (!isDue || !this.#isUntouched(one)) return [];
      this.#believe({ ...one, message: { ...message, reminded: true } }, at);
      const said = say`${titleOf(one, this.#world)}${one.appeal ? "" : say`: ${voicesOf(one)}`}. Nobody has it yet; ${code(`${this.#options.prefix} reports take ${one.id}`)} says that you do.`;
      const key = `report ${one.id} reminder`;
      const reminder = this.#said(room, { key, said, replyTo: message.event }, at);
      return [this.#options.notify.with(reminder, { kind: "report", topic: "reports" })];
    });
  }

  #isUntouched(one: Case): boolean {
    return !one.isOver && !one.message?.reminded && !this.#world.settings.caseWords.has(one.id);
  }

  #waiting(room: RoomId, at: number): readonly Tell[] {
    const line = this.#line.of(this.#untold().length, at);
    return line ? [this.#said(room, line, at)] : [];
  }

  #untold(): readonly Case[] {
    return [...this.#world.stored.cases.open()].filter((one) => one.message === undefined && isTellable(one));
  }

  #textOf(one: Case): Say {
    const { prefix, isListed, isMarked } = this.#options;
    return lines(describeCase(one, { world: this.#world, prefix, isListed, isMarked: isMarked() }));
  }

  #tell(room: RoomId, one: Case, said: Say, at: number): Tell {
    const about = {
      who: [one.user],
      rooms: [],
      events: one.events.map(({ room: where, event }) => eventLink(where, event)).toReversed(),
    };
    const { revision, event: edits } = one.message!;
    const tell = this.#said(room, { key: `report ${one.id}`, said, revision, edits }, at);
    return { ...tell, action: { ...tell.action, about } };
  }

  #said(
    room: RoomId,
    {
      key,
      said,
      revision = 0,
      edits,
      replyTo,
    }: {
      readonly key: string;
      readonly said: Say;
      readonly revision?: number;
      readonly edits?: EventId | undefined;
      readonly replyTo?: EventId | undefined;
    },
    at: number,
  ): Tell {
    const action = { kind: "tell", room, key, revision, say: said, edits, replyTo } as const;
    return decide(action, { kind: "self", what: key }, { at, replaces: "" });
  }

  #marks(room: RoomId, { id, event }: { readonly id: number; readonly event: EventId }, at: number) {
    const one = this.#world.stored.cases.get(id);
    if (!one || one.isOver || this.#world.isSpared(one.user) || !this.#options.isMarked()) return [];
    const cause = { kind: "self", what: `options of report ${id}` } as const;
    return optionsOf(one).map(({ mark }) =>
      decide({ kind: "react", room, event, with: mark } as const, cause, { at, replaces: mark }),
    );
  }

  #believe(one: Case, at: number): void {
    this.#options.believe({ kind: "case", case: one }, at);
  }
}

/** Heavy enough that a protection would act, or of a kind that may not wait. Of the team nobody is called to judge in public. */
function isCalledFor(one: Case, world: WorldView): boolean {
  return !world.isSpared(one.user) && (weightOf(one.voices) >= callsFrom || isUrgent(one.category));
}

function markOf({ html }: Say): string {
  return stableId(html);
}

function idIn(key: string): number | undefined {
  const id = /^report (\d+)$/.exec(key)?.[1];
  return id === undefined ? undefined : Number(id);
}
