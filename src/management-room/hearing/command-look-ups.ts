/** Looks up what a command names before it is answered: aliases, people by their display names, the message replied to. */
import type { ArgumentValues, Command, ParseContext } from "../../commands/define.ts";
import type { LookedUp } from "../../commands/looked-up.ts";
import { parse } from "../../commands/parser/parse.ts";
import { subjectOfAuthor, subjectOfMessage } from "../../commands/parser/subjects.ts";
import { foldName } from "../../kit/invisible-characters.ts";
import { lines, say } from "../../kit/say.ts";
import type { RoomEvent } from "../../model/event.ts";
import type { GivenText, HeardCommand, NamedPeople } from "../../model/heard-command.ts";
import type { EventId, ResolvedAlias, RoomAlias, RoomId } from "../../model/ids.ts";
import { present } from "../../model/member-record.ts";
import type { RoomLookedUp } from "../../model/room-details.ts";
import { namedPolicyServer } from "../../model/named-policy-server.ts";
import type { FoundPolicyServer } from "../../model/policy-server.ts";
import type { Subject } from "../../model/subject.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { Distrust, Distrusting } from "../distrust.ts";
import { aliasesIn, type DetectedCommand } from "./detect-command.ts";
import { textGivenIn, type ReadFile } from "./given-text.ts";
import type { RecentlyLeft } from "./recently-left.ts";
import type { RecentSubjects } from "./recent-subjects.ts";

/** Look-ups that take a request. Each ends after a bounded time; `undefined` means that nothing could be found out. */
export interface LookUps {
  readonly alias: (alias: RoomAlias) => Promise<ResolvedAlias>;
  readonly people: (name: string) => Promise<NamedPeople | undefined>;
  readonly event: (room: RoomId, event: EventId) => Promise<RoomEvent | undefined>;
  /** Of the homeserver's administrators. */
  readonly room: (room: RoomId) => Promise<RoomLookedUp | undefined>;
  /** What the server says of itself as a policy server. */
  readonly policyServer: (via: string) => Promise<FoundPolicyServer>;
  /** A file, if it is no longer than that. */
  readonly file: ReadFile;
}

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

/** Why the text of a message is not taken: who can put words into the room could put rules into force by them. */
const untrusted: Readonly<Record<Distrust, string>> = {
  clear: "the message that you replied to was not encrypted, and this room is",
  reaction: "you replied to a reaction",
  device: "the message that you replied to came from a device that its owner has not verified",
  forged: "the key of the message that you replied to belongs to somebody else than it says",
  repeated: "the same encrypted message came before the one that you replied to",
};

export interface CommandLookUpsOptions {
  readonly world: WorldView;
  readonly commands: readonly Command[];
  readonly lookUps: LookUps;
  /** For the examples in problems. */
  readonly prefix: string;
  readonly subjects: RecentSubjects;
  readonly recentlyLeft: RecentlyLeft;
  readonly distrust: Distrusting;
}

export class CommandLookUps {
  readonly #options: CommandLookUpsOptions;

  constructor(options: CommandLookUpsOptions) {
    this.#options = options;
  }

  /** Everything that the command names, each in one request. */
  async of(
    { room, event }: { readonly room: RoomId; readonly event: RoomEvent },
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
        .flatMap((text) => aliasesIn(text, this.#options.world.limits))
        .map((alias) => this.#resolve(alias)),
    );
    const aliases: Aliases = new Map([...known, ...resolved, ...ofSubject]);
    const isUnread = command.replyTo !== undefined && subject === undefined;
    // Without the message replied to, the first word of the reason would be looked up as a display name.
    const names = isUnread
      ? knownNames
      : await this.#namesIn(command, { aliases, names: knownNames, subject });
    const note = isUnread ? lines(command.note, replyUnread) : command.note;
    const named = await this.#eventNamedIn(command, { aliases, names, subject });
    const details = await this.#roomNamedIn(command, { aliases, names, subject });
    const given = await this.#textGivenTo(command, { room, event }, { aliases, names, subject });
    const policyServer = await this.#policyServerIn(command, { aliases, names, subject });
    return {
      aliases,
      names,
      line: command.text,
      ...(named ? { named } : {}),
      ...(details ? { details } : {}),
      ...(given ? { given } : {}),
      ...(policyServer ? { policyServer } : {}),
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
   * needed. One name a command; only people who are, were invited or are banned in protected rooms, or left a short while ago.
   */
  async #namesIn(
    command: DetectedCommand,
    { aliases, names, subject }: { aliases: Aliases; names: Names; subject: Subject | undefined },
  ): Promise<Names> {
    const parsed = parse(command.text, this.parseContext({ aliases, names, subject }));
    if (parsed.name === undefined || names.has(foldName(parsed.name))) return names;
    const { world, recentlyLeft, lookUps } = this.#options;
    const found = await lookUps.people(parsed.name);
    const left = recentlyLeft.called(parsed.name, world.now);
    if (!found && left.length === 0) return names;
    const here = (found?.people ?? []).filter(
      (user) => world.protectedRoomsOf(user, [...present, "ban"]).length > 0,
    );
    const people = [...new Set([...here, ...left])];
    return new Map([...names, [foldName(parsed.name), { people, isCut: found?.isCut ?? false }]]);
  }

  /** Only for commands that have to see it, and in rooms that are ours to look into. */
  async #eventNamedIn(command: DetectedCommand, lookedUp: LookedUp): Promise<RoomEvent | undefined> {
    const parsed = parse(command.text, this.parseContext(lookedUp));
    if (!parsed.ok || !parsed.command.readsFirst.includes("event")) return undefined;
    const { room, event } = parsed.args["event"] as ArgumentValues["event"];
    const { world, lookUps } = this.#options;
    return world.isProtected(room) ? lookUps.event(room, event) : undefined;
  }

  /** Only for commands that have to see it, and where the homeserver tells us. */
  async #roomNamedIn(command: DetectedCommand, lookedUp: LookedUp): Promise<RoomLookedUp | undefined> {
    const parsed = parse(command.text, this.parseContext(lookedUp));
    const { world, lookUps } = this.#options;
    if (!parsed.ok || !parsed.command.readsFirst.includes("room") || !world.serverPowers.admin)
      return undefined;
    return lookUps.room((parsed.args["room"] as ArgumentValues["room"]).id);
  }

  /** Only for commands that have to know it. */
  async #policyServerIn(
    command: DetectedCommand,
    lookedUp: LookedUp,
  ): Promise<FoundPolicyServer | undefined> {
    const parsed = parse(command.text, this.parseContext(lookedUp));
    if (!parsed.ok || !parsed.command.readsFirst.includes("policy-server")) return undefined;
    const named = namedPolicyServer(parsed.args["server"] as ArgumentValues["word"]);
    return named && this.#options.lookUps.policyServer(named.via);
  }

  /** Only for commands that take it: of the message itself where that is a file, or else of the one that it replies to. */
  async #textGivenTo(
    { text, replyTo }: DetectedCommand,
    { room, event }: { readonly room: RoomId; readonly event: RoomEvent },
    lookedUp: LookedUp,
  ): Promise<GivenText | undefined> {
    const parsed = parse(text, this.parseContext(lookedUp));
    if (!parsed.ok || !parsed.command.readsFirst.includes("text")) return undefined;
    const { file, event: find } = this.#options.lookUps;
    const own = await textGivenIn(event, file, { isItself: true });
    if (own || replyTo === undefined) return own;
    const found = await find(room, replyTo);
    if (!found) return { problem: "I could not read the message that you replied to" };
    const why = this.#options.distrust({ room, event: found });
    return why ? { problem: untrusted[why] } : textGivenIn(found, file);
  }

  /** A message of a protected room is about its author; one of the management room about what it names. */
  async #subjectOf(room: RoomId, target: EventId): Promise<Subject | undefined> {
    const known = this.#options.subjects.get(target);
    if (known) return known;
    const event = await this.#options.lookUps.event(room, target);
    if (!event) return undefined;
    return room === this.#options.world.settings.managementRoom
      ? subjectOfMessage(event, this.#options.world.self)
      : subjectOfAuthor(room, event);
  }

  parseContext(lookedUp: LookedUp): ParseContext {
    const { world, commands, prefix } = this.#options;
    return { world, commands, prefix, lookedUp };
  }
}
