/** Puts a rule of the community that has just begun to act, and meets the wrong people, back into shadow, and says so. */
import type { LookedAt } from "../bot/part.ts";
import type { Protection } from "../automod/define.ts";
import type { Registry } from "../automod/registry.ts";
import { brakedForMs, tooMuchFor, type TooMuch } from "../decisions/respond/brake.ts";
import { hourMs } from "../kit/duration.ts";
import { code, count, lines, say, type Say } from "../kit/say.ts";
import { roomName } from "../commands/shared/room-names.ts";
import { traitsOf } from "../model/actions/traits.ts";
import type { Words } from "../model/actions/action.ts";
import type { Decision } from "../model/decision.ts";
import type { OfferedCommand } from "../model/heard-command.ts";
import type { RoomId } from "../model/ids.ts";
import type { Past } from "../model/past-acts.ts";
import { incidentsWithin } from "../model/rule-hits.ts";
import type { WorldView } from "../model/world/view.ts";
import type { Announcements } from "./announcements.ts";
import { HourlySpeakers } from "./hourly-speakers.ts";
import { intoShadow } from "./into-shadow.ts";

export interface RuleBrakeOptions {
  readonly world: WorldView;
  readonly registry: Pick<Registry, "known">;
  readonly past: Pick<Past, "ofOccasion">;
  readonly announcements: Pick<Announcements, "trouble">;
  /** Puts the question; gives its message. */
  readonly offer: (about: OfferedCommand, what: Say, at: number) => Decision<Words> | undefined;
  /** The command prefix, for commands that the message suggests. */
  readonly prefix: string;
}

interface Braked {
  readonly name: string;
  readonly why: TooMuch;
}

export class RuleBrake {
  readonly name = "the brake of rules";
  readonly #options: RuleBrakeOptions;
  readonly #world: WorldView;
  /** When each was stopped last: whoever lets it act again has seen why. Forgotten by a restart, which is the careful side. */
  readonly #stoppedAt = new Map<string, number>();
  readonly #speakers = new HourlySpeakers();
  #news: Braked[] = [];

  constructor(options: RuleBrakeOptions) {
    this.#options = options;
    this.#world = options.world;
  }

  seen({ seen }: Pick<LookedAt, "seen">): void {
    this.#news = [];
    this.#speakers.note(seen);
  }

  proposes({ findings, at }: Pick<LookedAt, "findings" | "at">): readonly Decision[] {
    const acting = new Set(
      findings.flatMap(({ mode, finding }) => (mode === "act" ? finding.protection : [])),
    );
    if (acting.size === 0) return [];
    const { all, origins } = this.#options.registry.known(this.#world.settings);
    return all
      .filter(({ name }) => acting.has(name) && origins.get(name) !== "shipped")
      .flatMap((protection) => this.#stopped(protection, at));
  }

  says({ at }: Pick<LookedAt, "at">): readonly Decision<Words>[] {
    return this.#news.flatMap(({ name, why }) => {
      const what = `brake of ${name} ${at}`;
      const told = this.#options.announcements.trouble(this.#told(name, why), { what, topic: what, at });
      return [told, this.#offerUndo(name, at)].flatMap((one) => one ?? []);
    });
  }

  #stopped(protection: Protection, at: number): readonly Decision[] {
    const { name, version } = protection;
    const stoppedAt = this.#stoppedAt.get(name);
    if (stoppedAt !== undefined && Math.abs(at - stoppedAt) < brakedForMs) return [];
    const hits = [...this.#world.stored.ruleHits.of(name)].filter((hit) => hit.version === version);
    const speakersOf = (room: RoomId) => this.#speakers.countIn(room, at);
    const why = tooMuchFor(hits, { world: this.#world, at, speakersOf });
    if (!why) return [];
    this.#stoppedAt.set(name, at);
    this.#news.push({ name, why });
    const { settings } = this.#world;
    return intoShadow(protection, ["act"], { settings, what: `brake of ${name}`, at });
  }

  /** One reaction takes back what it did in the last hour, as far as that can be taken back. */
  #offerUndo(name: string, at: number): Decision<Words> | undefined {
    const { past, offer } = this.#options;
    const incidents = incidentsWithin(hourMs, { name, world: this.#world, at });
    const acts = incidents.flatMap((incident) => past.ofOccasion(incident));
    const isUndoable = acts.some(({ decision: { action } }) => traitsOf(action).undo.isOffered);
    if (!isUndoable) return undefined;
    return offer(
      { kind: "offer", offer: "undo", text: `protections undo ${name} 1h` },
      say`${code(name)} acted in ${count(incidents.length, "incident")} within the last hour. Take all of that back?`,
      at,
    );
  }

  #told(name: string, why: TooMuch): Say {
    const { prefix } = this.#options;
    return lines(
      say`${code(name)} is back in shadow: on its first day of acting it met ${this.#met(why)}.`,
      say`${code(`${prefix} protections hits ${name}`)} shows whom, ${code(`${prefix} protections act ${name}`)} lets it act again. ${code(`${prefix} protections undo ${name}`)} takes back what it did in the last hour.`,
    );
  }

  #met(why: TooMuch): Say {
    if ("regular" in why) return say`a regular, ${code(why.regular)}`;
    if ("of" in why)
      return say`${why.people} people in ${roomName(why.room, this.#world)}, where ${why.of} spoke within the hour`;
    return say`${why.people} people within an hour who have been here for a while`;
  }
}
