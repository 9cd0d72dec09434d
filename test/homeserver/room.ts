/** One room: its timeline, its state now and at any earlier position. Decides nothing about who may. */
import type { StoredEvent } from "./event.ts";
import type { GeneratedMembers } from "./generated-members.ts";
import { asObject, asString, asStrings } from "./json.ts";

/** How far somebody has read. `type`: m.read or m.read.private. */
export interface Receipt {
  readonly user: string;
  readonly event: string;
  readonly type: string;
  readonly position: number;
}

/** What a state key held from `position` on; undefined means a reset took it away. */
interface StateEntry {
  readonly event: StoredEvent | undefined;
  readonly position: number;
  readonly previous: StateEntry | undefined;
}

export interface StateKey {
  readonly type: string;
  readonly stateKey: string;
}

interface StateChange extends StateKey {
  readonly position: number;
}

export class Room {
  readonly id: string;
  readonly versionName: string;
  readonly version: number;
  readonly timeline: StoredEvent[] = [];
  /** Position of the newest change, for skipping quiet rooms in a sync. */
  lastPosition = 0;
  joinedCount = 0;
  isPublished = false;
  #generated: GeneratedMembers | undefined;
  readonly #stateLog: StateChange[] = [];
  readonly #state = new Map<string, Map<string, StateEntry>>();
  readonly #events = new Map<string, StoredEvent>();

  constructor(id: string, versionName: string) {
    this.id = id;
    this.versionName = versionName;
    this.version = Number(versionName);
  }

  readonly receipts: Receipt[] = [];

  addGeneratedMembers(members: GeneratedMembers): void {
    this.#generated = members;
    this.joinedCount += members.count;
  }

  append(event: StoredEvent): void {
    this.timeline.push(event);
    this.#events.set(event.eventId, event);
    this.lastPosition = event.position;
    if (event.stateKey !== undefined) this.#enter(event, event.type, event.stateKey, event.position);
  }

  /** A state reset: current state changes and no timeline tells of it. */
  resetState(key: StateKey, event: StoredEvent | undefined, position: number): void {
    if (event !== undefined) this.#events.set(event.eventId, event);
    this.lastPosition = position;
    this.#enter(event, key.type, key.stateKey, position);
  }

  event(eventId: string): StoredEvent | undefined {
    return this.#events.get(eventId) ?? this.#generated?.byEventId(eventId);
  }

  state(type: string, stateKey: string): StoredEvent | undefined {
    return this.stateAt(type, stateKey, Infinity);
  }

  stateAt(type: string, stateKey: string, position: number): StoredEvent | undefined {
    let entry = this.#state.get(type)?.get(stateKey);
    while (entry !== undefined && entry.position > position) entry = entry.previous;
    if (entry !== undefined) return entry.event;
    return type === "m.room.member" ? this.#generated?.event(stateKey) : undefined;
  }

  /** `passesType` spares making events nobody wants, above all a generated room's members. */
  *allState(position = Infinity, passesType: (type: string) => boolean = () => true): Generator<StoredEvent> {
    for (const [type, entries] of this.#state) {
      if (!passesType(type)) continue;
      for (const stateKey of entries.keys()) {
        const event = this.stateAt(type, stateKey, position);
        if (event !== undefined) yield event;
      }
    }
    if (passesType("m.room.member")) yield* this.#untouchedMembers();
  }

  *stateOfType(type: string, position = Infinity): Generator<StoredEvent> {
    for (const stateKey of this.#state.get(type)?.keys() ?? []) {
      const event = this.stateAt(type, stateKey, position);
      if (event !== undefined) yield event;
    }
    if (type === "m.room.member") yield* this.#untouchedMembers();
  }

  /** The keys whose state changed after `after` and not later than `upTo`, each once. */
  changedKeys(after: number, upTo: number): readonly StateKey[] {
    const keys = new Map<string, StateKey>();
    for (let index = firstAfter(this.#stateLog, after); index < this.#stateLog.length; index += 1) {
      const change = this.#stateLog[index];
      if (change === undefined || change.position > upTo) break;
      keys.set(`${change.type}\0${change.stateKey}`, change);
    }
    return [...keys.values()];
  }

  /** Timeline events after `after` and not later than `upTo`, newest first. */
  *newestFirst(after: number, upTo: number): Generator<StoredEvent> {
    for (let index = firstAfter(this.timeline, upTo) - 1; index >= 0; index -= 1) {
      const event = this.timeline[index];
      if (event === undefined || event.position <= after) return;
      yield event;
    }
  }

  *oldestFirst(after: number, upTo: number): Generator<StoredEvent> {
    for (let index = firstAfter(this.timeline, after); index < this.timeline.length; index += 1) {
      const event = this.timeline[index];
      if (event === undefined || event.position > upTo) return;
      yield event;
    }
  }

  membership(userId: string, position = Infinity): string | undefined {
    return asString(this.stateAt("m.room.member", userId, position)?.content["membership"]);
  }

  /** Since when the user has been joined without a break; undefined when not joined. */
  joinedSince(userId: string): number | undefined {
    let entry = this.#state.get("m.room.member")?.get(userId);
    let since: number | undefined;
    while (entry?.event?.content["membership"] === "join") {
      since = entry.position;
      entry = entry.previous;
    }
    return since;
  }

  /** Version 12: the create sender and those it named, whose power has no limit. */
  isCreator(userId: string): boolean {
    if (this.version < 12) return false;
    const create = this.state("m.room.create", "");
    if (create?.sender === userId) return true;
    return asStrings(create?.content["additional_creators"])?.includes(userId) ?? false;
  }

  joinRule(): string {
    return asString(this.state("m.room.join_rules", "")?.content["join_rule"]) ?? "invite";
  }

  historyVisibility(): string {
    const event = this.state("m.room.history_visibility", "");
    return asString(asObject(event?.content)["history_visibility"]) ?? "shared";
  }

  #enter(event: StoredEvent | undefined, type: string, stateKey: string, position: number): void {
    const wasJoined = type === "m.room.member" && this.membership(stateKey) === "join";
    let entries = this.#state.get(type);
    if (entries === undefined) this.#state.set(type, (entries = new Map()));
    entries.set(stateKey, { event, position, previous: entries.get(stateKey) });
    this.#stateLog.push({ type, stateKey, position });
    if (type !== "m.room.member") return;
    const isJoined = event?.content["membership"] === "join";
    this.joinedCount += Number(isJoined) - Number(wasJoined);
  }

  *#untouchedMembers(): Generator<StoredEvent> {
    if (this.#generated === undefined) return;
    const touched = this.#state.get("m.room.member");
    for (const event of this.#generated.events()) {
      if (event.stateKey !== undefined && touched?.has(event.stateKey) !== true) yield event;
    }
  }
}

function firstAfter(sorted: readonly { readonly position: number }[], position: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle]?.position ?? Infinity) <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}
