/** What requests cost: latencies, the per-room lock and the server's few CPUs. */
import type { HomeserverClock } from "./clock.ts";
import { connectionError } from "./matrix-error.ts";

export interface LoadOptions {
  readonly writeLatencyMs?: number;
  readonly readLatencyMs?: number;
  /** Virtual CPUs; each write holds one for writeCpuMs. Without it, writes never queue for a CPU. */
  readonly processes?: number;
  readonly writeCpuMs?: number;
  /** Added to each incremental sync per joined room, and to state and member reads per event. */
  readonly syncCostPerRoomMs?: number;
  readonly readCostPerEventMs?: number;
  /** Of the events sent to a room while another is on its way, the later ones overtake it. */
  readonly mixesUpSends?: boolean;
}

export class Load {
  readonly #clock: HomeserverClock;
  readonly #options: LoadOptions;
  readonly #rooms = new Map<string, Turnstile>();
  readonly #slowRooms = new Map<string, number>();
  /** Events on their way to each room. */
  readonly #sending = new Map<string, number>();
  #cpus: Turnstile;
  /** A write that began before a restart does not end after it. */
  #life = 0;

  constructor(clock: HomeserverClock, options: LoadOptions) {
    this.#clock = clock;
    this.#options = options;
    this.#cpus = new Turnstile(options.processes ?? Infinity);
  }

  setRoomLatency(roomId: string, ms: number | undefined): void {
    if (ms === undefined) this.#slowRooms.delete(roomId);
    else this.#slowRooms.set(roomId, ms);
  }

  async read(roomId?: string, events = 0): Promise<void> {
    const base = this.#roomLatency(roomId) ?? this.#options.readLatencyMs ?? 0;
    await this.#sleep(base + events * (this.#options.readCostPerEventMs ?? 0));
  }

  async sync(joinedRooms: number): Promise<void> {
    const base = this.#options.readLatencyMs ?? 0;
    await this.#sleep(base + joinedRooms * (this.#options.syncCostPerRoomMs ?? 0));
  }

  /** The server starts anew: whatever waits or is being written is lost. */
  restart(): void {
    this.#life += 1;
    this.#rooms.clear();
    this.#cpus = new Turnstile(this.#options.processes ?? Infinity);
  }

  /** Takes as long as a write takes, then does it. */
  async write<T>(roomId: string | undefined, work: () => T): Promise<T> {
    if (roomId === undefined || !this.#options.mixesUpSends) return this.#writeIn(this.#life, roomId, work);
    const ahead = this.#sending.get(roomId) ?? 0;
    this.#sending.set(roomId, ahead + 1);
    try {
      return await this.#writeIn(this.#life, roomId, work, { savesMs: ahead });
    } finally {
      this.#sending.set(roomId, this.#sending.get(roomId)! - 1);
    }
  }

  /** Like write, and one at a time in the room: membership and other state. */
  async writeState<T>(roomId: string, work: () => T): Promise<T> {
    let lock = this.#rooms.get(roomId);
    if (lock === undefined) this.#rooms.set(roomId, (lock = new Turnstile(1)));
    const life = this.#life;
    return lock.pass(() => this.#writeIn(life, roomId, work));
  }

  async #writeIn<T>(
    life: number,
    roomId: string | undefined,
    work: () => T,
    { savesMs = 0 }: { savesMs?: number } = {},
  ): Promise<T> {
    if (life === this.#life) await this.#spend(roomId, savesMs);
    if (life !== this.#life) throw connectionError("ECONNRESET");
    return work();
  }

  async #spend(roomId: string | undefined, savesMs: number): Promise<void> {
    const total = this.#roomLatency(roomId) ?? this.#options.writeLatencyMs ?? 0;
    const cpu = this.#options.writeCpuMs ?? 0;
    if (cpu > 0) await this.#cpus.pass(() => this.#sleep(cpu));
    await this.#sleep(total - cpu - savesMs);
  }

  async #sleep(ms: number): Promise<void> {
    if (ms > 0) await this.#clock.sleep(ms);
  }

  #roomLatency(roomId: string | undefined): number | undefined {
    return roomId === undefined ? undefined : this.#slowRooms.get(roomId);
  }
}

/** Lets `width` pass at a time, the others in order of arrival. */
class Turnstile {
  readonly #width: number;
  #inside = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(width: number) {
    this.#width = width;
  }

  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inside < this.#width) this.#inside += 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // The place is handed over, not freed, so that nobody slips in between.
      if (next === undefined) this.#inside -= 1;
      else next();
    }
  }
}
