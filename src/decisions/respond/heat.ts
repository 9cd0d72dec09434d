/**
 * Adds up the heat that rules give, and says which step of the protection `heat` is due. Looks only; what changed is
 * believed by the bot. What an earlier event of a batch gave counts for the later ones.
 */
import { heatSettings, type HeatSettings } from "../../automod/heat.ts";
import type { GivenHeat } from "../../automod/define.ts";
import { hourMs, minuteMs } from "../../kit/duration.ts";
import { vocabulary } from "../../model/facts/index.ts";
import { factsOf } from "../../model/facts/read.ts";
import { isRedactable } from "../../model/facts/redactable.ts";
import {
  cooled,
  heatOf,
  incidentsKept,
  withGain,
  type Heated,
  type HeatGain,
  type HeatRecord,
} from "../../model/heat.ts";
import { serverOf, type EventId, type UserId } from "../../model/ids.ts";
import type { RoomMode } from "../../model/room-mode.ts";
import type { EventSighting } from "../../model/signals/sighting.ts";
import type { WorldView } from "../../model/world/view.ts";
import { isServerImmune, type ImmunityView } from "./immunity.ts";

export interface ChangedHeat {
  readonly who: Heated;
  readonly record: HeatRecord;
}

/** One hit of a rule that gives heat. */
export interface HeatHit {
  readonly rule: string;
  readonly gives: GivenHeat;
  readonly sighting: EventSighting;
  /** All events of the author that it was found in. */
  readonly evidence: readonly EventId[];
  readonly incident?: string | undefined;
}

/** The step that an author has come to. */
export interface DueStep extends Pick<HeatSettings, "values"> {
  /** From 0. */
  readonly step: number;
  readonly from: number;
  /** It was taken in this room, and its heat has not gone since: the incident of that. */
  readonly takenIn: string | undefined;
  readonly sentence: string;
  /** What gave heat in this room, as far as it may be removed and was not. */
  readonly evidence: readonly EventId[];
}

/** A step may be taken again when the heat has fallen under this part of it. */
const restShare = 0.75;
/** A step that is older counts no more: its incident is closed. */
const longestStepMs = hourMs;
/** Whoever has spoken on so many days is no stranger. */
const acquaintedDays = 3;
/** What heat of strangers is multiplied by, by the mode of the room. */
const strangersIn: Readonly<Record<RoomMode, number>> = { calm: 1, guarded: 1.5, raid: 2, shut: 2 };
/** Rules in a sentence. */
const shownRules = 3;

export class HeatRound {
  readonly #view: ImmunityView;
  readonly #world: WorldView;
  readonly #isUndone: (incident: string) => boolean;
  readonly #changed = new Map<Heated, HeatRecord>();
  /** What the author of the present event had before any rule found something in it; undefined where none did. */
  #before: { readonly event: EventId; readonly heat: number } | undefined;

  constructor(view: ImmunityView, isUndone: (incident: string) => boolean) {
    this.#view = view;
    this.#world = view.world;
    this.#isUndone = isUndone;
  }

  get changed(): readonly ChangedHeat[] {
    return [...this.#changed].map(([who, record]) => ({ who, record }));
  }

  add(hit: HeatHit): void {
    const { gives, sighting } = hit;
    const { user, at, event } = sighting;
    if (gives.author > 0) {
      const record = this.#recordOf(user);
      if (this.#before?.event !== event.eventId)
        this.#before = { event: event.eventId, heat: record ? heatOf(record, at) : 0 };
      this.#gain(user, gives.author * this.#strangeness(user, sighting), hit);
    }
    const server = serverOf(user);
    if (gives.server > 0 && !isServerImmune(server, this.#view)) this.#gain(server, gives.server, hit);
  }

  /** After all rules have looked at the event; undefined where they gave no heat, or too little. */
  due(sighting: EventSighting): DueStep | undefined {
    const { user, room, at, event } = sighting;
    if (this.#before?.event !== event.eventId) return undefined;
    const record = this.#recordOf(user);
    if (!record) return undefined;
    const { values, steps, regularsUpTo } = heatSettings(this.#world.settings, room);
    if (!values.enabled) return undefined;
    const all = heatOf(record, at);
    const counts = this.#world.regulars.isRegular(user, at) ? Math.min(all, regularsUpTo) : all;
    const taken = stepInForce(record, { mode: values.mode, at });
    const before = this.#before.heat;
    const held = steps.findLastIndex((from) => taken && from <= taken.from && before >= from * restShare);
    const step = Math.max(
      held,
      steps.findLastIndex((from) => counts >= from),
    );
    if (step < 0) {
      if (record.step) this.#changed.set(user, withoutStep(record));
      return undefined;
    }
    const isTaken = step === held && taken?.rooms.includes(room) === true;
    return {
      values,
      step,
      from: steps[step]!,
      takenIn: isTaken ? (record.incidents?.at(-1) ?? "") : undefined,
      sentence: sentenceOf(record, at),
      evidence: record.gains.flatMap((gain) => (gain.isRemovable && gain.room === room ? gain.event : [])),
    };
  }

  /** The step was taken. `removes`: what gave heat in the room, too. */
  took(
    { user, room, at }: EventSighting,
    { from, values, takenIn }: DueStep,
    { incident, removes }: { readonly incident: string | undefined; readonly removes: boolean },
  ): void {
    const record = this.#recordOf(user);
    if (!record) return;
    const { mode } = values;
    const before = stepInForce(record, { mode, at });
    const isSame = before?.from === from;
    const rooms = isSame ? [...new Set([...before.rooms, room])] : [room];
    const incidents = [...(record.incidents ?? []), ...(incident === undefined ? [] : [incident])];
    this.#changed.set(user, {
      ...record,
      gains: removes ? record.gains.map((gain) => (gain.room === room ? removed(gain) : gain)) : record.gains,
      step: { from, at: takenIn === undefined ? at : (before?.at ?? at), rooms, mode },
      ...(incidents.length === 0 ? {} : { incidents: incidents.slice(-incidentsKept) }),
    });
  }

  #gain(who: Heated, heat: number, { rule, sighting, evidence, incident }: HeatHit): void {
    const { room, at, event } = sighting;
    const record = this.#recordOf(who);
    const ofRule = (record?.gains ?? []).filter((gain) => gain.rule === rule);
    // What grows out of events that gave heat already is the same hit, as is an event that is heard again with its text.
    const events = new Set([...evidence, event.eventId]);
    if (heat <= 0 || ofRule.some((gain) => events.has(gain.event))) return;
    const { halfLifeMs } = heatSettings(this.#world.settings, room);
    const textKey = textKeyOf(sighting);
    const isSaidAgain =
      textKey !== undefined &&
      ofRule.some((gain) => gain.textKey === textKey && Math.abs(at - gain.at) <= halfLifeMs);
    const gain: HeatGain = {
      rule,
      room,
      event: event.eventId,
      at: this.#saidAt(sighting),
      heat: isSaidAgain ? heat / 2 : heat,
      halfLifeMs,
      ...(textKey === undefined ? {} : { textKey }),
      ...(incident === undefined ? {} : { incident }),
      ...(isRedactable(sighting) ? { isRemovable: true } : {}),
    };
    this.#changed.set(who, withGain(record, gain));
  }

  /** What was held up on its way has cooled meanwhile; without a reason for that its own time is believed for a minute. */
  #saidAt(sighting: EventSighting): number {
    const { room, at, event } = sighting;
    const heldUpMs = Math.max(this.#world.heldUpMs(room, sighting), minuteMs);
    return event.sentAt > 0 ? Math.min(at, Math.max(event.sentAt, at - heldUpMs)) : at;
  }

  /** What a moderator took back is forgotten by the world in the next batch. */
  #recordOf(who: Heated): HeatRecord | undefined {
    const record = this.#changed.get(who) ?? this.#world.stored.heat.get(who);
    return record?.incidents?.some(this.#isUndone) === true ? undefined : record;
  }

  /** Old acquaintance cools; where the room is on its guard, strangers are warmer. */
  #strangeness(user: UserId, { room, at }: EventSighting): number {
    const { regulars, stored } = this.#world;
    if (regulars.isRegular(user, at)) return 0.25;
    if ((regulars.get(user)?.days ?? 0) >= acquaintedDays) return 0.5;
    return strangersIn[stored.roomModes.of(room, at)];
  }
}

function stepInForce({ step }: HeatRecord, { mode, at }: { readonly mode: string; readonly at: number }) {
  return step?.mode === mode && Math.abs(at - step.at) <= longestStepMs ? step : undefined;
}

function withoutStep({ step: _step, ...record }: HeatRecord): HeatRecord {
  return record;
}

function removed({ isRemovable: _isRemovable, ...gain }: HeatGain): HeatGain {
  return gain;
}

function textKeyOf(sighting: EventSighting): number | undefined {
  const key = factsOf(sighting).get(vocabulary.get("text.key")!);
  return typeof key === "number" ? key : undefined;
}

/** "heat 72: airdrop 42, masked-text 20, ornaments 10" */
function sentenceOf(record: HeatRecord, at: number): string {
  const byRule = new Map<string, number>();
  for (const gain of record.gains) byRule.set(gain.rule, (byRule.get(gain.rule) ?? 0) + cooled(gain, at));
  const rules = [...byRule].toSorted(([, one], [, other]) => other - one);
  const shown = rules.slice(0, shownRules).map(([rule, heat]) => `${rule} ${Math.round(heat)}`);
  const more = rules.length > shownRules ? [`${rules.length - shownRules} more`] : [];
  return `heat ${Math.round(heatOf(record, at))}: ${[...shown, ...more].join(", ")}`;
}
