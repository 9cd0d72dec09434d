/**
 * What we believe about the world, and its one writer: `apply(observation)`. What changes is noted for judging and for
 * the store; nothing is decided here.
 */
import type { RoomId, UserId } from "../ids.ts";
import type { Observation, ObservationOf } from "../observation.ts";
import {
  applyAnswered,
  applyAsked,
  applyForgiven,
  applyHeat,
  applyOffence,
  applyRuleHit,
  applyWave,
  applyWaveProfile,
  applyNewcomersLearned,
  applyPrompted,
  applyPromptOver,
  applySettingsChanged,
} from "./apply-answers.ts";
import { noteHours } from "./apply-activity.ts";
import { applyContained, applyRoomMode } from "./apply-containment.ts";
import { applyMalformed, applyMessage, applyOpened, applyRedaction } from "./apply-message.ts";
import { applyOutcome } from "./apply-outcome.ts";
import { applyOwnMembership, applyReading, applyRoomRead } from "./apply-read.ts";
import { applyState } from "./apply-state.ts";
import { Beliefs } from "./beliefs.ts";
import type { Changes, Row } from "./changes.ts";
import { takeItemRows } from "./collections.ts";
import type { WorldLimits } from "./limits.ts";
import { restore } from "./restore.ts";
import { letGoOfKept } from "./kept-rules.ts";
import { noteRuleChanges } from "./rule-changes.ts";
import { WorldView } from "./view.ts";

export class World extends WorldView {
  readonly #beliefs: Beliefs;

  /** `seed`: a secret number for the hash tables, so that strangers cannot choose ids that collide. */
  constructor(self: UserId, limits: WorldLimits, seed = 0) {
    const beliefs = new Beliefs(self, limits, seed);
    super(beliefs);
    this.#beliefs = beliefs;
  }

  apply(seen: Observation): void {
    this.#beliefs.time.saw(seen.at);
    this.#endRules(seen.dueBy);
    applyByKind(seen.kind, this.#beliefs, seen);
  }

  /** What has changed since this was last asked. */
  takeChanges(): Changes {
    return this.#beliefs.changes.takeChanges();
  }

  /** What the store has to write since this was last asked. */
  takeRows(): readonly Row[] {
    const [rows, items] = [this.#beliefs.changes.takeRows(), takeItemRows(this.#beliefs.stored)];
    return items.length === 0 ? rows : [...rows, ...items];
  }

  /** Puts back a stored row, without noting a change. */
  restore(row: Row): void {
    restore(this.#beliefs, row.kind, row);
  }

  /** Has everything judged again, once: at the start, and for the command `sync`. */
  reconsiderEverything(): void {
    this.#beliefs.changes.everything();
  }

  /** Has these rooms judged again. */
  reconsider(rooms: Iterable<RoomId>): void {
    for (const room of rooms) this.#beliefs.changes.room(room);
  }

  /** Has this person judged again in this room. */
  reconsiderPerson(room: RoomId, user: UserId): void {
    this.#beliefs.changes.arrival(room, user);
  }

  /** Before whatever is seen next, so that nobody is judged by a rule that has ended. */
  #endRules(dueBy: number): void {
    const { time, lists, stored } = this.#beliefs;
    if (dueBy === time.dueBy) return;
    time.dueBy = dueBy;
    for (const list of lists.values()) noteRuleChanges(this.#beliefs, list.expire(dueBy));
    letGoOfKept(this.#beliefs, stored.keptRules.over(dueBy));
  }
}

const nothing = () => undefined;

/** What each kind of observation changes. */
const appliers: {
  readonly [Kind in Observation["kind"]]: (beliefs: Beliefs, seen: ObservationOf<Kind>) => void;
} = {
  state: applyState,
  message: applyMessage,
  opened: applyOpened,
  redaction: applyRedaction,
  malformed: applyMalformed,
  reading: applyReading,
  "room-read": applyRoomRead,
  "own-membership": applyOwnMembership,
  outcome: applyOutcome,
  "settings-changed": applySettingsChanged,
  "rule-files": ({ stored }, { troubles, digest }) => {
    stored.ruleFileTroubles.set(troubles);
    stored.ruleFilesTaken.set(digest);
  },
  asked: applyAsked,
  prompted: applyPrompted,
  "prompt-over": applyPromptOver,
  answered: applyAnswered,
  offence: applyOffence,
  "rule-hit": applyRuleHit,
  wave: applyWave,
  "wave-profile": applyWaveProfile,
  "newcomers-learned": applyNewcomersLearned,
  heat: applyHeat,
  contained: applyContained,
  "room-mode": applyRoomMode,
  knock: ({ stored }, { knock }) => stored.knocks.set(knock),
  "knock-over": ({ stored }, { place }) => stored.knocks.gone(place.room, place.user),
  "staff-weighed": ({ stored }, { act }) => stored.staffActs.set(act),
  "staff-alarm": ({ stored }, { alarm }) => stored.staffAlarms.set(alarm),
  report: ({ stored }, { number }) => {
    if (number !== undefined) stored.serverReports.add(number);
  },
  "reports-begun": ({ stored }, { highest }) => stored.serverReports.begin(highest),
  case: ({ stored }, { case: one }) => stored.cases.set(one),
  reporter: ({ stored }, { reporter }) => stored.reporters.set(reporter),
  "policy-place": ({ stored }, { place }) => stored.policyPlaces.set(place),
  "policy-command-judged": ({ stored }, { verdict, at }) => stored.policyCommands.count(verdict, at),
  flagged: ({ stored: { flags } }, { user, lists, total, at }) => {
    const since = flags.get(user)?.since ?? at;
    if (lists.length === 0) flags.delete(user);
    else flags.set({ user, lists, total, since });
  },
  "rules-kept": ({ stored }, { rules }) => {
    for (const rule of rules) stored.keptRules.add(rule);
  },
  forgiven: applyForgiven,
  gap: ({ time, ownEchoes, stored }, { room, at }) => {
    time.sawGap(room, at);
    stored.spoken.skipped(room);
    ownEchoes.forgetRoom(room);
  },
  synced: (beliefs, { at }) => {
    beliefs.time.synced(at);
    noteHours(beliefs, at);
  },
  tick: ({ ownEchoes, stored }, { at }) => {
    ownEchoes.forgetOld(at);
    stored.containments.lookedAt(at);
    stored.staffActs.forgetOld(at);
  },
  "server-powers": (beliefs, { powers }) => {
    beliefs.serverPowers = powers;
  },
  command: nothing,
  "policy-command": nothing,
  "policy-trouble": nothing,
  receipt: nothing,
  progress: nothing,
  "put-off": nothing,
  "media-found": nothing,
  "history-found": nothing,
  "bans-read": nothing,
  tried: nothing,
};

function applyByKind<Kind extends Observation["kind"]>(
  kind: Kind,
  beliefs: Beliefs,
  seen: ObservationOf<Kind>,
): void {
  appliers[kind](beliefs, seen);
}
