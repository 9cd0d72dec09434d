/**
 * From what was seen to what is done about it: asks the protections, and responds to each finding with a step of the
 * ladder that the moderators chose. One road for all protections, so that none of them can spare or harm anybody by
 * itself. Looks only; the offences that it returns are believed by the bot.
 */
import type { Protection, Values, Verdict } from "../../automod/define.ts";
import { valuesOf } from "../../automod/define.ts";
import { parseLadder, type Response } from "../../automod/ladder.ts";
import type { Action } from "../../model/actions/action.ts";
import { decide, type Cause, type Decision } from "../../model/decision.ts";
import type { Finding, FoundEvent, Target } from "../../model/finding.ts";
import type { Observation } from "../../model/observation.ts";
import type { Offence, Offender } from "../../model/offences.ts";
import { RecentSpeech, utterancesKept } from "../../model/recent-speech.ts";
import { recent } from "../../model/signals/recent.ts";
import type { EventSighting, Sighting } from "../../model/signals/sighting.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";
import { isImmune, isNewcomer, isServerImmune, sparingRegulars } from "./immunity.ts";
import { belongsTo, Repeats, type Occurrence } from "./repeats.ts";
import { actsOf, isFit, writableList, type ResponseContext } from "./responses.ts";
import { sightedIn, type MembershipsBefore } from "./sightings.ts";

export interface Responding {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
  readonly protections: readonly Protection[];
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
  readonly isAlertOnly: boolean;
  /** A regular, who is muted where others are removed. */
  readonly isSpared: boolean;
  /** A rule was wanted, and there is no list to write it to. */
  readonly lacksList: boolean;
}

export interface Responded {
  readonly decisions: readonly Decision[];
  readonly offences: readonly Offence[];
  readonly responses: readonly FindingResponse[];
}

/** Observations that came together and are believed by now. */
export interface SeenBatch {
  readonly seen: readonly Observation[];
  readonly changes: { readonly membershipsBefore: MembershipsBefore };
}

/** A finding on its way to a response. */
interface Found {
  readonly protection: Protection;
  readonly values: Values;
  readonly sighting: Sighting;
  readonly occurrence: Occurrence;
  readonly sentence: string;
}

export function respond(batch: SeenBatch, responding: Responding): Responded {
  const { world } = responding;
  if (world.settings.protections.size === 0 || !world.knowsModerators)
    return { decisions: [], offences: [], responses: [] };
  const round = new ResponseRound(batch, responding);
  for (const one of batch.seen) round.look(one);
  return round;
}

/** One batch: what an earlier event of it led to counts for the later ones. */
class ResponseRound implements Responded {
  readonly decisions: Decision[] = [];
  readonly responses: FindingResponse[] = [];
  readonly #responding: Responding;
  readonly #world: WorldView;
  readonly #memberships: MembershipsBefore;
  readonly #repeats: Repeats;
  /**
   * People who sent more in this batch than is kept of one person, with the room: the beginning is gone from the world,
   * so their events are counted anew, one by one.
   */
  readonly #talkative: ReadonlySet<string>;
  readonly #countedAnew: RecentSpeech;

  constructor({ seen, changes }: SeenBatch, responding: Responding) {
    this.#responding = responding;
    this.#world = responding.world;
    this.#memberships = changes.membershipsBefore;
    this.#repeats = new Repeats(responding.world, responding.isUndone);
    this.#talkative = talkativeIn(seen, this.#memberships);
    this.#countedAnew = new RecentSpeech({ people: Math.max(1, this.#talkative.size) });
  }

  get offences(): readonly Offence[] {
    return this.#repeats.offences;
  }

  look(seen: Observation): void {
    const world = this.#world;
    if (seen.kind === "tick") {
      for (const room of world.settings.rooms.keys()) this.#ask({ kind: "tick", room, at: seen.at, world });
      return;
    }
    const sighted = sightedIn(seen, this.#memberships);
    if (!sighted || sighted.event.sender === world.self || !world.isProtected(sighted.room)) return;
    const { room, event, at } = sighted;
    const isTalkative = this.#talkative.has(`${room} ${event.sender}`);
    if (isTalkative) this.#countedAnew.heard(room, event, at);
    const speech = isTalkative ? this.#countedAnew : world.recentSpeech;
    this.#ask({ ...sighted, user: event.sender, world, speech });
  }

  #ask(sighting: Sighting): void {
    for (const protection of this.#responding.protections) {
      if (!protection.watches.has(sighting.kind)) continue;
      const values = valuesOf(protection, this.#world.settings, sighting.room);
      if (!values.enabled) continue;
      const occurrence = occurrenceOf(sighting);
      // Events that nobody sees, as the signalling of calls.
      if (!occurrence) return;
      const verdict = protection.evaluate(sighting, values);
      const found = { protection, values, sighting, occurrence, sentence: verdict?.sentence ?? "" };
      if (verdict) for (const target of targetsOf(verdict, sighting)) this.#found(target, found);
      else if (protection.takesInWhatFollows && sighting.kind !== "tick") this.#takeIn(sighting, found);
    }
  }

  #found(target: Target, found: Found): void {
    const { protection, values, occurrence } = found;
    if (this.#isImmune(target, found)) return;
    const { at } = occurrence;
    const offender = offenderOf(target);
    const { repeatHours } = values;
    const offence = this.#repeats.offenceOf(protection.name, offender, { repeatHours, at });
    const isSame = offence !== undefined && belongsTo(offence, occurrence);
    if (isSame && offence.rooms.includes(target.room)) return this.#redactLate(target, offence, found);
    const step = offence ? offence.step + (isSame ? 0 : 1) : 0;
    const incident = isSame ? offence.incident : this.#repeats.incidentOf(protection.name, occurrence);
    this.#respond(target, { ...found, incident, step });
    this.#repeats.note({
      protection: protection.name,
      ...offender,
      step,
      incident,
      at: isSame ? offence.at : at,
      rooms: isSame ? [...offence.rooms, target.room] : [target.room],
    });
  }

  /** Not found, but on its way when its author was: part of the same incident. */
  #takeIn({ user, room }: EventSighting, found: Found): void {
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
    const { values, sighting, occurrence, sentence } = found;
    const { responses } = this.#stepOf(target, offence.step, found);
    if (values.alertOnly || !responses.includes("redact")) return;
    const cause = causeOf({ protection: offence.protection, about: target, sentence }, offence.incident);
    for (const { room, event, user } of lateEvents(target, sighting)) {
      const reason = offence.protection;
      this.#decide({ kind: "redact", room, event, user, reason }, cause, { at: occurrence.at, replaces: "" });
    }
  }

  #respond(target: Target, found: Found & { readonly incident: string; readonly step: number }): void {
    const { values, sentence, incident, step, occurrence } = found;
    const { at } = occurrence;
    const protection = found.protection.name;
    const { responses, isSpared } = this.#stepOf(target, step, found);
    const wantsList = responses.includes("list") && isFit("list", target.kind);
    const list = wantsList ? writableList(values.list, this.#world) : undefined;
    const lacksList = wantsList && list === undefined;
    const finding = { protection, about: target, sentence };
    this.responses.push({
      finding,
      incident,
      isRepeat: step > 0,
      responses,
      unfit: responses.filter((one) => !isFit(one, target.kind)),
      isAlertOnly: values.alertOnly,
      isSpared,
      lacksList,
    });
    if (values.alertOnly) return;
    const redacts = responses.includes("redact") && this.#isNewcomer(target, found);
    const context: ResponseContext = { ...this.#responding, protection, sentence, values, list, redacts };
    const cause = causeOf(finding, incident);
    // Without a list the person is at least kept out of this room.
    const taken = new Set(lacksList && target.kind === "person" ? [...responses, "ban" as const] : responses);
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

  #isImmune(target: Target, { values, occurrence: { at } }: Found): boolean {
    switch (target.kind) {
      case "person":
        return isImmune({ ...target, at }, values, this.#responding);
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

/** The room and the person, of those who sent more than is kept of one person. */
function talkativeIn(seen: readonly Observation[], memberships: MembershipsBefore): ReadonlySet<string> {
  if (seen.length <= utterancesKept) return new Set();
  const counts = new Map<string, number>();
  for (const one of seen) {
    const sighted = sightedIn(one, memberships);
    if (!sighted) continue;
    const key = `${sighted.room} ${sighted.event.sender}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return new Set([...counts].flatMap(([key, count]) => (count > utterancesKept ? key : [])));
}

function occurrenceOf(sighting: Sighting): Occurrence | undefined {
  const { room, at } = sighting;
  if (sighting.kind === "tick") return { room, id: `tick ${at}`, saidAt: at, at };
  const newest = recent.of(sighting).at(-1);
  return newest && { room, id: sighting.event.eventId, saidAt: newest.saidAt, at };
}

function targetsOf({ about, ...verdict }: Verdict, sighting: Sighting): readonly Target[] {
  if (about?.kind === "accounts")
    return about.accounts.map((account) => ({ kind: "person", ...account }) as const);
  if (about) return [about];
  // Looking at a room by the clock there is no author.
  if (sighting.kind === "tick" || !("evidence" in verdict)) return [];
  return [{ kind: "person", user: sighting.user, room: sighting.room, evidence: verdict.evidence }];
}

function offenderOf(target: Target): Offender {
  switch (target.kind) {
    case "person":
      return { user: target.user };
    case "room":
      return { room: target.room };
    case "server":
      return { server: target.server };
  }
}

/** The event itself; where none led to the finding, all that it is about. */
function lateEvents(target: Target, sighting: Sighting): readonly FoundEvent[] {
  if (sighting.kind !== "tick")
    return [{ event: sighting.event.eventId, user: sighting.user, room: sighting.room }];
  if (target.kind !== "person") return target.evidence;
  const { user, room, evidence } = target;
  return evidence.map((event) => ({ event, user, room }));
}

function causeOf(
  { protection, about, sentence }: Finding<Target>,
  incident: string,
): Extract<Cause, { kind: "finding" }> {
  const who = about.kind === "person" ? { user: about.user } : {};
  return { kind: "finding", protection, incident, ...who, sentence };
}
