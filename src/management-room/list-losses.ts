/** Asks about rules that a list lost all at once, and keeps them in force until somebody says that they may go. */
import type { Batch, Part } from "../bot/part.ts";
import { listName } from "../commands/shared/room-names.ts";
import { ListLosses, type Loss, type LossLimits } from "../decisions/guard/list-losses.ts";
import { hourMs, minuteMs } from "../kit/duration.ts";
import { code, count, joined, lines, say, someOf, type Say } from "../kit/say.ts";
import type { Seen } from "../model/observation.ts";
import type { WorldView } from "../model/world/view.ts";
import { usersMatching } from "../policy/index/member-search.ts";
import type { RulesInForce } from "../policy/rules-in-force.ts";
import type { PutQuestions } from "./questions/put-question.ts";
import type { Ask } from "./questions/question-message.ts";
import { titled } from "./questions/wording.ts";

export interface ListLossesOptions {
  readonly facts: { readonly world: WorldView; readonly rulesInForce: RulesInForce };
  readonly config: {
    readonly guard: LossLimits & { readonly windowMinutes: number; readonly answerWithinHours: number };
  };
  readonly put: Pick<PutQuestions, "begin">;
  /** Believed at once. */
  readonly believe: (seen: Seen, at: number) => void;
}

/** Who took them off is named as long as they are not many. */
const namedWriters = 3;

export class ListLossesPart implements Part {
  readonly name = "lists that shrink";
  readonly #options: ListLossesOptions;
  readonly #losses: ListLosses;
  #messages: Ask[] = [];

  constructor(options: ListLossesOptions) {
    const { guard } = options.config;
    this.#options = options;
    this.#losses = new ListLosses(guard, guard.windowMinutes * minuteMs);
  }

  /** Before anything is judged, so that nothing is lifted for what is gone. */
  seen({ changes, at }: Batch): void {
    this.#messages = [];
    const { world, rulesInForce } = this.#options.facts;
    for (const loss of this.#losses.among(changes.rules, { world, rulesInForce, at })) {
      rulesInForce.keep(loss.rules);
      this.#options.believe({ kind: "rules-kept", rules: loss.rules }, at);
      this.#ask(loss, at);
    }
  }

  says(): readonly Ask[] {
    return this.#messages;
  }

  #ask(loss: Loss, at: number): void {
    const { facts, put, config, believe } = this.#options;
    const { list } = loss;
    const open = facts.world.questions.openAboutLost(list);
    const rules = [...(open?.about.rules ?? []), ...loss.rules.map(({ eventId }) => eventId)];
    const about = { kind: "lost", list, rules } as const;
    const what = this.#what(loss, rules.length);
    if (open) return believe({ kind: "asked", question: { ...open, about, say: titled(open.id, what) } }, at);
    const withinMs = config.guard.answerWithinHours * hourMs;
    const { message } = put.begin(about, what, { told: rules.length, withinMs, at });
    if (message) this.#messages.push(message);
  }

  #what({ list, lost, of, by }: Loss, keptNow: number): Say {
    const { world } = this.#options.facts;
    const who =
      by.length === 0
        ? ""
        : say` (by ${someOf(
            by.slice(0, namedWriters).map((one) => code(one, 80)),
            namedWriters,
            by.length,
          )})`;
    return lines(
      say`${listName(list, world)} lost ${lost.toLocaleString("en")} of ${count(of, "rule")}${who}. ${count(keptNow, "rule")} of these ${keptNow === 1 ? "stays" : "stay"} in force here for now.`,
      say`Shall they go here, too? ${this.#held(list)}`,
    );
  }

  /** What would be lifted. */
  #held(list: Loss["list"]): Say {
    const { world } = this.#options.facts;
    const kept = [...world.stored.keptRules.of(list)];
    const banned = usersMatching(
      kept.filter(({ kind }) => kind === "user"),
      world.members,
    ).filter((user) =>
      world.protectedRoomsOf(user, ["ban"]).some((room) => world.members.get(room, user)?.forList === list),
    );
    const servers = kept.filter(
      ({ kind, recommendation }) => kind === "server" && recommendation !== "allow",
    );
    const parts = [
      ...(banned.length > 0 ? [say`the bans of ${count(banned.length, "person", "people")}`] : []),
      ...(servers.length > 0 ? [say`what denies ${count(servers.length, "server")}`] : []),
    ];
    return parts.length === 0
      ? say`Nobody here is banned for them.`
      : say`That lifts ${joined(parts, " and ")}, unless another list asks for it.`;
  }
}
