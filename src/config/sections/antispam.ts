/** Answers to a Synapse that asks before it lets something happen (docs/antispam.md). */
import { parseUserId } from "../../model/ids.ts";
import { anyText, list, optionalSecret, optionalText, section, yesNo } from "../kinds.ts";

export const antispam = section(
  "Questions of a Synapse of your own, asked by the module synapse-http-antispam before an invitation or a join comes about (docs/antispam.md). They are answered on the address of the section web.",
  {
    secret: optionalSecret({
      meaning:
        "What the module says to be believed: its `authorization`. Without it no question is answered.",
      example: "…",
    }),
    secretFile: optionalText(
      {
        meaning: "File that holds the secret, so that it need not be in this file.",
        example: "/etc/tyr/tyr.antispam",
        expected: "the name of a file",
        holds: "antispam.secret",
      },
      anyText,
    ),
    noInvitesTo: list(
      {
        meaning:
          "People of this homeserver whom nobody may invite who is not in a protected room with them, such as a help desk that spammers like to invite. Moderators and exempt people may.",
        example: "@help:example.org",
        expected: "a user id such as @help:example.org",
      },
      parseUserId,
    ),
    events: yesNo(
      false,
      "Also refuse messages in protected rooms by people of this homeserver whom a list bans or who are muted (`check_event_for_spam`). Synapse then asks before every message of every room.",
    ),
  },
);
