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
import { help } from "./general/help.ts";
import { kick } from "./people/kick.ts";
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
import { no, questions, yes } from "./general/questions.ts";
import { redact, redactEvent } from "./people/redact.ts";
import { roomsKnockOff, roomsKnockOn } from "./rooms/knock-door.ts";
import { knocksAllow, knocksAllowAll, knocksDeny, knocksDenyAll, knocksList } from "./rooms/knocks.ts";
import { calm, raid, release, shut } from "./rooms/modes.ts";
import { roomsLeave } from "./rooms/leave.ts";
import { announce, sayInRoom } from "./rooms/say.ts";
import { roomsJoined } from "./rooms/joined.ts";
import { roomsAdd, roomsList, roomsRemove } from "./rooms/rooms.ts";
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
import { undoCommand } from "./history/undo.ts";
import { warn } from "./people/warn.ts";
import { dutyAdd, dutyList, dutyOff, dutyRemove } from "./duty/roster.ts";
import { report } from "./duty/report.ts";
import { dutyTest } from "./duty/test.ts";
import { expect, expectEnd } from "./waves/expect.ts";
import { wavesClean, wavesExcuse, wavesFine, wavesList } from "./waves/waves.ts";
import { policyClear, policySet } from "./rooms/policy.ts";
import { policyShow } from "./rooms/policy-show.ts";
import { rehearseStop, rehearseWave } from "./waves/rehearse.ts";
import { wavesInvite } from "./waves/invite.ts";
import { wavesPublish } from "./waves/publish.ts";
import { web, webEnd } from "./general/web.ts";
import { why } from "./history/why.ts";
import { listsCommands } from "./lists/index.ts";
import { reportsCommands } from "./reports/index.ts";
import { protectionsCommands } from "./protections/index.ts";

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
  lists: listsCommands,
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
  protections: protectionsCommands,
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
  reports: reportsCommands,
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
    web,
    webEnd,
    config,
    displayname,
    avatar,
    understand,
  ],
};

export const commands: readonly Command[] = topics.flatMap(({ name }) =>
  byTopic[name].map((command) => ({ ...command, topic: name })),
);
