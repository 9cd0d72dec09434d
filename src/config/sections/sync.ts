/** How a community is followed and what is remembered of it, and the connections to its homeserver. */
import { section, wholeNumber } from "../kinds.ts";

export const sync = section("How Tyr follows what happens.", {
  longPollMs: wholeNumber({
    meaning:
      "How long the server may hold a sync request open when nothing happens. Longer ones are cut by many proxies.",
    unit: "ms",
    default: 30_000,
    min: 0,
    max: 300_000,
  }),
  timelineLimit: wholeNumber({
    meaning: "Events of a room in one sync answer. Servers give 100 at most, whatever is asked for.",
    unit: "events",
    default: 100,
    min: 1,
    max: 100,
  }),
  maxGapPages: wholeNumber({
    meaning:
      "Pages read to fill a gap in a room's timeline. A longer gap is closed by reading the room's state anew, which is cheaper then.",
    unit: "pages",
    default: 20,
    min: 0,
    max: 1_000,
  }),
  healEveryMs: wholeNumber({
    meaning:
      "How often Tyr tries again what it could not read: a room it could not load, a gap that stayed. Trying all the time would burden a server that is in trouble already.",
    unit: "ms",
    default: 30_000,
    min: 1_000,
    max: 3_600_000,
  }),
});

export const history = section(
  "What Tyr remembers of recent messages, so that redacting them needs no search.",
  {
    people: wholeNumber({
      meaning:
        "People whose recent events are remembered; those seen least recently are forgotten to save memory.",
      unit: "people",
      default: 20_000,
      min: 1,
      max: 1_000_000,
    }),
    eventsEach: wholeNumber({
      meaning:
        "Recent events remembered of each person. One person who floods must not push out everybody else; older ones are found by asking the server.",
      unit: "events",
      default: 200,
      min: 1,
      max: 10_000,
    }),
  },
);

export const network = section("Connections to the homeserver.", {
  connections: wholeNumber({
    meaning:
      "Connections that are open at the same time. More than the server's proxy allows would be refused; with less than half as many again as executor.maxConcurrency, slow rooms may keep the others waiting for one.",
    unit: "connections",
    default: 96,
    min: 1,
    max: 1_000,
  }),
  timeoutMs: wholeNumber({
    meaning:
      "A request without an answer after this time has failed and is tried again. Must be longer than sync.longPollMs, or every quiet sync would be cut.",
    unit: "ms",
    default: 60_000,
    min: 1_000,
    max: 600_000,
  }),
  writeTimeoutMs: wholeNumber({
    meaning:
      "A write without an answer after this time (a ban, a redaction, a rule, a message) is tried again. Shorter than timeoutMs, as a write that is done twice changes nothing more, and a connection that fell silent must not keep a spammer in the room for a minute. Never longer than timeoutMs.",
    unit: "ms",
    default: 20_000,
    min: 1_000,
    max: 600_000,
  }),
  retries: wholeNumber({
    meaning:
      "How often a request that failed for a passing reason is tried again, with growing pauses, before it is reported.",
    unit: "attempts",
    default: 5,
    min: 0,
    max: 100,
  }),
});

export const journal = section("What Tyr remembers of what it did.", {
  keepDays: wholeNumber({
    meaning:
      "Days for which ended decisions and refusals are kept; older ones are removed, or the data folder would grow for ever. What is not finished stays.",
    unit: "days",
    default: 365,
    min: 7,
    max: 36_500,
  }),
});
