/** What policy lists lead to in the rooms of a community. */
import { parseServerName } from "../../model/ids.ts";
import { anyText, list, section, wholeNumber, yesNo } from "../kinds.ts";

export const lists = section("What policy lists do.", {
  liftBans: yesNo(
    true,
    "Lift the bans that Tyr made for a rule when the rule goes. Bans made by people are never lifted by this.",
  ),
  threshold: wholeNumber({
    meaning:
      "What the lists that have a rule against somebody must count together until it is applied. Each counts 100 unless `lists weight` says otherwise, so that one is enough. At most 100, or no list would be enough by itself any more.",
    unit: "points",
    default: 100,
    min: 1,
    max: 100,
  }),
});

export const acl = section("Server ACLs: which servers may take part in the protected rooms.", {
  enabled: yesNo(true, "Write server ACLs to the protected rooms."),
  keepManualEntries: yesNo(
    true,
    "Keep entries of a room's ACL that no list asks for and that a person made.",
  ),
  maxBytes: wholeNumber({
    meaning:
      "Largest ACL that Tyr writes. A whole event may have 65,536 bytes, and signatures, hashes and ids need their part of it; above that every server refuses the event.",
    unit: "bytes",
    default: 62_000,
    min: 1_000,
    max: 64_000,
  }),
  quietMs: wholeNumber({
    meaning:
      "An ACL is written once the lists have been quiet for this long, so that twenty new rules make one event in each room and not twenty.",
    unit: "ms",
    default: 200,
    min: 0,
    max: 60_000,
  }),
  maxWaitMs: wholeNumber({
    meaning: "Quiet is waited for no longer than this, so that a busy list cannot put an ACL off forever.",
    unit: "ms",
    default: 5_000,
    min: 0,
    max: 600_000,
  }),
  pauseMs: wholeNumber({
    meaning:
      "Where rules go on coming, the third ACL follows the second after this time. A rule of a command, or against a server whose people are here, waits for one second at most.",
    unit: "ms",
    default: 5_000,
    min: 0,
    max: 3_600_000,
  }),
  longerPauseMs: wholeNumber({
    meaning: "The fourth ACL follows the third after this time.",
    unit: "ms",
    default: 15_000,
    min: 0,
    max: 3_600_000,
  }),
  longestPauseMs: wholeNumber({
    meaning:
      "All further ACLs follow each other after this time. What comes so long after the last ACL is written at once.",
    unit: "ms",
    default: 60_000,
    min: 0,
    max: 3_600_000,
  }),
  sparedServers: list(
    {
      meaning:
        "Servers that are never denied, whatever the lists say. Tyr's own server is always among them.",
      example: "example.org",
      expected: "the name of a server such as example.org",
    },
    parseServerName,
  ),
});

export const redaction = section("What a banned person leaves behind.", {
  reasons: list(
    {
      meaning:
        "A ban for one of these reasons also redacts what the person said. Globs (* and ?), compared with the whole reason; upper and lower case are the same.",
      default: ["*spam*", "*scam*", "*phishing*", "*csam*", "advertis*", "flood*"],
      expected: "a reason or a glob such as *spam*",
    },
    anyText,
  ),
  limit: wholeNumber({
    meaning:
      "Events of one person that are redacted in one room at most. Each is a request of its own, and a flood of thousands would keep the other work waiting.",
    unit: "events",
    default: 1_000,
    min: 1,
    max: 100_000,
  }),
  maxPages: wholeNumber({
    meaning:
      "Pages of a room's past that are searched for a person's events. Without an end, a person who said little would cost a walk through the whole room.",
    unit: "pages",
    default: 10,
    min: 0,
    max: 1_000,
  }),
});

export const watchdog = section("Noticing what was done once and is gone again.", {
  everyHours: wholeNumber({
    meaning:
      "Every protected room and list is read anew once in this time, spread evenly, as servers do not tell of everything they lose. 0 switches it off.",
    unit: "hours",
    default: 24,
    min: 0,
    max: 8_760,
  }),
  maxMembers: wholeNumber({
    meaning:
      "Rooms with more people than this are not read anew: the answer would cost the homeserver and Tyr too much.",
    unit: "people",
    default: 20_000,
    min: 0,
    max: 1_000_000,
  }),
  aclRepairsAnHour: wholeNumber({
    meaning:
      "How often in an hour a server ACL that somebody else changed is put right. Then Tyr leaves it for an hour, as two bots could go on against each other for ever.",
    unit: "times",
    default: 3,
    min: 0,
    max: 100,
  }),
});
