/** What each act upon rooms and messages sends to the homeserver, and what it makes of the answers. */
import type { JsonObject } from "../../../src/kit/json.ts";
import { plain } from "../../../src/kit/say.ts";
import type { Action, ActionKind } from "../../../src/model/actions/action.ts";
import { event, hall, listA, lobby, user } from "../../support/make.ts";
import type { Scripted } from "../scripted.ts";

export const self = user("@tyr:example.org");
export const ann = user("@ann:example.org");
const acl = { allow: ["*"], deny: ["evil.example"], allow_ip_literals: false };
const hello = plain("hello");
const levels = { users: { [ann]: -1 }, users_default: 0 };

const inLobby = "/_matrix/client/v3/rooms/!lobby%3Aexample.org";
const inListA = "/_matrix/client/v3/rooms/!list-a%3Aexample.org";
const annsMembership = `${inLobby}/state/m.room.member/%40ann%3Aexample.org`;
const noticeOf = (body: string) => ({
  msgtype: "m.notice",
  body,
  format: "org.matrix.custom.html",
  formatted_body: body,
  "m.mentions": {},
});

export interface Example {
  readonly action: Action;
  readonly answers?: readonly Scripted[];
  /** Method, path, body, and the query where there is one. */
  readonly requests: readonly (readonly [string, string, unknown?, JsonObject?])[];
  readonly done?: JsonObject;
}

export const wrote: readonly Scripted[] = [{ body: { event_id: "$written" } }];
export const written = { kind: "done", eventId: "$written" };
export const ok: Scripted = { body: {} };

/** Acts that an administrator of the homeserver does, or its directory (`examples-server.ts`). */
export type ServerKind =
  | "suspend"
  | "unsuspend"
  | "lock"
  | "unlock"
  | "deactivate"
  | "find-media"
  | "quarantine-media"
  | "unquarantine-media"
  | "quarantine-media-of-user"
  | "quarantine-media-of-room"
  | "shutdown-room"
  | "make-room-admin"
  | "add-alias"
  | "remove-alias"
  | "block-room"
  | "unblock-room"
  | "set-profile"
  | "list-publicly"
  | "unlist-publicly";

/** Ours alone: nothing is sent. */
type LocalKind =
  | "change-settings"
  | "answer-question"
  | "forget-removed"
  | "deny-servers"
  | "readmit-servers"
  | "set-room-mode";

export const roomExamples: {
  readonly [K in Exclude<ActionKind, ServerKind | LocalKind>]: Example;
} = {
  ban: {
    action: { kind: "ban", room: lobby, user: ann, reason: "spam", redacts: true },
    answers: wrote,
    requests: [
      [
        "PUT",
        annsMembership,
        { membership: "ban", reason: "spam", "org.matrix.msc4293.redact_events": true },
      ],
    ],
    done: written,
  },
  unban: {
    action: { kind: "unban", room: lobby, user: ann, reason: "" },
    answers: wrote,
    requests: [["PUT", annsMembership, { membership: "leave" }]],
    done: written,
  },
  kick: {
    action: { kind: "kick", room: lobby, user: ann, reason: "out" },
    answers: wrote,
    requests: [["PUT", annsMembership, { membership: "leave", reason: "out" }]],
    done: written,
  },
  "refuse-knock": {
    action: { kind: "refuse-knock", room: lobby, user: ann, reason: "" },
    answers: wrote,
    requests: [["PUT", annsMembership, { membership: "leave" }]],
    done: written,
  },
  invite: {
    action: { kind: "invite", room: lobby, user: ann, reason: "come back" },
    requests: [["POST", `${inLobby}/invite`, { user_id: ann, reason: "come back" }]],
  },
  mute: {
    action: { kind: "mute", room: lobby, user: ann, reason: "", level: -1, before: undefined, levels },
    answers: wrote,
    requests: [["PUT", `${inLobby}/state/m.room.power_levels/`, levels]],
    done: written,
  },
  unmute: {
    action: { kind: "unmute", room: lobby, user: ann, reason: "", level: undefined, before: -1, levels },
    answers: wrote,
    requests: [["PUT", `${inLobby}/state/m.room.power_levels/`, levels]],
    done: written,
  },
  "set-power-level": {
    action: { kind: "set-power-level", room: lobby, user: ann, level: 50, before: undefined, levels },
    answers: wrote,
    requests: [["PUT", `${inLobby}/state/m.room.power_levels/`, levels]],
    done: written,
  },
  warn: {
    action: { kind: "warn", room: lobby, user: ann, text: "Please <stop>." },
    answers: wrote,
    requests: [
      [
        "PUT",
        `${inLobby}/send/m.room.message/id-1`,
        {
          msgtype: "m.text",
          body: "@ann:example.org: Please <stop>.",
          format: "org.matrix.custom.html",
          formatted_body:
            '<a href="https://matrix.to/#/%40ann%3Aexample.org">@ann:example.org</a>: Please &#60;stop&#62;.',
          "m.mentions": { user_ids: [ann] },
        },
      ],
    ],
    done: written,
  },
  redact: {
    action: { kind: "redact", room: lobby, event: event("$bad"), user: ann, reason: "spam" },
    answers: wrote,
    requests: [["PUT", `${inLobby}/redact/%24bad/id-1`, { reason: "spam" }]],
    done: written,
  },
  contain: {
    action: {
      kind: "contain",
      room: lobby,
      key: "levels",
      changes: [{ path: ["events_default"], ours: 1 }],
      stayMs: 600_000,
      waves: [],
      content: { ...levels, events_default: 1 },
    },
    answers: wrote,
    requests: [["PUT", `${inLobby}/state/m.room.power_levels/`, { ...levels, events_default: 1 }]],
    done: written,
  },
  release: {
    action: { kind: "release", room: lobby, key: "join-rule", content: { join_rule: "public" } },
    answers: wrote,
    requests: [["PUT", `${inLobby}/state/m.room.join_rules/`, { join_rule: "public" }]],
    done: written,
  },
  "put-back": {
    action: {
      kind: "put-back",
      room: lobby,
      eventType: "m.room.name",
      stateKey: "",
      changes: [{ path: [], before: { name: "Lobby" }, ours: { name: "Pwned" } }],
      content: { name: "Lobby" },
    },
    answers: wrote,
    requests: [["PUT", `${inLobby}/state/m.room.name/`, { name: "Lobby" }]],
    done: written,
  },
  "set-server-acl": {
    action: { kind: "set-server-acl", room: lobby, content: acl, before: undefined },
    answers: wrote,
    requests: [["PUT", `${inLobby}/state/m.room.server_acl/`, acl]],
    done: written,
  },
  "set-policy-server": {
    action: {
      kind: "set-policy-server",
      room: lobby,
      server: { via: "policy.example:8448", key: "A".repeat(43) },
      alsoUnstable: true,
    },
    answers: [...wrote, { body: { event_id: "$older" } }],
    requests: [
      [
        "PUT",
        `${inLobby}/state/m.room.policy/`,
        { via: "policy.example:8448", public_keys: { ed25519: "A".repeat(43) } },
      ],
      [
        "PUT",
        `${inLobby}/state/org.matrix.msc4284.policy/`,
        { via: "policy.example:8448", public_key: "A".repeat(43) },
      ],
    ],
    done: written,
  },
  "clear-policy-server": {
    action: { kind: "clear-policy-server", room: lobby },
    answers: wrote,
    requests: [["PUT", `${inLobby}/state/m.room.policy/`, {}]],
    done: written,
  },
  "write-policy": {
    action: {
      kind: "write-policy",
      list: listA,
      eventType: "m.policy.rule.user",
      stateKey: "rule:@*:evil.example",
      content: { entity: "@*:evil.example" },
    },
    answers: wrote,
    requests: [
      [
        "PUT",
        `${inListA}/state/m.policy.rule.user/rule%3A%40*%3Aevil.example`,
        { entity: "@*:evil.example" },
      ],
    ],
    done: written,
  },
  "remove-policy": {
    action: {
      kind: "remove-policy",
      list: listA,
      eventType: "m.policy.rule.server",
      stateKey: "rule:evil.example",
      before: { entity: "evil.example" },
    },
    answers: wrote,
    requests: [["PUT", `${inListA}/state/m.policy.rule.server/rule%3Aevil.example`, {}]],
    done: written,
  },
  tell: {
    action: {
      kind: "tell",
      room: lobby,
      key: "k",
      revision: 0,
      say: hello,
      edits: undefined,
      replyTo: event("$c"),
    },
    answers: wrote,
    requests: [
      [
        "PUT",
        `${inLobby}/send/m.room.message/id-1`,
        { ...noticeOf("hello"), "m.relates_to": { "m.in_reply_to": { event_id: "$c" } } },
      ],
    ],
    done: written,
  },
  ask: {
    action: { kind: "ask", room: lobby, question: 1, say: hello, replyTo: undefined },
    answers: wrote,
    requests: [["PUT", `${inLobby}/send/m.room.message/id-1`, noticeOf("hello")]],
    done: written,
  },
  "describe-command": {
    action: { kind: "describe-command", room: lobby, stateKey: "ban", content: { command: "ban" } },
    answers: wrote,
    requests: [["PUT", `${inLobby}/state/org.matrix.msc4391.command_description/ban`, { command: "ban" }]],
    done: written,
  },
  react: {
    action: { kind: "react", room: lobby, event: event("$c"), with: "✅" },
    answers: wrote,
    requests: [
      [
        "PUT",
        `${inLobby}/send/m.reaction/id-1`,
        { "m.relates_to": { rel_type: "m.annotation", event_id: "$c", key: "✅" } },
      ],
    ],
    done: written,
  },
  join: {
    action: { kind: "join", room: lobby, via: ["one.example", "two.example"] },
    answers: [{ body: { room_id: lobby } }],
    requests: [
      [
        "POST",
        "/_matrix/client/v3/join/!lobby%3Aexample.org",
        {},
        { via: ["one.example", "two.example"], server_name: ["one.example", "two.example"] },
      ],
    ],
    done: { kind: "done", room: lobby },
  },
  leave: {
    action: { kind: "leave", room: lobby },
    requests: [["POST", `${inLobby}/leave`, {}]],
  },
  "create-list": {
    action: { kind: "create-list", shortcode: "coc", alias: "coc-list", inviter: ann },
    answers: [
      { body: { capabilities: { "m.room_versions": { default: "11" } } } },
      { body: { room_id: hall } },
    ],
    requests: [
      ["GET", "/_matrix/client/v3/capabilities"],
      [
        "POST",
        "/_matrix/client/v3/createRoom",
        {
          preset: "public_chat",
          room_version: "11",
          name: "coc (policy list)",
          room_alias_name: "coc-list",
          invite: [ann],
          creation_content: { type: "m.policy" },
          initial_state: [
            { type: "org.matrix.mjolnir.shortcode", state_key: "", content: { shortcode: "coc" } },
          ],
          power_level_content_override: {
            ban: 50,
            kick: 50,
            redact: 50,
            invite: 0,
            state_default: 50,
            events_default: 50,
            users_default: 0,
            users: { [self]: 100, [ann]: 50 },
            events: { "m.room.power_levels": 100, "m.room.name": 100 },
          },
        },
      ],
    ],
    done: {
      kind: "done",
      room: hall,
      note: `Its address is #coc-list:example.org, its id ${hall}. Anybody who knows one of them can join and read it. ${ann} is invited, and may write rules with a client, too.`,
    },
  },
  hold: {
    action: { kind: "hold", room: lobby, event: event("$spam"), user: ann, reason: "links", again: "again" },
    answers: wrote,
    requests: [["PUT", `${inLobby}/redact/%24spam/id-1`, { reason: "links" }]],
    done: written,
  },
  post: {
    action: { kind: "post", room: lobby, text: "see <the topic>", users: [], key: "reply" },
    answers: wrote,
    requests: [
      [
        "PUT",
        `${inLobby}/send/m.room.message/id-1`,
        {
          msgtype: "m.text",
          body: "see <the topic>",
          format: "org.matrix.custom.html",
          formatted_body: "see &#60;the topic&#62;",
          "m.mentions": {},
        },
      ],
    ],
    done: written,
  },
  "search-history": {
    action: { kind: "search-history", room: lobby, user: ann, limit: 5, reason: "" },
    answers: [{ body: { chunk: [], end: "t2" } }, { body: { chunk: [] } }],
    requests: [
      [
        "GET",
        `${inLobby}/messages`,
        undefined,
        { limit: "1000", dir: "b", filter: '{"senders":["@ann:example.org"]}' },
      ],
      [
        "GET",
        `${inLobby}/messages`,
        undefined,
        { limit: "1000", dir: "b", filter: '{"senders":["@ann:example.org"]}', from: "t2" },
      ],
    ],
  },
  "redact-by-server": {
    action: { kind: "redact-by-server", user: ann, rooms: [lobby], limit: 5, reason: "spam" },
    answers: [
      { body: { redact_id: "r1" } },
      { body: { status: "active" } },
      { body: { status: "complete" } },
    ],
    requests: [
      [
        "POST",
        "/_synapse/admin/v1/user/%40ann%3Aexample.org/redact",
        { rooms: [lobby], limit: 5, reason: "spam" },
      ],
      ["GET", "/_synapse/admin/v1/user/redact_status/r1"],
      ["GET", "/_synapse/admin/v1/user/redact_status/r1"],
    ],
  },
  "read-room": {
    action: { kind: "read-room", room: lobby, state: true, members: true },
    answers: [{ body: [] }, { body: { chunk: [] } }],
    requests: [
      ["GET", `${inLobby}/state`],
      ["GET", `${inLobby}/members`, undefined, { not_membership: "leave" }],
    ],
  },
  "read-bans": {
    action: { kind: "read-bans", room: lobby },
    requests: [["GET", `${inLobby}/members`, undefined, { membership: "ban" }]],
  },
  "show-removed": {
    action: { kind: "show-removed", room: lobby, of: { user: ann }, limit: 20 },
    answers: wrote,
    requests: [["PUT", `${inLobby}/send/m.room.message/id-1`, noticeOf("what was removed")]],
    done: written,
  },
  "show-reported": {
    action: {
      kind: "show-reported",
      room: lobby,
      report: 31,
      of: [{ room: lobby, event: event("$message") }],
    },
    answers: [
      {
        body: {
          type: "m.room.message",
          sender: ann,
          event_id: "$message",
          content: { body: "rude" },
          origin_server_ts: 1,
        },
      },
      ...wrote,
    ],
    requests: [
      ["GET", `${inLobby}/event/%24message`, undefined],
      ["PUT", `${inLobby}/send/m.room.message/id-1`, noticeOf("1 reported")],
    ],
    done: written,
  },
  "try-protection": {
    action: { kind: "try-protection", protection: "flood", rooms: [lobby], since: 1 },
    answers: [{ body: { chunk: [] } }],
    requests: [["GET", `${inLobby}/messages`, undefined, { dir: "b", limit: "100" }]],
  },
  "send-file": {
    action: { kind: "send-file", room: lobby, list: listA, format: "csv" },
    answers: [{ body: { content_uri: "mxc://example.org/file" } }, ...wrote],
    requests: [
      ["POST", "/_matrix/media/v3/upload", "entity\n@ä:x\n", { filename: "coc.csv" }],
      [
        "PUT",
        `${inLobby}/send/m.room.message/id-1`,
        {
          msgtype: "m.file",
          body: "coc.csv",
          filename: "coc.csv",
          url: "mxc://example.org/file",
          info: { mimetype: "text/csv", size: 13 },
          "m.mentions": {},
        },
      ],
    ],
    done: written,
  },
  "fill-gap": {
    action: { kind: "fill-gap", room: lobby, from: "new", to: "old", readState: true },
    answers: [{ body: [] }, { body: { chunk: [] } }],
    requests: [
      ["GET", `${inLobby}/state`],
      ["GET", `${inLobby}/messages`, undefined, { limit: "1000", dir: "b", from: "new", to: "old" }],
    ],
  },
};
