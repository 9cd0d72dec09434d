/** The commands of this topic, in the order of the help. */
import type { DefinedCommand } from "../define.ts";
import { protectionsUndo } from "./undo.ts";
import { protectionsExplain } from "./explain.ts";
import { protectionsFollow, protectionsUnfollow } from "./follow.ts";
import { protectionsHits } from "./hits.ts";
import { right, wrong } from "./labels.ts";
import { protectionsWords, protectionsLinks, protectionsServers, protectionsPictures } from "./lists.ts";
import { protectionsAct, protectionsAsk, protectionsAlert, protectionsShadow } from "./modes.ts";
import { protectionsProfile } from "./profile.ts";
import { protectionsShowRemoved, protectionsForgetRemoved } from "./removed.ts";
import {
  protectionsAdd,
  protectionsEdit,
  protectionsRemove,
  protectionsHistory,
  protectionsBack,
} from "./rules.ts";
import { protectionsEnable, protectionsDisable, protectionsSet } from "./settings.ts";
import { protectionsShare } from "./share.ts";
import { protectionsList, protectionsShow } from "./show.ts";
import { protectionsTake } from "./take.ts";
import { protectionsTry } from "./try.ts";

export const protectionsCommands: readonly DefinedCommand[] = [
  protectionsList,
  protectionsProfile,
  protectionsShow,
  protectionsAct,
  protectionsAsk,
  protectionsAlert,
  protectionsShadow,
  protectionsEnable,
  protectionsDisable,
  protectionsSet,
  protectionsAdd,
  protectionsTake,
  protectionsEdit,
  protectionsRemove,
  protectionsHistory,
  protectionsBack,
  protectionsHits,
  protectionsUndo,
  right,
  wrong,
  protectionsExplain,
  protectionsTry,
  protectionsShare,
  protectionsFollow,
  protectionsUnfollow,
  protectionsWords,
  protectionsLinks,
  protectionsServers,
  protectionsPictures,
  protectionsShowRemoved,
  protectionsForgetRemoved,
];
