/** Where waves are, and whether they still go on: what is contained follows from that. */
import { minuteMs } from "../../kit/duration.ts";
import { serverOf, type RoomId, type ServerName, type UserId } from "../../model/ids.ts";
import type { Settings } from "../../model/settings/settings.ts";
import type { WaveVerdict } from "../../model/settings/waves.ts";
import type { Wave } from "../../model/waves.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { Threat } from "./cut.ts";

/** A wave of which nothing came for so long is over for the rooms. */
export const quietMs = 10 * minuteMs;
/** Protections look closer at newcomers so long after the last reason for it. */
export const guardedMs = 20 * minuteMs;
/** Members are gone through no more often: a wave of thousands changes with each of its messages. */
const scanEveryMs = 1_000;

interface Scan {
  readonly wave: Wave;
  readonly verdict: WaveVerdict | undefined;
  readonly excused: Settings["excused"];
  readonly at: number;
  /** With the servers that its members came to each from. */
  readonly rooms: ReadonlyMap<RoomId, ReadonlySet<ServerName>>;
  readonly threat: Threat;
}

/** When anything last came of it, ms since the epoch. A time in the future is from before our clock was set back, and says nothing. */
export function lastSeen({ lastAt }: Wave, now: number): number {
  return lastAt <= now ? lastAt : -Infinity;
}

/** A moderator said that nobody of it does harm. */
export function isFine({ id }: Wave, { settings }: WorldView): boolean {
  return settings.waveVerdicts.get(id)?.is === "fine";
}

function isWithin(since: number, now: number, ms: number): boolean {
  return now >= since && now - since < ms;
}

export class Threats {
  readonly #world: WorldView;
  readonly #scans = new Map<string, Scan>();
  /** When a wave that has changed is gone through again. */
  #dueAt: number | undefined;

  constructor(world: WorldView) {
    this.#world = world;
  }

  get dueAt(): number | undefined {
    return this.#dueAt;
  }

  /** Looks at the waves as they are now. Returns whether anything about them is news. */
  look(at: number): boolean {
    const open = this.#world.stored.waves.open();
    if (open.length === 0 && this.#scans.size === 0) return false;
    const ids = new Set(open.map(({ id }) => id));
    let isNews = false;
    for (const id of this.#scans.keys()) if (!ids.has(id)) isNews = this.#scans.delete(id);
    this.#dueAt = undefined;
    for (const wave of open) {
      const known = this.#scans.get(wave.id);
      const isSaidAnew = known === undefined || !this.#isAsSaid(known);
      if (known?.wave === wave && !isSaidAnew) continue;
      // What was said of it, and what it has become, is never waited with.
      const isSoon = !isSaidAnew && known.wave.stage === wave.stage && isWithin(known.at, at, scanEveryMs);
      if (isSoon) {
        this.#dueAt = known.at + scanEveryMs;
        continue;
      }
      this.#scans.set(wave.id, this.#scan(wave, at));
      isNews = true;
    }
    return isNews;
  }

  /** Protected rooms in which its members joined or spoke, and the servers that they came there from. */
  roomsOf(wave: string): ReadonlyMap<RoomId, ReadonlySet<ServerName>> {
    return this.#scans.get(wave)?.rooms ?? new Map();
  }

  threatOf(wave: string): Threat {
    return this.#scans.get(wave)?.threat ?? { servers: new Set(), members: new Set() };
  }

  #isAsSaid({ wave, verdict, excused }: Scan): boolean {
    const { settings } = this.#world;
    return verdict === settings.waveVerdicts.get(wave.id) && excused === settings.excused;
  }

  #scan(wave: Wave, at: number): Scan {
    const { excused, waveVerdicts } = this.#world.settings;
    const rooms = new Map<RoomId, Set<ServerName>>();
    const [servers, members] = [new Set<ServerName>(), new Set<UserId>()];
    for (const member of this.#world.stored.waveMembers.of(wave.id)) {
      if (excused.has(member.user)) continue;
      const server = serverOf(member.user);
      members.add(member.user);
      servers.add(server);
      for (const room of member.rooms) {
        if (!this.#world.isProtected(room)) continue;
        const from = rooms.get(room);
        if (from) from.add(server);
        else rooms.set(room, new Set([server]));
      }
    }
    const isSilent = wave.spoke === 0;
    const threat = { servers, members, isSilent };
    return { wave, verdict: waveVerdicts.get(wave.id), excused, at, rooms, threat };
  }
}
