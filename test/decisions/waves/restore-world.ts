/**
 * One room on a homeserver that everybody writes to (Tyr, people, another bot), whose news and answers come late or not at
 * all; and Tyr's part that contains and releases it, which may die at any moment. Judges each of Tyr's writes.
 */
import { guard } from "../../../src/decisions/guard/guard.ts";
import { PendingRules } from "../../../src/decisions/in-flight/pending-rules.ts";
import { resumeOpen } from "../../../src/decisions/in-flight/resume.ts";
import { Revocations } from "../../../src/decisions/in-flight/revocations.ts";
import { stillHolds } from "../../../src/decisions/in-flight/still-holds.ts";
import { plan } from "../../../src/decisions/plan.ts";
import { Containing } from "../../../src/decisions/waves/containing.ts";
import type { JsonObject } from "../../../src/kit/json.ts";
import type { ActionOf } from "../../../src/model/actions/action.ts";
import { placeSetBy } from "../../../src/model/actions/places.ts";
import { actKey, isLocal } from "../../../src/model/actions/traits.ts";
import { ActsInFlight } from "../../../src/model/acts-in-flight.ts";
import { decide, type Cause, type Decision, type Outcome } from "../../../src/model/decision.ts";
import type { StateEvent } from "../../../src/model/event.ts";
import type { UserId } from "../../../src/model/ids.ts";
import type { Observation, Seen } from "../../../src/model/observation.ts";
import type { RoomMode } from "../../../src/model/room-mode.ts";
import type { Row } from "../../../src/model/world/changes.ts";
import type { World } from "../../../src/model/world/world.ts";
import { RulesInForce } from "../../../src/policy/rules-in-force.ts";
import { aWorld, desk, event, live, lobby, me, member, state, user } from "../../support/make.ts";

const levelsType = "m.room.power_levels";
export const mod = user("@mod:example.org");
export const people = ["ann", "bob", "cid", "dan"].map((name) => user(`@${name}:example.org`));
export const spam = Array.from({ length: 6 }, (_, i) => user(`@x${i}:evil.example`));
interface Waiting {
  readonly decision: Decision;
  mayBeDone: boolean;
}

interface Sent {
  readonly waiting: Waiting;
  readonly event: string;
}

export class RestoreWorld {
  now = 1_800_000_000_000;
  /** Of the homeserver, whose clock is another one. */
  serverAhead = 0;
  content: JsonObject;
  readonly history: JsonObject[] = [];
  /** What stands there by everybody but us, value by value. */
  readonly theirs: Map<string, unknown>;
  /** Values that our write took back in the same moment as they were set: nobody can know. */
  readonly raced = new Set<string>();
  readonly offences: string[] = [];
  writes = 0;
  #writtenBy: string = mod;
  #event: string;
  #made = 0;
  #news: StateEvent[] = [];
  /** Under way: the homeserver has it, and its answer has not come. */
  #sent: Sent | undefined;
  #waiting: Waiting[] = [];
  /** What is done at once, in the next batch. */
  readonly #ours: Outcome[] = [];
  #open = new Map<string, Decision>();
  /** What others changed with each event of theirs. */
  readonly #changed = new Map<string, ReadonlySet<string>>();
  readonly #ourValues = new Map<string, unknown>();
  #rows = new Map<string, Row>();
  #world: World;
  #part!: Containing;
  #inFlight!: ActsInFlight;

  constructor() {
    this.#world = aWorld();
    this.content = this.#world.rooms.get(lobby)!.event(levelsType)!.content;
    this.#event = this.#world.rooms.get(lobby)!.event(levelsType)!.eventId;
    this.theirs = leaves(this.content);
    this.#begin();
    const members = [mod, ...people, ...spam];
    this.see(
      live(desk, member(mod, "join")),
      ...members.map((one) => live(lobby, member(one, "join"))),
      ...people.map((one): Seen => ({
        kind: "message",
        room: lobby,
        event: {
          eventId: event(`$hi-${one}`),
          sender: one,
          sentAt: this.now,
          type: "m.room.message",
          content: {},
        },
        late: false,
      })),
    );
    for (const row of this.#world.takeRows()) this.#keep(row);
  }

  get isIdle(): boolean {
    return this.#news.length + this.#waiting.length === 0;
  }

  get mode(): string {
    return this.#world.stored.roomModes.of(lobby, this.now);
  }

  /** A moderator's word, as the commands say it. */
  say(mode: RoomMode, forMs?: number): void {
    const before = this.#world.stored.roomModes.get(lobby)?.word?.mode ?? "by-itself";
    const id = event(`$command-${(this.#made += 1)}`);
    const because: Cause = { kind: "command", event: id, by: mod, text: mode };
    const until = forMs === undefined ? {} : { until: this.#world.dueBy + forMs };
    const word = decide({ kind: "set-room-mode", room: lobby, mode, before, ...until }, because, {
      at: this.now,
      replaces: id,
    });
    const standing = mode === "calm" ? this.#world.stored.containments.in(lobby) : [];
    const releases = standing.map(({ at }) =>
      decide({ kind: "release", room: lobby, key: "levels" }, because, {
        at: this.now,
        replaces: String(at),
      }),
    );
    this.#step([], [word, ...releases]);
  }

  /** A wave does harm here; or, with an end, went quiet so long ago. */
  wave(id: string): void {
    const rooms = [lobby];
    this.see({
      kind: "wave",
      wave: {
        id,
        stage: "harmful",
        firstAt: this.now,
        lastAt: this.now,
        reachedAt: {},
        accounts: spam.length,
        spoke: spam.length,
        shares: [],
      },
      members: spam.map((one) => ({ wave: id, user: one, bits: 20, rooms, messages: [] })),
      left: [],
    });
  }

  /** Somebody else writes the levels. */
  write(content: JsonObject, by: UserId): void {
    const [before, after] = [leaves(this.content), leaves(content)];
    const paths = [...new Set([...before.keys(), ...after.keys()])];
    const changed = new Set(paths.filter((path) => before.get(path) !== after.get(path)));
    for (const path of changed) {
      this.raced.delete(path);
      this.#ourValues.delete(path);
      if (after.has(path)) this.theirs.set(path, after.get(path));
      else this.theirs.delete(path);
    }
    this.#put(content, by);
    this.#changed.set(event(this.#event), changed);
  }

  /** The next news of the room reach us. */
  hear(): void {
    const [next] = this.#news.splice(0, 1);
    if (next) this.see(live(lobby, next));
  }

  hearAll(): void {
    while (this.#news.length > 0) this.hear();
  }

  tick(): void {
    this.see({ kind: "tick", retryRooms: false });
  }

  /** The next act is sent, or the answer to the one that was sent comes. `fate`: what becomes of it. */
  perform(fate: "answered" | "answer lost" | "request lost"): void {
    if (this.#sent) return this.#answer(this.#sent, fate);
    const [next] = this.#waiting;
    if (!next) return;
    const { action } = next.decision;
    const newest = this.#inFlight.newestOn(placeSetBy(action));
    if (newest && newest.id !== next.decision.id && !next.mayBeDone)
      return this.#end(next, { kind: "superseded" });
    const rulesInForce = new RulesInForce(this.#world);
    const verdict = stillHolds(next.decision, {
      world: this.#world,
      rulesInForce,
      pendingRules: new PendingRules(10),
      revocations: new Revocations(10),
      inFlight: this.#inFlight,
      mayBeDone: next.mayBeDone,
    });
    if (verdict !== "yes") return this.#end(next, { kind: verdict === "no" ? "superseded" : "done" });
    if (fate === "request lost") return;
    const content = this.#world.contentAfter(action as ActionOf<"contain" | "release">)!;
    this.#judge(next.decision, content);
    this.#put(content, me);
    this.#sent = { waiting: next, event: this.#event };
  }

  #answer({ waiting, event: written }: Sent, fate: string): void {
    this.#noteRaced();
    this.#sent = undefined;
    if (fate === "answered") this.#end(waiting, { kind: "done", eventId: event(written) });
    else waiting.mayBeDone = true;
  }

  #end(one: Waiting, result: Outcome["result"]): void {
    this.#waiting.splice(this.#waiting.indexOf(one), 1);
    this.see({ kind: "outcome", outcome: { decision: one.decision, result } });
  }

  /** The process dies and comes up again with what was written down. */
  die(): void {
    this.#sent = undefined;
    const world = aWorld();
    for (const row of this.#rows.values()) world.restore(row);
    this.#world = world;
    const open = [...this.#open.values()];
    this.#waiting = [];
    this.#begin();
    // A start takes in what came meanwhile before it goes on with what was left open.
    this.hearAll();
    this.see({ kind: "tick", retryRooms: false });
    this.#part.resume({ open, unanswered: [] }, this.now);
    for (const decision of open) this.#inFlight.began(decision);
    const rulesInForce = new RulesInForce(world);
    const view = { world, rulesInForce, at: this.now, prefix: "!tyr", isUnderWay: () => false };
    const { steps, ended } = resumeOpen(open, view);
    for (const { decision } of steps) this.#enqueue(decision);
    for (const outcome of ended) this.see({ kind: "outcome", outcome });
  }

  see(...seen: readonly Seen[]): void {
    this.#step(seen, []);
  }

  #begin(): void {
    this.#inFlight = new ActsInFlight(() => false);
    const world = this.#world;
    this.#part = new Containing({
      world,
      rulesInForce: new RulesInForce(world),
      believe: (one, at) => world.apply({ ...one, at, dueBy: world.dueBy }),
      act: "contain",
      acls: false,
    });
  }

  #step(seen: readonly Seen[], said: readonly Decision[]): void {
    const world = this.#world;
    const dueBy = Math.min(this.now, this.now + this.serverAhead);
    const stamped = seen.map((one): Observation => ({ ...one, at: this.now, dueBy }));
    for (const one of stamped) {
      world.apply(one);
      if (one.kind === "outcome") this.#inFlight.ended(one.outcome.decision);
    }
    const changes = world.takeChanges();
    const moved = { came: [], went: [] };
    const batch = { seen: stamped, at: this.now, changes, moved, findings: [] };
    this.#part.seen(batch);
    const rulesInForce = new RulesInForce(world);
    const proposed = [...said, ...this.#part.proposes(batch)];
    const { allowed } = guard(proposed, { world, rulesInForce, at: this.now, prefix: "!tyr" });
    const keys = new Set([...this.#open.values()].map(({ action }) => actKey(action)));
    const isUnderWay = (key: string) => keys.has(key);
    for (const { decision } of plan(allowed, { world, isUnderWay, inFlight: this.#inFlight }))
      this.#handOver(decision);
    for (const one of stamped) {
      if (one.kind !== "outcome") continue;
      this.#open.delete(one.outcome.decision.id);
      this.#part.ended(one.outcome);
    }
    for (const row of world.takeRows()) this.#keep(row);
    for (const outcome of this.#ours.splice(0)) this.see({ kind: "outcome", outcome });
  }

  #handOver(decision: Decision): void {
    if (this.#open.has(decision.id)) return;
    this.#open.set(decision.id, decision);
    this.#part.handedOver(decision);
    this.#inFlight.began(decision);
    this.#enqueue(decision);
  }

  #enqueue(decision: Decision): void {
    if (isLocal(decision.action)) this.#ours.push({ decision, result: { kind: "done" } });
    else this.#waiting.push({ decision, mayBeDone: false });
  }

  #put(content: JsonObject, by: string): void {
    // As Synapse: the same once more by the same sender is no new event.
    if (by === me && this.#writtenBy === me && JSON.stringify(content) === JSON.stringify(this.content))
      return;
    this.history.push(this.content);
    this.content = content;
    this.#writtenBy = by;
    this.#event = `$levels-${(this.#made += 1)}`;
    this.#news.push(state(levelsType, content, { id: this.#event, sender: by }));
    if (by === me) this.writes++;
  }

  /** Whether each value that the write changes is one that may be changed. */
  #judge({ action: { kind } }: Decision, content: JsonObject): void {
    this.#noteRaced();
    const [before, after] = [leaves(this.content), leaves(content)];
    const known = leaves(this.#world.rooms.get(lobby)!.event(levelsType)!.content);
    for (const path of new Set([...before.keys(), ...after.keys()])) {
      const [was, is] = [before.get(path), after.get(path)];
      if (was === is) {
        // What we are about to set was set by somebody else, and we have not heard of it.
        if (known.get(path) !== was) this.raced.add(path);
        if (known.get(path) !== was) this.#ourValues.set(path, is);
        continue;
      }
      if (known.get(path) !== was || this.#isNews(path)) {
        this.raced.add(path);
        this.#ourValues.set(path, is);
        continue;
      }
      if (kind === "contain") {
        this.#ourValues.set(path, is);
        if (Number(is) < Number(was ?? 0)) this.offences.push(`contain lowers ${path} from ${String(was)}`);
      } else if (this.#ourValues.get(path) === was) this.#ourValues.delete(path);
      else this.offences.push(`release takes back ${path}, which is ${String(was)} by somebody else`);
    }
  }

  /** What others set and we have not heard of while we write: nobody could know which came first. */
  #noteRaced(): void {
    const now = leaves(this.content);
    for (const { sender, eventId } of this.#news) {
      if (sender === me) continue;
      for (const path of this.#changed.get(eventId) ?? []) {
        this.raced.add(path);
        this.#ourValues.set(path, now.get(path));
      }
    }
  }

  /** Somebody else has set the value, and we have not heard of it. */
  #isNews(path: string): boolean {
    return this.#news.some(({ sender, eventId }) => sender !== me && this.#changed.get(eventId)?.has(path));
  }

  #keep(row: Row): void {
    const { kind, ...rest } = row;
    const key = JSON.stringify([
      kind,
      ...["room", "type", "stateKey", "user", "collection", "key"].map((name) => (rest as JsonObject)[name]),
    ]);
    if (kind === "item" && row.item === undefined) this.#rows.delete(key);
    else this.#rows.set(key, row);
  }
}

/** Every single value, by its path. */
export function leaves(content: JsonObject): Map<string, unknown> {
  return new Map(
    Object.entries(content).flatMap(([name, value]): [string, unknown][] =>
      typeof value === "object" && value !== null
        ? Object.entries(value).map(([key, one]) => [`${name} ${key}`, one])
        : [[name, value]],
    ),
  );
}
