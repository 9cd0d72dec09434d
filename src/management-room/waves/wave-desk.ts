/**
 * Waves at the desk: one message for each that grows, one question whether its people are fine, one call; and the cleaning
 * up of those that are not. What is contained, and for how long, is decided elsewhere.
 */
import type { Batch, LookedAt } from "../../bot/part.ts";
import { causeOfWave } from "../../decisions/waves/clean.ts";
import { WaveCleaning } from "../../decisions/waves/cleaning.ts";
import { keepNewest } from "../../kit/bounded.ts";
import { lines, say, type Say } from "../../kit/say.ts";
import type { Words } from "../../model/actions/action.ts";
import type { Decision, Outcome } from "../../model/decision.ts";
import type { UserId } from "../../model/ids.ts";
import type { Seen } from "../../model/observation.ts";
import type { QuestionAbout } from "../../model/question.ts";
import type { WaveVerdict } from "../../model/settings/waves.ts";
import { waveDoubts, type Wave, type WaveAct } from "../../model/waves.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";
import type { Announcements } from "../announcements.ts";
import type { Notify } from "../notify.ts";
import type { ProgressMessages } from "../progress/progress-messages.ts";
import type { PutQuestions } from "../questions/put-question.ts";
import { calmAfter } from "./calm.ts";
import { CutsInWords, type CutsView } from "./cuts-wording.ts";
import { WaveOffers } from "./offers.ts";
import { describeWave, detailsOfWave } from "./wording.ts";

export interface WaveDeskOptions {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
  readonly act: WaveAct;
  readonly messages: Pick<ProgressMessages, "found">;
  readonly put: Pick<PutQuestions, "aboutWave" | "offerOf">;
  readonly notify: Pick<Notify, "with">;
  readonly announcements: Pick<Announcements, "of">;
  readonly cuts: CutsView;
  /** Believed at once. */
  readonly believe: (seen: Seen, at: number) => void;
}

/** What this run knows of a wave beyond what the world does. A restart begins anew, and repeats nothing that is done. */
interface Followed {
  /** As it was told last. */
  told: Wave | undefined;
  toldAt: number;
  /** By its question, which tells what it is. */
  isNamed: boolean;
  /** As the question tells of it. */
  asked: Wave | undefined;
  askedAt: number;
  /** What it says of rooms that wait; empty where none does. */
  askedCuts: string;
  /** Somebody was notified. */
  hasRung: boolean;
  /** Since when it has been calm, and that it was told of the silence since then. */
  calmAt: number | undefined;
  calmSince: number | undefined;
  held: number;
}

/** A wave that grows is told again when it is larger by so much, or after so long. */
const tellGrowth = 1.25;
const tellEveryMs = 30_000;
const followedWaves = 128;
const calmForMs = 10_000;

export class WaveDesk {
  readonly name = "waves";
  readonly #options: WaveDeskOptions;
  readonly #world: WorldView;
  readonly #cleaning: WaveCleaning;
  readonly #offers: WaveOffers;
  readonly #cuts: CutsInWords;
  readonly #followed = new Map<string, Followed>();
  /** Messages that the present batch led to. */
  #messages: Decision<Words>[] = [];
  /** When there is more to do although nothing happens. */
  #nextAt: number | undefined;

  constructor(options: WaveDeskOptions) {
    this.#options = options;
    this.#world = options.world;
    this.#cleaning = new WaveCleaning(options);
    this.#cuts = new CutsInWords(options);
    this.#offers = new WaveOffers({ ...options, cleaning: this.#cleaning });
  }

  seen(): void {
    this.#messages = [];
  }

  /** Removals of members, as fast as is good for the rooms. */
  proposes({ at }: Pick<LookedAt, "at">): readonly Decision[] {
    this.#nextAt = undefined;
    if (this.#options.act === "off") return [];
    return this.#world.stored.waves.open().flatMap((wave) => {
      this.#tell(wave, at);
      const decisions = this.#isToBeCleaned(wave) ? this.#cleaned(wave, at) : [];
      if (decisions.length === 0) this.#endIfOver(wave, at);
      return decisions;
    });
  }

  #cleaned(wave: Wave, at: number): readonly Decision[] {
    const decisions = this.#cleaning.of(wave, this.#verdictOf(wave), at);
    const againAt = this.#cleaning.againAt(wave);
    if (againAt !== undefined) this.#nextAt = Math.min(this.#nextAt ?? Infinity, againAt);
    return decisions;
  }

  /**
   * From then on nobody is taken for a member who comes back; its like is recognised at once. Not before it is settled:
   * whoever comes in the morning may still say what it is.
   */
  #endIfOver(wave: Wave, at: number): void {
    const isSettled = this.#isToBeCleaned(wave) || this.#world.questions.ofWave(wave.id)?.answer;
    const isAtWork = this.#isToBeCleaned(wave) && this.#cleaning.againAt(wave) !== undefined;
    if (!isSettled || isAtWork || this.#offers.isOpen(wave) || !this.#cleaning.isOver(wave, at)) return;
    this.#options.believe({ kind: "wave", wave: { ...wave, endedAt: at }, members: [], left: [] }, at);
  }

  /** What of it is held is told, and asked about even where it is only suspected: somebody has to let it through. */
  ended({ decision: { action, because }, result }: Outcome): void {
    if (because.kind !== "finding" || result.kind !== "done") {
      if (action.kind === "unban" && result.kind === "done" && because.kind === "command")
        this.#excuse(action.user);
      return;
    }
    const wave = action.kind === "hold" ? this.#world.stored.waves.get(because.incident) : undefined;
    if (wave) this.#of(wave).held++;
  }

  says({ at }: Pick<Batch, "at">): readonly Decision<Words>[] {
    for (const wave of this.#world.stored.waves.open()) {
      this.#ask(wave, at);
      if (this.#isToBeCleaned(wave)) this.#messages.push(...this.#offers.of(wave, at));
      this.#tellCalm(wave, at);
    }
    return this.#messages;
  }

  nextAt(): number | undefined {
    return this.#nextAt;
  }

  /** A moderator said what it is, or it is over. */
  isObsolete(about: QuestionAbout): boolean {
    if (about.kind !== "wave") return this.#offers.isObsolete(about);
    const wave = this.#world.stored.waves.get(about.wave);
    return wave === undefined || wave.endedAt !== undefined || this.#verdictOf(wave) !== undefined;
  }

  #verdictOf({ id }: Wave): WaveVerdict | undefined {
    return this.#world.settings.waveVerdicts.get(id);
  }

  /** With `all` a harmful wave needs nobody's word. */
  #isToBeCleaned(wave: Wave): boolean {
    const verdict = this.#verdictOf(wave);
    return verdict ? verdict.is === "clean" : isDoneUnasked(wave, this.#options.act);
  }

  /** One line that grows; where there is a question about the wave, that tells of it, and this only of what was done. */
  #tell(wave: Wave, at: number): void {
    const followed = this.#of(wave);
    const question = this.#world.questions.ofWave(wave.id);
    const isNamed = question !== undefined;
    const isSame = isNamed === followed.isNamed && !isNews(wave, followed, at);
    if (isOnlySuspected(wave, followed) || isSame) return;
    [followed.told, followed.toldAt] = [wave, at];
    followed.isNamed = isNamed;
    const isAskedAbout = this.#isAskedAbout(wave, followed);
    const headline = question
      ? say`The wave of question ${question.id}, ${wave.accounts} accounts:`
      : isAskedAbout
        ? say`A wave of ${wave.accounts} accounts:`
        : lines(this.#describe(wave), detailsOfWave(wave));
    // A question is about to be put, where nothing was done that a message would have to tell.
    const isAsked = question !== undefined || isAskedAbout;
    if (!isAsked || wave.stage === "harmful") this.#options.messages.found(causeOfWave(wave), headline, at);
  }

  #describe(wave: Wave): Say {
    return describeWave(wave, this.#world, this.#of(wave).held);
  }

  #ask(wave: Wave, at: number): void {
    const followed = this.#of(wave);
    if (!this.#isAskedAbout(wave, followed)) return;
    // A flood of people who say nothing may be a conference: somebody has to look.
    const isSure = wave.stage !== "suspected" || wave.isFlood === true;
    const open = this.#world.questions.ofWave(wave.id);
    const cuts = this.#cuts.of(wave.id, at);
    const isOther = areNewCuts(cuts?.text ?? "", followed, at);
    if (open && !isOther && !isNews(wave, { told: followed.asked, toldAt: followed.askedAt }, at)) return;
    [followed.asked, followed.askedAt] = [wave, at];
    followed.askedCuts = cuts?.text ?? "";
    const about = {
      kind: "wave",
      wave: wave.id,
      accounts: wave.accounts,
      ifFine: `waves fine wave-${wave.id}`,
      ifNot: `waves clean wave-${wave.id}`,
      details: detailsOfWave(wave),
    } as const;
    const what = lines(this.#describe(wave), this.#whatIsDone(wave), cuts);
    const message = this.#options.put.aboutWave(about, { what, rings: isSure, isOther, at });
    if (message) this.#messages.push(message);
    if (open && isSure && !followed.hasRung) this.#ring(wave, open.id, at);
    followed.hasRung ||= isSure;
  }

  #isAskedAbout(wave: Wave, { held }: Followed): boolean {
    const { act } = this.#options;
    if (this.#verdictOf(wave) || act === "off" || isDoneUnasked(wave, act)) return false;
    if (this.#world.questions.ofWave(wave.id)?.answer) return false;
    return !isOnlySuspected(wave, { held });
  }

  /** The journal knows whether it was said of this silence: a restart does not say it again. */
  #tellCalm(wave: Wave, at: number): void {
    const followed = this.#of(wave);
    if (followed.calmSince === wave.lastAt) return;
    const isCleaned = !this.#isToBeCleaned(wave) || this.#cleaning.againAt(wave) === undefined;
    const calm = calmAfter(wave, { world: this.#world, at, isCleaned });
    followed.calmAt = calm && (followed.calmAt ?? at);
    // What opens the rooms is on its way by then, and arrives within seconds.
    if (!calm || at - followed.calmAt! < calmForMs) return;
    followed.calmSince = wave.lastAt;
    const told = this.#options.announcements.of(calm, `calm after ${wave.id} ${wave.lastAt}`, at);
    if (told) this.#messages.push(told);
  }

  /** The question was put quietly, and edits notify nobody. */
  #ring({ id }: Wave, question: number, at: number): void {
    const { announcements, notify } = this.#options;
    const said = say`Question ${question} is no longer only a suspicion: please look.`;
    const call = announcements.of(said, `call of ${id}`, at);
    if (call) this.#messages.push(notify.with(call, { kind: "alarm" }));
  }

  /** How far that has come is told by the message of what is done. */
  #whatIsDone({ stage, asksFirst }: Wave): Say | undefined {
    if (asksFirst) return say`I close no room and ban nobody by myself: ${waveDoubts[asksFirst]}.`;
    if (stage !== "harmful" || this.#options.act !== "contain") return undefined;
    return say`I keep them out where that silences few others; nobody is banned without a word of yours.`;
  }

  /** Who is unbanned by a command is no part of the wave; who is by a client, the world knows. */
  #excuse(user: UserId): void {
    const member = this.#world.stored.waveMembers.get(user);
    if (!member || this.#world.settings.excused.has(user)) return;
    const at = this.#world.now;
    this.#options.believe({ kind: "settings-changed", change: { kind: "excuse", user, at } }, at);
  }

  #of({ id }: Wave): Followed {
    let followed = this.#followed.get(id);
    if (!followed) {
      followed = {
        told: undefined,
        toldAt: 0,
        isNamed: false,
        asked: undefined,
        askedAt: 0,
        askedCuts: "",
        hasRung: this.#world.questions.ofWave(id) !== undefined,
        held: 0,
        calmAt: undefined,
        calmSince: undefined,
      };
      this.#followed.set(id, followed);
      keepNewest(this.#followed, followedWaves);
    }
    return followed;
  }
}

/** Nothing came of it, and people who belong together are suspected, too: `waves` shows it to whoever looks. */
function isOnlySuspected({ stage, isFlood }: Wave, { held }: Pick<Followed, "held">): boolean {
  return stage === "suspected" && isFlood !== true && held === 0;
}

/** Whether it is cleaned up without a word. */
function isDoneUnasked({ stage, asksFirst }: Wave, act: WaveAct): boolean {
  return act === "all" && stage === "harmful" && asksFirst === undefined;
}

/** Other rooms wait than the question says, or others let it through; what only grows is told now and then. */
function areNewCuts(cuts: string, { askedCuts, askedAt }: Followed, at: number): boolean {
  if (cuts === askedCuts) return false;
  return cuts === "" || askedCuts === "" || Math.abs(at - askedAt) >= tellEveryMs;
}

/** Another stage, or a good deal more people than was told. */
function isNews(wave: Wave, { told, toldAt }: Pick<Followed, "told" | "toldAt">, at: number): boolean {
  if (!told || told.stage !== wave.stage || told.proof !== wave.proof) return true;
  if (told.accounts === wave.accounts && told.spoke === wave.spoke) return false;
  return wave.accounts >= told.accounts * tellGrowth || Math.abs(at - toldAt) >= tellEveryMs;
}
