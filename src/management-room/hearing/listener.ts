/**
 * Hears commands and the answers to what they lack: in the management room, and where the config allows it as replies in
 * protected rooms. Looks up what they name (one request each, a bounded time) before they are answered.
 */
import type { Calls } from "./address.ts";
import type { Command, LookedUp, MissingArgument, ParseContext } from "../../commands/define.ts";
import { aliasesIn, hear, wordsOf, type Heard } from "./detect-command.ts";
import { parse } from "../../commands/parser/parse.ts";
import { Prompts } from "./argument-prompts.ts";
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
import { present } from "../../model/members.ts";
import type { ForeignBot } from "../../model/settings/foreign-bots.ts";
import type { Subject } from "../../model/subject.ts";
import type { WorldView } from "../../model/world/view.ts";

/** What takes a request; each gives up by itself. */
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

export interface ListeningOptions {
  readonly world: WorldView;
  readonly commands: readonly Command[];
  readonly settings: CommandSettings;
  readonly lookUps: LookUps;
  readonly receive: (seen: readonly Seen[]) => void;
  /** What else has to be seen to before the command is answered. */
  readonly beforeAnswer: (line: string) => Promise<void>;
  /** A run before us has answered it. */
  readonly wasAnswered: (command: EventId) => boolean;
}

type CommandSeen = Extract<Observation, { kind: "command" }>;
type Names = ReadonlyMap<string, NamedPeople>;
type Aliases = ReadonlyMap<RoomAlias, ResolvedAlias>;

/** What was heard of an event, before anything is looked up. */
type Caught =
  | { readonly kind: "command"; readonly heard: Heard }
  | {
      readonly kind: "completion";
      readonly heard: Heard;
      readonly inPlaceOf?: EventId;
      readonly aliases: Aliases;
      readonly names: Names;
    };

const replyUnread = say`I could not read the message you replied to.`;

export class Listener {
  readonly #options: ListeningOptions;
  readonly #world: WorldView;
  readonly #prompts: Prompts;
  readonly #heard = new Set<EventId>();
  readonly #subjects: RecentSubjects;
  /** Commands are answered in the order in which they were said, however long a look-up takes. */
  #hearing: Promise<void> = Promise.resolve();
  displayName: string | undefined;

  constructor(options: ListeningOptions) {
    this.#options = options;
    this.#world = options.world;
    this.#subjects = new RecentSubjects(options.world.self, options.world.limits.subjectsRemembered);
    this.#prompts = new Prompts({
      most: options.world.limits.promptsRemembered,
      withinMs: options.settings.answerWithinMinutes * 60_000,
    });
  }

  /** What a message is in our ears; undefined where it is nothing for us, or was heard before. */
  hears(room: RoomId, event: RoomEvent, at: number): Caught | undefined {
    const isManagement = room === this.#world.settings.managementRoom;
    if (isManagement) this.#subjects.note(event);
    if (!isManagement && !this.#mayCommandIn(room)) return undefined;
    if (event.sender === this.#world.self || !this.#world.isModerator(event.sender)) return undefined;
    const caught =
      this.#hearsCommand(event, isManagement) ?? (isManagement ? this.#hearsAnswer(event, at) : undefined);
    if (!caught || this.#heard.has(event.eventId)) return undefined;
    this.#heard.add(event.eventId);
    keepNewest(this.#heard, this.#world.limits.commandsRemembered);
    // A run before us may have answered it, and the server tells old news again.
    return this.#options.wasAnswered(event.eventId) ? undefined : caught;
  }

  /** Looks up what the command names, then has it answered. */
  follow(room: RoomId, event: RoomEvent, caught: Caught): void {
    this.#hearing = this.#hearing.then(async () => {
      const looked = await this.#lookedUp(room, caught);
      await this.#options.beforeAnswer(caught.heard.text);
      this.#options.receive([{ kind: "command", room, event, ...looked }]);
    });
  }

  /** How a command is to be read: as it was heard, or anew where that was not kept. */
  lineOf({
    event,
    line,
    note,
  }: CommandSeen): Pick<Heard, "text" | "prefix" | "problem" | "note"> | undefined {
    if (line === undefined) return hear(event, this.#hearOptions());
    return { text: line, prefix: this.#prefix, problem: undefined, ...(note ? { note } : {}) };
  }

  /** The answer asks for what the command lacks. */
  asks({ event, aliases, names }: CommandSeen, lack: MissingArgument, at: number): void {
    this.#prompts.open({
      command: event.eventId,
      by: event.sender,
      lack,
      at,
      aliases,
      names: names ?? new Map(),
    });
  }

  /** The message that asks stands in the room; gives the marks that answer it. */
  askedBy(command: EventId, message: EventId): readonly string[] {
    return this.#prompts.told(command, message);
  }

  /** Our own name in the management room has changed. */
  renamed(content: RoomEvent["content"]): void {
    this.displayName = asString(content["displayname"]);
  }

  #mayCommandIn(room: RoomId): boolean {
    return this.#options.settings.inProtectedRooms && this.#world.isProtected(room);
  }

  /** In protected rooms only replies are commands: what else begins with a prefix there is talk. */
  #hearsCommand(event: RoomEvent, isManagement: boolean): Caught | undefined {
    const heard = hear(event, this.#hearOptions());
    if (!heard || (!isManagement && heard.replyTo === undefined)) return undefined;
    return { kind: "command", heard };
  }

  #hearsAnswer(event: RoomEvent, at: number): Caught | undefined {
    if (isEdit(event) || (event.type === "m.room.message" && event.content["msgtype"] !== "m.text"))
      return undefined;
    const { limits } = this.#world;
    const words = event.type === "m.room.message" ? wordsOf(event, limits) : undefined;
    const completion = this.#prompts.completedBy(event, {
      words,
      at,
      reading: this.#parseContext({ aliases: new Map() }),
    });
    if (!completion) return undefined;
    const { line, prompt, isReaction } = completion;
    const aliases = aliasesIn(line, limits);
    return {
      kind: "completion",
      heard: { text: line, prefix: this.#prefix, aliases, problem: undefined, replyTo: undefined },
      ...(isReaction ? { inPlaceOf: prompt.command } : {}),
      aliases: prompt.aliases,
      names: prompt.names,
    };
  }

  async #lookedUp(room: RoomId, caught: Caught): Promise<{ aliases: Aliases; names: Names } & HeardCommand> {
    const { heard } = caught;
    const [known, namesKnown] =
      caught.kind === "completion" ? [caught.aliases, caught.names] : [new Map(), new Map()];
    if (heard.problem !== undefined) return { aliases: new Map(), names: new Map() };
    const [subject, ...resolved] = await Promise.all([
      heard.replyTo === undefined ? undefined : this.#subjectOf(room, heard.replyTo),
      ...heard.aliases.filter((alias) => !known.has(alias)).map((alias) => this.#resolved(alias)),
    ]);
    const ofReply = await Promise.all(
      (subject?.rooms ?? [])
        .flatMap((text) => aliasesIn(text, this.#world.limits))
        .map((alias) => this.#resolved(alias)),
    );
    const aliases: Aliases = new Map([...known, ...resolved, ...ofReply]);
    // Without it a word of the reason could be taken for a name.
    const isUnread = heard.replyTo !== undefined && subject === undefined;
    const names = isUnread ? namesKnown : await this.#namesIn(heard, { aliases, names: namesKnown, subject });
    const note = isUnread ? lines(heard.note, replyUnread) : heard.note;
    return {
      aliases,
      names,
      line: heard.text,
      ...(subject ? { subject } : {}),
      ...(note ? { note } : {}),
      ...(caught.kind === "completion" && caught.inPlaceOf ? { inPlaceOf: caught.inPlaceOf } : {}),
    };
  }

  async #resolved(alias: RoomAlias): Promise<readonly [RoomAlias, ResolvedAlias]> {
    return [alias, await this.#options.lookUps.alias(alias)];
  }

  /** A word that fits nothing where a person is needed may be a name; one a command, of people in our rooms. */
  async #namesIn(
    heard: Heard,
    { aliases, names, subject }: { aliases: Aliases; names: Names; subject: Subject | undefined },
  ): Promise<Names> {
    const read = parse(heard.text, this.#parseContext({ aliases, names, subject }));
    if (read.ok || read.name === undefined || names.has(foldName(read.name))) return names;
    const found = await this.#options.lookUps.people(read.name);
    if (!found) return names;
    const here = found.people.filter(
      (user) => this.#world.protectedRoomsOf(user, [...present, "ban"]).length > 0,
    );
    return new Map([...names, [foldName(read.name), { people: here, isCut: found.isCut }]]);
  }

  /** In a protected room a message is about its author; in ours about what it says. */
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

  #hearOptions() {
    const { settings, commands } = this.#options;
    const foreign = [...new Set([...settings.understands, ...this.#world.settings.understood])];
    const calls: Calls = {
      prefixes: settings.prefixes,
      self: this.#world.self,
      displayName: this.displayName,
      foreign,
    };
    return { calls, commands, limits: this.#world.limits };
  }
}
