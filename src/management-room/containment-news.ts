/**
 * What moderators are told of rooms that are closed for a while: that somebody opened one by their own client, that one can be
 * opened by a person alone, and, once a day, that one still is closed.
 */
import type { Batch } from "../bot/part.ts";
import { roomName } from "../commands/shared/room-names.ts";
import { containedByHand } from "../commands/shared/contained.ts";
import { dayMs, describeDuration } from "../kit/duration.ts";
import { code, say, type Say } from "../kit/say.ts";
import type { ActionOf } from "../model/actions/action.ts";
import type { Contained } from "../model/containments.ts";
import type { Decision } from "../model/decision.ts";
import type { WorldView } from "../model/world/view.ts";
import { closedForNow } from "../policy/knock-gate.ts";
import type { Announcements } from "./announcements.ts";

type Message = Decision<ActionOf<"tell">>;

export interface ContainmentNewsOptions {
  readonly world: WorldView;
  readonly announcements: Pick<Announcements, "of" | "trouble">;
  readonly prefix: string;
}

export class ContainmentNews {
  readonly name = "closed rooms";
  readonly #options: ContainmentNewsOptions;
  readonly #told = new Set<string>();

  constructor(options: ContainmentNewsOptions) {
    this.#options = options;
  }

  says({ seen, changes, at }: Batch): readonly Message[] {
    const { containments } = this.#options.world.stored;
    const lifted = [...changes.lifted].flatMap((room) =>
      (["levels", "acl", "join-rule"] as const).flatMap((key) =>
        this.#lifted(containments.get(room, key), at),
      ),
    );
    const isTick = containments.isAny && seen.some((one) => one.kind === "tick");
    const standing = isTick ? closedForNow(this.#options.world) : [];
    return [
      ...lifted,
      ...standing.flatMap((one) => this.#stuck(one, at)),
      ...standing.flatMap((one) => this.#lasting(one, at)),
    ].flatMap((message) => message ?? []);
  }

  nextAt(): number | undefined {
    const { world } = this.#options;
    if (!world.stored.containments.isAny) return undefined;
    const days = closedForNow(world).map(({ at }) => nextDay(at, world.now));
    return days.length > 0 ? Math.min(...days) : undefined;
  }

  #lifted(one: Contained | undefined, at: number): readonly (Message | undefined)[] {
    if (one?.liftedBy === undefined) return [];
    const { world, announcements } = this.#options;
    const what = `opened ${one.room} ${one.key} ${one.at}`;
    const said = say`${code(one.liftedBy)} opened ${roomName(one.room, world)} again. I leave it so, and put back what else I had changed there.`;
    return this.#once(what, () =>
      announcements.of(said, what, at, { rooms: [one.room], who: [one.liftedBy!] }),
    );
  }

  /** We lack the level by now: a person has to do it. */
  #stuck(one: Contained, at: number): readonly (Message | undefined)[] {
    const { world, announcements } = this.#options;
    const how = containedByHand(one, world);
    if (!how) return [];
    const what = `stuck ${one.room} ${one.key} ${one.at}`;
    return this.#once(what, () =>
      announcements.trouble(how, { what, topic: "rights", at, about: { rooms: [one.room] } }),
    );
  }

  #lasting(one: Contained, at: number): readonly (Message | undefined)[] {
    const { world, announcements, prefix } = this.#options;
    const days = Math.floor((at - one.at) / dayMs);
    if (days < 1) return [];
    const what = `closed ${one.room} ${one.key} ${one.at} ${days}`;
    const calm = code(`${prefix} calm ${one.room}`);
    const said: Say = say`${roomName(one.room, world)} has been closed for ${describeDuration(days * dayMs)} now. ${calm} opens it.`;
    return this.#once(what, () =>
      announcements.trouble(said, { what, topic: "closed rooms", at, about: { rooms: [one.room] } }),
    );
  }

  #once(what: string, message: () => Message | undefined): readonly (Message | undefined)[] {
    if (this.#told.has(what)) return [];
    this.#told.add(what);
    return [message()];
  }
}

/** Every full day from then on. */
function nextDay(since: number, now: number): number {
  return since + (Math.floor(Math.max(0, now - since) / dayMs) + 1) * dayMs;
}
