/** The commands of this topic, in the order of the help. */
import type { DefinedCommand } from "../define.ts";
import { except, exceptionsShow, exceptRemove } from "./exceptions.ts";
import { rulesReason, rulesRemove } from "./edit-rules.ts";
import { listsCheck, listsTidy } from "./hygiene.ts";
import { listsLog } from "./log.ts";
import { listsPropose } from "./propose.ts";
import { listsExport } from "./export.ts";
import { listsImport } from "./import.ts";
import { listsList, listsCreate, listsWatch, listsUnwatch, listsUnwatchRoom, listsDefault } from "./lists.ts";
import { listsPreview } from "./preview.ts";
import { rulesShow, rulesMatching, rulesSearch } from "./rules.ts";
import { listsTogether, listsApart } from "./together.ts";
import { listsMode, listsWeight, listsCap } from "./trust.ts";

export const listsCommands: readonly DefinedCommand[] = [
  listsList,
  listsCreate,
  listsPreview,
  listsWatch,
  listsUnwatch,
  listsUnwatchRoom,
  listsDefault,
  listsMode,
  listsWeight,
  listsCap,
  listsTogether,
  listsApart,
  listsImport,
  listsExport,
  listsCheck,
  listsTidy,
  listsLog,
  listsPropose,
  except,
  exceptRemove,
  exceptionsShow,
  rulesShow,
  rulesMatching,
  rulesSearch,
  rulesReason,
  rulesRemove,
];
