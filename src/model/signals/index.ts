/** All signals. A new one is a file of its own and a line here. */
import { heldUpMs } from "./held-up.ts";
import { membershipAgeMs } from "./membership-age.ts";
import { mentions } from "./mentions.ts";
import { recent } from "./recent.ts";
import type { Signal } from "./signal.ts";

export const signals: readonly Signal<unknown>[] = [recent, heldUpMs, mentions, membershipAgeMs];
