/** What each act of an administrator, and upon the directory, sends to the homeserver. */
import { parseMediaUri } from "../../../src/model/ids.ts";
import { alias, event, lobby } from "../../support/make.ts";
import { ann, ok, self, type Example, type ServerKind } from "./examples.ts";

export const picture = parseMediaUri("mxc://example.org/picture")!;
const shop = alias("#shop:example.org");

export const serverExamples: { readonly [K in ServerKind]: Example } = {
  suspend: {
    action: { kind: "suspend", user: ann, reason: "" },
    answers: [{ body: { capabilities: { "m.account_moderation": { suspend: true } } } }, ok],
    requests: [
      ["GET", "/_matrix/client/v3/capabilities"],
      ["GET", "/_matrix/client/v1/admin/suspend/%40ann%3Aexample.org"],
      ["PUT", "/_matrix/client/v1/admin/suspend/%40ann%3Aexample.org", { suspended: true }],
    ],
  },
  unsuspend: {
    action: { kind: "unsuspend", user: ann, reason: "" },
    answers: [ok, { body: { suspended: true } }, ok],
    requests: [
      ["GET", "/_matrix/client/v3/capabilities"],
      ["GET", "/_synapse/admin/v2/users/%40ann%3Aexample.org"],
      ["PUT", "/_synapse/admin/v1/suspend/%40ann%3Aexample.org", { suspend: false }],
    ],
  },
  lock: {
    action: { kind: "lock", user: ann, reason: "" },
    requests: [
      ["GET", "/_matrix/client/v3/capabilities"],
      ["GET", "/_synapse/admin/v2/users/%40ann%3Aexample.org"],
      ["PUT", "/_synapse/admin/v2/users/%40ann%3Aexample.org", { locked: true }],
    ],
  },
  unlock: {
    action: { kind: "unlock", user: ann, reason: "" },
    answers: [ok, { body: { locked: true } }, ok],
    requests: [
      ["GET", "/_matrix/client/v3/capabilities"],
      ["GET", "/_synapse/admin/v2/users/%40ann%3Aexample.org"],
      ["PUT", "/_synapse/admin/v2/users/%40ann%3Aexample.org", { locked: false }],
    ],
  },
  deactivate: {
    action: { kind: "deactivate", user: ann, erase: true, reason: "" },
    requests: [
      ["GET", "/_synapse/admin/v2/users/%40ann%3Aexample.org"],
      ["POST", "/_synapse/admin/v1/deactivate/%40ann%3Aexample.org", { erase: true }],
    ],
  },
  "find-media": {
    action: { kind: "find-media", in: { room: lobby, event: event("$e") }, reason: "" },
    answers: [
      { body: { event: { type: "m.room.message", sender: ann, event_id: "$e", content: { url: picture } } } },
      { body: { media_info: { user_id: ann } } },
    ],
    requests: [
      ["GET", "/_synapse/admin/v1/fetch_event/%24e"],
      ["GET", "/_synapse/admin/v1/media/example.org/picture"],
    ],
  },
  "quarantine-media": {
    action: { kind: "quarantine-media", media: picture, user: ann, reason: "" },
    requests: [
      ["GET", "/_synapse/admin/v1/media/example.org/picture"],
      ["GET", "/_synapse/admin/v2/users/%40ann%3Aexample.org"],
      ["POST", "/_synapse/admin/v1/media/quarantine/example.org/picture", {}],
    ],
  },
  "unquarantine-media": {
    action: { kind: "unquarantine-media", media: picture, user: ann, reason: "" },
    answers: [{ body: { media_info: { quarantined_by: self } } }, ok],
    requests: [
      ["GET", "/_synapse/admin/v1/media/example.org/picture"],
      ["POST", "/_synapse/admin/v1/media/unquarantine/example.org/picture", {}],
    ],
  },
  "quarantine-media-of-user": {
    action: { kind: "quarantine-media-of-user", user: ann, reason: "" },
    answers: [ok, { body: { num_quarantined: 2 } }],
    requests: [
      ["GET", "/_synapse/admin/v2/users/%40ann%3Aexample.org"],
      ["POST", "/_synapse/admin/v1/user/%40ann%3Aexample.org/media/quarantine", {}],
    ],
    done: { kind: "done", note: "2 files" },
  },
  "quarantine-media-of-room": {
    action: { kind: "quarantine-media-of-room", room: lobby, reason: "" },
    requests: [["POST", "/_synapse/admin/v1/room/!lobby%3Aexample.org/media/quarantine", {}]],
    done: { kind: "done", note: "there were none" },
  },
  "shutdown-room": {
    action: { kind: "shutdown-room", room: lobby, purge: true, reason: "" },
    answers: [
      { status: 404, body: { errcode: "M_NOT_FOUND" } },
      { body: { delete_id: "d1" } },
      { body: { status: "shutting_down", shutdown_room: { kicked_users: [] } } },
      { body: { status: "complete", shutdown_room: { kicked_users: [ann], local_aliases: [shop] } } },
    ],
    requests: [
      ["GET", "/_synapse/admin/v2/rooms/!lobby%3Aexample.org/delete_status"],
      ["DELETE", "/_synapse/admin/v2/rooms/!lobby%3Aexample.org", { block: true, purge: true }],
      ["GET", "/_synapse/admin/v2/rooms/delete_status/d1"],
      ["GET", "/_synapse/admin/v2/rooms/delete_status/d1"],
    ],
    done: { kind: "done", note: "1 person removed, 1 alias removed" },
  },
  "block-room": {
    action: { kind: "block-room", room: lobby, reason: "" },
    answers: [{ body: { block: false } }, ok],
    requests: [
      ["GET", "/_synapse/admin/v1/rooms/!lobby%3Aexample.org/block"],
      ["PUT", "/_synapse/admin/v1/rooms/!lobby%3Aexample.org/block", { block: true }],
    ],
  },
  "unblock-room": {
    action: { kind: "unblock-room", room: lobby, reason: "" },
    answers: [{ body: { block: true } }, ok],
    requests: [
      ["GET", "/_synapse/admin/v1/rooms/!lobby%3Aexample.org/block"],
      ["PUT", "/_synapse/admin/v1/rooms/!lobby%3Aexample.org/block", { block: false }],
    ],
  },
  "set-profile": {
    action: { kind: "set-profile", field: "displayname", value: "Tyr" },
    answers: [{ body: { displayname: "Bot" } }, ok],
    requests: [
      ["GET", `/_matrix/client/v3/profile/${encodeURIComponent(self)}/displayname`],
      ["PUT", `/_matrix/client/v3/profile/${encodeURIComponent(self)}/displayname`, { displayname: "Tyr" }],
    ],
    done: { kind: "done", note: "before: Bot" },
  },
  "make-room-admin": {
    action: { kind: "make-room-admin", room: lobby, user: ann },
    requests: [["POST", "/_synapse/admin/v1/rooms/!lobby%3Aexample.org/make_room_admin", { user_id: ann }]],
  },
  "add-alias": {
    action: { kind: "add-alias", alias: shop, room: lobby },
    requests: [["PUT", "/_matrix/client/v3/directory/room/%23shop%3Aexample.org", { room_id: lobby }]],
  },
  "remove-alias": {
    action: { kind: "remove-alias", alias: shop, room: lobby },
    requests: [["DELETE", "/_matrix/client/v3/directory/room/%23shop%3Aexample.org", {}]],
  },
  "list-publicly": {
    action: { kind: "list-publicly", room: lobby },
    answers: [{ body: { visibility: "private" } }, ok],
    requests: [
      ["GET", "/_matrix/client/v3/directory/list/room/!lobby%3Aexample.org"],
      ["PUT", "/_matrix/client/v3/directory/list/room/!lobby%3Aexample.org", { visibility: "public" }],
    ],
  },
  "unlist-publicly": {
    action: { kind: "unlist-publicly", room: lobby },
    answers: [{ body: { visibility: "public" } }, ok],
    requests: [
      ["GET", "/_matrix/client/v3/directory/list/room/!lobby%3Aexample.org"],
      ["PUT", "/_matrix/client/v3/directory/list/room/!lobby%3Aexample.org", { visibility: "private" }],
    ],
  },
};
