/**
 * Contains the rooms that a harmful wave is in, and those that a moderator wants closed to newcomers; looks whether that
 * holds; and releases them when it is over. What is done there is a state event a room, and is put back value by value.
 */
import { minuteMs } from "../../kit/duration.ts";
import type { LookedAt, LeftOver, Part } from "../../bot/part.ts";
import type { Contained } from "../../model/containments.ts";
import { decide, type Decision, type Outcome } from "../../model/decision.ts";
import type { RoomId } from "../../model/ids.ts";
import type { Observation } from "../../model/observation.ts";
import { eventTypeOf, isAnythingLeft, isStillOurs, isTable } from "../../model/path-changes.ts";
import type { WorldView } from "../../model/world/view.ts";
import { isForGood } from "../../policy/knock-gate.ts";
import { modesByThemselves, wordInForce, wordsToForget } from "./modes.ts";
import { causeOfRelease, releaseDueAt } from "./release.ts";
import { Threats } from "./threats.ts";
import { shutLevel, shutOf, voicesOf } from "./voice.ts";
import { viewOf, WaveCuts, type ContainingOptions } from "./wave-cuts.ts";

/** What failed, or was refused, is tried again no sooner, unless something changes in the room. */
const retryMs = minuteMs;
/** A state reset is put right no oftener. */
const repairMs = 10 * minuteMs;
/** Members of rooms that are gone through in one batch, a few milliseconds; the other rooms follow in the next. */
const mostMembers = 20_000;

export class Containing implements Part {
  readonly name = "containment";
  readonly #options: ContainingOptions;
  readonly #world: WorldView;
  readonly #threats: Threats;
  readonly #tried = new Map<RoomId, number>();
  readonly #repaired = new Map<RoomId, number>();
  readonly #releasing = new Set<string>();
  readonly #cuts: WaveCuts;
  #nextAt: number | undefined;
  #left = 0;

  constructor(options: ContainingOptions) {
    this.#options = options;
    this.#world = options.world;
    this.#threats = new Threats(options.world);
    this.#cuts = new WaveCuts({
      ...options,
      threats: this.#threats,
      mayTry: (room, at) => this.#mayTry(room, at),
      mayTryAgain: (room) => this.#tried.delete(room),
      wakeAt: (at) => (this.#nextAt = Math.min(this.#nextAt ?? Infinity, at)),
    });
  }

  /** What of a wave waits for a yes, and which servers let its members through. */
  get cuts(): Pick<WaveCuts, "waitingFor" | "leaksIn" | "changes"> {
    return this.#cuts;
  }

  seen({ seen }: { readonly seen: readonly Observation[] }): void {
    this.#cuts.hear(seen);
  }

  proposes({ seen, at, changes }: LookedAt): readonly Decision[] {
    const { containments, roomModes } = this.#world.stored;
    if (!this.#world.knowsModerators || this.#world.dueBy === 0) return [];
    for (const room of changes.rooms) this.#tried.delete(room);
    const isNews = this.#threats.look(at);
    const isOurs = seen.some(
      (one) => one.kind === "tick" || (one.kind === "outcome" && isAboutRooms(one.outcome)),
    );
    const isMoved = changes.rooms.size + changes.lifted.size + changes.cutOff.size > 0 || changes.everything;
    const isAnything = containments.isAny || roomModes.isAny;
    const isDue = this.#nextAt !== undefined && this.#nextAt <= at;
    if (!isNews && !isDue && !this.#cuts.hasHeard && !((isOurs || isMoved) && isAnything)) return [];
    return this.#look(at);
  }

  handedOver(decision: Decision): void {
    const { action, because, at } = decision;
    if (action.kind === "release") this.#releasing.add(`${action.room} ${action.key}`);
    if (action.kind !== "contain") return;
    const { room, key, stayMs, waves, changes } = action;
    const known = this.#world.stored.containments.get(room, key);
    const standing = known && known.endedAt === undefined ? known : undefined;
    // It may be under way, and be followed by this one.
    const maybe = known?.pending?.changes ?? known?.maybe;
    const contained: Contained = {
      room,
      key,
      because: standing?.because ?? because,
      at: standing?.at ?? at,
      stayMs: Math.max(stayMs, standing?.stayMs ?? 0),
      changes: standing?.changes ?? [],
      waves: [...new Set([...(standing?.waves ?? []), ...waves])],
      pending: { by: decision.id, changes },
      ...(known?.liftedFor ? { liftedFor: known.liftedFor } : {}),
      ...(maybe ? { maybe } : {}),
      ...(known?.written ? { written: known.written } : {}),
      ...(known?.lost ? { lost: known.lost } : {}),
    };
    this.#options.believe({ kind: "contained", contained }, at);
  }

  ended({ decision: { action } }: Outcome): void {
    if (action.kind === "release") this.#releasing.delete(`${action.room} ${action.key}`);
  }

  /** What was about to be written, and is not any more. */
  resume({ open }: LeftOver, at: number): void {
    for (const { action } of open)
      if (action.kind === "release") this.#releasing.add(`${action.room} ${action.key}`);
    for (const one of this.#world.stored.containments.standing()) {
      const { pending, ...rest } = one;
      if (!pending || open.some(({ id }) => id === pending.by)) continue;
      const contained = rest.changes.length > 0 ? rest : { ...rest, endedAt: at };
      this.#options.believe({ kind: "contained", contained }, at);
    }
  }

  nextAt(): number | undefined {
    return this.#nextAt;
  }

  #look(at: number): readonly Decision[] {
    this.#left = mostMembers;
    this.#nextAt = this.#threats.dueAt;
    const decisions = [
      ...this.#releases(at),
      ...this.#repairs(at),
      ...this.#wanted(at),
      ...this.#cuts.look(at),
    ];
    this.#setModes(at);
    return decisions;
  }

  /** `end` counts by both clocks (docs/adr/0008), a tick by ours. */
  #wakeAt(end: number, at: number): void {
    const due = Math.max(at + 1_000, end + at - this.#world.dueBy);
    this.#nextAt = Math.min(this.#nextAt ?? Infinity, due);
  }

  #releases(at: number): readonly Decision[] {
    const world = this.#world;
    return world.stored.containments.standing().flatMap((one): readonly Decision[] => {
      // What a wave led to a moderator wants for good by now.
      if (one.waves.length > 0 && isForGood(one, world.settings))
        this.#options.believe({ kind: "contained", contained: { ...one, waves: [] } }, at);
      if (one.pending && one.changes.length === 0) return [];
      const { room, key } = one;
      const by = wordInForce(room, world)?.because;
      const due = releaseDueAt(one, { world, now: world.dueBy, by });
      if (due === undefined) return [];
      if (due > world.dueBy) this.#wakeAt(due, at);
      if (due > world.dueBy || this.#releasing.has(`${room} ${key}`)) return [];
      this.#wakeAt(world.dueBy + retryMs, at);
      const because = causeOfRelease(one, world);
      const replaces = String(one.at);
      if (key === "acl") return [decide({ kind: "readmit-servers", room }, because, { at, replaces })];
      const content = world.rooms.get(room)?.event(eventTypeOf[key])?.content ?? {};
      if (isAnythingLeft(content, one.changes))
        return [decide({ kind: "release", room, key }, because, { at, replaces })];
      this.#options.believe({ kind: "contained", contained: { ...one, changes: [], endedAt: at } }, at);
      return [];
    });
  }

  /** What a state reset took, by nobody's doing. What a person changed is not among it any more. */
  #repairs(at: number): readonly Decision[] {
    const world = this.#world;
    return world.stored.containments.standing().flatMap((one): readonly Decision[] => {
      const { room, key, changes, liftedBy } = one;
      if (key === "acl" || one.pending || liftedBy !== undefined || this.#releasing.has(`${room} ${key}`))
        return [];
      const event = world.rooms.get(room)?.event(eventTypeOf[key]);
      const lost = changes.some((change) => !isTable(change) && !isStillOurs(event?.content ?? {}, change));
      if (!event || !lost || at - (this.#repaired.get(room) ?? -Infinity) < repairMs) return [];
      this.#repaired.set(room, at);
      const { stayMs, waves } = one;
      const action = { kind: "contain", room, key, changes, stayMs, waves, isRepair: true } as const;
      return [decide(action, one.because, { at, replaces: `reset ${event.eventId}` })];
    });
  }

  /** By a moderator's word. */
  #wanted(at: number): readonly Decision[] {
    const world = this.#world;
    return [...world.stored.roomModes.all()].flatMap(({ room: id, word }): readonly Decision[] => {
      if (!word || word.mode === "calm" || word.mode === "guarded") return [];
      if (word.until !== undefined) this.#wakeAt(word.until, at);
      const isOver = word.until !== undefined && word.until <= world.dueBy;
      const room = world.rooms.get(id);
      const isBusy = this.#releasing.has(`${id} levels`);
      const known = world.stored.containments.get(id, "levels");
      if (isOver || isBusy || !room?.isKnown || (known && known.endedAt === undefined)) return [];
      // Somebody took it back since: theirs counts until it is said again.
      if (known?.liftedBy !== undefined && (known.endedAt ?? 0) >= word.at) return [];
      if (!this.#mayTry(id, at)) return [];
      const changes =
        word.mode === "shut"
          ? shutOf(room, shutLevel)
          : voicesOf(room, new Set(), viewOf(this.#options, at))?.changes;
      if (!changes) return [];
      const action = { kind: "contain", room: id, key: "levels", changes, stayMs: 0, waves: [] } as const;
      return [
        decide(action, word.because, { at, replaces: room.event("m.room.power_levels")?.eventId ?? "" }),
      ];
    });
  }

  /** What was tried a short while ago waits; so do rooms beyond what one batch may go through. */
  #mayTry(room: RoomId, at: number): boolean {
    const last = this.#tried.get(room);
    if (last !== undefined && at >= last && at - last < retryMs) {
      this.#nextAt = Math.min(this.#nextAt ?? Infinity, last + retryMs);
      return false;
    }
    const members = this.#world.members.joinedCount(room);
    if (this.#left < mostMembers && members > this.#left) {
      this.#nextAt = at;
      return false;
    }
    this.#left -= members;
    this.#tried.set(room, at);
    this.#nextAt = Math.min(this.#nextAt ?? Infinity, at + retryMs);
    return true;
  }

  #setModes(at: number): void {
    const world = this.#world;
    const { items, nextAt } = modesByThemselves(world, {
      isRefused: (wave, room) => this.#cuts.isRefused(wave, room),
      roomsOf: (wave) => this.#threats.roomsOf(wave),
    });
    for (const item of items) this.#options.believe({ kind: "room-mode", item }, at);
    for (const item of wordsToForget(world)) this.#options.believe({ kind: "room-mode", item }, at);
    if (nextAt !== undefined) this.#wakeAt(nextAt, at);
  }
}

function isAboutRooms({ decision: { action } }: Outcome): boolean {
  return kindsAboutRooms.has(action.kind);
}

const kindsAboutRooms: ReadonlySet<string> = new Set([
  ...["contain", "release", "deny-servers", "readmit-servers", "set-room-mode"],
]);
