/** How fast Tyr acts on the homeserver of a community. */
import { section, wholeNumber } from "../kinds.ts";

export const executor = section("How fast Tyr acts.", {
  startConcurrency: wholeNumber({
    meaning:
      "Requests under way at the same time at first. Tyr raises it while the server keeps up and lowers it when the server slows down.",
    unit: "requests",
    default: 16,
    min: 1,
    max: 1_000,
  }),
  maxConcurrency: wholeNumber({
    meaning:
      "Requests under way at the same time at most, so that moderation does not take the homeserver away from its users.",
    unit: "requests",
    default: 64,
    min: 1,
    max: 1_000,
  }),
  maxQueuedPerRoom: wholeNumber({
    meaning:
      "Steps that may wait for one room, so that a room in which nothing succeeds cannot fill the memory.",
    unit: "steps",
    default: 20_000,
    min: 100,
    max: 1_000_000,
  }),
});
