/** Says a day before an exception or an exemption ends whom the lists would then hit, while it can still be made longer. */
import type { Batch } from "../../bot/part.ts";
import { listWord } from "../../commands/shared/list-word.ts";
import { listName } from "../../commands/shared/room-names.ts";
import { dayMs, describeTime } from "../../kit/duration.ts";
import { code, lines, say } from "../../kit/say.ts";
import type { Words } from "../../model/actions/action.ts";
import type { Decision } from "../../model/decision.ts";
import { exceptionKey, type Exception } from "../../model/settings/exceptions.ts";
import type { Exemption } from "../../model/settings/exemptions.ts";
import type { WorldView } from "../../model/world/view.ts";
import { impactOf } from "../../policy/impact/list-preview.ts";
import type { ImpactLimits } from "../../policy/impact/impact.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";
import { hitsAtEndOf } from "../../policy/impact/sparing-ends.ts";
import type { Announcements } from "../announcements.ts";

export interface EndingExceptionsOptions {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
  readonly limits: ImpactLimits;
  /** Server ACLs are written. */
  readonly acls: boolean;
  readonly announcements: Pick<Announcements, "of">;
  readonly prefix: string;
}

/** What was given for less is known to end soon. */
const toldOfThoseOfMs = 2 * dayMs;

type Sparing = Exemption | Exception;

export class EndingExceptions {
  readonly name = "ending exceptions";
  readonly #options: EndingExceptionsOptions;
  #isOpen = false;
  /** The settings by which `#nextAt` was reckoned: nothing is looked through while they stay. */
  #known: readonly object[] = [];
  #nextAt = Infinity;
  /** After a restart the journal knows which message was sent. */
  readonly #told = new Set<string>();

  constructor(options: EndingExceptionsOptions) {
    this.#options = options;
  }

  caughtUp(): void {
    this.#isOpen = true;
  }

  nextAt(): number | undefined {
    return this.#isOpen && this.#nextAt < Infinity ? this.#nextAt : undefined;
  }

  says({ at }: Pick<Batch, "at">): readonly Decision<Words>[] {
    const { exemptions, exceptions } = this.#options.world.settings;
    const isSame = this.#known[0] === exemptions && this.#known[1] === exceptions;
    if (!this.#isOpen || (isSame && at < this.#nextAt)) return [];
    this.#known = [exemptions, exceptions];
    const ending = [...exemptions.values(), ...exceptions.values()].filter(isLong);
    const due = ending.filter((one) => this.#isDue(one) && !this.#told.has(keyOf(one)));
    for (const one of due) this.#told.add(keyOf(one));
    const later = ending.filter((one) => !this.#isDue(one)).map((one) => one.expiresAt - dayMs);
    this.#nextAt = Math.min(Infinity, ...later.map((time) => Math.max(time, at + 1)));
    return due.flatMap((one) => this.#message(one, at) ?? []);
  }

  #isDue({ expiresAt }: Ending): boolean {
    return this.#options.world.dueBy >= expiresAt - dayMs;
  }

  #message(sparing: Ending, at: number): Decision<Words> | undefined {
    const { world, announcements, limits, prefix } = this.#options;
    const hits = hitsAtEndOf(sparing, this.#options);
    const { entity, expiresAt } = sparing;
    const isOfList = "list" in sparing;
    const from = isOfList
      ? say`exception of ${code(entity)} from ${listName(sparing.list, world)}`
      : say`exemption of ${code(entity)}`;
    const again = isOfList ? `except ${listWord(sparing.list, world)} ${entity}` : `exempt add ${entity}`;
    return announcements.of(
      lines(
        say`The ${from} ends in a day, on ${describeTime(expiresAt)}.`,
        impactOf(hits, { world, limits, at }).describe() ?? say`It would hit nobody who is here now.`,
        say`${code(`${prefix} ${again} --for 90d`)} makes it longer.`,
      ),
      `${keyOf(sparing)} ends soon`,
      at,
    );
  }
}

type Ending = Sparing & { readonly expiresAt: number };

function isLong(one: Sparing): one is Ending {
  return one.expiresAt !== undefined && one.expiresAt - one.at > toldOfThoseOfMs;
}

function keyOf(one: Ending): string {
  const what = "list" in one ? `exception ${exceptionKey(one)}` : `exemption ${one.entity}`;
  return `${what} until ${one.expiresAt}`;
}
