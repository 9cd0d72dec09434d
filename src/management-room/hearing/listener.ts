/**
 * Detects commands, and answers that complete one: in the management room, and as replies in protected rooms where the
 * config allows that. Looks up what they name (one request each, for a bounded time) before they are carried out.
 */
import type { Distrusting } from "../distrust.ts";
import type { AddressForms } from "./address.ts";
import type { Command, MissingArgument } from "../../commands/define.ts";
import {
  aliasesIn,
  detectCommand,
  detectEdited,
  textWithIds,
  type DetectedCommand,
} from "./detect-command.ts";
import { CommandLookUps, type Detected, type LookUps } from "./command-look-ups.ts";
import { roleOfLine } from "../../commands/role-of-words.ts";
import { cannotWait } from "../../commands/parser/parse.ts";
import { ArgumentPrompts, type Said } from "./argument-prompts.ts";
import { editTarget, isEdit } from "./relations.ts";
import { detectedCaseAnswer } from "../reports/case-answers.ts";
import { reasonIn } from "../reports/claims.ts";
import { RecentlyLeft } from "./recently-left.ts";
import { RecentSubjects } from "./recent-subjects.ts";
import { lines, say } from "../../kit/say.ts";
import { asString } from "../../kit/json.ts";
import { keepNewest } from "../../kit/bounded.ts";
import type { RoomEvent, StateEvent } from "../../model/event.ts";
import type { EventId, RoomId, UserId } from "../../model/ids.ts";
import type { Observation, Seen } from "../../model/observation.ts";
import type { ForeignBot } from "../../model/settings/foreign-bots.ts";
import type { WorldView } from "../../model/world/view.ts";

export interface CommandSettings {
  readonly prefixes: readonly string[];
  readonly understands: readonly ForeignBot[];
  readonly inProtectedRooms: boolean;
  readonly answerWithinMinutes: number;
  readonly describe: boolean;
}

export interface ListenerOptions {
  readonly world: WorldView;
  readonly commands: readonly Command[];
  readonly settings: CommandSettings;
  readonly lookUps: LookUps;
  readonly receive: (seen: readonly Seen[]) => void;
  /** Believed at once. */
  readonly believe: (seen: Seen, at: number) => void;
  /** Awaited before a command is passed on; for facts that it needs and nobody has asked for yet. */
  readonly beforeReply: (line: string) => Promise<void>;
  /** Whether an earlier run of Tyr has carried out the command: it has acts in the journal. */
  readonly wasCarriedOut: (command: EventId) => boolean;
  readonly distrust: Distrusting;
}

type CommandSeen = Extract<Observation, { kind: "command" }>;
export class Listener {
  readonly #options: ListenerOptions;
  readonly #world: WorldView;
  readonly #prompts: ArgumentPrompts;
  /** The newest commands: a homeserver may send the same event twice. */
  readonly #detected = new Set<EventId>();
  /** Of these the ones that could not be carried out. */
  readonly #refused = new Set<EventId>();
  readonly #subjects: RecentSubjects;
  readonly #lookUps: CommandLookUps;
  readonly #recentlyLeft = new RecentlyLeft();
  /** Ends when all commands so far are passed on: a slow look-up must not change their order. */
  #queue: Promise<void> = Promise.resolve();
  /** The commands in the queue. */
  readonly #waiting = new Set<{ isOvertaken?: true }>();
  #displayName: string | undefined;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#world = options.world;
    this.#subjects = new RecentSubjects(options.world.self, options.world.limits.subjectsRemembered);
    this.#lookUps = new CommandLookUps({
      ...options,
      prefix: this.#prefix,
      subjects: this.#subjects,
      recentlyLeft: this.#recentlyLeft,
    });
    const { world, believe } = options;
    this.#prompts = new ArgumentPrompts({
      open: world.stored.prompts,
      set: (prompt) => believe({ kind: "prompted", prompt }, world.now),
      remove: (command) => believe({ kind: "prompt-over", command }, world.now),
      withinMs: options.settings.answerWithinMinutes * 60_000,
    });
  }

  /** Undefined where the event is nothing that we obey, or was detected before. */
  detect(room: RoomId, event: RoomEvent, at: number): Detected | undefined {
    const isManagement = room === this.#world.settings.managementRoom;
    if (isManagement) this.#subjects.note(event);
    if (!isManagement && !this.#mayCommandIn(room)) return undefined;
    if (event.sender === this.#world.self || !this.#world.mayCommand(event.sender)) return undefined;
    const detected =
      this.#commandIn(event, isManagement) ?? (isManagement ? this.#completionIn(event, at) : undefined);
    if (!detected || this.#detected.has(event.eventId)) return undefined;
    this.#detected.add(event.eventId);
    keepNewest(this.#detected, this.#world.limits.commandsRemembered);
    // The first sync of a run repeats events that the run before may have carried out.
    return this.#options.wasCarriedOut(event.eventId) ? undefined : detected;
  }

  /** Whether it would be obeyed, if who said it were trusted. Nothing comes of it: no prompt is used up. */
  isMeant(room: RoomId, event: RoomEvent, at: number): boolean {
    const isManagement = room === this.#world.settings.managementRoom;
    if (!isManagement && !this.#mayCommandIn(room)) return false;
    if (event.sender === this.#world.self || !this.#world.mayCommand(event.sender)) return false;
    if (this.#commandIn(event, isManagement)) return true;
    const said = isManagement ? this.#saidIn(event, at) : undefined;
    return said !== undefined && this.#prompts.isAnswer(event, said);
  }

  /**
   * The message that a moderator edited into a command, where it did nothing as it was: what was said is obeyed once, and
   * others may have read it as it was.
   */
  editedInto(room: RoomId, event: RoomEvent): EventId | undefined {
    if (room !== this.#world.settings.managementRoom && !this.#mayCommandIn(room)) return undefined;
    if (event.sender === this.#world.self || !this.#world.mayCommand(event.sender)) return undefined;
    const original = editTarget(event);
    if (!original || !detectEdited(event, this.#detectOptions())) return undefined;
    const didSomething =
      !this.#refused.has(original) && (this.#detected.has(original) || this.#options.wasCarriedOut(original));
    return didSomething ? undefined : original;
  }

  /** The command could not be carried out. */
  refused(command: EventId): void {
    this.#refused.add(command);
    keepNewest(this.#refused, this.#world.limits.commandsRemembered);
  }

  /** Whether the event says a command to us, whoever says it. */
  isCommand(room: RoomId, event: RoomEvent): boolean {
    return this.listensIn(room) && detectCommand(event, this.#detectOptions()) !== undefined;
  }

  /** Whether the event is a command that is heard before others. */
  cannotWait(room: RoomId, event: RoomEvent): boolean {
    if (!this.listensIn(room) || !this.#world.mayCommand(event.sender)) return false;
    const command = detectCommand(event, this.#detectOptions());
    return command !== undefined && this.#goesFirst(command.text, event.sender);
  }

  /** It overtakes what others have said: for that its sender has to be somebody who may say it. */
  #goesFirst(line: string, by: UserId): boolean {
    const { commands } = this.#options;
    return cannotWait(line, commands) && this.#world.mayDo(by, roleOfLine(line, commands));
  }

  /** The line of the command, without what addresses us; undefined where the event is none. */
  lineOf(event: RoomEvent): string | undefined {
    return detectCommand(event, this.#detectOptions())?.text;
  }

  /** Looks up what the command names, then passes it on as an observation. */
  lookUpAndPass(
    room: RoomId,
    event: RoomEvent,
    detected: Detected,
    { isOvertaken = false }: { isOvertaken?: boolean } = {},
  ): void {
    const { text } = detected.command;
    if (this.#goesFirst(text, event.sender)) return this.#passAtOnce(room, event, text);
    const waiting: { isOvertaken?: true } = isOvertaken ? { isOvertaken } : {};
    this.#waiting.add(waiting);
    this.#queue = this.#queue.then(async () => {
      const found = await this.#found({ room, event }, detected);
      this.#waiting.delete(waiting);
      this.#options.receive([{ kind: "command", room, event, ...found, ...waiting }]);
    });
  }

  /** Where a look-up breaks, the command is passed on without it: those that follow must not wait for ever. */
  async #found(
    said: { readonly room: RoomId; readonly event: RoomEvent },
    detected: Detected,
  ): ReturnType<CommandLookUps["of"]> {
    const { text, note, problem } = detected.command;
    try {
      const found = await this.#lookUps.of(said, detected);
      await this.#options.beforeReply(text);
      return found;
    } catch {
      if (problem !== undefined) return { aliases: new Map(), names: new Map() };
      const said = lines(note, say`I could not look up all that this names.`);
      return { aliases: new Map(), names: new Map(), line: text, note: said };
    }
  }

  /** Before the commands that were said earlier and are still being looked up. */
  #passAtOnce(room: RoomId, event: RoomEvent, line: string): void {
    for (const one of this.#waiting) one.isOvertaken = true;
    this.#options.receive([{ kind: "command", room, event, line, aliases: new Map() }]);
  }

  /** The command of an observation: its line as it was detected, or detected anew where the line was not kept. */
  commandOf({
    event,
    line,
    note,
  }: CommandSeen): Pick<DetectedCommand, "text" | "prefix" | "problem" | "note"> | undefined {
    if (line === undefined) return detectCommand(event, this.#detectOptions());
    return { text: line, prefix: this.#prefix, problem: undefined, ...(note ? { note } : {}) };
  }

  /** The reply to the command asks the moderator for an argument. */
  openPrompt({ event, aliases, names }: CommandSeen, missing: MissingArgument, at: number): void {
    this.#prompts.open({
      command: event.eventId,
      by: event.sender,
      missing,
      at,
      aliases: [...aliases],
      names: [...(names ?? [])],
    });
  }

  /** The message that asks is in the room. Returns the reactions that choose, one for each choice. */
  promptSent(command: EventId, message: EventId): readonly string[] {
    return this.#prompts.promptSent(command, message);
  }

  /** Somebody may have left a protected room. */
  noteMember(room: RoomId, event: StateEvent, at: number): void {
    if (this.#world.isProtected(room)) this.#recentlyLeft.note(event, at);
  }

  /** `content`: our own membership in the management room, which has the name by which moderators may address us. */
  ownMembershipChanged(content: RoomEvent["content"]): void {
    this.#displayName = asString(content["displayname"]);
  }

  /** Whether what is said in the room may be said to us. */
  listensIn(room: RoomId): boolean {
    return room === this.#world.settings.managementRoom || this.#mayCommandIn(room);
  }

  #mayCommandIn(room: RoomId): boolean {
    return this.#options.settings.inProtectedRooms && this.#world.isProtected(room);
  }

  /** In protected rooms only replies are commands: other messages with a prefix are conversation. */
  #commandIn(event: RoomEvent, isManagement: boolean): Detected | undefined {
    const command = detectCommand(event, this.#detectOptions());
    if (isManagement)
      return command ? { kind: "command", command } : detectedCaseAnswer(event, this.#world, this.#prefix);
    // Where people may report, that is what it says there, whoever says it.
    const isReport = this.#world.settings.reporting && reasonIn(command?.text) !== undefined;
    return !command || command.replyTo === undefined || isReport ? undefined : { kind: "command", command };
  }

  #completionIn(event: RoomEvent, at: number): Detected | undefined {
    const said = this.#saidIn(event, at);
    const completion = said && this.#prompts.completedBy(event, said);
    if (!completion) return undefined;
    const { line, prompt, isReaction } = completion;
    const aliases = aliasesIn(line, this.#world.limits);
    return {
      kind: "completion",
      command: { text: line, prefix: this.#prefix, aliases, problem: undefined, replyTo: undefined },
      ...(isReaction ? { inPlaceOf: prompt.command } : {}),
      aliases: new Map(prompt.aliases),
      names: new Map(prompt.names),
    };
  }

  /** Undefined for what completes nothing: edits, pictures. */
  #saidIn(event: RoomEvent, at: number): Said | undefined {
    const isMessage = event.type === "m.room.message";
    if (isEdit(event) || (isMessage && event.content["msgtype"] !== "m.text")) return undefined;
    const text = isMessage ? textWithIds(event, this.#world.limits) : undefined;
    return { text, at, context: this.#lookUps.parseContext({ aliases: new Map() }) };
  }

  get #prefix(): string {
    return this.#options.settings.prefixes[0]!;
  }

  #detectOptions() {
    const { settings, commands } = this.#options;
    const foreign = [...new Set([...settings.understands, ...this.#world.settings.understood])];
    const forms: AddressForms = {
      prefixes: settings.prefixes,
      self: this.#world.self,
      displayName: this.#displayName,
      foreign,
    };
    return { forms, commands, limits: this.#world.limits };
  }
}
