/** The commands of this topic, in the order of the help. */
import type { DefinedCommand } from "../define.ts";
import { appealsList, appealsDeny, appealsOn, appealsOff } from "./appeals.ts";
import { note, noteRemove } from "./note.ts";
import {
  reportsList,
  reportsTake,
  reportsShow,
  reportsRemove,
  reportsClose,
  reportsMute,
  reportsUnmute,
  reportsOn,
  reportsOff,
} from "./reports.ts";

export const reportsCommands: readonly DefinedCommand[] = [
  reportsList,
  reportsTake,
  reportsShow,
  reportsRemove,
  reportsClose,
  reportsMute,
  reportsUnmute,
  reportsOn,
  reportsOff,
  appealsList,
  appealsDeny,
  appealsOn,
  appealsOff,
  note,
  noteRemove,
];
