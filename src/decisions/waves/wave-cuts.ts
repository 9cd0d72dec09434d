/** Which cuts waves lead to: in each room that one is in, and the next one where a cut does not hold. */
import { decide, type Cause, type Decision } from "../../model/decision.ts";
import type { RoomId, ServerName } from "../../model/ids.ts";
import type { Observation, Seen } from "../../model/observation.ts";
import type { RoomView } from "../../model/room.ts";
import type { WaveVerdict } from "../../model/settings/waves.ts";
import type { Wave, WaveAct } from "../../model/waves.ts";
import type { WorldView } from "../../model/world/view.ts";
import { isLeftAlone } from "../../policy/own-people.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";
import { cutsFor, enoughCover, type Cut, type CutView } from "./cut.ts";
import { FollowUps } from "./follow-ups.ts";
import { stepMs, type HeardFrom } from "./holds.ts";
import { stayOf } from "./stay.ts";
import { isFine, lastSeen, quietMs, type Threats } from "./threats.ts";

export interface ContainingOptions {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
  readonly believe: (seen: Seen, at: number) => void;
  readonly act: WaveAct;
  /** Whether server ACLs are written at all. */
  readonly acls: boolean;
}

interface WaveCutsOptions extends ContainingOptions {
  readonly threats: Threats;
  /** Whether the room may be gone through now; where it may, it counts as tried. */
  readonly mayTry: (room: RoomId, at: number) => boolean;
  readonly mayTryAgain: (room: RoomId) => void;
  /** Has the part look again, ms since the epoch by our clock. */
  readonly wakeAt: (at: number) => void;
}

/** Messages of members in contained rooms that are looked at in one batch. */
const mostHeard = 1_000;

export class WaveCuts {
  readonly #options: WaveCutsOptions;
  readonly #world: WorldView;
  readonly #followUps: FollowUps;
  /** Members that were heard in contained rooms, since the last look. */
  #heard: HeardFrom[] = [];
  #changes = 0;
  /** Cuts that wait for a yes, by wave. */
  readonly #asked = new Map<string, Map<RoomId, readonly Cut[]>>();

  constructor(options: WaveCutsOptions) {
    this.#options = options;
    this.#world = options.world;
    this.#followUps = new FollowUps(options.world);
  }

  /** Rooms of the wave that wait for a yes, with what could be done there, the best first: each would silence many others. */
  waitingFor(wave: string): ReadonlyMap<RoomId, readonly Cut[]> {
    return this.#asked.get(wave) ?? new Map();
  }

  /** Servers that let those through who were kept out. */
  leaksIn(room: RoomId): ReadonlySet<ServerName> {
    return this.#followUps.leaksIn(room);
  }

  /** How often what waits, or what does not hold, has become another. */
  get changes(): number {
    return this.#changes + this.#followUps.leaks;
  }

  get hasHeard(): boolean {
    return this.#heard.length > 0;
  }

  hear(seen: readonly Observation[]): void {
    const { containments, waveMembers } = this.#world.stored;
    if (!containments.isAny) return;
    for (const one of seen) {
      if (one.kind !== "message" || one.late || this.#heard.length === mostHeard) continue;
      const { room, event, at } = one;
      const member = waveMembers.get(event.sender);
      if (member && !this.#world.settings.excused.has(event.sender) && containments.in(room).length > 0)
        this.#heard.push({ room, user: event.sender, at, sentAt: event.sentAt });
    }
  }

  look(at: number): readonly Decision[] {
    for (const id of this.#asked.keys())
      if (this.#world.stored.waves.get(id)?.endedAt !== undefined) this.#asked.delete(id);
    const decisions = this.#world.stored.waves
      .open()
      .flatMap((wave) =>
        this.#isToContain(wave)
          ? [...this.#options.threats.roomsOf(wave.id).keys()].flatMap((room) =>
              this.#containFor(wave, room, at),
            )
          : [],
      );
    this.#heard = [];
    return decisions;
  }

  /** What has gone quiet is not contained any more: whoever says so all the same means a while from then. */
  #isToContain(wave: Wave): boolean {
    const now = this.#world.dueBy;
    if (isFine(wave, this.#world)) return false;
    const yes = this.#yesTo(wave);
    if (yes && yes.at + quietMs > now) return true;
    if (lastSeen(wave, now) + quietMs <= now) return false;
    if (yes) return true;
    return isSurelyHarmful(wave) && (this.#options.act === "contain" || this.#options.act === "all");
  }

  #containFor(wave: Wave, id: RoomId, at: number): readonly Decision[] {
    const world = this.#world;
    const room = world.rooms.get(id);
    if (!room?.isKnown || !world.isProtected(id) || this.isRefused(wave, id)) return [];
    const standing = world.stored.containments.in(id);
    const mine = standing.filter(({ waves }) => waves.includes(wave.id));
    if (mine.length > 0) return this.#followUp(wave, room, at);
    // Newcomers are silenced already: it stays for this wave, too.
    const voice = standing.find(({ key }) => key === "levels");
    if (voice) {
      const contained = { ...voice, waves: [...voice.waves, wave.id] };
      this.#options.believe({ kind: "contained", contained }, at);
      return [];
    }
    if (this.#isJustReleased(id, at)) return [];
    const isYes = this.#yesTo(wave) !== undefined;
    if (isYes && this.#waitsNoMore(wave, id)) this.#options.mayTryAgain(id);
    if (!this.#options.mayTry(id, at)) return [];
    const cuts = cutsFor(room, this.#options.threats.threatOf(wave.id), viewOf(this.#options, at));
    const enough = cuts.filter(({ covers }) => covers >= enoughCover);
    const chosen = enough.find(({ asks }) => !asks) ?? (isYes ? enough[0] : undefined);
    this.#waitsNoMore(wave, id);
    if (chosen) return [this.#cut(wave, id, chosen, at)];
    this.#wait(wave, id, enough.slice(0, 2));
    return [];
  }

  #waitsNoMore({ id }: Wave, room: RoomId): boolean {
    const waited = this.#asked.get(id)?.delete(room) === true;
    if (waited) this.#changes++;
    return waited;
  }

  #wait({ id }: Wave, room: RoomId, cuts: readonly Cut[]): void {
    if (cuts.length === 0) return;
    this.#changes++;
    this.#asked.set(id, (this.#asked.get(id) ?? new Map<RoomId, readonly Cut[]>()).set(room, cuts));
  }

  /** The wave is contained here: does that hold? */
  #followUp(wave: Wave, room: RoomView, at: number): readonly Decision[] {
    const { threats, wakeAt } = this.#options;
    const { cut, waits, againAt } = this.#followUps.next(room, {
      threat: threats.threatOf(wave.id),
      from: threats.roomsOf(wave.id).get(room.id) ?? new Set(),
      heard: this.#heard,
      isYes: this.#yesTo(wave) !== undefined,
      view: viewOf(this.#options, at),
    });
    if (againAt !== undefined) wakeAt(againAt);
    if (waits) this.#wait(wave, room.id, waits);
    if (!cut) return [];
    this.#waitsNoMore(wave, room.id);
    return [this.#cut(wave, room.id, cut, at)];
  }

  #cut(wave: Wave, room: RoomId, { key, changes, stayMs: shortest }: Cut, at: number): Decision {
    const yes = this.#yesTo(wave);
    const because: Cause = {
      kind: "finding",
      protection: "wave-harmful",
      incident: wave.id,
      sentence: `${wave.accounts} accounts that belong together`,
      ...(yes?.by ? { by: yes.by } : {}),
    };
    const stayMs = stayOf(this.#world.stored.containments.get(room, key), { shortest, at });
    const waves = [wave.id];
    const replaces = `${this.#world.stored.containments.get(room, key)?.endedAt ?? ""}`;
    if (key !== "acl")
      return decide({ kind: "contain", room, key, changes, stayMs, waves }, because, { at, replaces });
    const servers = changes.map(({ path }) => path[1] as ServerName);
    return decide({ kind: "deny-servers", room, servers, stayMs, waves }, because, { at, replaces });
  }

  /** No room goes up and down within moments, whatever leads to it. */
  #isJustReleased(room: RoomId, at: number): boolean {
    return (["levels", "acl", "join-rule"] as const).some((key) => {
      const end = this.#world.stored.containments.get(room, key)?.endedAt;
      const isJust = end !== undefined && at >= end && at - end < stepMs;
      if (isJust) this.#options.wakeAt(end + stepMs);
      return isJust;
    });
  }

  /** A moderator said that it is to be contained. */
  #yesTo({ id }: Wave): WaveVerdict | undefined {
    const verdict = this.#world.settings.waveVerdicts.get(id);
    return verdict?.is === "clean" ? verdict : undefined;
  }

  /** A person took it back, or said `calm`, since the wave began, and nobody said yes since then. */
  isRefused(wave: Wave, room: RoomId): boolean {
    const { containments, roomModes } = this.#world.stored;
    const yesAt = this.#yesTo(wave)?.at ?? -Infinity;
    const word = roomModes.get(room)?.word;
    // One that began in the future began before our clock was set back.
    const begun = wave.firstAt > this.#world.dueBy ? -Infinity : wave.firstAt;
    if (word?.mode === "calm" && word.at >= begun && word.at >= yesAt) return true;
    return (["levels", "acl", "join-rule"] as const).some((key) => {
      const one = containments.get(room, key);
      return one?.liftedFor?.includes(wave.id) === true && yesAt < (one.endedAt ?? one.at);
    });
  }
}

export function viewOf({ world, rulesInForce, acls }: ContainingOptions, at: number): CutView {
  return { world, at, acls, isSpared: (user) => isLeftAlone(user, { world, rulesInForce }) };
}

/** Harm is proven, and nothing makes the recogniser unsure. That many come at once is no proof: so does a conference. */
function isSurelyHarmful({ stage, asksFirst }: Wave): boolean {
  return stage === "harmful" && asksFirst === undefined;
}
