/**
 * Answers people who knock, where the knock gate stands: who is known is invited, members of a harmful wave are refused, and
 * of all the others moderators are told in one question that grows. Nobody is refused for want of an answer.
 */
import type { LookedAt } from "../../bot/part.ts";
import { lackOfRoomPower } from "../../decisions/guard/room-power.ts";
import { causeOfWave } from "../../decisions/waves/clean.ts";
import { hourMs, minuteMs } from "../../kit/duration.ts";
import { stableId } from "../../kit/hash.ts";
import { asString } from "../../kit/json.ts";
import { say, type Say } from "../../kit/say.ts";
import type { Words } from "../../model/actions/action.ts";
import { decide, type Cause, type Decision } from "../../model/decision.ts";
import type { RoomId, UserId } from "../../model/ids.ts";
import { refusedForMs, type Knock } from "../../model/knocks.ts";
import type { Observation, Seen } from "../../model/observation.ts";
import type { QuestionAbout } from "../../model/question.ts";
import type { WorldView } from "../../model/world/view.ts";
import {
  gatesOf,
  isGate,
  knockGate,
  verdictOnKnock,
  type KnockLimits,
  type KnockVerdict,
} from "../../policy/knock-gate.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";
import type { ProgressMessages } from "../progress/progress-messages.ts";
import { KnockList, type KnockListOptions } from "./knock-list.ts";

export interface KnockDeskOptions {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
  readonly limits: KnockLimits & KnockListOptions["limits"];
  readonly refusesWaves: boolean;
  readonly messages: Pick<ProgressMessages, "found">;
  readonly put: KnockListOptions["put"];
  /** Believed at once. */
  readonly believe: (seen: Seen, at: number) => void;
}

/** All who wait are looked at no oftener. */
const lookEveryMs = 30_000;
/** Who was invited and still knocks by then was not let in: the homeserver refused it, or everything was stopped. */
const passesWithinMs = 10 * minuteMs;
/** More people an hour are not let in without a word of anybody's: so many known ones come at once to no room. */
const mostPassesAnHour = 100;
/** Of what somebody wrote to it. */
const wordsKept = 200;

export class KnockDesk {
  readonly name = "knock gate";
  readonly #options: KnockDeskOptions;
  readonly #world: WorldView;
  /** Rooms whose knocks are answered, as of the last look. */
  #gates: ReadonlySet<RoomId> = new Set();
  /** Who asks and found no place, since they were last looked for. */
  #beyond = 0;
  /** When somebody was let in without a word, ms since the epoch, in the last hour. */
  #passedAt: number[] = [];
  readonly #list: KnockList;
  #lookedAt = -Infinity;

  constructor(options: KnockDeskOptions) {
    this.#options = options;
    this.#world = options.world;
    this.#list = new KnockList(options);
  }

  proposes({ seen, at, changes }: Pick<LookedAt, "seen" | "at" | "changes">): readonly Decision[] {
    const world = this.#world;
    if (!world.knowsModerators) return [];
    for (const one of seen) if (one.kind === "answered") this.#list.answered(one.question, at);
    const words = changes.arrivals.length > 0 ? wordsIn(seen) : noWords;
    const decisions = changes.arrivals.flatMap(({ room, user }) =>
      isGate(room, world) ? this.#knocked(room, user, { at, words: words.get(`${room} ${user}`) }) : [],
    );
    return [...decisions, ...this.#look(seen, at)];
  }

  says({ at }: Pick<LookedAt, "at">): readonly Decision<Words>[] {
    if (!this.#world.knowsModerators) return [];
    const isAsking = ({ room, user }: Knock) => this.#isAsking(room, user);
    return this.#list.says(at, { isAsking, beyond: this.#beyond });
  }

  nextAt(): number | undefined {
    const { knocks, waves } = this.#world.stored;
    if (!knocks.isAny) return undefined;
    const isMore = waves.open().length > 0 || this.#beyond > 0 || this.#isAnyPassing();
    const next = Math.min(isMore ? this.#lookedAt + lookEveryMs : Infinity, this.#list.nextAt() ?? Infinity);
    return Number.isFinite(next) ? next : undefined;
  }

  /** Everybody in it was answered, went away, or can come in by themselves. */
  isObsolete(about: QuestionAbout): boolean {
    return about.kind === "knocks" && about.people.every(({ room, user }) => !this.#isAsking(room, user));
  }

  /** Somebody asks to be let in. */
  #knocked(
    room: RoomId,
    user: UserId,
    { at, words }: { readonly at: number; readonly words: string | undefined },
  ): readonly Decision[] {
    const { members, stored } = this.#world;
    if (members.membershipOf(room, user) !== "knock") return [];
    const known = stored.knocks.get(room, user);
    if (known && (known.state !== "refused" || Math.abs(at - known.at) < refusedForMs)) return [];
    const said = words === undefined ? {} : { words: words.slice(0, wordsKept) };
    return this.#judged({ room, user, at, state: "asks", ...said }, at);
  }

  /** What becomes of one who asks. Whoever passes does so although nobody more finds a place among those who wait. */
  #judged(knock: Knock, at: number): readonly Decision[] {
    const verdict = this.#verdictOn(knock, at);
    if (verdict.is === "listed") return [];
    if (verdict.is === "refused") return [this.#refuse(knock, verdict.wave, at)];
    const isFull = this.#world.stored.knocks.isFull && !this.#world.stored.knocks.get(knock.room, knock.user);
    if (verdict.is === "passes" && this.#mayPass(knock.room, at)) {
      this.#passedAt.push(at);
      if (!isFull) this.#believe({ ...knock, state: "passes", note: verdict.why.text }, at);
      return [this.#letIn(knock, verdict.why, at)];
    }
    if (isFull) {
      this.#beyond++;
      return [];
    }
    const note = verdict.is === "passes" ? verdict.why : verdict.note;
    this.#believe({ ...knock, ...(note ? { note: note.text } : {}) }, at);
    this.#list.hasGrown();
    return [];
  }

  #verdictOn({ room, user }: Knock, at: number): KnockVerdict {
    return verdictOnKnock(user, room, { ...this.#options, at });
  }

  #mayPass(room: RoomId, at: number): boolean {
    if (this.#world.settings.stopping.stop) return false;
    this.#passedAt = this.#passedAt.filter((then) => Math.abs(at - then) < hourMs);
    return this.#passedAt.length < mostPassesAnHour && this.#lackAt(room) === undefined;
  }

  /** Why nobody can be let in there; undefined where we can. */
  #lackAt(room: RoomId): Say | undefined {
    return lackOfRoomPower({ of: "invite", room }, this.#world)?.why;
  }

  #letIn({ room, user }: Knock, why: Say, at: number): Decision {
    const day = new Date(at).toISOString().slice(0, 10);
    const because: Extract<Cause, { kind: "finding" }> = {
      kind: "finding",
      protection: knockGate,
      incident: stableId(knockGate, room, day),
      user,
      sentence: why.text,
    };
    const headline = say`The knock gate let in whom I know:`;
    this.#options.messages.found(because, headline, at);
    return decide({ kind: "invite", room, user, reason: "" }, because, {
      at,
      replaces: this.#stamp(room, user),
    });
  }

  /** In the incident of the wave. */
  #refuse({ room, user }: Knock, wave: Parameters<typeof causeOfWave>[0], at: number): Decision {
    const action = { kind: "refuse-knock", room, user, reason: "" } as const;
    return decide(action, causeOfWave(wave, { user }), { at, replaces: this.#stamp(room, user) });
  }

  #stamp(room: RoomId, user: UserId): string {
    return String(this.#world.members.get(room, user)?.stamp);
  }

  /** Now and then, at all who are followed: who asks no more, whom nobody let in, who turned out to belong to a wave. */
  #look(seen: readonly Observation[], at: number): readonly Decision[] {
    const isDue = Math.abs(at - this.#lookedAt) >= lookEveryMs;
    if (!isDue && !seen.some(changesGates)) return [];
    const world = this.#world;
    const decisions: Decision[] = [];
    if (isDue) {
      this.#lookedAt = at;
      for (const knock of [...world.stored.knocks.all()]) decisions.push(...this.#lookAt(knock, at));
    }
    const before = this.#gates;
    this.#gates = gatesOf(world);
    const isPlace = this.#beyond > 0 && isDue && !world.stored.knocks.isFull;
    if (isPlace) this.#beyond = 0;
    for (const room of this.#gates) {
      if (before.has(room) && !isPlace) continue;
      for (const user of [...world.members.membersOf(room, ["knock"])])
        decisions.push(...this.#knocked(room, user, { at, words: undefined }));
    }
    return decisions;
  }

  #lookAt(knock: Knock, at: number): readonly Decision[] {
    const { room, user, state } = knock;
    const isOld = Math.abs(at - knock.at) >= refusedForMs;
    if (state === "refused" ? isOld : !this.#isAsking(room, user)) {
      this.#options.believe({ kind: "knock-over", place: { room, user } }, at);
      return [];
    }
    if (state === "passes" && Math.abs(at - knock.at) >= passesWithinMs) {
      this.#believe({ ...knock, state: "asks" }, at);
      this.#list.hasGrown();
    }
    if (state !== "asks" || !this.#world.stored.waveMembers.get(user)) return [];
    const verdict = this.#verdictOn(knock, at);
    return verdict.is === "refused" ? [this.#refuse(knock, verdict.wave, at)] : [];
  }

  #isAsking(room: RoomId, user: UserId): boolean {
    return this.#world.members.membershipOf(room, user) === "knock" && isGate(room, this.#world);
  }

  #isAnyPassing(): boolean {
    for (const { state } of this.#world.stored.knocks.all()) if (state === "passes") return true;
    return false;
  }

  #believe(knock: Knock, at: number): void {
    this.#options.believe({ kind: "knock", knock }, at);
  }
}

/** What may make a room one whose knocks are answered. */
function changesGates(one: Observation): boolean {
  if (one.kind === "settings-changed") return true;
  if (one.kind === "state") return one.event.type === "m.room.join_rules";
  if (one.kind !== "outcome") return one.kind === "tick" || one.kind === "room-read";
  const { kind } = one.outcome.decision.action;
  return kind === "contain" || kind === "release" || kind === "change-settings";
}

const noWords: ReadonlyMap<string, string> = new Map();

/** What people wrote to their knocks, by room and user. */
function wordsIn(seen: readonly Observation[]): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  for (const one of seen) {
    if (one.kind !== "state" || one.event.type !== "m.room.member") continue;
    const { content, stateKey } = one.event;
    const reason = asString(content["reason"])?.trim();
    if (content["membership"] === "knock" && reason) words.set(`${one.room} ${stateKey}`, reason);
  }
  return words;
}
