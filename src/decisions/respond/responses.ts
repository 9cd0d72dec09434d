/**
 * What each response does to what was found: one function each, and for each kind of finding a table of those that fit
 * it. A room can not be muted, nor a server kicked.
 */
import { parseDuration } from "../../kit/duration.ts";
import type { Action } from "../../model/actions/action.ts";
import type { FoundEvent, Target } from "../../model/finding.ts";
import type { RoomId } from "../../model/ids.ts";
import { replyKey } from "../../model/room-replies.ts";
import type { PolicyListView } from "../../model/policy-list.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";
import { hitInstead } from "../../policy/index/member-search.ts";
import { isClosed, newestOf } from "../../policy/list-upgrades.ts";
import { banContent, defaultListOf, isWritable, writeBan, type Banned } from "../../policy/rule-writing.ts";
import type { Mode, Values } from "../../automod/define.ts";
import type { Response } from "../../automod/ladder.ts";

export interface ResponseContext {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
  readonly protection: string;
  readonly sentence: string;
  readonly values: Values;
  /** Where `list` writes to; undefined where there is no list that we may write to. */
  readonly list: PolicyListView | undefined;
  /** A ban hides what the person said in that room, too (MSC4293). */
  readonly redacts: boolean;
  /** It is answered with the wave that they belong to. */
  readonly isAsOne?: boolean;
}

/** `list`: the list that the act follows from, so that it is lifted with the rule. */
export interface ResponseAct {
  readonly action: Action;
  readonly list?: RoomId;
}

type Respond<T extends Target> = (target: T, context: ResponseContext) => readonly ResponseAct[];
type TargetOf<Kind extends Target["kind"]> = Extract<Target, { readonly kind: Kind }>;
type Person = TargetOf<"person">;

/** `unfit`: there is nothing that the response could do to such a thing. */
const responsesTo: {
  readonly [Kind in Target["kind"]]: Readonly<Record<Response, Respond<TargetOf<Kind>> | "unfit">>;
} = {
  person: {
    alert: () => [],
    hold: holdPerson,
    redact: ({ user, room, evidence }, context) =>
      redacting(
        evidence.map((event) => ({ event, user, room })),
        context,
      ),
    warn: ({ room, user }, { values }) => [{ action: { kind: "warn", room, user, text: values.warning } }],
    mute: mutePerson,
    kick: ({ room, user }, context) => [{ action: { kind: "kick", room, user, reason: reasonIn(context) } }],
    ban: ({ room, user }, context) => [
      { action: { kind: "ban", room, user, reason: reasonIn(context), redacts: context.redacts } },
    ],
    list: listPerson,
    reply: replying,
    call: () => [],
  },
  room: {
    alert: () => [],
    hold: ({ evidence }, context) => holding(evidence, context),
    redact: ({ evidence }, context) => redacting(evidence, context),
    warn: "unfit",
    mute: "unfit",
    kick: "unfit",
    ban: "unfit",
    list: "unfit",
    reply: replying,
    call: () => [],
  },
  server: {
    alert: () => [],
    hold: ({ evidence }, context) => holding(evidence, context),
    redact: ({ evidence }, context) => redacting(evidence, context),
    warn: "unfit",
    mute: "unfit",
    kick: "unfit",
    ban: "unfit",
    list: ({ server }, context) => listing({ kind: "server", text: server }, context),
    reply: replying,
    call: () => [],
  },
};

/** The acts of a response; none where it does not fit what was found. */
export function actsOf(response: Response, target: Target, context: ResponseContext): readonly ResponseAct[] {
  switch (target.kind) {
    case "person":
      return carryOut(responsesTo.person[response], target, context);
    case "room":
      return carryOut(responsesTo.room[response], target, context);
    case "server":
      return carryOut(responsesTo.server[response], target, context);
  }
}

function carryOut<T extends Target>(
  respond: Respond<T> | "unfit",
  target: T,
  context: ResponseContext,
): readonly ResponseAct[] {
  return respond === "unfit" ? [] : respond(target, context);
}

/** `redact` needs something that may be removed: no invitation may, nor what a room stands on. */
export function isFit(response: Response, { kind, evidence }: Target): boolean {
  return responsesTo[kind][response] !== "unfit" && (response !== "redact" || evidence.length > 0);
}

/** Whether what was found goes, for good or until a moderator has looked. */
export function removesIn(responses: readonly Response[]): boolean {
  return responses.includes("hold") || responses.includes("redact");
}

/** What is held is removed by that. */
export function withoutTwice(responses: readonly Response[]): ReadonlySet<Response> {
  const taken = new Set(responses);
  if (taken.has("hold")) taken.delete("redact");
  return taken;
}
/** Other rules act on what was an offence to this one, not on what is a question still, or was answered by a word. */
export function weightOf(responses: readonly Response[], mode: Mode): { readonly onlyTold?: true } {
  const harms: readonly Response[] = responses.includes("hold") ? lasting : ["redact", ...lasting];
  return mode === "act" && responses.some((one) => harms.includes(one)) ? {} : { onlyTold: true };
}
const lasting: readonly Response[] = ["mute", "kick", "ban", "list"];

/** The list that is named by its shortcode, or the default one; undefined where there is none or we may not write to it. */
export function writableList(named: string, world: WorldView): PolicyListView | undefined {
  const called = world.watchedLists().find((one) => one.isCalled(named));
  const list = named === "" ? defaultListOf(world) : called && newestOf(called, world);
  return list && isWritable(list.room, world) && !isClosed(list.room, world) ? list : undefined;
}

function reasonIn({ protection, sentence }: ResponseContext): string {
  return `${protection}: ${sentence}`;
}

export function redacting(
  evidence: readonly FoundEvent[],
  { protection }: Pick<ResponseContext, "protection">,
): readonly ResponseAct[] {
  return evidence.map(({ room, event, user }) => ({
    action: { kind: "redact", room, event, user, reason: protection },
  }));
}

function mutePerson(target: Person, context: ResponseContext): readonly ResponseAct[] {
  return muting(target, context.values.muteFor, context);
}

/** A mute is a write to the room's levels, so it is for those who go on at once, and not for everybody in a wave. */
function holdPerson({ room, user, evidence }: Person, context: ResponseContext): readonly ResponseAct[] {
  const { world, values, isAsOne } = context;
  const events = evidence.map((event) => ({ event, user, room }));
  const isAgain = isAsOne !== true && world.stored.holds.wasHeld(room, user, world.now);
  const mute = isAgain ? muting({ room, user }, values.holdFor, context) : [];
  return [...holding(events, context), ...mute];
}

/** What is held can be let through: its author is asked to send it again. */
export function holding(
  evidence: readonly FoundEvent[],
  { protection, values }: Pick<ResponseContext, "protection" | "values">,
): readonly ResponseAct[] {
  return evidence.map(({ room, event, user }) => ({
    action: { kind: "hold", room, event, user, reason: protection, again: values.sendAgain },
  }));
}

/** At most once in a while in a room, whichever protection says it. */
function replying(
  { room }: Pick<Target, "room">,
  { world, values }: ResponseContext,
): readonly ResponseAct[] {
  if (values.reply === "" || world.stored.replies.rests(room, world.now)) return [];
  return [{ action: { kind: "post", room, text: values.reply, users: [], key: replyKey } }];
}

function muting(
  { room, user }: Pick<Person, "room" | "user">,
  lasts: string,
  context: ResponseContext,
): readonly ResponseAct[] {
  const { world } = context;
  const power = world.rooms.get(room)?.power;
  if (!power || power.isSilenced(user)) return [];
  const ms = parseDuration(lasts);
  const level = { level: power.silence, before: power.entryOf(user) };
  const end = ms === undefined ? {} : { until: world.dueBy + ms };
  return [{ action: { kind: "mute", room, user, reason: reasonIn(context), ...level, ...end } }];
}

/** A rule, and the bans that it would lead to in any case: they need not wait until it is written. */
function listPerson({ room, user }: Person, context: ResponseContext): readonly ResponseAct[] {
  const { world, list, redacts } = context;
  if (!list) return [];
  const bans = world.protectedRoomsOf(user).map((id): ResponseAct => ({
    action: { kind: "ban", room: id, user, reason: reasonIn(context), redacts: redacts && id === room },
    list: list.room,
  }));
  return [...listing({ kind: "user", text: user }, context), ...bans];
}

function listing(banned: Banned, context: ResponseContext): readonly ResponseAct[] {
  const { list, rulesInForce, world } = context;
  if (!list) return [];
  // Who has left, and whose id others bear in another spelling, is named by a hash, which means the id alone.
  const hash = banned.kind === "user" && hitInstead(banned.text, world.members).length > 0;
  const content = banContent(banned, { reason: reasonIn(context), hash });
  return [{ action: writeBan(banned, { list, rulesInForce, content }) }];
}
