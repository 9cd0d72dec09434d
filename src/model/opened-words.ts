/**
 * Which encrypted words were read in rooms where we are commanded, by their place in the sender's session. A homeserver
 * can show an old word again under another event id: it opens again, and must not be obeyed again.
 */
import type { EventId } from "./ids.ts";
import { UnwrittenItems } from "./unwritten-items.ts";

interface OpenedWord {
  readonly event: EventId;
}

/** What was read, to read only. */
export type OpenedWordsView = Readonly<Pick<OpenedWords, "isRepeated">>;

/** Weeks of a team that talks much, and longer than keys are kept. Beyond it the oldest go. */
const remembered = 20_000;

export class OpenedWords {
  readonly storedAs = "opened-word";
  readonly unwritten = new UnwrittenItems<OpenedWord>();
  /** The oldest first. */
  readonly #all = new Map<string, OpenedWord>();

  get view(): OpenedWordsView {
    return this;
  }

  /** The first event that had it counts. */
  opened(place: string, event: EventId): void {
    if (this.#all.has(place)) return;
    this.#all.set(place, { event });
    this.unwritten.note(place, { event });
    if (this.#all.size <= remembered) return;
    const [oldest] = this.#all.keys();
    this.#all.delete(oldest!);
    this.unwritten.note(oldest!, undefined);
  }

  restore(place: string, word: OpenedWord): void {
    this.#all.set(place, word);
  }

  /** The same word was read as another event before. */
  isRepeated(place: string, event: EventId): boolean {
    const first = this.#all.get(place);
    return first !== undefined && first.event !== event;
  }
}
