/** `mentions`: how many people the event calls. */
import { recent } from "./recent.ts";
import { defineSignal } from "./signal.ts";

export const mentions = defineSignal({
  name: "mentions",
  about:
    "How many people the event mentions, each once: by mentions, links to people, the whole room as one more, and ids in the text where the client does not say whom it mentions.",
  // Counted when the event came, as the text is not kept.
  compute: (sighting) => recent.of(sighting).at(-1)?.mentions ?? 0,
});
