/**
 * What a family of actions declares of each of its kinds: its fields, and a reply to every question that the house asks
 * of an action. Nothing has a default: a kind that leaves a question open does not compile.
 */
import type { JsonObject } from "../../kit/json.ts";
import type { RoomId, UserId } from "../ids.ts";
import type { PathChange, WrittenKey } from "../path-changes.ts";
import type { StateChange } from "../staff/staff-acts.ts";
import type { LevelEntry } from "../power-levels.ts";
import type { ServerPower } from "../server-powers.ts";
import type { Urgency } from "./priority.ts";

/** The actions of some kinds of a family: each kind with its fields. */
export type Variant<Fields, K extends keyof Fields> = {
  readonly [P in K]: { readonly kind: P } & Fields[P];
}[K];

/** The traits of all kinds of a family. What takes an action back is of the same family. */
export type Family<Fields> = {
  readonly [K in keyof Fields]: Traits<Variant<Fields, K>, Variant<Fields, keyof Fields>>;
};

/** `A`: the action of the kind. `Back`: what its inverse may be. */
export interface Traits<A, Back> {
  /** The room in which it is done; undefined where it is done in none. */
  readonly room: (action: A) => RoomId | undefined;
  /** Whom or what it is about, within its room. Equal kind, room and target: the same act. */
  readonly target: (action: A) => string;
  /** Whom or what it is about, for people who ask later: a user, a server, a room, an entity; undefined for none. */
  readonly subject: (action: A) => string | undefined;
  readonly mentions: Mentions;
  readonly changes: Changes<A>;
  readonly turn: Turn<A>;
  readonly harm: Harm<A>;
  readonly recheck: Recheck<A>;
  readonly memory: Memory<A>;
  readonly undo: Undo<A, Back>;
}

/**
 * What a message that tells of it can be replied about. `fields`: its user, room and event. `entity`: what the policy rule
 * is for, not the list that it is written to. `nothing`: words, which are about something else than where they are said.
 */
export type Mentions = "fields" | "entity" | "nothing";

/**
 * What it changes, which decides what it may not overlap with.
 * - `room-state`: current state of its room; one such act at a time in a room, or the room's history forks.
 * - `own-settings`: nothing on the homeserver; done at once, past all lanes and limits.
 * - `no-state`: messages, redactions, reads: some of them may be under way in a room together.
 * - a place: an account, a file, an entry of the directory that is set to one of two states. The newest act there counts,
 *   acts on one place go one after another.
 */
export type Changes<A> =
  "room-state" | "own-settings" | "no-state" | { readonly placeOf: (action: A) => string };

/** Reads, joins and writes have limits of their own at a homeserver. */
export type RequestClass = "write" | "join" | "look";

/** When it has its turn. */
export interface Turn<A> {
  /** `isPresent`: whether its user is in its room. */
  readonly urgency: Urgency | ((action: A, isPresent: boolean) => Urgency);
  /** Among the equally urgent. `busiest-room`: where the person spoke last. `in-turn`: rooms take turns. */
  readonly rank: "busiest-room" | "in-turn";
  readonly request: RequestClass;
  /**
   * What becomes of it while the same act waits or is under way. `drop`: nothing, as that one does it. `queue`: it is
   * done afterwards, as what it writes may differ. `replace`: as `queue`, and what still waits is called off.
   */
  readonly sameUnderWay: "drop" | "queue" | "replace";
  /** `seen`: the world shows whether its effect is there (`decisions/plan.ts` looks). `unseen`: only the homeserver knows. */
  readonly effect: "seen" | "unseen";
}

/** Whom it may harm, and what that takes. */
export interface Harm<A> {
  /**
   * `person`: its user, who is not to be a moderator or exempt. `many`: a room or its people. Neither is done before the
   * moderators are known.
   */
  readonly whom: "person" | "many" | "nobody";
  /** What it adds to the blast radius. */
  readonly weighs: (action: A) => Weight;
  /** What Tyr must be allowed for it. */
  readonly needs: (action: A) => PowerNeed;
  /** Taken back by `undo @user:server`: it was done against its subject. */
  readonly isAgainstSubject: boolean;
}

export type Weight =
  | { readonly what: "nothing" }
  /** The person would no longer be in the room. */
  | { readonly what: "removal"; readonly room: RoomId; readonly user: UserId }
  /** The person could no longer take part in any room. */
  | { readonly what: "removal-everywhere"; readonly user: UserId }
  /** The person could no longer speak in the room, which can be given back as it was. */
  | { readonly what: "silence"; readonly room: RoomId; readonly user: UserId }
  /** What the person wrote would be gone. */
  | { readonly what: "words"; readonly user: UserId }
  /** A policy rule: what it weighs is whom it reaches. */
  | { readonly what: "rule"; readonly eventType: string; readonly content: JsonObject };

/** What asks for power in a room, with what decides whether Tyr has it. */
interface RoomNeeds {
  ban: { readonly room: RoomId; readonly user: UserId };
  unban: { readonly room: RoomId; readonly user: UserId };
  kick: { readonly room: RoomId; readonly user: UserId };
  invite: { readonly room: RoomId };
  /** `level`: the entry that the person is to have. */
  levels: { readonly room: RoomId; readonly user: UserId; readonly level: LevelEntry };
  message: { readonly room: RoomId };
  redact: { readonly room: RoomId };
  "server-acl": { readonly room: RoomId };
  "policy-server": { readonly room: RoomId };
  containment: { readonly room: RoomId; readonly key: WrittenKey; readonly changes: readonly PathChange[] };
  "put-back": { readonly room: RoomId; readonly change: StateChange };
  "policy-rules": { readonly room: RoomId; readonly eventType: string };
}

export type RoomNeedKind = keyof RoomNeeds;
export type RoomNeed<K extends RoomNeedKind = RoomNeedKind> = {
  readonly [P in K]: { readonly of: P } & RoomNeeds[P];
}[K];

export type PowerNeed =
  | RoomNeed
  | { readonly of: "nothing" }
  /** Of the homeserver's administrators, or of the account moderation that it lets us do. */
  | { readonly of: "server"; readonly power: ServerPower };

/** What is asked right before it is done: what it was decided for may have gone while it waited. */
export interface Recheck<A> {
  /** Lists ask for it in protected rooms alone. */
  readonly onlyWhileProtected: boolean;
  /** `looked-at`: its kind has a question of its own, in `decisions/in-flight/still-holds.ts`. */
  readonly effect: "looked-at" | "no-question";
  /**
   * After the command `stop`. `done`: all the same, as it lifts something, reads, or is words. `by-command`: only where a
   * moderator asks for it from then on. `dropped`: not even then.
   */
  readonly whileStopped: WhileStopped | ((action: A) => WhileStopped);
}

export type WhileStopped = "done" | "by-command" | "dropped";

/** What the journal, a restart and a dry run do with it. */
export interface Memory<A> {
  /**
   * `again-if-lost`: its effect can get lost (a state reset), so it is done again when it is decided again: that happens only
   * where its effect is seen to be gone. `never-again`: words, redactions and kicks are done once.
   */
  readonly onceDone: "again-if-lost" | "never-again";
  /**
   * What becomes of it when a crash left it open. `resume`: it is done. `never`: done twice, its effect would be there twice,
   * so people have to look. `judge-anew`: the start decides anew whether it is wanted. `judge-anew-for-lists`: so for what
   * lists ask for; what people or protections asked for is resumed.
   */
  readonly afterCrash: "resume" | "never" | "judge-anew" | "judge-anew-for-lists";
  /** Once the homeserver has refused it for good: `blocked` until something changes in the room, or asked again. */
  readonly afterRefusal: "blocked" | "asked-again";
  /**
   * `perform`: it changes nothing. `say`: words, performed in the management room and recorded elsewhere. `record`:
   * written down instead. `recordOnce`: the same, but it is decided anew under another id at every look; the text says
   * what it would bring about, and is recorded once for each.
   */
  readonly inDryRun: "perform" | "say" | "record" | { readonly recordOnce: (action: A) => string };
}

/** How it is taken back. */
export interface Undo<A, Back> {
  /**
   * - `final`: nobody can take it back, and an undo says so.
   * - `needless`: reads, words and what follows from the rules by itself: nothing is to be taken back.
   * - `if-it-stands`: where the world still shows it as ours (`decisions/undo.ts` looks).
   * - `if-newest`: where it is the newest act on its place, as the journal tells.
   */
  readonly how: "final" | "needless" | "if-it-stands" | "if-newest";
  /** The act that takes it back; undefined where what was there before is not known. */
  readonly inverse: "none" | ((action: A) => Back | undefined);
  /** Whether a command or an incident that leads to it gets a number to be taken back by. */
  readonly isNumbered: boolean | ((action: A) => boolean);
  /** Whether the message that tells of the act also tells how to undo it. */
  readonly isOffered: boolean;
}

export const roomOfAction = ({ room }: { readonly room: RoomId }): RoomId => room;
export const userOfAction = <U extends UserId | undefined>({ user }: { readonly user: U }): U => user;
export const nothing = (): undefined => undefined;
export const noTarget = (): string => "";
export const weighsNothing = (): Weight => ({ what: "nothing" });
export const needsNothing = (): PowerNeed => ({ of: "nothing" });
export const needsAdmin = (): PowerNeed => ({ of: "server", power: "admin" });

/** For what harms nobody and needs no right: words of our own, reads, our settings. */
export const harmsNobody = {
  whom: "nobody",
  weighs: weighsNothing,
  needs: needsNothing,
  isAgainstSubject: false,
} as const;

export const noRecheck = {
  onlyWhileProtected: false,
  effect: "no-question",
  whileStopped: "done",
} as const;

/** For kinds that need no second look before they are done. While Tyr is stopped (`stop`) they are done for commands alone. */
export const stoppable = { ...noRecheck, whileStopped: "by-command" } as const;

/** For what is done once, is resumed after a crash, and is recorded in a dry run. */
export const doneOnce = {
  onceDone: "never-again",
  afterCrash: "resume",
  afterRefusal: "blocked",
  inDryRun: "record",
} as const;

/** For what is done again where its effect was lost, is resumed after a crash, and is recorded in a dry run. */
export const doneAgainIfLost = { ...doneOnce, onceDone: "again-if-lost" } as const;

export const forGood = { how: "final", inverse: "none", isNumbered: true, isOffered: false } as const;

/** For what leaves nothing to be taken back. */
export const leavesNothing = {
  how: "needless",
  inverse: "none",
  isNumbered: false,
  isOffered: true,
} as const;
