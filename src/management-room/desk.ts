/**
 * The desk in the management room: hears what moderators say to us, has answers and commands carried out, and asks for what
 * a command lacks.
 */
import type { LookedAt } from "../bot/part.ts";
import { code, say, type Say } from "../kit/say.ts";
import { roomName } from "../commands/shared/room-names.ts";
import type { ActionOf, Words } from "../model/actions/action.ts";
import { decide, type Decision, type Outcome } from "../model/decision.ts";
import type { RoomEvent } from "../model/event.ts";
import type { RoomId } from "../model/ids.ts";
import type { Observation, ObservationOf } from "../model/observation.ts";
import type { WorldView } from "../model/world/view.ts";
import type { Announcements } from "./announcements.ts";
import type { EncryptedWords } from "./encrypted-words.ts";
import type { Distrusting } from "./distrust.ts";
import { HeldMessages, type Released } from "./hearing/held-messages.ts";
import type { Listener } from "./hearing/listener.ts";
import { missedWords, overtakenWords, unreadGap, type Missed } from "./hearing/missed-words.ts";
import type { AnswerListener } from "./questions/hear-answer.ts";
import type { PutQuestions } from "./questions/put-question.ts";
import type { CommandReplies } from "./reply-to-command.ts";

export interface DeskOptions {
  readonly world: WorldView;
  readonly listener: Listener;
  readonly answers: AnswerListener;
  readonly replies: CommandReplies;
  readonly questions: PutQuestions;
  readonly announcements: Announcements;
  /** Why words of the room are not obeyed, whoever said them. */
  readonly distrust: Distrusting;
  readonly encryptedWords: Pick<EncryptedWords, "refuse">;
  /** Commands said before this moment, while nobody listened, are not obeyed. */
  readonly startedAt: number;
  /** What was said in a gap is obeyed if it is not older. */
  readonly obeyWithinMs: number;
}

export class Desk {
  readonly name = "desk";
  readonly #options: DeskOptions;
  readonly #world: WorldView;
  #isOpen = false;
  /** Why a command that was heard just now is not obeyed. */
  #warnings: Decision<Words>[] = [];
  /** Said in gaps, and not obeyed. */
  #missed: Missed[] = [];
  readonly #held = new HeldMessages();
  /** Said in one answer of the homeserver with a `stop`: a yes among them was given without knowing of it. */
  readonly #besideStop = new WeakSet<RoomEvent>();
  /** Answers of this batch that a stop overtook. */
  #overtaken: Missed[] = [];
  /** Commands that were said while we were away, and are not obeyed. */
  ignored = 0;

  constructor(options: DeskOptions) {
    this.#options = options;
    this.#world = options.world;
  }

  caughtUp(): void {
    this.#isOpen = true;
  }

  /** Answers that moderators gave, and what their commands propose. */
  proposes({ seen: all }: Pick<LookedAt, "seen">): readonly Decision[] {
    const at = all.at(-1)?.at ?? 0;
    const seen = all.filter((one) => !this.#isDistrusted(one));
    this.#noteStop(seen.flatMap((one) => (one.kind === "message" && !one.late ? one : [])));
    const decisions = seen.flatMap((one): readonly Decision[] => {
      switch (one.kind) {
        case "gap":
          if (this.#options.listener.listensIn(one.room)) this.#held.begin(one.room, one.at);
          return [];
        case "outcome":
          return this.#gapRead(one.outcome, one.at);
        case "message":
          return this.#said(one);
        case "opened":
          return this.#readLate(one);
        case "state":
          if (one.fromTimeline) this.#options.listener.noteMember(one.room, one.event, one.at);
          if (one.event.type === "m.room.member" && one.event.stateKey === this.#world.self)
            this.#renamed(one.room, one.event.content);
          return [];
        case "command":
          return this.#isIgnored(one) ? [] : this.#options.replies.reply(one);
        default:
          return [];
      }
    });
    return [...decisions, ...this.#hearAll(this.#held.overdue(at), at)];
  }

  /** Said before the account was accused, and not carried out by then; another person's yes to it counts. */
  #isIgnored({ event: { sender, eventId } }: ObservationOf<"command">): boolean {
    const isPaused = this.#world.isModerator(sender) && !this.#world.mayCommand(sender);
    return isPaused && this.#world.questions.ofCommand(eventId)?.answer?.yes !== true;
  }

  nextAt(): number | undefined {
    return this.#held.nextAt();
  }

  /** Somebody who would have been obeyed is told why not. */
  #isDistrusted(one: Observation): boolean {
    if (one.kind !== "message" && one.kind !== "opened") return false;
    const { distrust, encryptedWords, answers, listener } = this.#options;
    const { room, event, at } = one;
    const why = listener.listensIn(room) ? distrust(one) : undefined;
    if (why === undefined || !this.#world.isModerator(event.sender)) return why !== undefined;
    const isMeant = answers.listen(room, event) !== undefined || listener.isMeant(room, event, at);
    if (isMeant && this.#isOpen) encryptedWords.refuse({ room, event }, why, at);
    return true;
  }

  /** Its key came after it: who said it may not mean it any more. */
  #readLate({ room, event, at }: ObservationOf<"opened">): readonly Decision[] {
    const isYoung = Math.abs(at - event.sentAt) <= this.#options.obeyWithinMs;
    const isEarlier = event.sentAt < this.#options.startedAt;
    return isYoung && !isEarlier ? this.#listen(room, event, { at }) : this.#miss(room, event, at);
  }

  /** The guard has held back what it had to: the other commands put their own questions, or take effect. */
  guarded(_: unknown, { at }: Pick<LookedAt, "at">): void {
    const { replies, questions } = this.#options;
    for (const own of replies.takeOwnQuestions()) questions.askOf(own, at);
    replies.takeEffect();
  }

  says({ seen }: Pick<LookedAt, "seen">): readonly Decision<Words>[] {
    const warnings = this.#warnings;
    this.#warnings = [];
    return [
      ...warnings,
      ...this.#tellMissed(seen.at(-1)?.at ?? 0),
      ...seen.flatMap((one) => (one.kind === "outcome" ? this.#choices(one.outcome, one.at) : [])),
    ];
  }

  #noteStop(together: readonly ObservationOf<"message">[]): void {
    if (!together.some(({ room, event }) => this.#options.listener.cannotWait(room, event))) return;
    for (const { event } of together) this.#besideStop.add(event);
  }

  /** After a gap what is said waits, but for what cannot wait. */
  #said(one: ObservationOf<"message">): readonly Decision[] {
    const { room, event, at, late } = one;
    const isUrgent = !late && this.#held.isHolding(room) && this.#options.listener.cannotWait(room, event);
    if (!isUrgent && this.#held.hold(one)) return [];
    return late ? this.#miss(room, event, at) : this.#listen(room, event, { at });
  }

  /** What the gap held comes before what was said after it. */
  #gapRead({ decision, result }: Outcome, at: number): readonly Decision[] {
    const { action } = decision;
    if (action.kind !== "fill-gap") return [];
    const isUnread = result.kind === "failed" || (result.kind === "done" && result.note !== undefined);
    if (isUnread && action.room === this.#world.settings.managementRoom)
      this.#tell(unreadGap, `unread gap ${action.to}`, at);
    return this.#hearAll(this.#held.end(action.room), at);
  }

  /** What a gap held is obeyed where it is young enough; nothing of it is that was said before we ran. */
  #hearAll(messages: readonly Released[], now: number): readonly Decision[] {
    const { obeyWithinMs, startedAt } = this.#options;
    this.#noteStop(messages.map(({ message }) => message));
    return messages.flatMap(({ message: { room, event, at, late }, isOvertaken }) => {
      const isEarlier = event.sentAt < startedAt;
      const isOld = late && Math.abs(now - event.sentAt) > obeyWithinMs;
      return isEarlier || isOld
        ? this.#miss(room, event, at)
        : this.#listen(room, event, { at, isOvertaken });
    });
  }

  /** A command or an answer that comes too late to be obeyed. */
  #miss(room: RoomId, event: RoomEvent, at: number): readonly never[] {
    const { listener, answers, startedAt } = this.#options;
    const answer = answers.listen(room, event);
    const because = answer?.because;
    const text = because?.kind === "command" ? because.text : listener.detect(room, event, at)?.command.text;
    if (text === undefined) return [];
    if (!this.#isOpen && event.sentAt < startedAt) this.ignored++;
    else this.#missed.push({ event, text });
    return [];
  }

  #tellMissed(at: number): readonly Decision<Words>[] {
    const [missed, overtaken] = [this.#missed, this.#overtaken];
    this.#missed = [];
    this.#overtaken = [];
    const first = overtaken[0]?.event.eventId;
    if (first) this.#tell(overtakenWords(overtaken), `overtaken ${first}`, at);
    if (missed.length > 0) this.#tell(missedWords(missed), `missed ${missed[0]!.event.eventId}`, at);
    return this.#warnings.splice(0);
  }

  #tell(text: Say, what: string, at: number): void {
    const warning = this.#options.announcements.trouble(text, { what, topic: "gap", at });
    if (warning) this.#warnings.push(warning);
  }

  /** An answer to a question comes first; anything else may be a command, or what a command lacks. */
  #listen(
    room: RoomId,
    event: RoomEvent,
    { at, isOvertaken = false }: { at: number; isOvertaken?: boolean },
  ): readonly Decision[] {
    const answer = this.#options.answers.listen(room, event);
    if (!answer) this.#hear(room, event, { at, isOvertaken });
    const isMeant = !isOvertaken && !this.#besideStop.has(event);
    if (!answer || isMeant || !this.#leadsToActs(answer)) return answer ? [answer] : [];
    if (answer.because.kind === "command") this.#overtaken.push({ event, text: answer.because.text });
    return [];
  }

  /** A no does nothing, but to what is held and to a wave, where it goes on. */
  #leadsToActs({ action: { question, yes } }: Decision<ActionOf<"answer-question">>): boolean {
    const kind = this.#world.questions.get(question)?.about.kind;
    return yes || kind === "held" || kind === "wave" || kind === "knocks" || kind === "staff";
  }

  /**
   * Only the moderators in the management room are obeyed. What they name is looked up before the command is replied
   * to.
   */
  #hear(room: RoomId, event: RoomEvent, { at, isOvertaken }: { at: number; isOvertaken: boolean }): void {
    const { listener, announcements, startedAt } = this.#options;
    const heard = listener.detect(room, event, at);
    if (!heard) return this.#hearEdit(room, event);
    if (!this.#isOpen && event.sentAt < startedAt) {
      this.ignored++;
      return;
    }
    const managementRoom = this.#world.settings.managementRoom;
    const known = managementRoom && this.#world.rooms.get(managementRoom);
    if (!known?.isPublic) {
      if (listener.cannotWait(room, event)) this.#held.overtake(event.sentAt);
      const isYes = /^\s*yes\b/i.test(heard.command.text);
      const isLate = isOvertaken || (isYes && this.#besideStop.has(event));
      return listener.lookUpAndPass(room, event, heard, { isOvertaken: isLate });
    }
    // Anybody could join and command: nobody is obeyed until a person has made the room private.
    const warning = announcements.trouble(
      say`This room can be joined by anybody now, so I obey nobody in it. Make it invite-only.`,
      {
        what: `public ${known.event("m.room.join_rules")?.eventId}`,
        topic: "public management room",
        at: event.sentAt,
      },
    );
    if (warning) this.#warnings.push(warning);
  }

  /** An edit that would be a command is answered, once for each message: silence would look like obedience. */
  #hearEdit(room: RoomId, event: RoomEvent): void {
    const { listener, startedAt } = this.#options;
    const { managementRoom } = this.#world.settings;
    const original = listener.editedInto(room, event);
    if (!original || !managementRoom || (!this.#isOpen && event.sentAt < startedAt)) return;
    const where =
      room === managementRoom ? "" : say`${code(event.sender)} in ${roomName(room, this.#world)}: `;
    const action = {
      kind: "tell",
      room: managementRoom,
      key: `edited ${original}`,
      revision: 0,
      say: say`${where}I do not run edited messages; send it again.`,
      edits: undefined,
      replyTo: room === managementRoom ? original : undefined,
    } as const;
    this.#warnings.push(
      decide(action, { kind: "self", what: `edited ${original}` }, { at: event.sentAt, replaces: "" }),
    );
  }

  /** How we are called in the management room. */
  #renamed(room: RoomId, content: RoomEvent["content"]): void {
    if (room === this.#world.settings.managementRoom) this.#options.listener.ownMembershipChanged(content);
  }

  /** Adds the reactions 1, 2, 3 that answer a prompt. */
  #choices({ decision, result }: Outcome, at: number): readonly Decision<Words>[] {
    const { action, because } = decision;
    const event = result.kind === "done" ? result.eventId : undefined;
    if (action.kind !== "tell" || !event || because.kind !== "command") return [];
    const { room } = action;
    return this.#options.listener
      .promptSent(because.event, event)
      .map((mark) =>
        decide(
          { kind: "react", room, event, with: mark } as const,
          { kind: "self", what: `choice of ${because.event}` },
          { at, replaces: mark },
        ),
      );
  }
}
