/**
 * What a person says on the web: it is said in the management room in their name, and heard there as if they had typed it. So
 * the team sees it, and nothing of guard, journal, undo and answer is another one. What only looks is not said.
 */
import type { Part } from "../../bot/part.ts";
import { parse } from "../../commands/parser/parse.ts";
import type { CommandFacts } from "../../commands/define.ts";
import { runCommand } from "../../commands/run.ts";
import { keepNewest } from "../../kit/bounded.ts";
import { code, lines, say, type Say } from "../../kit/say.ts";
import type { Words } from "../../model/actions/action.ts";
import type { Decision, Outcome } from "../../model/decision.ts";
import type { Health } from "../../model/health.ts";
import type { EventId, UserId } from "../../model/ids.ts";
import type { RoomEvent } from "../../model/event.ts";
import type { Spoken } from "../../model/web-desk.ts";
import type { Announcements } from "../announcements.ts";
import { aliasesIn } from "../hearing/detect-command.ts";
import type { Listener } from "../hearing/listener.ts";

export interface SpeechOptions {
  readonly facts: CommandFacts;
  readonly health: () => Health;
  readonly listener: Pick<Listener, "detect" | "lookUpAndPass">;
  readonly announcements: Pick<Announcements, "of">;
  readonly prefix: string;
  readonly now: () => number;
  /** Sends words outside of any batch. */
  readonly send: (words: readonly Decision<Words>[]) => void;
  /** What takes longer to be said is not done any more. */
  readonly patienceMs: number;
}

interface Asked {
  readonly by: UserId;
  readonly line: string;
  readonly at: number;
  /** The message that says it. */
  event?: EventId;
  refused?: Say;
  /** Answers, by the message; the question that a command puts is one. */
  readonly answers: Map<string, Say>;
  isAnswered?: true;
}

/** In characters: the message shows the whole line, so that nothing is done that the team cannot read. */
export const longestLine = 500;
/** What was said is shown to whoever said it; older ones are in the room. */
const remembered = 500;
const key = "web ";
const unsaid = { aliases: new Map() } as const;

export class Speech implements Part {
  readonly name = "web desk";
  readonly #options: SpeechOptions;
  readonly #asked = new Map<string, Asked>();
  readonly #byEvent = new Map<EventId, Asked>();
  #words: Decision<Words>[] = [];
  #isOpen = false;

  constructor(options: SpeechOptions) {
    this.#options = options;
  }

  caughtUp(): void {
    this.#isOpen = true;
  }

  says(): readonly Decision<Words>[] {
    return this.#words.splice(0);
  }

  say(by: UserId, typed: string, nonce: string): Spoken {
    const line = this.#lineOf(typed);
    const earlier = this.#asked.get(nonce);
    if (earlier)
      return earlier.by === by && earlier.line === line
        ? this.#spoken(earlier)
        : refused(line, say`This page has said something else already: load it again.`);
    const objection = this.#objectionTo(by, line);
    if (objection) return refused(line, objection);
    const looked = this.#looked(by, line);
    if (looked) return looked;
    const { announcements, now, prefix, send } = this.#options;
    const asked: Asked = { by, line, at: now(), answers: new Map() };
    const text = say`${code(by)} on the web: ${code(`${prefix} ${line}`, longestLine + 60)}`;
    const message = announcements.of(text, key + nonce, asked.at);
    if (!message) return refused(line, say`There is no management room yet, so nothing was done.`);
    this.#asked.set(nonce, asked);
    keepNewest(this.#asked, remembered);
    send([message]);
    return this.#spoken(asked);
  }

  said(by: UserId, nonce: string): Spoken | undefined {
    const asked = this.#asked.get(nonce);
    return asked?.by === by ? this.#spoken(asked) : undefined;
  }

  /** What the line is answered, where it only looks. */
  look(by: UserId, line: string): Say | undefined {
    if (this.#objectionTo(by, line)) return undefined;
    const looked = this.#looked(by, line);
    return looked?.kind === "shown" && !looked.isProblem ? looked.answer : undefined;
  }

  handedOver({ action, because }: Decision): void {
    const asked = because.kind === "command" ? this.#byEvent.get(because.event) : undefined;
    if (!asked) return;
    if (action.kind === "tell") asked.answers.set(action.key, action.say);
    else if (action.kind === "ask") asked.answers.set(`question ${action.question}`, action.say);
    if (action.kind === "ask" || (action.kind === "react" && action.event === asked.event))
      asked.isAnswered = true;
  }

  /** The line stands in the room, or cannot be said. */
  ended({ decision: { action, because }, result }: Outcome, at: number): void {
    if (action.kind === "tell" && because.kind === "command") {
      this.#byEvent.get(because.event)?.answers.set(action.key, action.say);
      return;
    }
    if (action.kind !== "tell" || because.kind !== "self" || !because.what.startsWith(key)) return;
    const asked = this.#asked.get(because.what.slice(key.length));
    if (result.kind !== "done" || !result.eventId) {
      if (asked) asked.refused = say`It could not be said in the management room, so nothing was done.`;
      return;
    }
    if (!asked) return this.#lost(result.eventId, at);
    if (!asked.event) this.#hear(asked, result.eventId, at);
  }

  /** By now whoever said it may have left, or the room may be open to all. */
  #hear(asked: Asked, event: EventId, at: number): void {
    asked.event = event;
    const { facts, prefix, listener, patienceMs } = this.#options;
    const { world } = facts;
    const room = world.settings.managementRoom;
    const isLate = Math.abs(at - asked.at) > patienceMs;
    const objection =
      this.#objectionTo(asked.by, asked.line) ??
      (isLate
        ? say`It took too long until this could be said here. Nothing was done: say it again if you still mean it.`
        : undefined);
    if (!room || objection) return this.#reply(asked, objection ?? say`Nothing was done.`, at);
    this.#byEvent.set(event, asked);
    keepNewest(this.#byEvent, remembered);
    const message: RoomEvent = {
      type: "m.room.message",
      sender: asked.by,
      eventId: event,
      sentAt: at,
      content: { msgtype: "m.text", body: `${prefix} ${asked.line}` },
    };
    const heard = listener.detect(room, message, at);
    if (heard) listener.lookUpAndPass(room, message, heard);
    else this.#reply(asked, say`I did not take that for a command. Nothing was done.`, at);
  }

  #reply(asked: Asked, text: Say, at: number): void {
    asked.refused = text;
    this.#tell(text, asked.event, at);
  }

  /** Said by an earlier run, which heard nothing of it any more. */
  #lost(event: EventId, at: number): void {
    this.#tell(
      say`I was restarted before I heard this. Nothing was done: say it again if you still mean it.`,
      event,
      at,
    );
  }

  #tell(text: Say, event: EventId | undefined, at: number): void {
    const message = this.#options.announcements.of(text, `unheard ${event}`, at);
    if (message) this.#words.push({ ...message, action: { ...message.action, replyTo: event } });
  }

  #lineOf(typed: string): string {
    const { prefix } = this.#options;
    const line = typed.trim();
    return line.toLowerCase().startsWith(`${prefix.toLowerCase()} `)
      ? line.slice(prefix.length).trim()
      : line;
  }

  #objectionTo(by: UserId, line: string): Say | undefined {
    const { world } = this.#options.facts;
    const room = world.settings.managementRoom;
    if (!this.#isOpen) return say`I am still starting: nothing was done.`;
    if (!world.mayCommand(by)) return say`You are not in the management room now. Nothing was done.`;
    if (room && world.rooms.get(room)?.isPublic)
      return say`The management room can be joined by anybody now, so I obey nobody. Make it invite-only.`;
    if (line === "") return say`Nothing was typed.`;
    if (line.length > longestLine)
      return say`A line may have ${longestLine} characters here, and this has ${line.length}. Say it in the room.`;
    if (/[\r\n]/.test(line)) return say`One line, please: what has several lines is said in the room.`;
    // A stolen session must not be able to let in further browsers.
    if (/^web\s+(?!end\b)\S/i.test(line))
      return say`A code is said in the management room, and nowhere else.`;
    return undefined;
  }

  /** The answer of what does nothing, for which nothing has to be looked up. */
  #looked(by: UserId, line: string): Spoken | undefined {
    const { facts, health, prefix, now } = this.#options;
    const { world, commands } = facts;
    const parsed = parse(line, { world, commands, prefix, lookedUp: unsaid });
    const needsLookUp =
      parsed.name !== undefined ||
      aliasesIn(line, world.limits).length > 0 ||
      (parsed.ok && parsed.command.readsFirst.length > 0);
    if (needsLookUp) return undefined;
    const { reply, decisions, missing } = runCommand({
      ...facts,
      event: "$looked-at-on-the-web" as EventId,
      by,
      at: now(),
      line: { text: line },
      prefix,
      lookedUp: unsaid,
      health: health(),
      isConfirmed: false,
    });
    const { takesBack, callsOff, waitsFor, isProblem = false } = reply;
    if (missing && !parsed.ok)
      return { kind: "shown", line, answer: say`Something is missing: complete the line.`, isProblem: true };
    const isEffective =
      decisions.length > 0 || takesBack !== undefined || callsOff !== undefined || waitsFor !== undefined;
    return isEffective ? undefined : { kind: "shown", line, answer: reply.say, isProblem };
  }

  #spoken({ line, event, refused: why, answers, isAnswered }: Asked): Spoken {
    if (why) return refused(line, why);
    const said = [...answers.values()];
    const answer = said.length > 1 ? lines(...said) : said[0];
    if (isAnswered && answer) return { kind: "answered", line, answer };
    return { kind: "waiting", line, isSaid: event !== undefined, answer };
  }
}

function refused(line: string, why: Say): Spoken {
  return { kind: "refused", line, why };
}
