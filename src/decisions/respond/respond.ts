/**
 * From what was said to what is done about it: asks the protections, and answers each finding with a step of the
 * ladder that the moderators chose. One road for all protections, so that none of them can spare or harm anybody by
 * itself. Looks only; the offences that it answers with are believed by the bot.
 */
import { hourMs, minuteMs, parseDuration } from "../../kit/duration.ts";
import { stableId } from "../../kit/hash.ts";
import type { Action } from "../../model/actions/action.ts";
import { decide, type Cause, type Decision } from "../../model/decision.ts";
import type { RoomEvent } from "../../model/event.ts";
import type { Finding } from "../../model/finding.ts";
import type { EventId, RoomId, UserId } from "../../model/ids.ts";
import type { Observation } from "../../model/observation.ts";
import { offenceKey, type Offence } from "../../model/offences.ts";
import type { PolicyListView } from "../../model/policy-list.ts";
import { RecentSpeech, utterancesKept, type Utterance } from "../../model/recent-speech.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";
import { banContent, defaultListOf, isWritable, writeBan } from "../../policy/rule-writing.ts";
import { valuesOf, type Protection, type Sighting, type Values } from "../../automod/define.ts";
import { parseLadder, type Response } from "../../automod/ladder.ts";

export interface Responding {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
  readonly protections: readonly Protection[];
  /** A moderator took the incident back: it counts no more. */
  readonly isUndone: (incident: string) => boolean;
}

/** A finding with what was made of it. */
export interface Answered {
  readonly finding: Finding;
  /** What it belongs to. */
  readonly incident: string;
  /** Answered with a later step than the first. */
  readonly isRepeat: boolean;
  readonly measures: readonly Response[];
  readonly isAlertOnly: boolean;
  /** A regular, who is muted where others are removed. */
  readonly isSpared: boolean;
  /** A rule was wanted, and there is no list to write it to. */
  readonly lacksList: boolean;
}

export interface Responses {
  readonly decisions: readonly Decision[];
  readonly offences: readonly Offence[];
  readonly answered: readonly Answered[];
}

const nothing: Responses = { decisions: [], offences: [], answered: [] };

/** What was under way when we answered belongs to what was answered; what is said later is a repeat. */
const restMs = 10_000;
/** A message may be held up on its way, or claim to have been; it is believed for so long. */
const heldUpMs = 60_000;
/** Findings of one protection that come after a longer rest are another incident. */
const incidentGapMs = 60_000;
/** Nor does one go on for longer: an answer about it, or its undo, is not for what comes hours later. */
const longestIncidentMs = hourMs;

export function respond(seen: readonly Observation[], responding: Responding): Responses {
  const { world } = responding;
  if (world.settings.protections.size === 0 || !world.knowsModerators) return nothing;
  const round = new ResponseRound(responding, seen);
  for (const one of seen) {
    const said = spokenBy(one);
    if (said) round.look(said);
  }
  return round;
}

type Spoken = Pick<Extract<Observation, { kind: "message" }>, "room" | "event" | "late" | "at">;

/** Whoever comes and goes, or takes a new name every second, is as loud as with messages. */
function spokenBy(one: Observation): Spoken | undefined {
  if (one.kind === "message") return one;
  if (one.kind !== "state" || !one.fromTimeline) return undefined;
  const { type, sender, stateKey } = one.event;
  return type === "m.room.member" && sender === stateKey ? { ...one, late: false } : undefined;
}

/** One batch: what an earlier message of it led to counts for the later ones. */
class ResponseRound implements Responses {
  readonly decisions: Decision[] = [];
  readonly answered: Answered[] = [];
  readonly #offences = new Map<string, Offence>();
  readonly #incidents = new Map<string, string>();
  readonly #responding: Responding;
  readonly #world: WorldView;
  /** Who said more in this batch than is kept: what they said is gone through anew, or its beginning would be unseen. */
  readonly #talkative: ReadonlySet<string> | undefined;
  readonly #anew: RecentSpeech;

  constructor(responding: Responding, seen: readonly Observation[]) {
    this.#responding = responding;
    this.#world = responding.world;
    this.#talkative = seen.length > utterancesKept ? talkativeIn(seen) : undefined;
    this.#anew = new RecentSpeech({ people: Math.max(1, this.#talkative?.size ?? 1) });
  }

  get offences(): readonly Offence[] {
    return [...this.#offences.values()];
  }

  look({ room, event, late, at }: Spoken): void {
    const world = this.#world;
    if (event.sender === world.self || !world.isProtected(room)) return;
    let recent: readonly Utterance[] | undefined;
    for (const protection of this.#responding.protections) {
      const values = valuesOf(protection, world.settings, room);
      if (!values.enabled) continue;
      recent ??= this.#recentOf(room, event, at);
      if (!recent) return;
      const heldUpMs = world.heldUpMs(room, { at, late });
      this.#examine(protection, values, { room, user: event.sender, event, at, recent, heldUpMs });
    }
  }

  /** What they said there until then. Undefined for what is no speech, as the signalling of calls. */
  #recentOf(room: RoomId, event: RoomEvent, at: number): readonly Utterance[] | undefined {
    if (!this.#talkative?.has(`${room} ${event.sender}`))
      return upTo(event.eventId, this.#world.speech.of(event.sender, room));
    this.#anew.heard(room, event, at);
    return upTo(event.eventId, this.#anew.of(event.sender, room));
  }

  #examine(protection: Protection, values: Values, said: Sighting): void {
    const verdict = protection.evaluate(said, values);
    const offence = this.#offenceOf(protection, values, said);
    const isSame = offence !== undefined && belongsTo(offence, said);
    const { room, user } = said;
    const isSameIncident = isSame && offence.rooms.includes(room);
    if (!verdict && !(isSameIncident && protection.takesInWhatFollows)) return;
    if (this.#isImmune(said, values)) return;
    if (isSameIncident) return this.#goOn(offence, values, said, verdict?.sentence);
    if (!verdict) return;
    const { name } = protection;
    const step = offence ? (isSame ? offence.step : offence.step + 1) : 0;
    const incident = isSame ? offence.incident : this.#incidentOf(name, said);
    const finding: Finding = { protection: name, room, user, ...verdict };
    this.#take({ finding, incident, step, values, at: said.at });
    this.#note({
      protection: name,
      user,
      step,
      incident,
      at: isSame ? offence.at : said.at,
      rooms: isSame ? [...offence.rooms, room] : [room],
    });
  }

  /** Late for what was answered already: it goes where the others went. */
  #goOn(offence: Offence, values: Values, { room, user, event, at }: Sighting, sentence = ""): void {
    const measures = this.#measures(values, offence.step, user, at).measures;
    if (values.alertOnly || !measures.includes("redact")) return;
    const cause = causeOf(offence.protection, offence.incident, { user, sentence });
    this.#decide({ kind: "redact", room, event: event.eventId, user, reason: offence.protection }, cause, at);
  }

  #take({
    finding,
    incident,
    step,
    values,
    at,
  }: {
    finding: Finding;
    incident: string;
    step: number;
    values: Values;
    at: number;
  }): void {
    const { measures, isSpared } = this.#measures(values, step, finding.user, at);
    const list = measures.includes("list") ? this.#listOf(values) : undefined;
    const lacksList = measures.includes("list") && list === undefined;
    this.answered.push({
      finding,
      incident,
      isRepeat: step > 0,
      measures,
      isAlertOnly: values.alertOnly,
      isSpared,
      lacksList,
    });
    if (values.alertOnly) return;
    // Without a list the person is at least kept out of this room.
    const taken = lacksList ? [...measures, "ban" as const] : measures;
    const cause = causeOf(finding.protection, incident, finding);
    const isNew = this.#isNewcomer(finding.room, finding.user, { within: values.newcomerHours, at });
    for (const response of new Set(taken))
      for (const { action, list: by } of this.#acts(response, finding, {
        values,
        list,
        redacts: isNew && measures.includes("redact"),
      }))
        this.#decide(action, by ? { ...cause, list: by } : cause, at, String(step));
  }

  #acts(
    response: Response,
    { room, user, evidence, protection, sentence }: Finding,
    { values, list, redacts }: { values: Values; list: PolicyListView | undefined; redacts: boolean },
  ): readonly { readonly action: Action; readonly list?: RoomId }[] {
    const world = this.#world;
    const reason = `${protection}: ${sentence}`;
    switch (response) {
      case "alert":
        return [];
      case "redact":
        return evidence.map((event) => ({
          action: { kind: "redact", room, event, user, reason: protection },
        }));
      case "warn":
        return [{ action: { kind: "warn", room, user, text: values.warning } }];
      case "mute":
        return this.#mute(room, user, reason, values);
      case "kick":
        return [{ action: { kind: "kick", room, user, reason } }];
      case "ban":
        return [{ action: { kind: "ban", room, user, reason, redacts } }];
      case "list": {
        if (!list) return [];
        const who = { kind: "user", text: user } as const;
        const rule = writeBan(who, {
          list,
          rulesInForce: this.#responding.rulesInForce,
          content: banContent(who, { reason }),
        });
        const bans = world.protectedRoomsOf(user).map((id) => ({
          action: { kind: "ban", room: id, user, reason, redacts: redacts && id === room } as const,
          list: list.room,
        }));
        return [{ action: rule }, ...bans];
      }
    }
  }

  #mute(room: RoomId, user: UserId, reason: string, { muteFor }: Values) {
    const world = this.#world;
    const power = world.rooms.get(room)?.power;
    if (!power || power.isSilenced(user)) return [];
    const ms = parseDuration(muteFor);
    const level = { level: power.silence, before: power.entryOf(user) };
    const end = ms === undefined ? {} : { until: world.dueBy + ms };
    return [{ action: { kind: "mute", room, user, reason, ...level, ...end } as const }];
  }

  /** Regulars are muted where others are removed: that can be taken back whole. */
  #measures(
    values: Values,
    step: number,
    user: UserId,
    at: number,
  ): { readonly measures: readonly Response[]; readonly isSpared: boolean } {
    const ladder = parseLadder(values.response);
    const measures = ladder[Math.min(step, ladder.length - 1)]!;
    const removes = measures.some((one) => one === "kick" || one === "ban" || one === "list");
    if (!removes || !values.spareRegulars || !this.#world.regulars.isRegular(user, at))
      return { measures, isSpared: false };
    const kept = measures.filter((one) => one !== "kick" && one !== "ban" && one !== "list");
    return { measures: [...new Set<Response>([...kept, "mute"])], isSpared: true };
  }

  /** Moderators, the exempt, and whoever was given any power in the room. */
  #isImmune({ room, user, at }: Sighting, { newcomersOnly, newcomerHours }: Values): boolean {
    const world = this.#world;
    if (world.isSpared(user) || this.#responding.rulesInForce.exemptionOf(user)) return true;
    if (world.rooms.get(room)?.power.isAboveUsual(user)) return true;
    return newcomersOnly && !this.#isNewcomer(room, user, { within: newcomerHours, at });
  }

  #isNewcomer(room: RoomId, user: UserId, { within, at }: { within: number; at: number }): boolean {
    const since = this.#world.members.get(room, user)?.since ?? 0;
    return since > 0 && at - since * minuteMs < within * hourMs;
  }

  #offenceOf({ name }: Protection, { repeatHours }: Values, { user, at }: Sighting): Offence | undefined {
    const found =
      this.#offences.get(offenceKey({ protection: name, user })) ?? this.#world.offences.get(name, user);
    if (!found || this.#responding.isUndone(found.incident)) return undefined;
    const agoMs = at - found.at;
    // Less than nothing is a clock that was set back.
    return agoMs < repeatHours * hourMs && agoMs > -repeatHours * hourMs ? found : undefined;
  }

  #incidentOf(protection: string, { event, room, at }: Sighting): string {
    const now = this.#incidents.get(protection);
    if (now) return now;
    const open = this.#world.offences.incidentOf(protection);
    const isSameIncident =
      open &&
      Math.abs(at - open.lastAt) <= incidentGapMs &&
      Math.abs(at - open.begunAt) <= longestIncidentMs &&
      !this.#responding.isUndone(open.id);
    const id = isSameIncident ? open.id : stableId("incident", protection, room, event.eventId);
    this.#incidents.set(protection, id);
    return id;
  }

  #listOf({ list: named }: Values): PolicyListView | undefined {
    const world = this.#world;
    const list =
      named === "" ? defaultListOf(world) : world.watchedLists().find((one) => one.isCalled(named));
    return list && isWritable(list.room, world) ? list : undefined;
  }

  #note(offence: Offence): void {
    this.#offences.set(offenceKey(offence), offence);
  }

  #decide(action: Action, because: Cause, at: number, replaces = ""): void {
    this.decisions.push(decide(action, because, { at, replaces }));
  }
}

function talkativeIn(seen: readonly Observation[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const one of seen) {
    const said = spokenBy(one);
    if (!said) continue;
    const key = `${said.room} ${said.event.sender}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return new Set([...counts].flatMap(([key, count]) => (count > utterancesKept ? key : [])));
}

/** What was said until then: the rest of the batch is believed already. */
function upTo(event: EventId, recent: readonly Utterance[]): readonly Utterance[] | undefined {
  const place = recent.findLastIndex((one) => one.event === event);
  if (place < 0) return undefined;
  return place === recent.length - 1 ? recent : recent.slice(0, place + 1);
}

/** Said before we had answered, or so soon after that it was on its way. */
function belongsTo(offence: Offence, { recent, at }: Sighting): boolean {
  const { saidAt } = recent.at(-1) as Utterance;
  const believed = Math.max(saidAt, at - heldUpMs);
  return believed <= offence.at + restMs;
}

function causeOf(
  protection: string,
  incident: string,
  { user, sentence }: { user: UserId; sentence: string },
): Extract<Cause, { kind: "finding" }> {
  return { kind: "finding", protection, incident, user, sentence };
}
