/** `mentions`: how many people the event calls. */
import { recent } from "./recent.ts";
import { defineSignal } from "./signal.ts";

export const mentions = defineSignal({
  name: "mentions",
  about:
    "How many people the event mentions, each once: by mentions, links to people, ids in the text, and the whole room as one more.",
  // Counted when the event came, as the text is not kept.
  compute: (sighting) => recent.of(sighting).at(-1)?.mentions ?? 0,
});
