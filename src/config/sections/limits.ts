/** Bounds on what others can make Tyr hold or do, of each community; the table with the reasons is in the model. */
import { bounds } from "../../model/limits.ts";
import { section, wholeNumbers } from "../kinds.ts";

export const limits = section(
  "What rooms, lists and people outside can make Tyr hold or do at most. Everything that comes from a room may be an attack: what is beyond a bound is left out and counted, and nothing stops.",
  wholeNumbers(bounds),
);
