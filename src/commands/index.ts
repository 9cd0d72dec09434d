/** All commands, in the order in which help shows them. */
import { deactivate, lock, suspend, unlock, unsuspend } from "./accounts.ts";
import { ban } from "./ban.ts";
import { config } from "./config.ts";
import type { Command } from "./define.ts";
import { aliasAdd, aliasMove, aliasRemove, directoryAdd, directoryRemove, resolve } from "./directory.ts";
import { exemptAdd, exemptList, exemptRemove } from "./exempt.ts";
import { listsExport } from "./export.ts";
import { help } from "./help-command.ts";
import { listsImport } from "./import.ts";
import { kick } from "./kick.ts";
import { listsCreate, listsDefault, listsList, listsUnwatch, listsWatch } from "./lists.ts";
import {
  quarantineEvent,
  quarantineFile,
  quarantineOfPerson,
  quarantineOfRoom,
  unquarantine,
} from "./media.ts";
import { mute, unmute } from "./mute.ts";
import { powerLevel } from "./power-level.ts";
import {
  protectionsDisable,
  protectionsEnable,
  protectionsList,
  protectionsSet,
  protectionsShow,
} from "./protections.ts";
import { listsPreview } from "./preview.ts";
import { no, questions, yes } from "./questions.ts";
import { redact, redactEvent } from "./redact.ts";
import { roomsAdd, roomsList, roomsRemove } from "./rooms.ts";
import { rulesMatching, rulesSearch, rulesShow } from "./rules.ts";
import { makeAdmin, shutdown } from "./server-rooms.ts";
import { since } from "./since.ts";
import { status, sync, verify } from "./status.ts";
import { understand } from "./understand.ts";
import { unban } from "./unban.ts";
import { undoCommand } from "./undo.ts";
import { warn } from "./warn.ts";
import { why } from "./why.ts";

export const commands: readonly Command[] = [
  help,
  status,
  ban,
  unban,
  undoCommand,
  why,
  kick,
  mute,
  unmute,
  warn,
  redact,
  redactEvent,
  since,
  powerLevel,
  roomsList,
  roomsAdd,
  roomsRemove,
  listsList,
  listsCreate,
  listsPreview,
  listsWatch,
  listsUnwatch,
  listsDefault,
  listsImport,
  listsExport,
  rulesShow,
  rulesMatching,
  rulesSearch,
  exemptAdd,
  exemptRemove,
  exemptList,
  protectionsList,
  protectionsShow,
  protectionsEnable,
  protectionsDisable,
  protectionsSet,
  questions,
  yes,
  no,
  resolve,
  aliasAdd,
  aliasRemove,
  aliasMove,
  directoryAdd,
  directoryRemove,
  suspend,
  unsuspend,
  lock,
  unlock,
  deactivate,
  quarantineFile,
  quarantineEvent,
  quarantineOfPerson,
  quarantineOfRoom,
  unquarantine,
  shutdown,
  makeAdmin,
  sync,
  verify,
  config,
  understand,
];
