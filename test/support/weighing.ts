/** A blast radius over a small world: people who have been there for long, rules that come, decisions that are weighed. */
import { BlastRadius } from "../../src/decisions/guard/blast-radius.ts";
import type { BlastLimits, HeldDecisions } from "../../src/decisions/guard/held.ts";
import type { Action } from "../../src/model/actions/action.ts";
import { decide, type Cause, type Decision } from "../../src/model/decision.ts";
import type { StateEvent } from "../../src/model/event.ts";
import type { RoomId, UserId } from "../../src/model/ids.ts";
import type { Seen } from "../../src/model/observation.ts";
import type { Question, QuestionAbout } from "../../src/model/question.ts";
import type { SettingChange } from "../../src/model/settings/change.ts";
import { RulesInForce } from "../../src/policy/rules-in-force.ts";
import { aWorld, listA, live, lobby, member, state, user } from "./make.ts";

export const minuteMs = 60_000;
export const dayMs = 24 * 60 * minuteMs;

const limits: BlastLimits = {
  maxPeople: 3,
  maxRoomShare: 100,
  roomShareFrom: 5,
  maxRegulars: 0,
  maxStaff: 0,
  maxServerShare: 100,
  serverShareFrom: 2,
  secondPerson: "off",
  secondPersonFrom: 200,
  commandPeopleAnHour: 200,
  protectionPeopleAnHour: 20,
  protectionPeopleADay: 100,
  newcomerHours: 24,
  windowMinutes: 60,
};

export class Weigher {
  readonly world = aWorld();
  readonly rulesInForce = new RulesInForce(this.world);
  readonly blast: BlastRadius;
  now = 1_700_000_000_000;

  constructor(more: Partial<BlastLimits> = {}, { writesAcls = true }: { writesAcls?: boolean } = {}) {
    this.blast = new BlastRadius(
      { ...limits, ...more },
      writesAcls ? { keepManualEntries: true, maxBytes: 60_000, sparedServers: [] } : undefined,
    );
    this.sees({ kind: "synced", token: "s" });
    this.#takeRules();
  }

  /** `@name-0:server`, `@name-1:server` ...: they joined two days ago. */
  crowd(
    name: string,
    count: number,
    { room = lobby, server = "x.test" }: { room?: RoomId; server?: string } = {},
  ): readonly UserId[] {
    const people = Array.from({ length: count }, (_, i) => user(`@${name}-${i}:${server}`));
    this.sees(...people.map((one) => live(room, member(one, "join"))));
    this.now += 2 * dayMs;
    this.sees({ kind: "synced", token: "s" });
    return people;
  }

  /** Somebody who joins now. */
  newcomer(name: string, room = lobby): UserId {
    const who = user(`@${name}:x.test`);
    this.sees(live(room, member(who, "join")));
    return who;
  }

  /** Somebody has spoken here on a hundred days. */
  makeRegular(who: UserId): void {
    this.world.restore({
      kind: "item",
      collection: "speaker",
      key: who,
      item: { firstDay: 1, lastDay: 19_000, days: 100 },
    });
  }

  sees(...all: readonly Seen[]): void {
    for (const one of all) this.world.apply({ ...one, at: this.now, dueBy: this.now });
  }

  change(change: SettingChange): void {
    this.sees({ kind: "settings-changed", change });
  }

  giveLevels(users: Readonly<Record<string, number>>, room = lobby): void {
    this.sees(
      live(
        room,
        state("m.room.power_levels", {
          users: { [this.world.self]: 100, "@mod:example.org": 100, ...users },
        }),
      ),
    );
  }

  /** Rules come in one batch; which of them have to wait, by the events that wrote them, and why. */
  rulesCome(
    rules: readonly StateEvent[],
    list = listA,
  ): readonly { readonly rules: readonly string[]; readonly why: readonly string[] }[] {
    this.sees(...rules.map((rule) => live(list, rule)));
    const { moved, answeredRules } = this.#takeRules();
    return this.blast
      .weighRules(
        { came: [...moved.came, ...answeredRules], went: moved.went },
        { world: this.world, rulesInForce: this.rulesInForce, at: this.now },
      )
      .map((held) => ({ rules: held.rules, why: held.reasons.map(({ text }) => text) }));
  }

  /** Which decisions go on, and which wait. */
  weigh(decisions: readonly Decision[]): {
    readonly allowed: readonly string[];
    readonly held: readonly { readonly by: HeldDecisions["by"]; readonly why: readonly string[] }[];
  } {
    this.#takeRules();
    const { allowed, held } = this.blast.weigh(decisions, {
      world: this.world,
      rulesInForce: this.rulesInForce,
      at: this.now,
    });
    return {
      allowed: allowed.map(({ action }) =>
        "user" in action ? `${action.kind} ${action.user ?? ""}` : action.kind,
      ),
      held: held.map(({ by, reasons }) => ({ by, why: reasons.map(({ text }) => text) })),
    };
  }

  decide(action: Action, because: Cause): Decision {
    return decide(action, because, { at: this.now, replaces: "" });
  }

  ban(who: UserId, because: Cause, room = lobby): Decision {
    return this.decide({ kind: "ban", room, user: who, reason: "", redacts: false }, because);
  }

  /** The question is put, and answered where `yes` says how. */
  ask(about: QuestionAbout, yes?: boolean): void {
    const question: Question = {
      id: this.world.questions.nextId,
      about,
      say: { text: "?", html: "?" },
      askedAt: this.now,
      expiresAt: this.now + dayMs,
      message: undefined,
      told: 0,
      answer: yes === undefined ? undefined : { yes, by: user("@mod:example.org"), at: this.now },
    };
    this.sees({ kind: "asked", question });
  }

  #takeRules() {
    const { rules, answeredRules } = this.world.takeChanges();
    return { moved: this.rulesInForce.update(this.world, rules), answeredRules };
  }
}
