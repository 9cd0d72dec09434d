/** `report`: what happened lately and what waits, as the morning report tells it. */
import { dayMs } from "../../kit/duration.ts";
import { say } from "../../kit/say.ts";
import { defineCommand } from "../define.ts";
import { reportSince } from "../shared/report.ts";

export const report = defineCommand({
  words: ["report"],
  role: "viewer",
  about:
    "Tell what protections did in the last day, or as long as --for says, what others changed on lists, and what waits for you: the same as in the morning.",
  takes: {},
  flags: { for: { type: "duration", about: "How far back, such as 12h or 7d." } },
  examples: ["report", "report --for 7d"],
  reply: (_args, { for: forMs = dayMs }, context) => ({
    say: reportSince(context.at - forMs, context) ?? say`Nothing happened, and nothing waits.`,
  }),
});
