/** Conditions on several options together. Checked even where another option is wrong, so that all is reported at once. */
import { configSchema } from "./schema.ts";
import type { Config } from "./schema.ts";

export interface CrossCheck {
  readonly holds: (config: Config) => boolean;
  /** The option at which a broken condition is reported. */
  readonly at: string;
  readonly cause: string;
  readonly hint: string;
  /** The options concerned: where one of them is wrong by itself, only that is reported. */
  readonly about: readonly string[];
}

const credentials = ["homeserver.accessToken", "homeserver.user", "homeserver.password"];

// A wrong value arrives here unparsed, a missing number as undefined: comparisons are negated, so that they hold for those.
const conditions: readonly CrossCheck[] = [
  {
    holds: ({ homeserver: { accessToken, user, password } }) =>
      [accessToken, user, password].some((value) => value !== undefined),
    at: "homeserver",
    cause: "no way to log in",
    hint: "Give either accessToken (or accessTokenFile), or user together with password (or passwordFile).",
    about: credentials,
  },
  {
    holds: ({ homeserver: { accessToken, user, password } }) =>
      accessToken === undefined || (user === undefined && password === undefined),
    at: "homeserver",
    cause: "two ways to log in, a token and a user or password",
    hint: "Keep one: accessToken (or accessTokenFile), or user together with password (or passwordFile).",
    about: credentials,
  },
  {
    holds: ({ homeserver: { accessToken, user, password } }) =>
      accessToken !== undefined || user === undefined || password !== undefined,
    at: "homeserver.user",
    cause: "a user without a password",
    hint: "Add homeserver.password or homeserver.passwordFile.",
    about: credentials,
  },
  {
    holds: ({ homeserver: { accessToken, user, password } }) =>
      accessToken !== undefined || password === undefined || user !== undefined,
    at: "homeserver.password",
    cause: "a password without a user",
    hint: "Add homeserver.user, for example @tyr:example.org.",
    about: credentials,
  },
  {
    holds: ({ managementRoom, initialManager }) =>
      managementRoom !== undefined || initialManager !== undefined,
    at: "managementRoom",
    cause: "needed, and not given",
    hint: "Name the room by id or alias, or set initialManager to your user id and Tyr makes the room.",
    about: ["managementRoom", "initialManager"],
  },
  {
    holds: ({ acl }) => !(acl.quietMs > acl.maxWaitMs),
    at: "acl.maxWaitMs",
    cause: "shorter than acl.quietMs",
    hint: "Raise acl.maxWaitMs, or lower acl.quietMs.",
    about: ["acl.quietMs", "acl.maxWaitMs"],
  },
  {
    holds: ({ acl }) => !(acl.pauseMs > acl.longerPauseMs),
    at: "acl.longerPauseMs",
    cause: "shorter than acl.pauseMs",
    hint: "Raise acl.longerPauseMs, or lower acl.pauseMs.",
    about: ["acl.pauseMs", "acl.longerPauseMs"],
  },
  {
    holds: ({ acl }) => !(acl.longerPauseMs > acl.longestPauseMs),
    at: "acl.longestPauseMs",
    cause: "shorter than acl.longerPauseMs",
    hint: "Raise acl.longestPauseMs, or lower acl.longerPauseMs.",
    about: ["acl.longerPauseMs", "acl.longestPauseMs"],
  },
  {
    holds: ({ executor }) => !(executor.startConcurrency > executor.maxConcurrency),
    at: "executor.maxConcurrency",
    cause: "less than executor.startConcurrency",
    hint: "Raise executor.maxConcurrency, or lower executor.startConcurrency.",
    about: ["executor.startConcurrency", "executor.maxConcurrency"],
  },
  {
    holds: ({ sync, network }) => !(network.timeoutMs <= sync.longPollMs),
    at: "network.timeoutMs",
    cause: "not longer than sync.longPollMs, so every quiet sync would be cut",
    hint: "Raise network.timeoutMs, or lower sync.longPollMs.",
    about: ["sync.longPollMs", "network.timeoutMs"],
  },
  {
    // Its callbacks would be asked of nobody, and the module would refuse what it cannot ask about.
    holds: ({ antispam, web }) => antispam.secret === undefined || web.enabled,
    at: "antispam.secret",
    cause: "given, and nothing listens",
    hint: "Set web.enabled to true, or remove antispam.secret (and antispam.secretFile).",
    about: ["antispam.secret", "web.enabled"],
  },
  {
    holds: ({ web }) => web.publicUrl === undefined || web.enabled,
    at: "web.publicUrl",
    cause: "given, and nothing listens",
    hint: "Set web.enabled to true, or remove web.publicUrl.",
    about: ["web.publicUrl", "web.enabled"],
  },
];

/** The schema with the conditions added. */
export const checkedSchema = conditions.reduce(
  (schema, { holds, ...crossCheck }) =>
    schema.refine(holds, {
      path: crossCheck.at.split("."),
      params: { crossCheck },
      // By default zod checks these only where everything else is right, and mistakes would be found in two rounds.
      when: () => true,
    }),
  configSchema,
);
