/**
 * Detects commands, and answers that complete one: in the management room, and as replies in protected rooms where the
 * config allows that. Looks up what they name (one request each, for a bounded time) before they are carried out.
 */
import type { AddressForms } from "./address.ts";
import type { Command, LookedUp, MissingArgument, ParseContext } from "../../commands/define.ts";
import { aliasesIn, detectCommand, textWithIds, type DetectedCommand } from "./detect-command.ts";
import { parse } from "../../commands/parser/parse.ts";
import { ArgumentPrompts } from "./argument-prompts.ts";
import { isEdit } from "./relations.ts";
import { RecentSubjects } from "./recent-subjects.ts";
import { subjectOfAuthor, subjectOfMessage } from "../../commands/parser/subjects.ts";
import { asString } from "../../kit/json.ts";
import { keepNewest } from "../../kit/bounded.ts";
import { lines, say } from "../../kit/say.ts";
import { foldName } from "../../kit/invisible-characters.ts";
import type { RoomEvent } from "../../model/event.ts";
import type { HeardCommand, NamedPeople } from "../../model/heard-command.ts";
import type { EventId, ResolvedAlias, RoomAlias, RoomId } from "../../model/ids.ts";
import type { Observation, Seen } from "../../model/observation.ts";
import { present } from "../../model/member-record.ts";
import type { ForeignBot } from "../../model/settings/foreign-bots.ts";
import type { Subject } from "../../model/subject.ts";
import type { WorldView } from "../../model/world/view.ts";

/** Look-ups that take a request. Each ends after a bounded time; `undefined` means that nothing could be found out. */
export interface LookUps {
  readonly alias: (alias: RoomAlias) => Promise<ResolvedAlias>;
  readonly people: (name: string) => Promise<NamedPeople | undefined>;
  readonly event: (room: RoomId, event: EventId) => Promise<RoomEvent | undefined>;
}

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
  /** Awaited before a command is passed on; for facts that it needs and nobody has asked for yet. */
  readonly beforeReply: (line: string) => Promise<void>;
  /** Whether an earlier run of Tyr has carried out the command: it has acts in the journal. */
  readonly wasCarriedOut: (command: EventId) => boolean;
}

type CommandSeen = Extract<Observation, { kind: "command" }>;
type Names = ReadonlyMap<string, NamedPeople>;
type Aliases = ReadonlyMap<RoomAlias, ResolvedAlias>;

/** A command, or an answer that completes one, before anything is looked up. */
export type Detected =
  | { readonly kind: "command"; readonly command: DetectedCommand }
  | {
      readonly kind: "completion";
      readonly command: DetectedCommand;
      /** The incomplete command, where a reaction completed it: the reply and the mark belong to that message. */
      readonly inPlaceOf?: EventId;
      /** Looked up for the incomplete command. */
      readonly aliases: Aliases;
      readonly names: Names;
    };

const replyUnread = say`I could not read the message you replied to.`;

export class Listener {
  readonly #options: ListenerOptions;
  readonly #world: WorldView;
  readonly #prompts: ArgumentPrompts;
  /** The newest commands: a homeserver may send the same event twice. */
  readonly #detected = new Set<EventId>();
  readonly #subjects: RecentSubjects;
  /** Ends when all commands so far are passed on: a slow look-up must not change their order. */
  #queue: Promise<void> = Promise.resolve();
  #displayName: string | undefined;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#world = options.world;
    this.#subjects = new RecentSubjects(options.world.self, options.world.limits.subjectsRemembered);
    this.#prompts = new ArgumentPrompts({
      most: options.world.limits.promptsRemembered,
      withinMs: options.settings.answerWithinMinutes * 60_000,
    });
  }

  /** Undefined where the event is nothing that we obey, or was detected before. */
  detect(room: RoomId, event: RoomEvent, at: number): Detected | undefined {
    const isManagement = room === this.#world.settings.managementRoom;
    if (isManagement) this.#subjects.note(event);
    if (!isManagement && !this.#mayCommandIn(room)) return undefined;
    if (event.sender === this.#world.self || !this.#world.isModerator(event.sender)) return undefined;
    const detected =
      this.#commandIn(event, isManagement) ?? (isManagement ? this.#completionIn(event, at) : undefined);
    if (!detected || this.#detected.has(event.eventId)) return undefined;
    this.#detected.add(event.eventId);
    keepNewest(this.#detected, this.#world.limits.commandsRemembered);
    // The first sync of a run repeats events that the run before may have carried out.
    return this.#options.wasCarriedOut(event.eventId) ? undefined : detected;
  }

  /** Looks up what the command names, then passes it on as an observation. */
  lookUpAndPass(room: RoomId, event: RoomEvent, detected: Detected): void {
    this.#queue = this.#queue.then(async () => {
      const found = await this.#lookUp(room, detected);
      await this.#options.beforeReply(detected.command.text);
      this.#options.receive([{ kind: "command", room, event, ...found }]);
    });
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
      aliases,
      names: names ?? new Map(),
    });
  }

  /** The message that asks is in the room. Returns the reactions that choose, one for each choice. */
  promptSent(command: EventId, message: EventId): readonly string[] {
    return this.#prompts.promptSent(command, message);
  }

  /** `content`: our own membership in the management room, which has the name by which moderators may address us. */
  ownMembershipChanged(content: RoomEvent["content"]): void {
    this.#displayName = asString(content["displayname"]);
  }

  #mayCommandIn(room: RoomId): boolean {
    return this.#options.settings.inProtectedRooms && this.#world.isProtected(room);
  }

  /** In protected rooms only replies are commands: other messages with a prefix are conversation. */
  #commandIn(event: RoomEvent, isManagement: boolean): Detected | undefined {
    const command = detectCommand(event, this.#detectOptions());
    if (!command || (!isManagement && command.replyTo === undefined)) return undefined;
    return { kind: "command", command };
  }

  #completionIn(event: RoomEvent, at: number): Detected | undefined {
    if (isEdit(event) || (event.type === "m.room.message" && event.content["msgtype"] !== "m.text"))
      return undefined;
    const { limits } = this.#world;
    const text = event.type === "m.room.message" ? textWithIds(event, limits) : undefined;
    const completion = this.#prompts.completedBy(event, {
      text,
      at,
      context: this.#parseContext({ aliases: new Map() }),
    });
    if (!completion) return undefined;
    const { line, prompt, isReaction } = completion;
    const aliases = aliasesIn(line, limits);
    return {
      kind: "completion",
      command: { text: line, prefix: this.#prefix, aliases, problem: undefined, replyTo: undefined },
      ...(isReaction ? { inPlaceOf: prompt.command } : {}),
      aliases: prompt.aliases,
      names: prompt.names,
    };
  }

  async #lookUp(
    room: RoomId,
    detected: Detected,
  ): Promise<{ aliases: Aliases; names: Names } & HeardCommand> {
    const { command } = detected;
    const [known, knownNames] =
      detected.kind === "completion" ? [detected.aliases, detected.names] : [new Map(), new Map()];
    if (command.problem !== undefined) return { aliases: new Map(), names: new Map() };
    const [subject, ...resolved] = await Promise.all([
      command.replyTo === undefined ? undefined : this.#subjectOf(room, command.replyTo),
      ...command.aliases.filter((alias) => !known.has(alias)).map((alias) => this.#resolve(alias)),
    ]);
    const ofSubject = await Promise.all(
      (subject?.rooms ?? [])
        .flatMap((text) => aliasesIn(text, this.#world.limits))
        .map((alias) => this.#resolve(alias)),
    );
    const aliases: Aliases = new Map([...known, ...resolved, ...ofSubject]);
    const isUnread = command.replyTo !== undefined && subject === undefined;
    // Without the message replied to, the first word of the reason would be looked up as a display name.
    const names = isUnread
      ? knownNames
      : await this.#namesIn(command, { aliases, names: knownNames, subject });
    const note = isUnread ? lines(command.note, replyUnread) : command.note;
    return {
      aliases,
      names,
      line: command.text,
      ...(subject ? { subject } : {}),
      ...(note ? { note } : {}),
      ...(detected.kind === "completion" && detected.inPlaceOf ? { inPlaceOf: detected.inPlaceOf } : {}),
    };
  }

  async #resolve(alias: RoomAlias): Promise<readonly [RoomAlias, ResolvedAlias]> {
    return [alias, await this.#options.lookUps.alias(alias)];
  }

  /**
   * `names` with what was found for a word that may be a display name, because it fits no argument where a person is
   * needed. One name a command; only people who are, were invited or are banned in protected rooms.
   */
  async #namesIn(
    command: DetectedCommand,
    { aliases, names, subject }: { aliases: Aliases; names: Names; subject: Subject | undefined },
  ): Promise<Names> {
    const parsed = parse(command.text, this.#parseContext({ aliases, names, subject }));
    if (parsed.ok || parsed.name === undefined || names.has(foldName(parsed.name))) return names;
    const found = await this.#options.lookUps.people(parsed.name);
    if (!found) return names;
    const here = found.people.filter(
      (user) => this.#world.protectedRoomsOf(user, [...present, "ban"]).length > 0,
    );
    return new Map([...names, [foldName(parsed.name), { people: here, isCut: found.isCut }]]);
  }

  /** A message of a protected room is about its author; one of the management room about what it names. */
  async #subjectOf(room: RoomId, target: EventId): Promise<Subject | undefined> {
    const known = this.#subjects.get(target);
    if (known) return known;
    const event = await this.#options.lookUps.event(room, target);
    if (!event) return undefined;
    return room === this.#world.settings.managementRoom
      ? subjectOfMessage(event, this.#world.self)
      : subjectOfAuthor(room, event);
  }

  get #prefix(): string {
    return this.#options.settings.prefixes[0]!;
  }

  #parseContext(lookedUp: LookedUp): ParseContext {
    return { world: this.#world, commands: this.#options.commands, prefix: this.#prefix, lookedUp };
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
