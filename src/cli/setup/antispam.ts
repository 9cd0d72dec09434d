/** What `tyr setup --antispam` makes and prints: a secret, and the block with which a Synapse asks Tyr. */
import { addressOf } from "../check-antispam.ts";

export const antispamFile = "tyr.antispam";

/** Where Tyr listens, unless the config says otherwise. */
const usualAddress = addressOf({ host: "127.0.0.1", port: 8787 });

/** Asked about, all of them: for those that are not listed nothing is sent. */
const asked = ["user_may_invite", "federated_user_may_invite", "user_may_join_room"] as const;

/** For homeserver.yaml. */
export function moduleBlock(secretFile: string): string {
  return [
    "modules:",
    "  - module: synapse_http_antispam.HTTPAntispam",
    "    config:",
    `      base_url: ${usualAddress}`,
    `      authorization_path: ${JSON.stringify(secretFile)}`,
    "      do_ping: true",
    "      enabled_callbacks:",
    ...asked.map((name) => `        - ${name}`),
    "      # Without these lines nobody could invite or join while Tyr is down.",
    "      fail_open:",
    ...asked.map((name) => `        ${name}: true`),
  ].join("\n");
}

/** What is left to do, for whoever runs the homeserver. */
export function antispamSteps(secretFile: string): string {
  return [
    "For Synapse: install the module (pip install synapse-http-antispam, where Synapse has its Python packages), put this",
    `into homeserver.yaml, and restart Synapse. Its account has to be able to read ${secretFile};`,
    "or write the secret itself, as authorization, in place of authorization_path. docs/antispam.md has more.",
    "",
    moduleBlock(secretFile),
  ].join("\n");
}
