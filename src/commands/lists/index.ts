/** The commands of this topic, in the order of the help. */
import type { DefinedCommand } from "../define.ts";
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
  rulesShow,
  rulesMatching,
  rulesSearch,
];
