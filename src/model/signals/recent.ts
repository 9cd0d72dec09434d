/** `recent`: what the author sent in the room in the last minutes. */
import type { Utterance } from "../recent-speech.ts";
import { isSpeech } from "./sighting.ts";
import { defineSignal } from "./signal.ts";

export const recent = defineSignal({
  name: "recent",
  about:
    "What the author sent in the room in the last minutes, oldest first, the event itself last where it is speech. Empty for events that nobody sees, as those that set up a call.",
  compute({ kind, user, room, event, speech }): readonly Utterance[] {
    const sent = speech.of(user, room);
    if (!isSpeech(kind)) return sent;
    const place = sent.findLastIndex((one) => one.event === event.eventId);
    // The batch of a sync is taken in whole before it is judged: events of it that came after this one are left out.
    return place === sent.length - 1 ? sent : sent.slice(0, place + 1);
  },
});
