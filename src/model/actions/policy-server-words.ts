/** What acts on policy servers are called when moderators are told of them. */
import type { PolicyServerFields } from "./policy-servers.ts";
import type { Wording } from "./wording.ts";

export const policyServerWords: Readonly<Record<keyof PolicyServerFields, Wording>> = {
  "set-policy-server": {
    did: "set the policy server",
    inWhy: "listed",
    line: { did: "set the policy server", doing: "setting the policy server", of: "rooms", noun: "room" },
    toTakeBack: ["policy server to set again", "policy servers to set again"],
    leftAlone: ["policy server", "policy servers"],
    check: "set the policy server",
  },
  "clear-policy-server": {
    did: "cleared the policy server",
    inWhy: "listed",
    line: {
      did: "cleared the policy server",
      doing: "clearing the policy server",
      of: "rooms",
      noun: "room",
    },
    toTakeBack: ["policy server to clear", "policy servers to clear"],
    leftAlone: ["cleared policy server", "cleared policy servers"],
    check: "clear the policy server",
  },
};
