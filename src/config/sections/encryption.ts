/** Encrypted rooms: the management room always, protected rooms where it is wished. */
import { anyText, choice, optionalText, section, wholeNumber, yesNo } from "../kinds.ts";

export const encryption = section(
  "End-to-end encryption (docs/encryption.md). It costs nothing until a room needs it. Keys are kept in crypto.db in the data folder, which is in no backup.",
  {
    enabled: choice(
      ["auto", "no"],
      "auto",
      "Whether encrypted rooms are read and written to. `auto`: as soon as the management room is encrypted, or with protectedRooms a protected one. `no`: never; encrypted messages are not read, and what Tyr says in an encrypted management room is not encrypted.",
    ),
    recoveryKeyFile: optionalText(
      {
        meaning:
          "File with the recovery key of the account's identity, by which Tyr signs its device. Where it is left out it is recovery.key in the data folder; Tyr makes it together with the identity where the account has none. Keep a copy of it elsewhere.",
        example: "/run/secrets/tyr-recovery-key",
        expected: "the name of a file",
      },
      anyText,
    ),
    newIdentity: yesNo(
      false,
      "Make a new identity where the account has one that no recovery key opens. Needs the password (homeserver.passwordFile). Whoever has verified the old one is warned by their client; switch it off again afterwards.",
    ),
    commandsFrom: choice(
      ["signed", "any"],
      "signed",
      "Devices whose commands are obeyed in an encrypted management room: those that their owner has verified (cross-signed), or any. Whoever gets hold of a moderator's password can log in, and not verify.",
    ),
    answersBy: choice(
      ["reactions", "words"],
      "reactions",
      "How questions are answered in an encrypted management room. Reactions are not encrypted in any client, so that a homeserver could forge one; with `words` only a written yes or no counts.",
    ),
    protectedRooms: yesNo(
      false,
      "Read encrypted protected rooms, too, and encrypt what Tyr says there. Without it bans, ACLs and whatever counts messages work as elsewhere, and protections that look at words see nothing.",
    ),
    mostDevices: wholeNumber({
      meaning:
        "Devices in a room to which Tyr writes encrypted at most; ten times as many in the management room. To give 1,500 devices a key takes a second of computing, again and again.",
      unit: "devices",
      default: 500,
      min: 1,
      max: 10_000,
    }),
    keepKeysDays: wholeNumber({
      meaning:
        "How long the keys to what others said are kept, counted from when they came. Nothing older is ever read again; a thousand devices that speak leave 5 MB a week. Clients use a key for a week at most, unless the room says otherwise (rotation_period_ms of m.room.encryption): then no less than that.",
      unit: "days",
      default: 30,
      min: 8,
      max: 3_650,
    }),
    storeKeyFile: optionalText(
      {
        meaning:
          "File with 32 bytes in base64 by which crypto.db is encrypted. Without it the file is as open as the access token beside it. Made once, never changed: keys that were written with another one cannot be read.",
        example: "/run/credentials/tyr.service/store-key",
        expected: "the name of a file",
      },
      anyText,
    ),
  },
);
