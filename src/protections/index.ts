/** All protections, in the order in which they are shown. */
import type { Protection } from "../automod/define.ts";
import { flood } from "./flood.ts";
import { mentionLimit } from "./mention-limit.ts";

export const protections: readonly Protection[] = [flood, mentionLimit];
