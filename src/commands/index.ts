/** All commands, in the order in which help shows them. */
import { ban } from "./ban.ts";
import type { Command } from "./define.ts";
import { exemptAdd, exemptList, exemptRemove } from "./exempt.ts";
import { listsExport } from "./export.ts";
import { help } from "./help-command.ts";
import { listsImport } from "./import.ts";
import { kick } from "./kick.ts";
import { listsCreate, listsDefault, listsList, listsUnwatch, listsWatch } from "./lists.ts";
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
import { since } from "./since.ts";
import { status, sync, verify } from "./status.ts";
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
  sync,
  verify,
];
