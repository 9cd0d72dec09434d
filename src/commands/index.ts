/** All commands by topic, in the order in which help and docs show them. */
import { deactivate, lock, suspend, unlock, unsuspend } from "./server-admin/accounts.ts";
import { allow, unallow } from "./people/allow.ts";
import { ban } from "./people/ban.ts";
import { sweep } from "./people/sweep.ts";
import { bridgesAdd, bridgesList, bridgesRemove } from "./people/bridges.ts";
import { invitationsAdd, invitationsList, invitationsRemove } from "./rooms/invitations.ts";
import { config } from "./general/config.ts";
import type { Command, DefinedCommand } from "./define.ts";
import { topics, type TopicName } from "./topics.ts";
import {
  aliasAdd,
  aliasMove,
  aliasRemove,
  directoryAdd,
  directoryRemove,
  resolve,
} from "./rooms/directory.ts";
import { exemptAdd, exemptList, exemptRemove } from "./people/exempt.ts";
import { listsExport } from "./lists/export.ts";
import { help } from "./general/help.ts";
import { listsImport } from "./lists/import.ts";
import { kick } from "./people/kick.ts";
import {
  listsCreate,
  listsDefault,
  listsList,
  listsUnwatch,
  listsUnwatchRoom,
  listsWatch,
} from "./lists/lists.ts";
import {
  quarantineEvent,
  quarantineFile,
  quarantineOfPerson,
  quarantineOfRoom,
  quarantineOfServer,
  unquarantine,
} from "./server-admin/media.ts";
import { mute, unmute } from "./people/mute.ts";
import { powerLevel } from "./people/power-level.ts";
import { protectionsExplain } from "./protections/explain.ts";
import { right, wrong } from "./protections/labels.ts";
import { protectionsHits } from "./protections/hits.ts";
import { protectionsFollow, protectionsUnfollow } from "./protections/follow.ts";
import { protectionsShare } from "./protections/share.ts";
import { protectionsTake } from "./protections/take.ts";
import { protectionsTry } from "./protections/try.ts";
import {
  protectionsLinks,
  protectionsPictures,
  protectionsServers,
  protectionsWords,
} from "./protections/lists.ts";
import { protectionsAct, protectionsAlert, protectionsAsk, protectionsShadow } from "./protections/modes.ts";
import {
  protectionsAdd,
  protectionsBack,
  protectionsEdit,
  protectionsHistory,
  protectionsRemove,
} from "./protections/rules.ts";
import { protectionsProfile } from "./protections/profile.ts";
import { protectionsDisable, protectionsEnable, protectionsSet } from "./protections/settings.ts";
import { protectionsList, protectionsShow } from "./protections/show.ts";
import { protectionsForgetRemoved, protectionsShowRemoved } from "./protections/removed.ts";
import { listsPreview } from "./lists/preview.ts";
import { no, questions, yes } from "./general/questions.ts";
import { redact, redactEvent } from "./people/redact.ts";
import { roomsKnockOff, roomsKnockOn } from "./rooms/knock-door.ts";
import { knocksAllow, knocksAllowAll, knocksDeny, knocksDenyAll, knocksList } from "./rooms/knocks.ts";
import { calm, raid, release, shut } from "./rooms/modes.ts";
import { roomsLeave } from "./rooms/leave.ts";
import { announce, sayInRoom } from "./rooms/say.ts";
import { roomsJoined } from "./rooms/joined.ts";
import { roomsAdd, roomsList, roomsRemove } from "./rooms/rooms.ts";
import { listsCap, listsMode, listsWeight } from "./lists/trust.ts";
import { listsApart, listsTogether } from "./lists/together.ts";
import { rulesMatching, rulesSearch, rulesShow } from "./lists/rules.ts";
import { makeAdmin, roomsPurge, shutdown } from "./server-admin/rooms.ts";
import { roomsBlock, roomsUnblock } from "./server-admin/block.ts";
import { avatar, displayname } from "./general/own-profile.ts";
import { roomsInfo } from "./server-admin/room-info.ts";
import { since } from "./people/since.ts";
import { staffList, staffStop, staffTrust, staffUndo } from "./staff/staff.ts";
import { rolesOff, rolesOn, rolesShow } from "./general/roles.ts";
import { status } from "./general/status.ts";
import { go, stop } from "./general/stop.ts";
import { sync } from "./general/sync.ts";
import { verify } from "./general/verify.ts";
import { understand } from "./general/understand.ts";
import { unban } from "./people/unban.ts";
import { protectionsUndo } from "./history/undo-protection.ts";
import { undoCommand } from "./history/undo.ts";
import { warn } from "./people/warn.ts";
import { dutyAdd, dutyList, dutyOff, dutyRemove } from "./duty/roster.ts";
import { appealsDeny, appealsList, appealsOff, appealsOn } from "./reports/appeals.ts";
import { note, noteRemove } from "./reports/note.ts";
import {
  reportsClose,
  reportsList,
  reportsMute,
  reportsOff,
  reportsOn,
  reportsRemove,
  reportsShow,
  reportsTake,
  reportsUnmute,
} from "./reports/reports.ts";
import { report } from "./duty/report.ts";
import { dutyTest } from "./duty/test.ts";
import { expect, expectEnd } from "./waves/expect.ts";
import { wavesClean, wavesExcuse, wavesFine, wavesList } from "./waves/waves.ts";
import { policyClear, policySet } from "./rooms/policy.ts";
import { policyShow } from "./rooms/policy-show.ts";
import { rehearseStop, rehearseWave } from "./waves/rehearse.ts";
import { wavesInvite } from "./waves/invite.ts";
import { wavesPublish } from "./waves/publish.ts";
import { why } from "./history/why.ts";

const byTopic: Readonly<Record<TopicName, readonly DefinedCommand[]>> = {
  people: [
    ban,
    unban,
    sweep,
    allow,
    unallow,
    kick,
    mute,
    unmute,
    warn,
    redact,
    redactEvent,
    since,
    powerLevel,
    exemptAdd,
    exemptRemove,
    exemptList,
    bridgesList,
    bridgesAdd,
    bridgesRemove,
  ],
  lists: [
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
  ],
  rooms: [
    roomsList,
    roomsAdd,
    roomsRemove,
    roomsLeave,
    roomsJoined,
    invitationsList,
    invitationsAdd,
    invitationsRemove,
    sayInRoom,
    announce,
    raid,
    shut,
    calm,
    release,
    roomsKnockOn,
    roomsKnockOff,
    policyShow,
    policySet,
    policyClear,
    knocksList,
    knocksAllow,
    knocksDeny,
    knocksAllowAll,
    knocksDenyAll,
    resolve,
    aliasAdd,
    aliasRemove,
    aliasMove,
    directoryAdd,
    directoryRemove,
  ],
  protections: [
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
  ],
  waves: [
    wavesList,
    wavesFine,
    wavesClean,
    wavesExcuse,
    wavesInvite,
    wavesPublish,
    expect,
    expectEnd,
    rehearseWave,
    rehearseStop,
  ],
  reports: [
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
  ],
  staff: [staffList, staffTrust, staffStop, staffUndo],
  duty: [dutyList, dutyAdd, dutyRemove, dutyOff, dutyTest, report],
  server: [
    suspend,
    unsuspend,
    lock,
    unlock,
    deactivate,
    quarantineFile,
    quarantineEvent,
    quarantineOfPerson,
    quarantineOfRoom,
    quarantineOfServer,
    unquarantine,
    roomsInfo,
    roomsBlock,
    roomsUnblock,
    roomsPurge,
    shutdown,
    makeAdmin,
  ],
  general: [
    help,
    status,
    stop,
    go,
    undoCommand,
    why,
    questions,
    yes,
    no,
    sync,
    verify,
    rolesShow,
    rolesOn,
    rolesOff,
    config,
    displayname,
    avatar,
    understand,
  ],
};

export const commands: readonly Command[] = topics.flatMap(({ name }) =>
  byTopic[name].map((command) => ({ ...command, topic: name })),
);
