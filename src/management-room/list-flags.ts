/**
 * Flags people of whom lists say something that is not enough for anything to be done, and takes the flag off again. Whom
 * new rules flag, or who comes with rules against them, is told; at most once in a minute, as lists may have many rules.
 */
import type { Batch, Part } from "../bot/part.ts";
import { listName } from "../commands/shared/room-names.ts";
import { minuteMs } from "../kit/duration.ts";
import { code, count, joined, say, someOf, type Say } from "../kit/say.ts";
import type { ActionOf } from "../model/actions/action.ts";
import type { Decision } from "../model/decision.ts";
import type { UserId } from "../model/ids.ts";
import { present } from "../model/member-record.ts";
import type { Seen } from "../model/observation.ts";
import type { WorldView } from "../model/world/view.ts";
import { usersConcerned } from "../policy/index/member-search.ts";
import type { RulesInForce } from "../policy/rules-in-force.ts";
import type { Announcements } from "./announcements.ts";

export interface ListFlagsOptions {
  readonly facts: { readonly world: WorldView; readonly rulesInForce: RulesInForce };
  readonly announcements: Pick<Announcements, "of">;
  /** Believed at once. */
  readonly believe: (seen: Seen, at: number) => void;
}

/** So many are named in a message; the others are counted. */
const named = 5;
/** Of more people it is not told. */
const mostUntold = 1_000;

export class ListFlags implements Part {
  readonly name = "flags";
  readonly #options: ListFlagsOptions;
  readonly #world: WorldView;
  readonly #untold = new Set<UserId>();
  #toldAt = -Infinity;

  constructor(options: ListFlagsOptions) {
    this.#options = options;
    this.#world = options.facts.world;
  }

  /** Before anything is judged, so that protections know. */
  seen(batch: Batch): void {
    const { rulesInForce } = this.#options.facts;
    const { flags } = this.#world.stored;
    if ((!rulesInForce.trust.isUneven && flags.size === 0) || !this.#world.knowsModerators) return;
    for (const user of this.#concerned(batch)) {
      const isHere = this.#world.protectedRoomsOf(user, present).length > 0 && !this.#world.isSpared(user);
      const before = flags.get(user);
      // Who has left keeps the flag until they are looked at again.
      const flag = isHere || before ? rulesInForce.flagOf(user) : undefined;
      const lists = (flag?.voices ?? []).map(({ rule }) => rule.list);
      const total = flag?.total ?? 0;
      if ((before?.lists ?? []).join(" ") === lists.join(" ") && (before?.total ?? 0) === total) continue;
      this.#options.believe({ kind: "flagged", user, lists, total }, batch.at);
      if (before || lists.length === 0) this.#untold.delete(user);
      // What a moderator's choice changes was told with it.
      else if (!batch.changes.everything && this.#untold.size < mostUntold) this.#untold.add(user);
    }
  }

  nextAt(): number | undefined {
    return this.#untold.size > 0 ? this.#toldAt + minuteMs : undefined;
  }

  says({ at }: Pick<Batch, "at">): readonly Decision<ActionOf<"tell">>[] {
    if (this.#untold.size === 0 || Math.abs(at - this.#toldAt) < minuteMs) return [];
    const who = [...this.#untold].filter((user) => this.#world.stored.flags.has(user));
    this.#untold.clear();
    if (who.length === 0) return [];
    this.#toldAt = at;
    const message = this.#options.announcements.of(this.#news(who), `flags ${at}`, at, {
      who: who.slice(0, named),
    });
    return message ? [message] : [];
  }

  #concerned({ changes, moved }: Batch): Iterable<UserId> {
    if (changes.everything) return [...this.#world.members.users(), ...this.#world.stored.flags.users()];
    const rules = [...moved.came, ...moved.went, ...changes.answeredRules].filter(
      ({ kind }) => kind === "user",
    );
    const rooms = [...changes.rooms].filter((room) => this.#world.isProtected(room));
    return new Set([
      ...(rules.length === 0 ? [] : usersConcerned(rules, this.#world.members)),
      ...rooms.flatMap((room) => [...this.#world.members.membersOf(room, present)]),
      ...changes.arrivals.map(({ user }) => user),
    ]);
  }

  #news(who: readonly UserId[]): Say {
    const { trust } = this.#options.facts.rulesInForce;
    const [first] = who;
    const flag = who.length === 1 && first ? this.#world.stored.flags.get(first) : undefined;
    const treated = say`Nothing is done for that alone; protections treat them as newcomers.`;
    if (!flag)
      return say`Flagged, as lists name them and are too few for a ban: ${someOf(
        who.slice(0, named).map((user) => code(user, 80)),
        named,
        who.length,
      )}. ${treated}`;
    const lists = joined(
      flag.lists.map((list) => listName(list, this.#world)),
      " and ",
    );
    return say`Flagged ${code(flag.user, 80)}, whom ${lists} ${flag.lists.length === 1 ? "names" : "name"}: ${count(flag.total, "point")} of the ${trust.threshold} that a ban takes. ${treated}`;
  }
}
