/**
 * Every option of Tyr, put together from the sections: what it means, its default, its unit and, for each limit, the
 * reason for it. What several options must agree on is in cross-checks.ts; where values come from is decided in load.ts,
 * and how mistakes are worded, in explain.ts.
 */
import { z } from "zod";
import { parseRoomAlias, parseRoomId, parseUserId } from "../model/ids.ts";
import type { RoomAlias, RoomId } from "../model/ids.ts";
import { anyText, choice, list, optionalText, textOr, yesNo } from "./kinds.ts";
import { antispam } from "./sections/antispam.ts";
import { budgets } from "./sections/budgets.ts";
import { duty } from "./sections/duty.ts";
import { executor } from "./sections/executor.ts";
import { guard } from "./sections/guard.ts";
import { homeserver } from "./sections/homeserver.ts";
import { knocks } from "./sections/knocks.ts";
import { limits } from "./sections/limits.ts";
import { admin, answers, commands, notify, offers } from "./sections/management-room.ts";
import { acl, lists, redaction, watchdog } from "./sections/policy.ts";
import { encryption } from "./sections/encryption.ts";
import { appeals } from "./sections/appeals.ts";
import { reports } from "./sections/reports.ts";
import { staff } from "./sections/staff.ts";
import { stash } from "./sections/stash.ts";
import { waves } from "./sections/waves.ts";
import { log, web } from "./sections/process-wide.ts";
import { history, journal, network, sync } from "./sections/sync.ts";

export type { Secret } from "./kinds.ts";

const roomsExpected = "a room id (!…), an alias (#…:server) or a matrix.to link";

/** One community: an account, its rooms and its data. */
const community = {
  homeserver,
  managementRoom: optionalText(
    {
      meaning:
        "The room in which moderators command Tyr, by id or alias. Without it Tyr makes one for initialManager.",
      example: "#moderators:example.org",
      expected: "a room id (!…) or an alias (#…:server)",
    },
    (text): RoomId | RoomAlias | undefined => parseRoomId(text) ?? parseRoomAlias(text),
  ),
  initialManager: optionalText(
    {
      meaning:
        "The person whom Tyr invites to a new management room when none is named. One of the two is needed.",
      example: "@you:example.org",
      expected: "a user id such as @you:example.org",
    },
    parseUserId,
  ),
  dataPath: textOr("./data", {
    meaning: "Folder for Tyr's database. A relative one starts at the folder in which Tyr is started.",
    example: "/var/lib/tyr",
  }),
  protectedRooms: list(
    {
      meaning: "Rooms to protect, besides those that were added by command: ids, aliases or matrix.to links.",
      example: "#lounge:example.org",
      expected: roomsExpected,
    },
    parseRoomReference,
  ),
  protectJoinedRooms: yesNo(
    false,
    "Protect every room that Tyr is in, as it comes and goes, besides those that are named: all but the management room, the lists that are watched, and rooms taken out by command. A space is then a room like others; its rooms are followed where it is named. Moderators switch it with `rooms joined`.",
  ),
  watchedLists: list(
    {
      meaning:
        "Policy lists to follow, besides those that were added by command: ids, aliases or matrix.to links.",
      example: "#banlist:example.org",
      expected: roomsExpected,
    },
    parseRoomReference,
  ),
  protectionFiles: list(
    {
      meaning:
        "Files with protections of your own (docs/writing-protections.md), besides those in protectionFolder. A relative one starts at the folder in which Tyr is started. They are watched while Tyr runs. What they hold is in shadow (it looks and does nothing) until the file or a moderator says otherwise.",
      example: "protections/lobby.yaml",
      expected: "the name of a file",
    },
    anyText,
  ),
  protectionFolder: textOr("protections", {
    meaning:
      "Folder whose files (`*.yaml`, a hundred at most) hold protections of your own; it need not be there. A relative one starts at the folder of the config file. `none` reads no folder.",
    example: "/etc/tyr/protections",
  }),
  protectionProfile: choice(
    ["ask", "none", "quiet", "usual", "strict"],
    "ask",
    "Protections that are switched on where none was ever set: a set of them (`protections profile` shows which), none, or to ask once in the management room.",
  ),
  dryRun: yesNo(
    false,
    "Write nothing to any room but answers in the management room, which then say what would have been done. Settings can be changed all the same. What lists ask for is done as soon as Tyr runs without this; commands have to be said again.",
  ),
  commands,
  lists,
  acl,
  guard,
  budgets,
  waves,
  knocks,
  duty,
  staff,
  reports,
  appeals,
  watchdog,
  offers,
  redaction,
  executor,
  sync,
  history,
  answers,
  notify,
  limits,
  admin,
  journal,
  stash,
  network,
  encryption,
  antispam,
};

/** What communities that run in one process share. */
const shared = { web, log };

export const configSchema = z.strictObject({ ...community, ...shared });

type Fixed<T> = T extends (...args: never) => unknown
  ? T
  : T extends string | number | boolean | undefined
    ? T
    : { readonly [Key in keyof T]: Fixed<T[Key]> };

/** Validated, with every default filled in. */
export type Config = Fixed<z.output<typeof configSchema>>;

/** Only the shape: resolving aliases and links is left to the part that talks to the server. */
function parseRoomReference(text: string): string | undefined {
  const isLink = /^https:\/\/matrix\.to\/#\/(!|#|%21|%23)./i.test(text);
  return isLink || (parseRoomId(text) ?? parseRoomAlias(text)) !== undefined ? text : undefined;
}
