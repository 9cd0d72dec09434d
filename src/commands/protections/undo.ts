/** `protections undo`: takes back what a protection did lately, in whichever incidents. */
import { describeDuration, dayMs, hourMs, parseDuration } from "../../kit/duration.ts";
import { code, count, say } from "../../kit/say.ts";
import { incidentsWithin } from "../../model/rule-hits.ts";
import { undo } from "../../decisions/undo.ts";
import { defineCommand, needed, optional, problem } from "../define.ts";
import { takenBack } from "../shared/taken-back.ts";

/** What is older is taken back incident by incident. */
const longestMs = 7 * dayMs;

export const protectionsUndo = defineCommand({
  words: ["protections", "undo"],
  role: "moderator",
  about:
    "Take back what a protection did in the last hour, or as long as you say: mutes, kicks and bans; messages that were held are let through. What was redacted stays so, and the protection stays as it is.",
  takes: {
    name: needed("word", "its name"),
    span: optional("word", "how far back, such as 3h"),
  },
  examples: ["protections undo flood", "protections undo flood 3h"],
  reply({ name, span }, _flags, context) {
    const ms = span === undefined ? hourMs : parseDuration(span);
    if (ms === undefined || ms > longestMs)
      return problem(
        say`${code(span ?? "", 50)} is not a span of time up to ${describeDuration(longestMs)}, such as ${code("3h")}`,
      );
    const { world, at } = context;
    const occasions = incidentsWithin(ms, { name: name.toLowerCase(), world, at });
    if (occasions.length === 0)
      return problem(say`${code(name, 60)} did nothing within ${describeDuration(ms)} that I remember`);
    const past = occasions.flatMap((incident) => context.past.ofOccasion(incident));
    const title = say`Undo of what ${code(name, 60)} did within ${describeDuration(ms)}, ${count(occasions.length, "incident")}`;
    const heated = new Set(occasions.flatMap((one) => world.stored.heat.metIn(one))).size;
    return takenBack(title, undo(past, context), { past, occasions, context, heated });
  },
});
