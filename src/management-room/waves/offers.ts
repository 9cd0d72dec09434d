/**
 * What is offered when a wave is cleaned up: to remove its silent accounts, where they are too many for that to be done unasked,
 * and to tell others, where there is a list that others can follow. Once each.
 */
import { describeRules } from "../../commands/waves/publish.ts";
import { keepNewest } from "../../kit/bounded.ts";
import { describeRoughly } from "../../kit/duration.ts";
import { count, lines, say, type Say } from "../../kit/say.ts";
import { kicksPerSecond, type WaveCleaning } from "../../decisions/waves/cleaning.ts";
import type { Words } from "../../model/actions/action.ts";
import type { Decision } from "../../model/decision.ts";
import type { QuestionAbout } from "../../model/question.ts";
import type { Wave, WaveOffer } from "../../model/waves.ts";
import type { WorldView } from "../../model/world/view.ts";
import { defaultListOf, isWritable } from "../../policy/rule-writing.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";
import type { PutQuestions } from "../questions/put-question.ts";

const lookedWaves = 128;

export interface WaveOffersOptions {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
  readonly put: Pick<PutQuestions, "offerOf">;
  readonly cleaning: Pick<WaveCleaning, "left" | "isDone">;
}

export class WaveOffers {
  readonly #options: WaveOffersOptions;
  readonly #world: WorldView;
  /** As each wave was when it was looked at last: its members are gone through once. */
  readonly #looked = new Map<string, { readonly wave: Wave; readonly left: number }>();

  constructor(options: WaveOffersOptions) {
    this.#options = options;
    this.#world = options.world;
  }

  /** Of a wave that is cleaned up. */
  of(wave: Wave, at: number): readonly Decision<Words>[] {
    const { cleaning } = this.#options;
    const left = cleaning.left(wave);
    const looked = this.#looked.get(wave.id);
    if (!cleaning.isDone(wave, at) || (looked?.wave === wave && looked.left === left)) return [];
    this.#looked.set(wave.id, { wave, left });
    keepNewest(this.#looked, lookedWaves);
    return [this.#silentAccounts(wave, at), this.#rules(wave, at)].flatMap((message) => message ?? []);
  }

  /** Somebody may still say that its silent accounts are to go: until then it is not over. */
  isOpen({ id }: Wave): boolean {
    const open = this.#world.questions.open();
    return open.some(({ about }) => isAbout(about, id) && about.offer === "silent accounts");
  }

  /** Nobody has to answer any more: it is done, or nothing is left of the wave. */
  isObsolete(about: QuestionAbout): boolean {
    if (about.kind !== "offer" || !("wave" in about)) return false;
    const wave = this.#world.stored.waves.get(about.wave);
    const said = this.#world.settings.waveVerdicts.get(about.wave);
    if (wave === undefined || said?.is === "fine") return true;
    return about.offer === "silent accounts" && (said?.kicksAll === true || wave.endedAt !== undefined);
  }

  #silentAccounts(wave: Wave, at: number): Decision<Words> | undefined {
    const silent = this.#options.cleaning.left(wave);
    const about = { kind: "offer", offer: "silent accounts", wave: wave.id } as const;
    if (silent === 0 || this.#wasAsked(about)) return undefined;
    const takes = describeRoughly((silent / kicksPerSecond) * 1_000);
    const what = say`${count(silent, "account")} of the wave only came, and said nothing. So many removals are a burden to the rooms, so I have left them. Remove them as well? It takes ${takes}.`;
    return this.#ask({ ...about, text: `waves clean wave-${wave.id} --all` }, what, at);
  }

  /** A list that nobody can join is nobody else's. */
  #rules(wave: Wave, at: number): Decision<Words> | undefined {
    const list = defaultListOf(this.#world);
    const about = { kind: "offer", offer: "rules of a wave", wave: wave.id } as const;
    const isPublic = list && this.#world.rooms.get(list.room)?.isPublic === true;
    if (!isPublic || wave.spoke === 0 || !isWritable(list.room, this.#world)) return undefined;
    if (this.#wasAsked(about)) return undefined;
    const rules = describeRules(wave, list.room, this.#options);
    if (!rules) return undefined;
    const what = lines(say`A wave is cleaned up. Tell those who follow your list?`, rules);
    return this.#ask(
      { ...about, text: `waves publish wave-${wave.id} ${list.shortcode ?? list.room} --now` },
      what,
      at,
    );
  }

  #ask(about: WaveOffer, what: Say, at: number): Decision<Words> | undefined {
    return this.#options.put.offerOf(about, what, at);
  }

  #wasAsked({ offer, wave }: Omit<WaveOffer, "text">): boolean {
    return [...this.#world.questions.all].some(({ about }) => isAbout(about, wave) && about.offer === offer);
  }
}

function isAbout(about: QuestionAbout, wave: string): about is WaveOffer {
  return about.kind === "offer" && "wave" in about && about.wave === wave;
}
