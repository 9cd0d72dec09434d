/** `held-up`: over how long a time the events that reached us together may have been sent. */
import { defineSignal } from "./signal.ts";

export const heldUpMs = defineSignal({
  name: "held-up",
  about:
    "Over how long a time, in ms, the events that reached us together may have been sent: since the sync before, or the one before a gap. Infinity right after a start, when only the time counts at which they were sent.",
  compute: ({ world, room, at, late }) => world.heldUpMs(room, { at, late }),
});
