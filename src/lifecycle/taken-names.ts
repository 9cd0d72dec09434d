/** Names that no rule of a community may have: those of what ships. */
import { heat } from "../automod/heat.ts";
import { shipped } from "../protections/shipped.ts";

export const takenNames: readonly string[] = [...shipped, heat].map(({ name }) => name);
