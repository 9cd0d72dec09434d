/** What the question about a wave says of rooms that stay open to it until somebody says yes, and of servers that let it through. */
import { roomName } from "../../commands/shared/room-names.ts";
import type { Cut } from "../../decisions/waves/cut.ts";
import { keepNewest } from "../../kit/bounded.ts";
import { code, count, lines, say, someOf, type Say } from "../../kit/say.ts";
import type { RoomId, ServerName, UserId } from "../../model/ids.ts";
import type { ContainedKey } from "../../model/path-changes.ts";
import type { WorldView } from "../../model/world/view.ts";

/** What waits for a yes, and what does not hold (`decisions/waves/wave-cuts.ts`). */
export interface CutsView {
  /** With what could be done in each room, the best first. */
  readonly waitingFor: (wave: string) => ReadonlyMap<RoomId, readonly Cut[]>;
  readonly leaksIn: (room: RoomId) => ReadonlySet<ServerName>;
  /** Another number: something of it is other than before. */
  readonly changes: () => number;
}

const shownRooms = 3;
const shownServers = 3;

const ways: { readonly [K in ContainedKey]: { readonly would: string; readonly doing: string } } = {
  levels: { would: "take newcomers' voice", doing: "taking newcomers' voice" },
  acl: { would: "keep its servers out", doing: "keeping its servers out" },
  "join-rule": { would: "let nobody in who is not invited", doing: "letting nobody in who is not invited" },
};

interface Described {
  readonly changes: number;
  readonly at: number;
  readonly say: Say | undefined;
}

/** Rooms are opened again in between, which is no change of what waits. */
const describeEveryMs = 30_000;
const describedWaves = 128;

/** The same, put in words only when anything has changed: it may be about thousands of people. */
export class CutsInWords {
  readonly #world: WorldView;
  readonly #cuts: CutsView;
  readonly #described = new Map<string, Described>();

  constructor({ world, cuts }: { readonly world: WorldView; readonly cuts: CutsView }) {
    this.#world = world;
    this.#cuts = cuts;
  }

  of(wave: string, at: number): Say | undefined {
    const changes = this.#cuts.changes();
    const known = this.#described.get(wave);
    if (known?.changes === changes && Math.abs(at - known.at) < describeEveryMs) return known.say;
    const text = describeCuts(wave, this.#world, this.#cuts);
    this.#described.set(wave, { changes, at, say: text });
    keepNewest(this.#described, describedWaves);
    return text;
  }
}

/** Undefined where nothing waits, and all that was done holds. */
export function describeCuts(wave: string, world: WorldView, cuts: CutsView): Say | undefined {
  const parts = [waiting(cuts.waitingFor(wave), world), leaking(wave, world, cuts)];
  return parts.some((part) => part) ? lines(...parts) : undefined;
}

function waiting(rooms: ReadonlyMap<RoomId, readonly Cut[]>, world: WorldView): Say | undefined {
  if (rooms.size === 0) return undefined;
  const all = [...rooms];
  const best = byWay(all.map(([room, [first]]) => [room, first]));
  const next = byWay(all.map(([room, [, second]]) => [room, second]))[0];
  return lines(
    say`I wait for your word in ${namesOf([...rooms.keys()], world)}.`,
    ...best.map(
      (way) =>
        say`⛔ would ${ways[way.key].would} there, and so also silence ${howMany(way)} who are no part of it.`,
    ),
    next &&
      say`The next best way, ${ways[next.key].doing}, would silence ${count(next.people.size, "other")}.`,
  );
}

interface Way {
  readonly key: ContainedKey;
  readonly rooms: RoomId[];
  readonly people: Set<UserId>;
}

/** Whom each way silences in all rooms together, the way for most rooms first. */
function byWay(cuts: readonly (readonly [RoomId, Cut | undefined])[]): readonly Way[] {
  const found = new Map<ContainedKey, Way>();
  for (const [room, cut] of cuts) {
    if (!cut) continue;
    const way = found.get(cut.key) ?? { key: cut.key, rooms: [], people: new Set() };
    way.rooms.push(room);
    for (const user of cut.silenced) way.people.add(user);
    found.set(cut.key, way);
  }
  return [...found.values()].toSorted((one, other) => other.rooms.length - one.rooms.length);
}

function howMany({ people, rooms }: Way): Say {
  const where = rooms.length === 1 ? "" : say` in ${count(rooms.length, "room")}`;
  return say`${count(people.size, "person", "people")}${where}`;
}

/** Rooms that are closed to the wave, and where members of servers that are kept out write all the same. */
function leaking(wave: string, world: WorldView, { leaksIn }: CutsView): Say | undefined {
  const rooms: RoomId[] = [];
  const servers = new Set<ServerName>();
  for (const { room, key, waves } of world.stored.containments.standing()) {
    const leaks = key === "acl" && waves.includes(wave) ? leaksIn(room) : new Set<ServerName>();
    if (leaks.size > 0) rooms.push(room);
    for (const server of leaks) servers.add(server);
  }
  if (rooms.length === 0) return undefined;
  const those = [...servers].map((server) => code(server, 80));
  return say`Kept out of ${namesOf(rooms, world)}, and heard there all the same: ${someOf(those, shownServers)}. Some server there does not keep to ACLs.`;
}

function namesOf(rooms: readonly RoomId[], world: WorldView): Say {
  return someOf(
    rooms.slice(0, shownRooms).map((room) => roomName(room, world)),
    shownRooms,
    rooms.length,
  );
}
