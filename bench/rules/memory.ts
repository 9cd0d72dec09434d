// What counters hold when they hold as much as they may: of a few who send much, and of many who sent one thing each.

import { Rates } from "../../src/automod/rates.ts";
import { event, room, user } from "../../test/support/make.ts";
import { usualLimits } from "../../test/support/limits.ts";

const now = 1_700_000_000_000;
const none: readonly string[] = [];
const noted = usualLimits.countedEvents * 2;

/** In bytes; 0 without --expose-gc. */
export function memoryOfCounters(eventsEach: number): number {
  if (!globalThis.gc) return 0;
  globalThis.gc();
  const before = process.memoryUsage().heapUsed;
  const rates = new Rates({ events: usualLimits.countedEvents });
  const series = rates.series("count of messages by author", 60_000);
  for (let i = 0; i < noted; i++) {
    const who = parsed(`@person${Math.floor(i / eventsEach)}:server${i % 50}.example.org`);
    const at = now + (i % eventsEach);
    // The ids are held by the counters alone, as those of events that the world has forgotten.
    const id = event(parsed(`$${String(i).padStart(43, "x")}`));
    const counted = { event: id, at, saidAt: at, room: lobby, author: user(who), isRedactable: true };
    rates.note(`author !room:example.org\n${who}`, series, { event: counted, values: none });
  }
  globalThis.gc();
  const bytes = process.memoryUsage().heapUsed - before;
  if (rates.upTo("nobody", series, event("$none")).events.length > 0)
    throw new Error("something was counted of nobody");
  return bytes;
}

/** As it comes out of JSON: a text of its own, and not the pieces that it was put together of besides. */
function parsed(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}

const lobby = room("!room:example.org");
