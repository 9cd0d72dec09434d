/** All commands, in the order in which help shows them. */
import { ban } from "./ban.ts";
import type { Command } from "./define.ts";
import { exemptAdd, exemptList, exemptRemove } from "./exempt.ts";
import { help } from "./help-command.ts";
import { kick } from "./kick.ts";
import { listsCreate, listsDefault, listsList, listsUnwatch, listsWatch } from "./lists.ts";
import { no, questions, yes } from "./questions.ts";
import { redact, redactEvent } from "./redact.ts";
import { roomsAdd, roomsList, roomsRemove } from "./rooms.ts";
import { rulesMatching, rulesShow } from "./rules.ts";
import { status, sync, verify } from "./status.ts";
import { unban } from "./unban.ts";
import { undoCommand } from "./undo.ts";
import { why } from "./why.ts";

export const commands: readonly Command[] = [
  help,
  status,
  ban,
  unban,
  undoCommand,
  why,
  kick,
  redact,
  redactEvent,
  roomsList,
  roomsAdd,
  roomsRemove,
  listsList,
  listsCreate,
  listsWatch,
  listsUnwatch,
  listsDefault,
  rulesShow,
  rulesMatching,
  exemptAdd,
  exemptRemove,
  exemptList,
  questions,
  yes,
  no,
  sync,
  verify,
];
