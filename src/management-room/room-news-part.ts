/** Has the news of rooms and lists that came or went by themselves told, a little after the last of them. */
import type { Batch, Part } from "../bot/part.ts";
import type { ActionOf } from "../model/actions/action.ts";
import type { Decision, Outcome } from "../model/decision.ts";
import type { WorldView } from "../model/world/view.ts";
import type { Announcements } from "./announcements.ts";
import { ContainmentNews, type ContainmentNewsOptions } from "./containment-news.ts";
import { ListFlags, type ListFlagsOptions } from "./list-flags.ts";
import { RoomNews } from "./room-news.ts";

export class RoomNewsPart {
  readonly name = "news of rooms";
  readonly #world: WorldView;
  readonly #announcements: Announcements;
  readonly #news = new RoomNews();
  #isOpen = false;

  constructor(world: WorldView, announcements: Announcements) {
    this.#world = world;
    this.#announcements = announcements;
  }

  /** What a start finds is told in its first message. */
  caughtUp(): void {
    this.#isOpen = true;
  }

  ended(outcome: Outcome, at: number): void {
    if (this.#isOpen) this.#news.note(outcome, at);
  }

  nextAt(): number | undefined {
    return this.#news.nextAt();
  }

  says({ at }: Pick<Batch, "at">): readonly Decision<ActionOf<"tell">>[] {
    if (!this.#world.settings.managementRoom) return [];
    const news = this.#news.due(at, this.#world);
    const message = news && this.#announcements.of(news, `rooms ${at}`, at);
    return message ? [message] : [];
  }
}

/** All that is told of rooms without a command. */
export function roomNews(
  options: ContainmentNewsOptions & ListFlagsOptions & { readonly announcements: Announcements },
): readonly Part[] {
  return [
    new RoomNewsPart(options.world, options.announcements),
    new ContainmentNews(options),
    new ListFlags(options),
  ];
}
