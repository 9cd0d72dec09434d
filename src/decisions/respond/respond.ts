/**
 * From what was seen to what is done about it: asks the protections, and responds to each finding with a step of the
 * ladder that the moderators chose. One road for all protections, so that none of them can spare or harm anybody by
 * itself. Looks only; the offences that it returns are believed by the bot.
 */
import { heat } from "../../automod/heat.ts";
import { parseLadder, type Response } from "../../automod/ladder.ts";
import type { Lookouts, Registry } from "../../automod/registry.ts";
import type { Action } from "../../model/actions/action.ts";
import { decide, type Cause, type Decision } from "../../model/decision.ts";
import type { Target } from "../../model/finding.ts";
import type { UserId } from "../../model/ids.ts";
import type { Offence } from "../../model/offences.ts";
import type { RuleHit } from "../../model/rule-hits.ts";
import type { EventSighting, Sighting } from "../../model/signals/sighting.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";
import { hitOf, modeOf, type FindingResponse, type Found, type FoundStep, type HitDetails } from "./found.ts";
import { HeatRound, type ChangedHeat } from "./heat.ts";
import { isImmuneTo, isNewcomer, isServerImmune, sparingRegulars, spendsBudget } from "./immunity.ts";
import { belongsTo, Repeats } from "./repeats.ts";
import {
  actsOf,
  holding,
  isFit,
  redacting,
  removesIn,
  withoutTwice,
  weightOf,
  writableList,
  type ResponseContext,
} from "./responses.ts";
import { sightingsIn, type SeenBatch } from "./sightings.ts";
import { asOne, inWave, isLeftToWave } from "./in-wave.ts";
import { causeOf, lateEvents, occurrenceOf, offenderOf, targetsOf } from "./targets.ts";

export interface Responding {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
  readonly registry: Pick<Registry, "lookouts">;
  /** A moderator took the incident back: it counts no more. */
  readonly isUndone: (incident: string) => boolean;
}

export type { FindingResponse };

export interface Responded {
  readonly decisions: readonly Decision[];
  readonly offences: readonly Offence[];
  readonly responses: readonly FindingResponse[];
  /** Each finding that begins something, in shadow or not. */
  readonly hits: readonly RuleHit[];
  /** Who has another heat than before. */
  readonly heat: readonly ChangedHeat[];
  /** Members of waves whom protections would have muted or removed, had they not been answered with the wave. */
  readonly joined: ReadonlySet<UserId>;
}

export function respond(batch: SeenBatch, responding: Responding): Responded {
  const { world } = responding;
  const lookouts = responding.registry.lookouts(world.settings);
  if (!lookouts || !world.knowsModerators)
    return { decisions: [], offences: [], responses: [], hits: [], heat: [], joined: new Set() };
  const round = new ResponseRound(responding, lookouts);
  for (const sighting of sightingsIn(batch, world)) round.look(sighting);
  return round;
}

/** One batch: what an earlier event of it led to counts for the later ones. */
class ResponseRound implements Responded {
  readonly decisions: Decision[] = [];
  readonly responses: FindingResponse[] = [];
  readonly hits: RuleHit[] = [];
  readonly joined = new Set<UserId>();
  readonly #responding: Responding;
  readonly #lookouts: Lookouts;
  readonly #world: WorldView;
  readonly #repeats: Repeats;
  readonly #heat: HeatRound;

  constructor(responding: Responding, lookouts: Lookouts) {
    this.#responding = responding;
    this.#lookouts = lookouts;
    this.#world = responding.world;
    this.#repeats = new Repeats(responding.world, responding.isUndone);
    this.#heat = new HeatRound(responding, responding.isUndone);
  }

  get heat(): readonly ChangedHeat[] {
    return this.#heat.changed;
  }

  get offences(): readonly Offence[] {
    return this.#repeats.offences;
  }

  /** Asks the protections that watch such sightings and are on in the room. */
  look(sighting: Sighting): void {
    const occurrence = occurrenceOf(sighting);
    // Events that nobody sees, as the signalling of calls.
    if (!occurrence) return;
    for (const { protection, isCandidate, values, verdict } of this.#lookouts.look(sighting)) {
      const mode = isCandidate ? "shadow" : modeOf(values);
      const found = { protection, values, mode, sighting, occurrence, sentence: verdict?.sentence ?? "" };
      if (verdict)
        for (const target of targetsOf(verdict, sighting)) this.#found(target, this.#inWave(target, found));
      else if (protection.takesInWhatFollows && sighting.kind !== "tick") this.#takeIn(sighting, found);
    }
    if (sighting.kind !== "tick") this.#answerHeat(sighting);
  }

  #found(target: Target, found: Found): void {
    const { protection, values, occurrence } = found;
    if (this.#isImmune(target, found)) return;
    if (found.mode === "shadow") return this.#hit(target, found);
    if (found.mode === "act" && values.response === "") {
      this.#warm(target, found, undefined);
      return this.#hit(target, found);
    }
    const { at } = occurrence;
    const offender = offenderOf(target);
    const { repeatHours } = values;
    const offence = this.#repeats.offenceOf(protection.name, offender, { repeatHours, at });
    const isSame = offence !== undefined && belongsTo(offence, occurrence);
    const incident = isSame ? offence.incident : this.#incidentOf(found);
    if (found.mode === "act") this.#warm(target, found, incident);
    if (isSame && offence.rooms.includes(target.room)) return this.#redactLate(target, offence, found);
    const step = offence ? offence.step + (isSame || this.#isRefused(offence, found) ? 0 : 1) : 0;
    const isRepeat = step > 0;
    this.#respond(target, { ...found, incident, step, isRepeat });
    this.#repeats.note({
      protection: protection.name,
      ...offender,
      step,
      incident,
      at: isSame ? offence.at : at,
      rooms: isSame ? [...offence.rooms, target.room] : [target.room],
      ...weightOf(this.#stepOf(target, step, found).responses, found.mode),
    });
  }

  #incidentOf({ protection, occurrence, wave }: Found): string {
    return wave ?? this.#repeats.incidentOf(protection.name, occurrence);
  }

  #inWave(target: Target, found: Found): Found {
    return inWave(target, found, { world: this.#world, lookouts: this.#lookouts });
  }

  /** Nothing was done about it, as a moderator said no: what comes next is no repeat. */
  #isRefused({ incident }: Offence, { mode }: Found): boolean {
    return mode === "ask" && this.#world.questions.ofIncident(incident)?.answer?.yes === false;
  }

  /** Only a rule that acts gives heat. */
  #warm(target: Target, { protection, sighting }: Found, incident: string | undefined): void {
    const { name: rule, heat: gives } = protection;
    if (!gives || target.kind !== "person" || sighting.kind === "tick") return;
    this.#heat.add({ rule, gives, sighting, evidence: target.evidence, incident });
  }

  /** What the rules that looked at the event gave may come to a step of the protection `heat`. */
  #answerHeat(sighting: EventSighting): void {
    const due = this.#heat.due(sighting);
    const occurrence = due && occurrenceOf(sighting);
    if (!due || !occurrence) return;
    const { values, step, sentence, evidence, takenIn } = due;
    const { user, room, at } = sighting;
    const target: Target = { kind: "person", user, room, evidence };
    const one: Found = { protection: heat, values, mode: values.mode, sighting, occurrence, sentence };
    const found = this.#inWave(target, one);
    if (this.#isImmune(target, found)) return;
    if (found.mode === "shadow") {
      this.#heat.took(sighting, due, { incident: undefined, removes: false });
      return takenIn === undefined ? this.#hit(target, found) : undefined;
    }
    const incident = takenIn ?? this.#incidentOf(found);
    const { responses } = this.#stepOf(target, step, found);
    const removes = found.mode !== "alert" && removesIn(responses);
    const weight = weightOf(responses, found.mode);
    const offence = { protection: heat.name, user, step, at, incident, rooms: [room], ...weight };
    if (takenIn === undefined) {
      this.#respond(target, { ...found, incident, step, isRepeat: false });
      this.#repeats.note(offence);
    } else this.#redactLate(target, offence, found);
    this.#heat.took(sighting, due, { incident: takenIn === undefined ? incident : undefined, removes });
  }

  #hit(target: Target, found: Found & HitDetails): void {
    const hit = hitOf(target, found);
    if (hit) this.hits.push(hit);
  }

  /** Not found, but on its way when its author was: part of the same incident. */
  #takeIn({ user, room }: EventSighting, found: Found): void {
    if (found.mode === "shadow") return;
    const { protection, values, occurrence } = found;
    const { repeatHours } = values;
    const { at } = occurrence;
    const offence = this.#repeats.offenceOf(protection.name, { user }, { repeatHours, at });
    if (!offence?.rooms.includes(room) || !belongsTo(offence, occurrence)) return;
    const target = { kind: "person", user, room, evidence: [] } as const;
    if (!this.#isImmune(target, found)) this.#redactLate(target, offence, found);
  }

  /** The step was taken already: what came late for it is redacted where the rest was. */
  #redactLate(target: Target, offence: Offence, found: Found): void {
    const { values, mode, sighting, occurrence, sentence } = found;
    const { responses } = this.#stepOf(target, offence.step, found);
    if (mode === "alert" || !removesIn(responses)) return;
    const { protection, incident } = offence;
    const cause = causeOf({ protection, about: target, sentence }, { incident, mode });
    const late = lateEvents(target, sighting);
    const acts = responses.includes("hold")
      ? holding(late, { protection, values })
      : redacting(late, { protection });
    for (const { action } of acts) this.#decide(action, cause, { at: occurrence.at, replaces: "" });
  }

  #respond(target: Target, found: FoundStep): void {
    const { values, mode, sentence, incident, step, isRepeat, occurrence } = found;
    if (mode === "shadow") return;
    const { at } = occurrence;
    const protection = found.protection.name;
    const { responses, isSpared } = this.#stepOf(target, step, found);
    this.#hit(target, { ...found, spends: spendsBudget(responses, target, { at, world: this.#world }) });
    const wantsList = responses.includes("list") && isFit("list", target);
    const list = wantsList ? writableList(values.list, this.#world) : undefined;
    const lacksList = wantsList && list === undefined;
    const finding = { protection, about: target, sentence };
    this.responses.push({
      finding,
      incident,
      isRepeat,
      responses,
      heat: found.protection.heat?.author ?? 0,
      unfit: responses.filter((one) => !isFit(one, target)),
      mode,
      isSpared,
      lacksList,
    });
    if (mode === "alert") return;
    const redacts = responses.includes("redact") && this.#isNewcomer(target, found);
    const isAsOne = found.isAsOne === true;
    const about = { protection, sentence, values, list, redacts, isAsOne };
    const context: ResponseContext = { ...this.#responding, ...about };
    const cause = causeOf(finding, { incident, mode });
    // Without a list the person is at least kept out of this room.
    const taken = withoutTwice(
      lacksList && target.kind === "person" ? [...responses, "ban" as const] : responses,
    );
    for (const response of taken)
      for (const { action, list: by } of actsOf(response, target, context))
        this.#decide(action, by ? { ...cause, list: by } : cause, { at, replaces: String(step) });
  }

  /** The responses of a step of the ladder; the last step is that of all further repeats. */
  #stepOf(
    target: Target,
    step: number,
    found: Found,
  ): { readonly responses: readonly Response[]; readonly isSpared: boolean } {
    const { protection, values, occurrence } = found;
    const { at } = occurrence;
    const ladder = parseLadder(values.response);
    const whole = ladder[Math.min(step, ladder.length - 1)] ?? [];
    if (target.kind === "person" && isLeftToWave(whole, found)) this.joined.add(target.user);
    const responses = asOne(whole, found);
    if (target.kind !== "person") return { responses, isSpared: false };
    const { spareRegulars } = values;
    return sparingRegulars(responses, { ...target, at }, { spareRegulars, protection, world: this.#world });
  }

  #isImmune(target: Target, { protection, values, occurrence: { at } }: Found): boolean {
    switch (target.kind) {
      case "person":
        return (
          this.#world.stored.letThroughs.isNow(protection.name, target.user, at) ||
          isImmuneTo(protection, { ...target, at }, { ...this.#responding, values })
        );
      case "server":
        return isServerImmune(target.server, this.#responding);
      case "room":
        return false;
    }
  }

  #isNewcomer(target: Target, { values, occurrence: { at } }: Found): boolean {
    return target.kind === "person" && isNewcomer({ ...target, at }, values.newcomerHours, this.#world);
  }

  #decide(action: Action, because: Cause, { at, replaces }: { at: number; replaces: string }): void {
    this.decisions.push(decide(action, because, { at, replaces }));
  }
}
