/** Settings that changed, questions that were put or answered, offences that were found or forgiven. */
import { peopleCovered, type HeldMessages, type HeldPerson } from "../held-messages.ts";
import type { EventId, RoomId } from "../ids.ts";
import type { ObservationOf } from "../observation.ts";
import { coveredBy, isSingleUse, subjectsOf } from "../question.ts";
import type { RuleOrRoom } from "../settings/answers.ts";
import { changeSettings, type SettingChange } from "../settings/change.ts";
import type { Settings } from "../settings/settings.ts";
import type { Beliefs } from "./beliefs.ts";
import { forgetMembers } from "./forget.ts";
import { letGoOfKept } from "./kept-rules.ts";

export function applySettingsChanged(beliefs: Beliefs, { change }: ObservationOf<"settings-changed">): void {
  believeChange(beliefs, change);
}

export function applyAsked(beliefs: Beliefs, { question }: ObservationOf<"asked">): void {
  beliefs.stored.questions.set(question);
}

export function applyPrompted(beliefs: Beliefs, { prompt }: ObservationOf<"prompted">): void {
  beliefs.stored.prompts.set(prompt);
}

export function applyPromptOver(beliefs: Beliefs, { command }: ObservationOf<"prompt-over">): void {
  beliefs.stored.prompts.delete(command);
}

/** The first answer counts, except to questions about rules and rooms: people may change their minds about those. */
export function applyAnswered(beliefs: Beliefs, seen: ObservationOf<"answered">): void {
  const question = beliefs.stored.questions.get(seen.question);
  if (!question || (question.answer && (question.answer.yes === seen.yes || isSingleUse(question)))) return;
  const { yes, ban, by, at } = seen;
  beliefs.stored.questions.set({ ...question, answer: { yes, by, at, ...(ban ? { ban } : {}) } });
  const { about } = question;
  if (yes && about.kind === "lost") {
    const { keptRules } = beliefs.stored;
    letGoOfKept(
      beliefs,
      about.rules.slice(0, question.told).flatMap((rule) => keptRules.get(rule) ?? []),
    );
  }
  if (yes && about.kind === "held") letThrough(beliefs, about, peopleCovered(about, question.told), at);
  const what = coveredBy(question, yes);
  if (what.length === 0) return;
  believeChange(beliefs, yes ? { kind: "accept", what, at } : { kind: "reject", what, by, at });
  // Rules and rooms that the question held and that its answer does not cover are weighed anew.
  noteAnswered(beliefs, subjectsOf(question));
}

export function applyOffence(beliefs: Beliefs, { offence, at }: ObservationOf<"offence">): void {
  beliefs.stored.offences.set(offence, at);
}

export function applyRuleHit(beliefs: Beliefs, { hit }: ObservationOf<"rule-hit">): void {
  beliefs.stored.ruleHits.add(hit);
}

export function applyWave({ stored }: Beliefs, { wave, members, left }: ObservationOf<"wave">): void {
  stored.waves.set(wave);
  for (const member of members) stored.waveMembers.set(member);
  for (const user of left) stored.waveMembers.delete(user);
}

export function applyWaveProfile({ stored }: Beliefs, { profile }: ObservationOf<"wave-profile">): void {
  stored.waveProfiles.set(profile);
}

export function applyNewcomersLearned(
  { stored: { newcomers } }: Beliefs,
  { learned, joins, at }: ObservationOf<"newcomers-learned">,
): void {
  newcomers.watched(at);
  for (const one of learned) newcomers.learned(one, at);
  newcomers.joined(joins, at);
}

export function applyHeat(beliefs: Beliefs, { who, record, at }: ObservationOf<"heat">): void {
  beliefs.stored.heat.set(who, record, at);
}

export function applyForgiven(beliefs: Beliefs, { incidents, at }: ObservationOf<"forgiven">): void {
  for (const incident of incidents) {
    const hit = beliefs.stored.ruleHits.inIncident(incident);
    const label = hit && { protection: hit.protection, isRight: false, at };
    if (label) believeChange(beliefs, { kind: "label", incident, label });
  }
  for (const { about } of beliefs.stored.questions.ofHeld(incidents))
    letThrough(beliefs, about, about.people, at);
  beliefs.stored.heat.forgive(new Set(incidents));
  for (const offence of beliefs.stored.offences.forgive(new Set(incidents)))
    if ("user" in offence) beliefs.recentSpeech.forgive(offence.user, at);
  for (const wave of incidents)
    if (beliefs.stored.waves.get(wave))
      believeChange(beliefs, { kind: "judge-wave", wave, verdict: { is: "fine", at } });
}

/** They did nothing wrong, and the protection that held them leaves them alone for a day. */
function letThrough(
  { stored, recentSpeech }: Beliefs,
  { protection, incident }: HeldMessages,
  people: readonly HeldPerson[],
  at: number,
): void {
  for (const { user } of people) {
    stored.letThroughs.set({ protection, user, at });
    stored.offences.forget(protection, { user });
    stored.heat.forgive(new Set([incident]), [user]);
    recentSpeech.forgive(user, at);
  }
}

export function believeChange(beliefs: Beliefs, change: SettingChange): void {
  believeSettings(beliefs, changeSettings(beliefs.settings, change, beliefs.limits));
}

/** Takes settings as in force, and notes for judging whom and what the difference concerns. */
export function believeSettings(beliefs: Beliefs, settings: Settings): void {
  const { changes, settings: before } = beliefs;
  beliefs.settings = settings;
  for (const list of settings.lists) beliefs.list(list.room);
  for (const { room } of before.lists)
    if (!settings.lists.some((list) => list.room === room))
      for (const { eventId } of [...beliefs.stored.keptRules.of(room)])
        beliefs.stored.keptRules.delete(eventId);
  changes.store({ kind: "settings", settings });
  const isStopOver = before.stopping.stop !== undefined && settings.stopping.stop === undefined;
  const isSparingChanged =
    before.exemptions !== settings.exemptions || before.exceptions !== settings.exceptions;
  if (before.lists !== settings.lists || isSparingChanged || isStopOver) changes.everything();
  if (before.bridges !== settings.bridges) changes.everything();
  if (before.accepted !== settings.accepted || before.rejected !== settings.rejected)
    noteAnswered(beliefs, differentlyAnswered(before, settings));
  for (const id of settings.rooms.keys()) if (!before.rooms.has(id)) changes.room(id);
  for (const id of settings.spaces.keys()) if (!before.spaces.has(id)) changes.room(id);
  for (const id of [...before.rooms.keys(), ...before.spaces.keys()])
    if (!beliefs.isProtected(id)) forgetMembers(beliefs, id);
  for (const id of settings.rulesRooms.keys()) if (!before.rulesRooms.has(id)) changes.room(id);
  for (const id of before.rulesRooms.keys()) if (!settings.rulesRooms.has(id)) beliefs.rulesRooms.delete(id);
  if (settings.protectsJoined && !before.protectsJoined) changes.everything();
  if (settings.managementRoom && settings.managementRoom !== before.managementRoom)
    changes.room(settings.managementRoom);
}

/** What is accepted or rejected in one and not in the other. */
function differentlyAnswered(before: Settings, after: Settings): ReadonlySet<RuleOrRoom> {
  const changed = new Set<RuleOrRoom>();
  for (const kind of ["accepted", "rejected"] as const) {
    for (const key of before[kind].keys()) if (!after[kind].has(key)) changed.add(key);
    for (const key of after[kind].keys()) if (!before[kind].has(key)) changed.add(key);
  }
  return changed;
}

function noteAnswered(beliefs: Beliefs, what: Iterable<RuleOrRoom>): void {
  for (const key of what) {
    if (beliefs.isProtected(key as RoomId)) beliefs.changes.room(key as RoomId);
    for (const { room } of beliefs.settings.lists) {
      const rule = beliefs.lists.get(room)?.ruleOf(key as EventId);
      if (rule) beliefs.changes.answeredRule(rule);
    }
  }
}
