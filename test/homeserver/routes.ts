/** The table of endpoints. `*` stands for any version of the API. */
import * as account from "./account-routes.ts";
import * as admin from "./admin-routes.ts";
import * as reports from "./report-routes.ts";
import type { Call } from "./call.ts";
import { uploadSigningKeys } from "./cross-signing.ts";
import * as devices from "./device-routes.ts";
import { download, upload } from "./media.ts";
import { hierarchy } from "./hierarchy.ts";
import * as keys from "./key-routes.ts";
import type { Manners } from "./manners.ts";
import * as history from "./messages.ts";
import * as moderation from "./moderation-routes.ts";
import * as rooms from "./room-routes.ts";
import type { Route } from "./router.ts";
import { uploadSignatures } from "./signature-upload.ts";
import { sync } from "./sync.ts";
import * as writes from "./write-routes.ts";

const client = "/_matrix/client/*";
const room = `${client}/rooms/:room`;
const synapse = "/_synapse/admin/*";

/** The endpoints that a server with these manners has. */
export function routesOf({ hasKnocking, hasSynapseAdmin }: Manners): readonly Route[] {
  return allRoutes().filter(
    ({ pattern, kind }) =>
      (hasSynapseAdmin || !pattern.startsWith("/_synapse/")) && (hasKnocking || kind !== "POST knock"),
  );
}

function allRoutes(): readonly Route[] {
  const tasks = new Map<string, admin.RedactionTask>();
  return [
    route("GET", `${client}/sync`, "GET sync", sync),
    ...accountRoutes(),
    ...deviceRoutes(),
    ...readRoutes(),
    ...writeRoutes(),
    ...moderationRoutes(),
    route("POST", `${room}/report/:event`, "POST report", reports.reportEvent),
    route("GET", `${synapse}/event_reports`, "GET admin reports", reports.eventReports),
    route("GET", `${synapse}/users/:user/admin`, "GET admin user admin", admin.isUserAdmin),
    route("GET", `${synapse}/users/:user`, "GET admin user", admin.userDetails),
    route("POST", `${synapse}/user/:user/redact`, "POST admin redact", admin.redactUser(tasks)),
    route("GET", `${synapse}/user/redact_status/:task`, "GET admin redact", admin.redactStatus(tasks)),
    route("GET", `${synapse}/users/:user/override_ratelimit`, "GET ratelimit", admin.getRateLimit),
    route("POST", `${synapse}/users/:user/override_ratelimit`, "POST ratelimit", admin.setRateLimit),
    route("DELETE", `${synapse}/users/:user/override_ratelimit`, "DELETE ratelimit", admin.deleteRateLimit),
    route("GET", `${synapse}/rooms/:room`, "GET admin room", admin.adminRoom),
    route("GET", `${synapse}/rooms/:room/block`, "GET admin block", admin.getBlock),
    route("PUT", `${synapse}/rooms/:room/block`, "PUT admin block", admin.putBlock),
    route("GET", `${synapse}/rooms/:room/members`, "GET admin members", admin.adminMembers),
    route("GET", `${synapse}/rooms/:room/state`, "GET admin state", admin.adminState),
  ];
}

function moderationRoutes(): readonly Route[] {
  const tasks = new Map<string, moderation.DeletionTask>();
  const media = `${synapse}/media`;
  const { standing } = moderation;
  return [
    route("PUT", `${synapse}/users/:user`, "PUT admin user", moderation.putUser),
    route("PUT", `${synapse}/suspend/:user`, "PUT admin suspend", moderation.suspendBySynapse),
    route("POST", `${synapse}/deactivate/:user`, "POST admin deactivate", moderation.deactivateUser),
    route("GET", `${client}/admin/suspend/:user`, "GET suspend", standing("suspend")),
    route("PUT", `${client}/admin/suspend/:user`, "PUT suspend", standing("suspend")),
    route("GET", `${client}/admin/lock/:user`, "GET lock", standing("lock")),
    route("PUT", `${client}/admin/lock/:user`, "PUT lock", standing("lock")),
    route("GET", `${media}/:server/:media`, "GET admin media", moderation.mediaInfo),
    route("POST", `${media}/quarantine/:server/:media`, "POST quarantine", moderation.setQuarantine(true)),
    route("POST", `${media}/unquarantine/:server/:media`, "POST quarantine", moderation.setQuarantine(false)),
    route("POST", `${synapse}/user/:user/media/quarantine`, "POST quarantine", moderation.quarantineOfUser),
    route("POST", `${synapse}/room/:room/media/quarantine`, "POST quarantine", moderation.quarantineOfRoom),
    route("GET", `${synapse}/fetch_event/:event`, "GET admin event", moderation.fetchEvent),
    route("DELETE", `${synapse}/rooms/:room`, "DELETE admin room", moderation.deleteRoom(tasks)),
    route("GET", `${synapse}/rooms/delete_status/:task`, "GET deletion", moderation.deletionStatus(tasks)),
    route("GET", `${synapse}/rooms/:room/delete_status`, "GET deletion", moderation.deletionsOfRoom(tasks)),
    route("POST", `${synapse}/rooms/:room/make_room_admin`, "POST room admin", moderation.makeRoomAdmin),
    route("GET", `${client}/directory/list/room/:room`, "GET listing", moderation.getListing),
    route("PUT", `${client}/directory/list/room/:room`, "PUT listing", moderation.putListing),
  ];
}

function accountRoutes(): readonly Route[] {
  const data = `${client}/user/:user`;
  return [
    route("GET", "/_matrix/federation/*/version", "GET software", account.software),
    route("GET", `${client}/capabilities`, "GET capabilities", account.capabilities),
    route("GET", `${client}/joined_rooms`, "GET joined_rooms", account.joinedRooms),
    route("POST", `${data}/filter`, "POST filter", account.createFilter),
    route("GET", `${data}/account_data/:type`, "GET account_data", account.getAccountData),
    route("PUT", `${data}/account_data/:type`, "PUT account_data", account.putAccountData),
    route("GET", `${data}/rooms/:room/account_data/:type`, "GET account_data", account.getAccountData),
    route("PUT", `${data}/rooms/:room/account_data/:type`, "PUT account_data", account.putAccountData),
    route("GET", `${client}/profile/:user`, "GET profile", account.getProfile),
    route("GET", `${client}/profile/:user/:field`, "GET profile", account.getProfile),
    route("PUT", `${client}/profile/:user/:field`, "PUT profile", account.putProfile),
    route("POST", `${client}/user_directory/search`, "POST user_directory", account.searchPeople),
    route("GET", `${client}/directory/room/:alias`, "GET alias", account.getAlias),
    route("PUT", `${client}/directory/room/:alias`, "PUT alias", account.putAlias),
    route("DELETE", `${client}/directory/room/:alias`, "DELETE alias", account.deleteAlias),
    route("PUT", `${client}/presence/:user/status`, "PUT presence", account.accepted),
  ];
}

function deviceRoutes(): readonly Route[] {
  const { sendToDevice } = devices;
  const once = { isTransaction: true };
  return [
    route("GET", `${client}/account/whoami`, "GET whoami", devices.whoami),
    route("POST", `${client}/logout`, "POST logout", devices.logout),
    route("POST", `${client}/logout/all`, "POST logout", devices.logoutAll),
    route("GET", `${client}/devices`, "GET devices", devices.listDevices),
    route("GET", `${client}/devices/:device`, "GET devices", devices.oneDevice),
    route("PUT", `${client}/devices/:device`, "PUT devices", devices.renameDevice),
    route("DELETE", `${client}/devices/:device`, "DELETE devices", devices.deleteDevice),
    route("POST", `${client}/delete_devices`, "DELETE devices", devices.deleteDevices),
    route("PUT", `${client}/sendToDevice/:type/:transaction`, "PUT to-device", sendToDevice, once),
    route("POST", `${client}/keys/upload`, "POST keys/upload", keys.uploadKeys),
    route("POST", `${client}/keys/query`, "POST keys/query", keys.queryKeys),
    route("POST", `${client}/keys/claim`, "POST keys/claim", keys.claimKeys),
    route("GET", `${client}/keys/changes`, "GET keys/changes", keys.keyChanges),
    route("POST", `${client}/keys/device_signing/upload`, "POST keys/device_signing", uploadSigningKeys),
    route("POST", `${client}/keys/signatures/upload`, "POST keys/signatures", uploadSignatures),
  ];
}

function readRoutes(): readonly Route[] {
  return [
    route("GET", `${room}/state`, "GET state", rooms.getAllState),
    route("GET", `${room}/state/:type`, "GET state :type", rooms.getOneState),
    route("GET", `${room}/state/:type/:key`, "GET state :type", rooms.getOneState),
    route("GET", `${room}/members`, "GET members", rooms.getMembers),
    route("GET", `${room}/joined_members`, "GET joined_members", rooms.getJoinedMembers),
    route("GET", `${room}/messages`, "GET messages", history.messages),
    route("GET", `${room}/event/:event`, "GET event", history.oneEvent),
    route("GET", `${room}/context/:event`, "GET context", history.context),
    route("GET", `${room}/relations/:event`, "GET relations", history.relations),
    route("GET", `${room}/relations/:event/:relation`, "GET relations", history.relations),
    route("GET", `${room}/relations/:event/:relation/:type`, "GET relations", history.relations),
    route("GET", `${room}/hierarchy`, "GET hierarchy", hierarchy),
    route("GET", `${room}/aliases`, "GET aliases", account.roomAliases),
    route("POST", `${room}/receipt/:receipt/:event`, "POST receipt", account.putReceipt),
    route("POST", `${room}/read_markers`, "POST read_markers", account.accepted),
    route("GET", `${client}/media/download/:server/:media`, "GET download", download),
    route("PUT", `${room}/typing/:user`, "PUT typing", account.accepted),
  ];
}

function writeRoutes(): readonly Route[] {
  const once = { isTransaction: true };
  return [
    route("POST", "/_matrix/media/*/upload", "POST upload", upload),
    route("POST", `${client}/createRoom`, "POST createRoom", writes.createRoomRoute),
    route("POST", `${client}/join/:idOrAlias`, "POST join", writes.joinRoom),
    route("POST", `${client}/knock/:idOrAlias`, "POST knock", writes.knockRoom),
    route("POST", `${room}/join`, "POST join", writes.joinRoom),
    route("POST", `${room}/leave`, "POST leave", writes.leaveRoom),
    route("POST", `${room}/forget`, "POST forget", writes.forgetRoom),
    route("POST", `${room}/invite`, "POST invite", writes.actOnMember("invite")),
    route("POST", `${room}/kick`, "POST kick", writes.actOnMember("kick")),
    route("POST", `${room}/ban`, "POST ban", writes.actOnMember("ban")),
    route("POST", `${room}/unban`, "POST unban", writes.actOnMember("unban")),
    route("PUT", `${room}/state/:type`, "PUT state :type", writes.putState),
    route("PUT", `${room}/state/:type/:key`, "PUT state :type", writes.putState),
    route("PUT", `${room}/send/:type/:transaction`, "PUT send :type", writes.sendEvent, once),
    route("PUT", `${room}/redact/:event/:transaction`, "PUT redact", writes.redactEvent, once),
  ];
}

function route(
  method: string,
  pattern: string,
  kind: string,
  answer: (call: Call) => unknown,
  options: { readonly isTransaction?: boolean } = {},
): Route {
  return { method, pattern, kind, answer, isTransaction: options.isTransaction ?? false };
}
