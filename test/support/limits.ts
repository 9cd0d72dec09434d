/** The config's section `limits` as it is by default. */
import { configSchema } from "../../src/config/schema.ts";
import type { Limits } from "../../src/model/limits.ts";

export const usualLimits: Limits = configSchema.shape.limits.parse({});
