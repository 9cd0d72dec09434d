/**
 * From what was seen to what is done about it: asks the protections, and responds to each finding with a step of the
 * ladder that the moderators chose. One road for all protections, so that none of them can spare or harm anybody by
 * itself. Looks only; the offences that it returns are believed by the bot.
 */
import { valuesOf, type Mode, type Protection, type Values } from "../../automod/define.ts";
import { parseLadder, type Response } from "../../automod/ladder.ts";
import type { Registry, Watching } from "../../automod/registry.ts";
import type { Action } from "../../model/actions/action.ts";
import { decide, type Cause, type Decision } from "../../model/decision.ts";
import type { Finding, Target } from "../../model/finding.ts";
import type { Offence } from "../../model/offences.ts";
import type { RuleHit } from "../../model/rule-hits.ts";
import type { EventSighting, Sighting } from "../../model/signals/sighting.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";
import { isImmune, isNewcomer, isServerImmune, sparingRegulars } from "./immunity.ts";
import { belongsTo, Repeats, type Occurrence } from "./repeats.ts";
import { actsOf, holding, isFit, redacting, writableList, type ResponseContext } from "./responses.ts";
import { sightingsIn, type SeenBatch } from "./sightings.ts";
import { causeOf, lateEvents, occurrenceOf, offenderOf, targetsOf } from "./targets.ts";

export interface Responding {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
  readonly registry: Pick<Registry, "watching">;
  /** A moderator took the incident back: it counts no more. */
  readonly isUndone: (incident: string) => boolean;
}

/** What a finding led to. */
export interface FindingResponse {
  readonly finding: Finding<Target>;
  /** The incident that it belongs to. */
  readonly incident: string;
  /** A later step of the ladder than the first. */
  readonly isRepeat: boolean;
  readonly responses: readonly Response[];
  /** Those of them that do not fit what was found, and are left out. */
  readonly unfit: readonly Response[];
  readonly mode: Exclude<Mode, "shadow">;
  /** A regular, who is muted where others are removed. */
  readonly isSpared: boolean;
  /** A rule was wanted, and there is no list to write it to. */
  readonly lacksList: boolean;
}

export interface Responded {
  readonly decisions: readonly Decision[];
  readonly offences: readonly Offence[];
  readonly responses: readonly FindingResponse[];
  /** Each finding that begins something, in shadow or not. */
  readonly hits: readonly RuleHit[];
}

/** A finding on its way to a response. */
interface Found {
  readonly protection: Protection;
  readonly values: Values;
  readonly mode: Mode;
  readonly sighting: Sighting;
  readonly occurrence: Occurrence;
  readonly sentence: string;
}

export function respond(batch: SeenBatch, responding: Responding): Responded {
  const { world } = responding;
  const watching = responding.registry.watching(world.settings);
  if (watching.length === 0 || !world.knowsModerators)
    return { decisions: [], offences: [], responses: [], hits: [] };
  const round = new ResponseRound(responding);
  for (const sighting of sightingsIn(batch, world)) round.look(sighting, watching);
  return round;
}

/** One batch: what an earlier event of it led to counts for the later ones. */
class ResponseRound implements Responded {
  readonly decisions: Decision[] = [];
  readonly responses: FindingResponse[] = [];
  readonly hits: RuleHit[] = [];
  readonly #responding: Responding;
  readonly #world: WorldView;
  readonly #repeats: Repeats;

  constructor(responding: Responding) {
    this.#responding = responding;
    this.#world = responding.world;
    this.#repeats = new Repeats(responding.world, responding.isUndone);
  }

  get offences(): readonly Offence[] {
    return this.#repeats.offences;
  }

  /** Asks the protections that watch such sightings and are on in the room. */
  look(sighting: Sighting, watching: readonly Watching[]): void {
    for (const { protection, isCandidate } of watching) {
      if (!protection.watches.has(sighting.kind)) continue;
      const values = valuesOf(protection, this.#world.settings, sighting.room);
      if (!values.enabled) continue;
      const occurrence = occurrenceOf(sighting);
      // Events that nobody sees, as the signalling of calls.
      if (!occurrence) return;
      const verdict = protection.evaluate(sighting, values);
      const mode = isCandidate ? "shadow" : values.mode;
      const found = { protection, values, mode, sighting, occurrence, sentence: verdict?.sentence ?? "" };
      if (verdict) for (const target of targetsOf(verdict, sighting)) this.#found(target, found);
      else if (protection.takesInWhatFollows && sighting.kind !== "tick") this.#takeIn(sighting, found);
    }
  }

  #found(target: Target, found: Found): void {
    const { protection, values, occurrence } = found;
    if (this.#isImmune(target, found)) return;
    if (found.mode === "shadow") return this.#hit(target, found);
    const { at } = occurrence;
    const offender = offenderOf(target);
    const { repeatHours } = values;
    const offence = this.#repeats.offenceOf(protection.name, offender, { repeatHours, at });
    const isSame = offence !== undefined && belongsTo(offence, occurrence);
    if (isSame && offence.rooms.includes(target.room)) return this.#redactLate(target, offence, found);
    const step = offence ? offence.step + (isSame || this.#isRefused(offence, found) ? 0 : 1) : 0;
    const incident = isSame ? offence.incident : this.#repeats.incidentOf(protection.name, occurrence);
    this.#respond(target, { ...found, incident, step });
    this.#repeats.note({
      protection: protection.name,
      ...offender,
      step,
      incident,
      at: isSame ? offence.at : at,
      rooms: isSame ? [...offence.rooms, target.room] : [target.room],
      ...(found.mode === "act" ? {} : { onlyTold: true }),
    });
  }

  /** Nothing was done about it, as a moderator said no: what comes next is no repeat. */
  #isRefused({ incident }: Offence, { mode }: Found): boolean {
    return mode === "ask" && this.#world.questions.ofIncident(incident)?.answer?.yes === false;
  }

  #hit(target: Target, { protection, mode, sighting, occurrence, sentence }: Found): void {
    if (target.kind !== "person" || sighting.kind === "tick") return;
    const { name, version } = protection;
    this.hits.push({
      protection: name,
      ...(version === undefined ? {} : { version }),
      isShadow: mode === "shadow",
      room: target.room,
      user: target.user,
      event: sighting.event.eventId,
      at: occurrence.at,
      sentence,
    });
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
    const removes = responses.includes("hold") || responses.includes("redact");
    if (mode === "alert" || !removes) return;
    const { protection, incident } = offence;
    const cause = causeOf({ protection, about: target, sentence }, { incident, mode });
    const late = lateEvents(target, sighting);
    const acts = responses.includes("hold")
      ? holding(late, { protection, values })
      : redacting(late, { protection });
    for (const { action } of acts) this.#decide(action, cause, { at: occurrence.at, replaces: "" });
  }

  #respond(target: Target, found: Found & { readonly incident: string; readonly step: number }): void {
    const { values, mode, sentence, incident, step, occurrence } = found;
    if (mode === "shadow") return;
    this.#hit(target, found);
    const { at } = occurrence;
    const protection = found.protection.name;
    const { responses, isSpared } = this.#stepOf(target, step, found);
    const wantsList = responses.includes("list") && isFit("list", target);
    const list = wantsList ? writableList(values.list, this.#world) : undefined;
    const lacksList = wantsList && list === undefined;
    const finding = { protection, about: target, sentence };
    this.responses.push({
      finding,
      incident,
      isRepeat: step > 0,
      responses,
      unfit: responses.filter((one) => !isFit(one, target)),
      mode,
      isSpared,
      lacksList,
    });
    if (mode === "alert") return;
    const redacts = responses.includes("redact") && this.#isNewcomer(target, found);
    const context: ResponseContext = { ...this.#responding, protection, sentence, values, list, redacts };
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
    { values, occurrence: { at } }: Found,
  ): { readonly responses: readonly Response[]; readonly isSpared: boolean } {
    const ladder = parseLadder(values.response);
    const responses = ladder[Math.min(step, ladder.length - 1)] ?? [];
    if (target.kind !== "person") return { responses, isSpared: false };
    const { spareRegulars } = values;
    return sparingRegulars(responses, { ...target, at }, { spareRegulars, world: this.#world });
  }

  #isImmune(target: Target, { protection, values, occurrence: { at } }: Found): boolean {
    switch (target.kind) {
      case "person":
        return (
          this.#world.stored.letThroughs.isNow(protection.name, target.user, at) ||
          isImmune({ ...target, at }, values, this.#responding)
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

/** What is held is removed by that. */
function withoutTwice(responses: readonly Response[]): ReadonlySet<Response> {
  const taken = new Set(responses);
  if (taken.has("hold")) taken.delete("redact");
  return taken;
}
