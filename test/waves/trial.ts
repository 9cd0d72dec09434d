/** The recogniser alone, in a scene: which stage it reached, how many had come and spoken by then, and who was taken for one. */
import { minuteMs } from "../../src/kit/duration.ts";
import type { Observation } from "../../src/model/observation.ts";
import { waveStages, type WaveProof, type WaveStage } from "../../src/model/waves.ts";
import type { Row } from "../../src/model/world/changes.ts";
import type { World } from "../../src/model/world/world.ts";
import { sightingsIn } from "../../src/decisions/respond/sightings.ts";
import { Recogniser } from "../../src/waves/recogniser.ts";
import { configSchema } from "../../src/config/schema.ts";
import { community, ordinary, type Community } from "./community.ts";
import { play } from "./corpus.ts";
import { emptyWorld, Eyes, learned, membersOf, restored, roomsRead, zero } from "./past.ts";
import type { Scene } from "./scene.ts";
import type { Scripted } from "./script.ts";

/** A community that was watched for three weeks: scenes are played in copies of it. */
export interface Watched {
  readonly of: Community;
  readonly rows: readonly Row[];
}

export function watched(seed: number): Watched {
  const of = community(seed);
  const watcher = new Watcher(emptyWorld());
  return { of, rows: learned(of, watcher.world, (batch) => watcher.look(batch)) };
}

/** How far things had gone when a stage was reached. */
export interface Reached {
  /** Since the first of them came. */
  readonly afterMs: number;
  /** Of those who are of the scene. */
  readonly joined: number;
  readonly spoke: number;
}

export interface Trial {
  readonly reached: Readonly<Partial<Record<WaveStage, Reached>>>;
  readonly proof?: WaveProof;
  /** Who were taken for members at the end, of the scene and others. */
  readonly inside: number;
  readonly outsiders: readonly string[];
  /** Regulars and staff among them. */
  readonly regulars: number;
}

/** So long before the scene everything is as usual. */
const beforeMs = 20 * minuteMs;

/** `until`: no more is played once this stage is reached. */
export function tried(
  scene: Scene,
  { of, rows }: Watched,
  { until }: { until?: WaveStage | undefined } = {},
): Trial {
  const { events, accounts } = play(scene, of);
  const end = events.at(-1)!.at + minuteMs;
  const all = [...ordinary(of, "the day", -beforeMs, end), ...events].toSorted(
    (one, other) => one.at - other.at,
  );
  const [from, to] = scene.away ?? [Infinity, Infinity];
  const watcher = new Watcher(restored(rows));
  const record = new Tracked(watcher, { of, events, those: new Set(accounts.map(({ id }) => id)) });
  const eyes = new Eyes(watcher.world, (batch) => watcher.look(batch));
  for (const one of all) {
    if (one.at >= from) break;
    eyes.sees(one);
    record.saw(one);
    if (until && record.reached[until]) return record.trial();
  }
  if (from === Infinity) return record.trial();
  return afterwards(of, { rows: watcher.world.takeRows(), before: rows, all, from, to });
}

/** We come back, and read what happened while we were away; then things go on. */
function afterwards(
  of: Community,
  {
    rows,
    before,
    all,
    from,
    to,
  }: {
    readonly rows: readonly Row[];
    readonly before: readonly Row[];
    readonly all: readonly Scripted[];
    readonly from: number;
    readonly to: number;
  },
): Trial {
  const watcher = new Watcher(restored([...before, ...rows]));
  const eyes = new Eyes(watcher.world, (batch) => watcher.look(batch));
  const there = membersOf(of).map((those) => new Set(those));
  for (const { at, type, room, stateKey, content } of all)
    if (at < to && type === "m.room.member")
      if (content["membership"] === "join") there[room]!.add(stateKey!);
      else there[room]!.delete(stateKey!);
  eyes.batch(
    roomsRead(of, zero + to, (n) => there[n]!),
    zero + to,
  );
  const record = new Tracked(watcher, { of, events: all, those: new Set() });
  for (const one of all) {
    if (one.at < from || (one.at < to && one.stateKey !== undefined)) continue;
    eyes.sees(one, one.at < to ? { at: zero + to + 1_000, late: true } : {});
    record.saw(one);
  }
  return record.trial();
}

class Watcher {
  readonly world: World;
  readonly #recogniser: Recogniser;

  constructor(world: World) {
    this.world = world;
    const waves = configSchema.shape.waves.parse({});
    this.#recogniser = new Recogniser({
      world,
      isLeftAlone: (user) => world.isSpared(user),
      limits: { accounts: waves.accounts, learnDays: waves.learnDays, learnPeople: waves.learnPeople },
    });
  }

  look(batch: readonly Observation[]): void {
    const at = batch.at(-1)!.at;
    const changes = this.world.takeChanges();
    const sightings = [...sightingsIn({ seen: batch, changes }, this.world)];
    const believed = this.#recogniser.recognise({ seen: batch, sightings, at });
    for (const one of believed) this.world.apply({ ...one, at, dueBy: at });
  }
}

class Tracked {
  readonly reached: Partial<Record<WaveStage, Reached>> = {};
  readonly #watcher: Watcher;
  readonly #those: ReadonlySet<string>;
  readonly #regulars: ReadonlySet<string>;
  readonly #firstAt: number;
  readonly #joined = new Set<string>();
  readonly #spoke = new Set<string>();

  constructor(
    watcher: Watcher,
    {
      of,
      events,
      those,
    }: { readonly of: Community; readonly events: readonly Scripted[]; readonly those: ReadonlySet<string> },
  ) {
    this.#watcher = watcher;
    this.#those = those;
    this.#regulars = new Set([...of.regulars, ...of.staff].map(({ id }) => id));
    this.#firstAt = (events.find(({ who }) => those.has(who)) ?? events[0]!).at;
  }

  saw({ who, at, type }: Scripted): void {
    if (this.#those.has(who)) (type === "m.room.member" ? this.#joined : this.#spoke).add(who);
    for (const { stage } of this.#watcher.world.stored.waves.all())
      for (const one of waveStages.slice(0, waveStages.indexOf(stage) + 1))
        this.reached[one] ??= {
          afterMs: at - this.#firstAt,
          joined: this.#joined.size,
          spoke: this.#spoke.size,
        };
  }

  trial(): Trial {
    const { waves, waveMembers } = this.#watcher.world.stored;
    const inside = [...waves.all()].flatMap(({ id }) => [...waveMembers.of(id)].map(({ user }) => user));
    const outsiders = inside.filter((user) => !this.#those.has(user));
    const proof = [...waves.all()].find((one) => one.proof)?.proof;
    return {
      ...{ reached: this.reached, inside: inside.length - outsiders.length, outsiders },
      regulars: outsiders.filter((user) => this.#regulars.has(user)).length,
      ...(proof ? { proof } : {}),
    };
  }
}

/** The last stage that was reached. */
export function stageOf({ reached }: Trial): WaveStage | undefined {
  return waveStages.findLast((stage) => reached[stage]);
}
