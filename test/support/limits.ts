/** The config's sections `limits` and `guard` as they are by default. */
import { configSchema } from "../../src/config/schema.ts";
import type { Limits } from "../../src/model/limits.ts";
import type { BlastLimits } from "../../src/decisions/guard/held.ts";

export const usualLimits: Limits = configSchema.shape.limits.parse({});
export const usualGuard: BlastLimits = configSchema.shape.guard.parse({});
