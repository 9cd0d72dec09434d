/** Reads the flags of `tyr setup` as texts. answers.ts checks what they say. */
import parse from "yargs-parser";
import { nearest } from "../../kit/did-you-mean.ts";

export const setupUsage = `Usage: tyr setup [--FLAG VALUE ...]

What no flag answers is asked for. Where nobody can be asked, what is missing is told at once.

  --homeserver URL|NAME           the homeserver's address, or its name (which tells its address by .well-known)
  --user ID                       the bot's user id
  --passwordFile FILE             log in: the account's password
  --accessTokenFile FILE          or: an access token of the account
  --registrationSecretFile FILE   or: register the account, by Synapse's registration_shared_secret
  --manager ID                    your user id: invited to a new management room
  --managementRoom ID|ALIAS       or: a management room that exists, and to which the bot was invited
  --adminTokenFile FILE           an administrator's access token, used once to lift Synapse's rate limits for Tyr
  --recoveryKeyFile FILE          where the account has an identity already: its recovery key, to read encrypted rooms with
  --out DIR                       where the config and the secrets are written (the current folder)
  --dataPath DIR                  where Tyr keeps its data (a folder "data" beside the config)
  --profile NAME                  protections that are on from the first start: quiet, usual (unless you say so), strict,
                                  none, or ask, to be asked in the management room
  --antispam                      where you run the Synapse yourself: make a secret, and print the block with which Synapse asks
                                  Tyr before an invitation or a join (docs/antispam.md)
  --force                         write over a config that is there
`;

export const flagNames = [
  "homeserver",
  "user",
  "passwordFile",
  "accessTokenFile",
  "registrationSecretFile",
  "adminTokenFile",
  "recoveryKeyFile",
  "manager",
  "managementRoom",
  "out",
  "dataPath",
  "profile",
] as const;
export type FlagName = (typeof flagNames)[number];
export const loginFlags = ["passwordFile", "accessTokenFile", "registrationSecretFile"] as const;

/** Flags that are there or not. */
const switches = ["force", "antispam"] as const;
type Switch = (typeof switches)[number];

/** The flags' values, unchecked. */
export type Flags = Readonly<Partial<Record<FlagName, string>>> & Readonly<Record<Switch, boolean>>;

export function readFlags(argv: readonly string[]): { flags: Flags; problems: readonly string[] } {
  const { _: words, ...given } = parse([...argv], {
    string: [...flagNames],
    boolean: [...switches],
    configuration: {
      "boolean-negation": false,
      "camel-case-expansion": false,
      "dot-notation": false,
      "parse-numbers": false,
      "parse-positional-numbers": false,
    },
  });
  const problems = words
    .slice(1)
    .map(() => "a word on the command line that belongs to no flag. Answers are given as --homeserver URL.");
  const flags: Partial<Record<FlagName, string>> = {};
  for (const [name, value] of Object.entries(given)) {
    if ((switches as readonly string[]).includes(name)) continue;
    if (!isFlag(name)) problems.push(unknown(name));
    else if (typeof value !== "string" || value === "")
      problems.push(`--${name}: give it once, with a value.`);
    else flags[name] = value;
  }
  const isGiven = (name: Switch) => given[name] === true;
  return { flags: { ...flags, force: isGiven("force"), antispam: isGiven("antispam") }, problems };
}

function unknown(name: string): string {
  const meant = nearest(name, [...flagNames, ...switches]);
  const hint = meant === undefined ? "tyr setup --help lists them." : `Did you mean "--${meant}"?`;
  return `${name.length > 40 ? "a flag that is not shown" : `--${name}`}: unknown. ${hint}`;
}

function isFlag(name: string): name is FlagName {
  return (flagNames as readonly string[]).includes(name);
}
