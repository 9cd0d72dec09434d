/**
 * What a command is: its words, what it takes, how it is explained, and a pure `reply` that looks at the world
 * and proposes. Help, usage lines and docs are made from the declaration.
 */
import type { Say } from "../kit/say.ts";
import type { Action } from "../model/actions/action.ts";
import type { EventId, MediaUri, ResolvedAlias, RoomAlias, RoomId, UserId } from "../model/ids.ts";
import type { WorldView } from "../model/world/view.ts";
import type { Past } from "../model/past-acts.ts";
import type { Expected } from "../policy/expected.ts";
import type { RulesInForce } from "../policy/rules-in-force.ts";
import type { RuleKind } from "../model/policy-rule.ts";
import type { Registry } from "../automod/registry.ts";
import type { PolicyListView } from "../model/policy-list.ts";
import type { Role } from "../model/roles.ts";
import type { ServerPower } from "../model/server-powers.ts";
import type { Health } from "../model/health.ts";
import type { CommandConfig } from "./command-config.ts";
import type { LookedUp } from "./looked-up.ts";
import type { TopicName } from "./topics.ts";

/** A user, room or server, or a glob of them. */
export interface Entity {
  readonly kind: RuleKind;
  readonly text: string;
  readonly isGlob: boolean;
  /** A word with a dot that was taken for a server by its looks alone: it may be a name. */
  readonly isUnclear?: boolean;
}

export interface ArgumentValues {
  entity: Entity;
  /** A user id or a glob of user ids. */
  person: Entity;
  list: PolicyListView;
  room: { readonly id: RoomId; readonly via: readonly string[]; readonly text: string };
  event: { readonly room: RoomId; readonly event: EventId };
  /** `leadsTo`: what the directory says of it now. */
  alias: { readonly alias: RoomAlias; readonly leadsTo: ResolvedAlias | undefined };
  media: MediaUri;
  word: string;
  /** The rest of the line. */
  rest: string;
  /** The rest of the message as it was typed, with its lines and quotes: words before it are one argument each. */
  written: string;
  kind: RuleKind;
  command: string;
}

export type ArgumentKind = keyof ArgumentValues;

export interface ArgumentSpec<K extends ArgumentKind = ArgumentKind, Optional extends boolean = boolean> {
  readonly kind: K;
  readonly optional: Optional;
  readonly about: string;
  /** Where it is not given, it is taken from the message that the command replies to. */
  readonly fromReply?: "who" | "incident" | "question";
}

export interface FlagSpec {
  /**
   * A duration is a span of time such as 7d; its value is milliseconds, undefined where it was not given. A text is one word,
   * or several in quotes.
   */
  readonly type: "number" | "boolean" | "duration" | "text";
  readonly about: string;
  readonly default?: number;
}

type Arguments = { readonly [name: string]: ArgumentSpec };
type Flags = { readonly [name: string]: FlagSpec };

export type Values<A extends Arguments> = {
  readonly [N in keyof A]: A[N] extends ArgumentSpec<infer K, infer O>
    ? O extends true
      ? ArgumentValues[K] | undefined
      : ArgumentValues[K]
    : never;
};
type FlagValue<T extends FlagSpec["type"]> = T extends "number"
  ? number
  : T extends "duration"
    ? number | undefined
    : T extends "text"
      ? string | undefined
      : boolean;
export type FlagValues<F extends Flags> = {
  readonly [N in keyof F]: FlagValue<F[N]["type"]>;
};

/** A command's line, as it was heard. */
export interface CommandLine {
  /** As typed, without the prefix. */
  readonly text: string;
  /** Where it was said, if not in the management room. */
  readonly room?: RoomId;
  /** Why it was refused before it was read. */
  readonly problem?: string | undefined;
  /** How the command was understood, where that has to be said. */
  readonly note?: Say | undefined;
}

/**
 * What is the same for every command of a run. Made in `lifecycle/build-bot.ts`: a new fact for commands is one line
 * there.
 */
export interface CommandFacts {
  readonly world: WorldView;
  /** The world as it will be when what is under way has ended. */
  readonly expected: Expected;
  readonly rulesInForce: RulesInForce;
  readonly past: Past;
  readonly commands: readonly Command[];
  readonly registry: Registry;
  readonly config: CommandConfig;
}

/** Everything by which a command makes its reply. */
export interface CommandContext extends CommandFacts {
  readonly event: EventId;
  readonly by: UserId;
  readonly at: number;
  readonly line: CommandLine;
  readonly prefix: string;
  readonly lookedUp: LookedUp;
  readonly health: Health;
  /** A person has said yes to the question that this command put. */
  readonly isConfirmed: boolean;
}

/** What the parser needs to know. */
export type ParseContext = Pick<CommandContext, "world" | "lookedUp" | "commands" | "prefix">;

/** One of a few values that an argument may have. */
export interface Choice {
  /** As it is typed. */
  readonly typed: string;
  readonly shown: Say;
}

/** An argument that a command lacks. The moderator's answer is inserted between `before` and `after`. */
export interface MissingArgument {
  readonly kind: ArgumentKind;
  readonly before: string;
  readonly after: string;
  readonly choices: readonly Choice[];
}

export interface Proposal {
  readonly action: Action;
  /**
   * The state event that it would replace: part of the decision id, so that the same act can be done once more later.
   */
  readonly replaces?: string;
  /** The list whose rule this act carries out, so that it is lifted with the rule. */
  readonly list?: RoomId;
}

/** What has to come before the acts of a reply are done. */
export type WaitsFor =
  /** Its acts only read what is needed; when they have ended the command is run again with `earlierReads`. */
  | {
      readonly kind: "reads";
      /** So long at most, where that is longer than usual. */
      readonly patienceMs?: number;
    }
  /**
   * A yes to the reply, which is a question: then the command is run again, and `isConfirmed`. `covers`: rules that a
   * yes is about.
   */
  | { readonly kind: "own-question"; readonly covers?: readonly EventId[] }
  /** A yes, whomever it hits, and why. Without it the guard alone decides whether one is needed. */
  | { readonly kind: "yes"; readonly why: Say }
  /** An optional argument that turns out to be needed: it is asked for. */
  | { readonly kind: "argument"; readonly argument: string; readonly choices: readonly Choice[] };

export interface Reply {
  readonly say: Say;
  readonly acts?: readonly Proposal[];
  /** The command could not be carried out. */
  readonly isProblem?: boolean;
  readonly waitsFor?: WaitsFor | undefined;
  /**
   * Occasions (events of commands, incidents) that it takes back: acts for them that still wait are called off.
   */
  readonly takesBack?: readonly string[];
  /** Commands that still read this room are not carried out. */
  readonly callsOff?: RoomId;
  /** What its acts take, where the command has looked itself who may have them done. */
  readonly role?: Role;
  /** It is sent before everything that waits. */
  readonly goesFirst?: true;
}

export interface Command {
  /** Under which help shows it. */
  readonly topic: TopicName;
  readonly words: readonly string[];
  /** Whom it is for, where roles are on. */
  readonly role: Role;
  /** Other words for the same command. */
  readonly also: readonly (readonly string[])[];
  readonly about: string;
  readonly takes: Arguments;
  readonly flags: Flags;
  readonly examples: readonly string[];
  /** What the homeserver must let us do for it. */
  readonly needs: ServerPower | undefined;
  /** Several ids may stand where `who` is: it is done to all of them, or to none. */
  readonly takesSeveral: boolean;
  /**
   * It is heard before commands that are still being looked up or read, and never refused: whatever follows its words is
   * its one argument.
   */
  readonly cannotWait: boolean;
  /** What is read before it is answered. */
  readonly readsFirst: readonly ReadFirst[];
  readonly reply: (
    args: Readonly<Record<string, unknown>>,
    flags: Readonly<Record<string, unknown>>,
    context: CommandContext,
  ) => Reply;
}

/**
 * `event`: the event that it names. `text`: what stands in the file that it was sent with, or in the message that it replies to.
 * `room`: what the homeserver tells its administrators of the room that it names. `policy-server`: what the server that it
 * names says of itself.
 */
export type ReadFirst = "event" | "text" | "room" | "policy-server";

/** A command as its file declares it: `index.ts` says which topic it belongs to. */
export type DefinedCommand = Omit<Command, "topic">;

/** Checks `reply` against the types of its arguments, then drops these types, so that all commands fit one list. */
export function defineCommand<A extends Arguments, F extends Flags>(command: {
  readonly words: readonly string[];
  readonly role: Role;
  readonly also?: readonly (readonly string[])[];
  readonly about: string;
  readonly takes: A;
  readonly flags?: F;
  readonly examples: readonly string[];
  readonly needs?: ServerPower;
  readonly takesSeveral?: true;
  readonly cannotWait?: true;
  readonly readsFirst?: readonly ReadFirst[];
  readonly reply: (args: Values<A>, flags: FlagValues<F>, context: CommandContext) => Reply;
}): DefinedCommand {
  const reply: Command["reply"] = (args, flags, context) =>
    command.reply(args as Values<A>, flags as FlagValues<F>, context);
  const { also = [], flags = {}, needs, takesSeveral = false, cannotWait = false, readsFirst = [] } = command;
  return { ...command, also, flags, needs, takesSeveral, cannotWait, readsFirst, reply };
}

/** Declares an argument that must be given. */
export function needed<K extends ArgumentKind>(kind: K, about: string): ArgumentSpec<K, false> {
  return { kind, optional: false, about };
}

/** Declares an optional argument. `fromReply`: which property of the message replied to stands in for it. */
export function optional<K extends ArgumentKind>(
  kind: K,
  about: string,
  fromReply?: ArgumentSpec["fromReply"],
): ArgumentSpec<K, true> {
  return { kind, optional: true, about, ...(fromReply ? { fromReply } : {}) };
}

export function problem(say: Say): Reply {
  return { say, isProblem: true };
}

/** A command that is dangerous in itself: it waits for a yes where there is a reason for it. */
export function yesFirst(why: Say | undefined): WaitsFor | undefined {
  return why && { kind: "yes", why };
}
