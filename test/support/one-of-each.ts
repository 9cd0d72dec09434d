/** One act of each kind, whole and literal: for tests that ask something of every kind. */
import { plain } from "../../src/kit/say.ts";
import type { Action, ActionKind } from "../../src/model/actions/action.ts";
import { parseMediaUri } from "../../src/model/ids.ts";
import { alias, event, hall, listA, lobby, desk, server, user } from "./make.ts";

export const ann = user("@ann:example.org");
const media = parseMediaUri("mxc://example.org/file")!;
const say = plain("hello");
const rule = { entity: "@Ann:example.org", recommendation: "m.ban" };
const acl = { allow: ["*"], deny: ["evil.example"], allow_ip_literals: false };

export const oneOfEach: { readonly [K in ActionKind]: Extract<Action, { kind: K }> } = {
  ban: { kind: "ban", room: lobby, user: ann, reason: "spam", redacts: false },
  unban: { kind: "unban", room: lobby, user: ann, reason: "spam" },
  "refuse-knock": { kind: "refuse-knock", room: lobby, user: ann, reason: "" },
  kick: { kind: "kick", room: lobby, user: ann, reason: "spam" },
  invite: { kind: "invite", room: lobby, user: ann, reason: "spam" },
  mute: { kind: "mute", room: lobby, user: ann, reason: "spam", level: -1, before: undefined, until: 9 },
  unmute: { kind: "unmute", room: lobby, user: ann, reason: "spam", level: undefined, before: -1, until: 9 },
  "set-power-level": { kind: "set-power-level", room: lobby, user: ann, level: 50, before: 10 },
  warn: { kind: "warn", room: lobby, user: ann, text: "please stop" },
  redact: { kind: "redact", room: lobby, event: event("$message"), user: ann, reason: "spam" },
  hold: {
    kind: "hold",
    room: lobby,
    event: event("$message"),
    user: ann,
    reason: "links",
    again: "send it again",
  },
  post: { kind: "post", room: lobby, text: "send it again", users: [ann], key: "again" },
  "search-history": { kind: "search-history", room: lobby, user: ann, limit: 5, reason: "spam" },
  "redact-by-server": {
    kind: "redact-by-server",
    user: ann,
    rooms: [lobby, hall],
    limit: 5,
    reason: "spam",
  },
  "set-server-acl": {
    kind: "set-server-acl",
    room: lobby,
    content: acl,
    before: { ...acl, deny: [] },
  },
  contain: {
    kind: "contain",
    room: lobby,
    key: "levels",
    changes: [
      { path: ["events_default"], ours: 1, before: 0 },
      { path: ["users", ann], ours: 1 },
    ],
    stayMs: 600_000,
    waves: ["wave"],
  },
  release: { kind: "release", room: lobby, key: "levels" },
  "put-back": {
    kind: "put-back",
    room: lobby,
    eventType: "m.room.name",
    stateKey: "",
    changes: [{ path: [], before: { name: "Lobby" }, ours: { name: "Pwned" } }],
  },
  "deny-servers": {
    kind: "deny-servers",
    room: lobby,
    servers: [server("evil.example")],
    stayMs: 600_000,
    waves: ["wave"],
  },
  "readmit-servers": { kind: "readmit-servers", room: lobby },
  "set-room-mode": { kind: "set-room-mode", room: lobby, mode: "raid", before: "by-itself" },
  "write-policy": {
    kind: "write-policy",
    list: listA,
    eventType: "m.policy.rule.user",
    stateKey: "rule:@ann:example.org",
    content: rule,
  },
  "remove-policy": {
    kind: "remove-policy",
    list: listA,
    eventType: "m.policy.rule.user",
    stateKey: "rule:@ann:example.org",
    before: rule,
  },
  "create-list": { kind: "create-list", shortcode: "coc", alias: "coc", inviter: ann },
  join: { kind: "join", room: hall, via: ["example.org"] },
  leave: { kind: "leave", room: lobby },
  "change-settings": {
    kind: "change-settings",
    change: { kind: "unwatch", list: listA },
    back: { kind: "watch", list: { room: listA, via: [], liftsBans: true } },
  },
  tell: {
    kind: "tell",
    room: desk,
    key: "$command",
    revision: 0,
    say,
    edits: undefined,
    replyTo: event("$command"),
  },
  "describe-command": { kind: "describe-command", room: desk, stateKey: "ban", content: { v: 1 } },
  react: { kind: "react", room: desk, event: event("$command"), with: "✅" },
  ask: { kind: "ask", room: desk, question: 7, say, replyTo: undefined },
  "answer-question": { kind: "answer-question", question: 7, yes: true, by: ann },
  "read-room": { kind: "read-room", room: lobby, state: true, members: false },
  "read-bans": { kind: "read-bans", room: lobby },
  "send-file": { kind: "send-file", room: desk, list: listA, format: "csv" },
  "show-removed": { kind: "show-removed", room: desk, of: { user: ann }, limit: 20 },
  "show-reported": {
    kind: "show-reported",
    room: desk,
    report: 31,
    of: [{ room: lobby, event: event("$message") }],
  },
  "forget-removed": { kind: "forget-removed", user: ann },
  "try-protection": { kind: "try-protection", protection: "flood", rooms: [lobby, hall], since: 5 },
  "fill-gap": { kind: "fill-gap", room: lobby, from: "s2", to: "s1", readState: true },
  suspend: { kind: "suspend", user: ann, reason: "spam" },
  unsuspend: { kind: "unsuspend", user: ann, reason: "spam" },
  lock: { kind: "lock", user: ann, reason: "spam" },
  unlock: { kind: "unlock", user: ann, reason: "spam" },
  deactivate: { kind: "deactivate", user: ann, erase: true, reason: "spam" },
  "find-media": { kind: "find-media", in: { room: lobby, event: event("$message") }, reason: "spam" },
  "quarantine-media": { kind: "quarantine-media", media, user: ann, reason: "spam" },
  "unquarantine-media": { kind: "unquarantine-media", media, user: ann, reason: "spam" },
  "quarantine-media-of-user": { kind: "quarantine-media-of-user", user: ann, reason: "spam" },
  "quarantine-media-of-room": { kind: "quarantine-media-of-room", room: lobby, reason: "spam" },
  "shutdown-room": { kind: "shutdown-room", room: lobby, purge: true, reason: "spam" },
  "make-room-admin": { kind: "make-room-admin", room: lobby, user: ann },
  "add-alias": { kind: "add-alias", alias: alias("#Lobby:example.org"), room: lobby },
  "remove-alias": { kind: "remove-alias", alias: alias("#Lobby:example.org"), room: lobby },
  "list-publicly": { kind: "list-publicly", room: lobby },
  "unlist-publicly": { kind: "unlist-publicly", room: lobby },
  "block-room": { kind: "block-room", room: lobby, reason: "spam" },
  "unblock-room": { kind: "unblock-room", room: lobby, reason: "" },
  "set-profile": { kind: "set-profile", field: "displayname", value: "Tyr" },
};

export const everyKind = Object.keys(oneOfEach) as readonly ActionKind[];
