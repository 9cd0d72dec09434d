/** What every kind of action is to the house, kind by kind: a change of any of it shows here. */
import { beforeEach, expect, test } from "@jest/globals";
import { resultsOf } from "../../../src/cli/check-summary.ts";
import { asDone, toTakeBack } from "../../../src/commands/undo-words.ts";
import { addAction } from "../../../src/decisions/guard/act-impact.ts";
import { guard } from "../../../src/decisions/guard/guard.ts";
import { resumeOpen } from "../../../src/decisions/in-flight/resume.ts";
import { plan, stepOf } from "../../../src/decisions/plan.ts";
import { undo } from "../../../src/decisions/undo.ts";
import { Journal } from "../../../src/journal/journal.ts";
import { plain } from "../../../src/kit/say.ts";
import { isForEarnest } from "../../../src/lifecycle/dry-run.ts";
import { GrowingSubject } from "../../../src/management-room/progress/subject-of-acts.ts";
import { lineFor, wouldLine, type Tally } from "../../../src/management-room/progress/tally-lines.ts";
import type { ActionKind } from "../../../src/model/actions/action.ts";
import {
  actKey,
  inverse,
  isLocal,
  isStateWrite,
  isNumbered,
  offersUndo,
  placeOf,
  powerNeededFor,
  requestClassOf,
  roomOf,
  subjectOf,
  whileStopped,
} from "../../../src/model/actions/traits.ts";
import { words } from "../../../src/model/actions/words.ts";
import { decide, type Cause } from "../../../src/model/decision.ts";
import type { Health } from "../../../src/model/health.ts";
import type { World } from "../../../src/model/world/world.ts";
import { Impact } from "../../../src/policy/impact/impact.ts";
import { RulesInForce } from "../../../src/policy/rules-in-force.ts";
import { openDatabase } from "../../../src/store/database.ts";
import {
  aWorld,
  desk,
  event,
  hall,
  listB,
  live,
  lobby,
  me,
  member,
  ruleEvent,
  see,
  state,
  user,
  usualSettings,
} from "../../support/make.ts";
import { aFlight } from "../../decisions/in-flight/flight.ts";
import { ann, everyKind, oneOfEach } from "../../support/one-of-each.ts";

const mod = user("@mod:example.org");
const byCommand: Cause = { kind: "command", event: event("$command"), by: mod, text: "ban" };
const byRule: Cause = {
  kind: "rule",
  list: listB,
  event: event("$rule"),
  ruleKind: "user",
  recommendation: "ban",
  entity: "@ann:example.org",
};

let world: World;
beforeEach(() => {
  world = aWorld();
  see(world, { kind: "server-powers", powers: { admin: true, suspend: false, lock: false } });
  see(world, live(desk, member(mod, "join")), live(lobby, member(ann, "join")));
});

const decided = (kind: ActionKind, because: Cause = byCommand) =>
  decide(oneOfEach[kind], because, { at: 5, replaces: "7" });
const kindsWhere = (holds: (kind: ActionKind) => boolean): readonly ActionKind[] => everyKind.filter(holds);
/** For each value the kinds that have it, in the order of the fixture. */
const byValue = (valueOf: (kind: ActionKind) => string | undefined): Record<string, readonly ActionKind[]> =>
  Object.fromEntries(Map.groupBy(everyKind, (kind) => valueOf(kind) ?? "none"));
const each = <T>(valueOf: (kind: ActionKind) => T): Record<string, T> =>
  Object.fromEntries(everyKind.map((kind) => [kind, valueOf(kind)]));
/** Why the guard refuses, by the key of the refusal. */
const refusal = (kind: ActionKind, because: Cause = byCommand): string | undefined => {
  const { refused } = guard([decided(kind, because)], {
    world,
    rulesInForce: new RulesInForce(world),
    at: world.now,
    prefix: "!tyr",
  });
  return refused[0]?.key;
};
const holds = (kind: ActionKind, because: Cause): boolean =>
  aFlight(world).stillHolds(decided(kind, because));

test("ids", () => {
  expect(each((kind) => decided(kind).id)).toEqual({
    "put-back": "XPX9bjSL_R2ftAhsvDoEvk3i",
    "set-room-mode": "T5lIwUYw8JG3j3M7wimqvqFN",
    release: "jAt18J5qsgFbZhPC5DHiYhGd",
    "readmit-servers": "Eg_57z0O000HZacydFCqsK-k",
    "deny-servers": "q1SH3minBFKzIQkwQgcwprVW",
    "set-policy-server": "_bX2mGOFpjDVVvGISaBNC4QQ",
    "clear-policy-server": "gt1g0_Quc0FfAE9fT2ISdCwp",
    contain: "3bmunrapPg3cFIBdRfLepyk0",
    "try-protection": "M2BmNH55rE5cgyr0koimtWSi",
    ban: "3I0x_xvzaUL-_vunEaDQvJTn",
    unban: "ZQAsdUv2dmsMKqR3kJxTU-iL",
    "refuse-knock": "38GIf_VD_32ViE9nN3Epxk7o",
    kick: "IUWFSXnu_werIpGqNZvsrpQH",
    invite: "flsuvBIGaDu3tcKdNPGkFMI4",
    mute: "rFw504dGbKlNf0urQOm_h9Ut",
    unmute: "70m7bsUcgq5AOh3QhV__-QdO",
    "set-power-level": "-C1hLlPKDTao_yBr4ciwP-pT",
    warn: "9Q0ucvjdXuqmBqAXHMioEN-G",
    redact: "Dyosa50yPqUyuhUq-DALYJWV",
    "search-history": "Qf1MN5ynsOGXV69PX9PfV-U8",
    "redact-by-server": "fg2_YtnD1wH1zPfDe03VtH_a",
    "set-server-acl": "B5dh2eVWAwGOcvWvfNFx3Hlk",
    "write-policy": "qgoNPzCq0d29wV4R9FM0CKJg",
    "remove-policy": "vmQ9DKGSGXwAFfSad_NLFzjg",
    "create-list": "60fxjJBLIV7tA1PbyWTI2Nn_",
    join: "QXcO27La7d-iq6oap_bDKt9a",
    leave: "2I8K1j1oQR_oeZYj1B15LRQ6",
    "change-settings": "Rqrl7p2foFtkDhRWi_8NTLSE",
    tell: "pae1ti5LeeFe-u7bnYFC9h5m",
    "describe-command": "NBdb4Gj_hBONVgoTJddDBv3w",
    react: "8Sh68ThhA2X-SSIX_pFmkc8N",
    ask: "r9mO8MVnv_7uU23QGLPT8cnw",
    "answer-question": "sUVF3k0iHKjNosdWf2SnLJ_f",
    "read-room": "7c00EFnnutCFsBBU9mjNlshs",
    "read-bans": "Vfy1EhnN3LzQn6O8XvTwl-1L",
    "send-file": "eFnfnKtrxnkYfn4UdWtxXoBU",
    "fill-gap": "j-F-MLCHnyysV5csI5SGAhlM",
    suspend: "hkp9l011pUQd00VyNub8Dv_x",
    unsuspend: "HA5gQd2QhOFkc1YQ4QM-62i4",
    lock: "61OnBe2rXuAulBAC3IZf-hGV",
    unlock: "uKRcrlYjoD8IJceHv77G8YD5",
    deactivate: "gC3IWot1FrJMKbpC0kbKJest",
    "find-media": "9_Jys6enGF1ZhXLYm9fhwFLz",
    "quarantine-media": "MNt64UohfEuHYZLC7IeplO5M",
    "unquarantine-media": "chjveyWP2ONSVe2j54CoM_eS",
    "quarantine-media-of-user": "jbVz6Xx_QjKNglvFAUP3NThX",
    "quarantine-media-of-room": "HVgr-J_GMiIhOWR3bu2xhxcK",
    "shutdown-room": "12vYsS-3kw-uZUIoe0YNbTwX",
    "make-room-admin": "SPongFTG69ILc0_7JPl8GikR",
    "add-alias": "b7YjyYUKzX37qbgEi2sdYuYZ",
    "remove-alias": "MM4msFrpv08SxkPtHFdu5HB1",
    "list-publicly": "UE5BrlZybmb_rPdBg1xf6E-r",
    "unlist-publicly": "QL3JHn1mpneAsAsDJp7JqrOk",
    "forget-removed": "wzLIoK9kzDFQZSoGxkGG7y2U",
    "show-removed": "7oH8fX5enpnlXZUBLczglaw1",
    "show-reported": "GrZUlqmDz0lBB4uJWK-2810_",
    hold: "jccvx7NUcmuHMA-YhZ-ebhlq",
    post: "pEwCKk29alKdugTlIvo0Q-rv",
    "block-room": "8L3iy14Sx-eZf05iDaETyEpU",
    "unblock-room": "HsHei0Ux1sZXGZusd1Zbphzx",
    "set-profile": "sQO-nFdhapXz7raIbHLLEJfp",
  });
});

test("keys", () => {
  expect(each((kind) => actKey(oneOfEach[kind]).replaceAll("\n", " | "))).toEqual({
    "put-back": "put-back | !lobby:example.org | m.room.name |  | XRiTlZ3gQL2aCJn3ugbUvTgZ",
    "set-room-mode": "set-room-mode | !lobby:example.org | raid ",
    release: "release | !lobby:example.org | levels",
    "readmit-servers": "readmit-servers | !lobby:example.org | ",
    "deny-servers": "deny-servers | !lobby:example.org | evil.example",
    "set-policy-server": "set-policy-server | !lobby:example.org | ",
    "clear-policy-server": "clear-policy-server | !lobby:example.org | ",
    contain: "contain | !lobby:example.org | levels 1",
    "try-protection": "try-protection |  | flood 5 !lobby:example.org !hall:example.org",
    ban: "ban | !lobby:example.org | @ann:example.org",
    unban: "unban | !lobby:example.org | @ann:example.org",
    "refuse-knock": "refuse-knock | !lobby:example.org | @ann:example.org",
    kick: "kick | !lobby:example.org | @ann:example.org",
    invite: "invite | !lobby:example.org | @ann:example.org",
    mute: "mute | !lobby:example.org | @ann:example.org",
    unmute: "unmute | !lobby:example.org | @ann:example.org",
    "set-power-level": "set-power-level | !lobby:example.org | @ann:example.org | 50",
    warn: "warn | !lobby:example.org | @ann:example.org | please stop",
    redact: "redact | !lobby:example.org | $message",
    "search-history": "search-history | !lobby:example.org | @ann:example.org",
    "redact-by-server": "redact-by-server |  | @ann:example.org | !lobby:example.org !hall:example.org",
    "set-server-acl": "set-server-acl | !lobby:example.org | ",
    "write-policy": "write-policy | !list-a:example.org | m.policy.rule.user | rule:@ann:example.org",
    "remove-policy": "remove-policy | !list-a:example.org | m.policy.rule.user | rule:@ann:example.org",
    "create-list": "create-list |  | coc",
    join: "join | !hall:example.org | ",
    leave: "leave | !lobby:example.org | ",
    "change-settings": 'change-settings |  | {"kind":"unwatch","list":"!list-a:example.org"}',
    tell: "tell | !desk:example.org | $command | 0",
    "describe-command": "describe-command | !desk:example.org | ban",
    react: "react | !desk:example.org | $command",
    ask: "ask | !desk:example.org | 7",
    "answer-question": "answer-question |  | 7 true",
    "read-room": "read-room | !lobby:example.org | true false",
    "read-bans": "read-bans | !lobby:example.org | ",
    "send-file": "send-file | !desk:example.org | !list-a:example.org csv",
    "fill-gap": "fill-gap | !lobby:example.org | s1",
    suspend: "suspend |  | @ann:example.org",
    unsuspend: "unsuspend |  | @ann:example.org",
    lock: "lock |  | @ann:example.org",
    unlock: "unlock |  | @ann:example.org",
    deactivate: "deactivate |  | @ann:example.org",
    "find-media": "find-media | !lobby:example.org | $message",
    "quarantine-media": "quarantine-media |  | mxc://example.org/file",
    "unquarantine-media": "unquarantine-media |  | mxc://example.org/file",
    "quarantine-media-of-user": "quarantine-media-of-user |  | @ann:example.org",
    "quarantine-media-of-room": "quarantine-media-of-room | !lobby:example.org | ",
    "shutdown-room": "shutdown-room | !lobby:example.org | ",
    "make-room-admin": "make-room-admin | !lobby:example.org | @ann:example.org",
    "add-alias": "add-alias | !lobby:example.org | #Lobby:example.org",
    "remove-alias": "remove-alias | !lobby:example.org | #Lobby:example.org",
    "list-publicly": "list-publicly | !lobby:example.org | ",
    "unlist-publicly": "unlist-publicly | !lobby:example.org | ",
    "forget-removed": "forget-removed |  | @ann:example.org",
    "show-removed": "show-removed | !desk:example.org | @ann:example.org",
    "show-reported": "show-reported | !desk:example.org | 31",
    hold: "hold | !lobby:example.org | $message",
    post: "post | !lobby:example.org | again",
    "block-room": "block-room | !lobby:example.org | ",
    "unblock-room": "unblock-room | !lobby:example.org | ",
    "set-profile": "set-profile |  | displayname Tyr",
  });
});

test("rooms", () => {
  expect(byValue((kind) => roomOf(oneOfEach[kind]))).toEqual({
    "!lobby:example.org": [
      "ban",
      "unban",
      "refuse-knock",
      "kick",
      "invite",
      "mute",
      "unmute",
      "set-power-level",
      "warn",
      "redact",
      "hold",
      "post",
      "search-history",
      "set-server-acl",
      "set-policy-server",
      "clear-policy-server",
      "contain",
      "release",
      "put-back",
      "deny-servers",
      "readmit-servers",
      "set-room-mode",
      "leave",
      "read-room",
      "read-bans",
      "fill-gap",
      "find-media",
      "quarantine-media-of-room",
      "shutdown-room",
      "make-room-admin",
      "add-alias",
      "remove-alias",
      "list-publicly",
      "unlist-publicly",
      "block-room",
      "unblock-room",
    ],
    none: [
      "redact-by-server",
      "create-list",
      "change-settings",
      "answer-question",
      "forget-removed",
      "try-protection",
      "suspend",
      "unsuspend",
      "lock",
      "unlock",
      "deactivate",
      "quarantine-media",
      "unquarantine-media",
      "quarantine-media-of-user",
      "set-profile",
    ],
    "!list-a:example.org": ["write-policy", "remove-policy"],
    "!hall:example.org": ["join"],
    "!desk:example.org": [
      "tell",
      "describe-command",
      "react",
      "ask",
      "send-file",
      "show-removed",
      "show-reported",
    ],
  });
});

test("subjects", () => {
  expect(byValue((kind) => subjectOf(oneOfEach[kind]))).toEqual({
    "@ann:example.org": [
      "ban",
      "unban",
      "refuse-knock",
      "kick",
      "invite",
      "mute",
      "unmute",
      "set-power-level",
      "warn",
      "redact",
      "hold",
      "search-history",
      "redact-by-server",
      "write-policy",
      "remove-policy",
      "show-removed",
      "forget-removed",
      "suspend",
      "unsuspend",
      "lock",
      "unlock",
      "deactivate",
      "quarantine-media-of-user",
      "make-room-admin",
    ],
    none: [
      "post",
      "set-server-acl",
      "set-room-mode",
      "create-list",
      "join",
      "leave",
      "tell",
      "describe-command",
      "react",
      "ask",
      "answer-question",
      "read-room",
      "read-bans",
      "send-file",
      "show-reported",
      "try-protection",
      "fill-gap",
      "find-media",
      "quarantine-media-of-room",
      "shutdown-room",
      "set-profile",
    ],
    "!list-a:example.org": ["change-settings"],
    "mxc://example.org/file": ["quarantine-media", "unquarantine-media"],
    "#lobby:example.org": ["add-alias", "remove-alias"],
    "!lobby:example.org": [
      "set-policy-server",
      "clear-policy-server",
      "contain",
      "release",
      "put-back",
      "deny-servers",
      "readmit-servers",
      "list-publicly",
      "unlist-publicly",
      "block-room",
      "unblock-room",
    ],
  });
});

test("places besides rooms", () => {
  expect(byValue((kind) => placeOf(oneOfEach[kind]))).toEqual({
    none: [
      "ban",
      "unban",
      "refuse-knock",
      "kick",
      "invite",
      "mute",
      "unmute",
      "set-power-level",
      "warn",
      "redact",
      "hold",
      "post",
      "search-history",
      "redact-by-server",
      "set-server-acl",
      "set-policy-server",
      "clear-policy-server",
      "contain",
      "release",
      "put-back",
      "deny-servers",
      "readmit-servers",
      "set-room-mode",
      "write-policy",
      "remove-policy",
      "create-list",
      "join",
      "leave",
      "change-settings",
      "tell",
      "describe-command",
      "react",
      "ask",
      "answer-question",
      "read-room",
      "read-bans",
      "send-file",
      "show-removed",
      "show-reported",
      "forget-removed",
      "try-protection",
      "fill-gap",
      "deactivate",
      "find-media",
      "quarantine-media-of-user",
      "quarantine-media-of-room",
      "shutdown-room",
      "make-room-admin",
    ],
    "suspension of @ann:example.org": ["suspend", "unsuspend"],
    "lock of @ann:example.org": ["lock", "unlock"],
    "mxc://example.org/file": ["quarantine-media", "unquarantine-media"],
    "#Lobby:example.org": ["add-alias", "remove-alias"],
    "listing of !lobby:example.org": ["list-publicly", "unlist-publicly"],
    "block of !lobby:example.org": ["block-room", "unblock-room"],
    "profile displayname": ["set-profile"],
  });
});

test("what is ours alone", () => {
  expect(kindsWhere((kind) => isLocal(oneOfEach[kind]))).toEqual([
    "deny-servers",
    "readmit-servers",
    "set-room-mode",
    "change-settings",
    "answer-question",
    "forget-removed",
  ]);
});

test("state writes", () => {
  expect(kindsWhere((kind) => isStateWrite(oneOfEach[kind]))).toEqual([
    "ban",
    "unban",
    "refuse-knock",
    "kick",
    "invite",
    "mute",
    "unmute",
    "set-power-level",
    "set-server-acl",
    "set-policy-server",
    "clear-policy-server",
    "contain",
    "release",
    "put-back",
    "write-policy",
    "remove-policy",
    "join",
    "leave",
    "describe-command",
    "suspend",
    "unsuspend",
    "lock",
    "unlock",
    "quarantine-media",
    "unquarantine-media",
    "add-alias",
    "remove-alias",
    "list-publicly",
    "unlist-publicly",
    "block-room",
    "unblock-room",
    "set-profile",
  ]);
});

test("what gets a number to be taken back by", () => {
  expect(kindsWhere((kind) => isNumbered(oneOfEach[kind]))).toEqual([
    "ban",
    "unban",
    "refuse-knock",
    "kick",
    "invite",
    "mute",
    "unmute",
    "set-power-level",
    "warn",
    "redact",
    "hold",
    "search-history",
    "redact-by-server",
    "set-server-acl",
    "set-policy-server",
    "clear-policy-server",
    "contain",
    "put-back",
    "deny-servers",
    "set-room-mode",
    "write-policy",
    "remove-policy",
    "create-list",
    "change-settings",
    "answer-question",
    "suspend",
    "unsuspend",
    "lock",
    "unlock",
    "deactivate",
    "quarantine-media",
    "unquarantine-media",
    "quarantine-media-of-user",
    "quarantine-media-of-room",
    "shutdown-room",
    "make-room-admin",
    "add-alias",
    "remove-alias",
    "list-publicly",
    "unlist-publicly",
    "block-room",
    "unblock-room",
    "set-profile",
  ]);
});

test("what alone is no reason to tell how it is taken back", () => {
  expect(kindsWhere((kind) => !offersUndo(kind))).toEqual([
    "refuse-knock",
    "warn",
    "redact",
    "post",
    "search-history",
    "redact-by-server",
    "create-list",
    "send-file",
    "show-removed",
    "show-reported",
    "forget-removed",
    "deactivate",
    "find-media",
    "quarantine-media-of-user",
    "quarantine-media-of-room",
    "shutdown-room",
    "make-room-admin",
    "set-profile",
  ]);
});

test("inverses", () => {
  expect(each((kind) => inverse(oneOfEach[kind]))).toEqual({
    "set-policy-server": {
      kind: "clear-policy-server",
      room: "!lobby:example.org",
      before: { via: "policy.example", key: "A".repeat(43) },
    },
    "clear-policy-server": {
      kind: "set-policy-server",
      room: "!lobby:example.org",
      server: { via: "policy.example", key: "A".repeat(43) },
    },
    "put-back": {
      kind: "put-back",
      room: "!lobby:example.org",
      eventType: "m.room.name",
      stateKey: "",
      changes: [{ path: [], before: { name: "Pwned" }, ours: { name: "Lobby" } }],
    },
    contain: { kind: "release", room: "!lobby:example.org", key: "levels" },
    release: undefined,
    "deny-servers": { kind: "readmit-servers", room: "!lobby:example.org" },
    "readmit-servers": undefined,
    "set-room-mode": { kind: "set-room-mode", room: "!lobby:example.org", mode: "by-itself", before: "raid" },
    ban: { kind: "unban", room: "!lobby:example.org", user: "@ann:example.org", reason: "spam" },
    unban: {
      kind: "ban",
      room: "!lobby:example.org",
      user: "@ann:example.org",
      reason: "spam",
      redacts: false,
    },
    kick: { kind: "invite", room: "!lobby:example.org", user: "@ann:example.org", reason: "spam" },
    invite: { kind: "kick", room: "!lobby:example.org", user: "@ann:example.org", reason: "spam" },
    mute: {
      kind: "unmute",
      room: "!lobby:example.org",
      user: "@ann:example.org",
      reason: "spam",
      before: -1,
      until: 9,
    },
    unmute: {
      kind: "mute",
      room: "!lobby:example.org",
      user: "@ann:example.org",
      reason: "spam",
      level: -1,
      until: 9,
    },
    "set-power-level": {
      kind: "set-power-level",
      room: "!lobby:example.org",
      user: "@ann:example.org",
      level: 10,
      before: 50,
    },
    "set-server-acl": {
      kind: "set-server-acl",
      room: "!lobby:example.org",
      content: { allow: ["*"], deny: [], allow_ip_literals: false },
      before: { allow: ["*"], deny: ["evil.example"], allow_ip_literals: false },
    },
    "write-policy": {
      kind: "remove-policy",
      list: "!list-a:example.org",
      eventType: "m.policy.rule.user",
      stateKey: "rule:@ann:example.org",
      before: { entity: "@Ann:example.org", recommendation: "m.ban" },
    },
    "remove-policy": {
      kind: "write-policy",
      list: "!list-a:example.org",
      eventType: "m.policy.rule.user",
      stateKey: "rule:@ann:example.org",
      content: { entity: "@Ann:example.org", recommendation: "m.ban" },
    },
    join: { kind: "leave", room: "!hall:example.org" },
    "change-settings": {
      kind: "change-settings",
      change: { kind: "watch", list: { room: "!list-a:example.org", via: [], liftsBans: true } },
      back: { kind: "unwatch", list: "!list-a:example.org" },
    },
    suspend: { kind: "unsuspend", user: "@ann:example.org", reason: "spam" },
    unsuspend: { kind: "suspend", user: "@ann:example.org", reason: "spam" },
    lock: { kind: "unlock", user: "@ann:example.org", reason: "spam" },
    unlock: { kind: "lock", user: "@ann:example.org", reason: "spam" },
    "quarantine-media": {
      kind: "unquarantine-media",
      media: "mxc://example.org/file",
      user: "@ann:example.org",
      reason: "spam",
    },
    "unquarantine-media": {
      kind: "quarantine-media",
      media: "mxc://example.org/file",
      user: "@ann:example.org",
      reason: "spam",
    },
    "add-alias": { kind: "remove-alias", alias: "#Lobby:example.org", room: "!lobby:example.org" },
    "remove-alias": { kind: "add-alias", alias: "#Lobby:example.org", room: "!lobby:example.org" },
    "list-publicly": { kind: "unlist-publicly", room: "!lobby:example.org" },
    "unlist-publicly": { kind: "list-publicly", room: "!lobby:example.org" },
    "block-room": { kind: "unblock-room", room: "!lobby:example.org", reason: "spam" },
    "unblock-room": { kind: "block-room", room: "!lobby:example.org", reason: "" },
  });
});

test("urgency, lane and rank", () => {
  expect(
    byValue((kind) => {
      const { priority, lane, rank } = stepOf(decided(kind), world);
      return `${priority} in ${lane}, rank ${rank}`;
    }),
  ).toEqual({
    "1 in !lobby:example.org, rank -26000": ["ban", "kick", "mute"],
    "2 in !lobby:example.org, rank -26000": ["unban", "unmute", "set-power-level"],
    "3 in !lobby:example.org, rank -26000": ["invite", "warn", "make-room-admin"],
    "4 in !lobby:example.org, rank -26000": ["redact", "hold", "search-history"],
    "4 in account, rank 0": ["redact-by-server"],
    "0 in !lobby:example.org, rank -0.000001": ["set-server-acl", "contain", "put-back"],
    "0 in policy server !lobby:example.org, rank -0.000001": ["clear-policy-server"],
    "3 in policy server !lobby:example.org, rank -0.000001": ["set-policy-server"],
    "0 in settings, rank -0.000001": ["deny-servers", "readmit-servers", "set-room-mode"],
    "2 in !lobby:example.org, rank -0.000001": ["release"],
    "0 in !list-a:example.org, rank 0": ["write-policy", "remove-policy"],
    "7 in account, rank 0": ["create-list", "try-protection"],
    "3 in !hall:example.org, rank 0": ["join"],
    "7 in !lobby:example.org, rank -0.000001": ["leave", "read-room", "read-bans", "fill-gap"],
    "7 in settings, rank 0": ["change-settings", "answer-question", "forget-removed"],
    "3 in !desk:example.org, rank -0.000001": ["tell", "ask", "send-file", "show-removed", "show-reported"],
    "7 in !desk:example.org, rank -0.000001": ["describe-command"],
    "5 in !lobby:example.org, rank -26000": ["refuse-knock"],
    "6 in !desk:example.org, rank -0.000001": ["react"],
    "1 in suspension of @ann:example.org, rank 0": ["suspend"],
    "2 in suspension of @ann:example.org, rank 0": ["unsuspend"],
    "1 in lock of @ann:example.org, rank 0": ["lock"],
    "2 in lock of @ann:example.org, rank 0": ["unlock"],
    "1 in account, rank 0": ["deactivate", "quarantine-media-of-user"],
    "3 in !lobby:example.org, rank -0.000001": ["post", "find-media", "shutdown-room"],
    "1 in mxc://example.org/file, rank 0": ["quarantine-media"],
    "2 in mxc://example.org/file, rank 0": ["unquarantine-media"],
    "1 in !lobby:example.org, rank -0.000001": ["quarantine-media-of-room"],
    "3 in #Lobby:example.org, rank -0.000001": ["add-alias"],
    "2 in #Lobby:example.org, rank -0.000001": ["remove-alias"],
    "3 in listing of !lobby:example.org, rank -0.000001": ["list-publicly", "unlist-publicly"],
    "3 in block of !lobby:example.org, rank -0.000001": ["block-room", "unblock-room"],
    "3 in profile displayname, rank 0": ["set-profile"],
  });
});

test("urgency of a ban of somebody absent and of an edit", () => {
  const absent = { ...oneOfEach.ban, user: user("@absent:example.org") };
  const edit = { ...oneOfEach.tell, revision: 1 };
  const urgencyOf = (action: typeof absent | typeof edit) =>
    stepOf(decide(action, byCommand, { at: 5, replaces: "" }), world).priority;

  expect([urgencyOf(absent), urgencyOf(edit)]).toEqual([5, 6]);
});

test("what is planned although the same is under way", () => {
  expect(kindsWhere((kind) => plan([decided(kind)], { world, isUnderWay: () => true }).length > 0)).toEqual([
    "set-server-acl",
    "set-policy-server",
    "write-policy",
    "set-profile",
  ]);
});

test("what is not planned as it is true already", () => {
  const bob = user("@bob:example.org");
  see(
    world,
    live(lobby, member(ann, "ban")),
    live(lobby, state("m.room.power_levels", { users: { [me]: 100, [ann]: 50 } })),
  );
  const banned = kindsWhere((kind) => plan([decided(kind)], { world, isUnderWay: () => false }).length === 0);
  see(world, live(lobby, member(ann, "leave")));
  const gone = kindsWhere((kind) => plan([decided(kind)], { world, isUnderWay: () => false }).length === 0);
  see(world, live(lobby, member(ann, "join")), live(lobby, member(bob, "join")));
  const joined = kindsWhere((kind) => plan([decided(kind)], { world, isUnderWay: () => false }).length === 0);

  expect({ banned, gone, joined }).toEqual({
    banned: ["ban", "refuse-knock", "set-power-level", "clear-policy-server", "release", "put-back", "join"],
    gone: [
      "unban",
      "refuse-knock",
      "kick",
      "set-power-level",
      "clear-policy-server",
      "release",
      "put-back",
      "join",
    ],
    joined: [
      "unban",
      "refuse-knock",
      "invite",
      "set-power-level",
      "clear-policy-server",
      "release",
      "put-back",
      "join",
    ],
  });
});

test("classes of requests", () => {
  expect(byValue((kind) => requestClassOf(oneOfEach[kind]))).toEqual({
    write: [
      "ban",
      "unban",
      "refuse-knock",
      "kick",
      "invite",
      "mute",
      "unmute",
      "set-power-level",
      "warn",
      "redact",
      "hold",
      "post",
      "set-server-acl",
      "set-policy-server",
      "clear-policy-server",
      "contain",
      "release",
      "put-back",
      "deny-servers",
      "readmit-servers",
      "set-room-mode",
      "write-policy",
      "remove-policy",
      "leave",
      "change-settings",
      "tell",
      "describe-command",
      "react",
      "ask",
      "answer-question",
      "send-file",
      "show-removed",
      "show-reported",
      "forget-removed",
      "suspend",
      "unsuspend",
      "lock",
      "unlock",
      "deactivate",
      "quarantine-media",
      "unquarantine-media",
      "quarantine-media-of-user",
      "quarantine-media-of-room",
      "make-room-admin",
      "add-alias",
      "remove-alias",
      "list-publicly",
      "unlist-publicly",
      "block-room",
      "unblock-room",
      "set-profile",
    ],
    look: [
      "search-history",
      "redact-by-server",
      "read-room",
      "read-bans",
      "try-protection",
      "fill-gap",
      "find-media",
      "shutdown-room",
    ],
    join: ["create-list", "join"],
  });
});

test("powers of an administrator", () => {
  const serverPower = (kind: ActionKind) => {
    const need = powerNeededFor(oneOfEach[kind]);
    return need.of === "server" ? need.power : undefined;
  };

  expect(byValue(serverPower)).toEqual({
    none: [
      "ban",
      "unban",
      "refuse-knock",
      "kick",
      "invite",
      "mute",
      "unmute",
      "set-power-level",
      "warn",
      "redact",
      "hold",
      "post",
      "search-history",
      "redact-by-server",
      "set-server-acl",
      "set-policy-server",
      "clear-policy-server",
      "contain",
      "release",
      "put-back",
      "deny-servers",
      "readmit-servers",
      "set-room-mode",
      "write-policy",
      "remove-policy",
      "create-list",
      "join",
      "leave",
      "change-settings",
      "tell",
      "describe-command",
      "react",
      "ask",
      "answer-question",
      "read-room",
      "read-bans",
      "send-file",
      "show-removed",
      "show-reported",
      "forget-removed",
      "try-protection",
      "fill-gap",
      "add-alias",
      "remove-alias",
      "list-publicly",
      "unlist-publicly",
      "set-profile",
    ],
    suspend: ["suspend", "unsuspend"],
    lock: ["lock", "unlock"],
    admin: [
      "deactivate",
      "find-media",
      "quarantine-media",
      "unquarantine-media",
      "quarantine-media-of-user",
      "quarantine-media-of-room",
      "shutdown-room",
      "make-room-admin",
      "block-room",
      "unblock-room",
    ],
  });
});

test("what a dry run performs", () => {
  const elsewhere = (kind: ActionKind) => isForEarnest(oneOfEach[kind], lobby);
  expect({
    performed: kindsWhere((kind) => !isForEarnest(oneOfEach[kind], desk)),
    performedWhereverItIs: kindsWhere((kind) => !elsewhere(kind)),
  }).toEqual({
    performed: [
      "search-history",
      "tell",
      "react",
      "ask",
      "read-room",
      "read-bans",
      "send-file",
      "show-removed",
      "show-reported",
      "try-protection",
      "fill-gap",
      "find-media",
    ],
    performedWhereverItIs: [
      "search-history",
      "read-room",
      "read-bans",
      "try-protection",
      "fill-gap",
      "find-media",
    ],
  });
});

test("what is done again after it was done", () => {
  const journal = new Journal(openDatabase(":memory:"));
  const opensAgain = (kind: ActionKind) => {
    journal.open([decided(kind)]);
    journal.close({ decision: decided(kind), result: { kind: "done" } }, 6);
    return journal.open([decided(kind)]).size > 0;
  };

  expect(kindsWhere(opensAgain)).toEqual([
    "ban",
    "unban",
    "invite",
    "mute",
    "unmute",
    "set-power-level",
    "set-server-acl",
    "set-policy-server",
    "clear-policy-server",
    "contain",
    "release",
    "put-back",
    "deny-servers",
    "readmit-servers",
    "set-room-mode",
    "write-policy",
    "remove-policy",
    "join",
    "leave",
    "change-settings",
    "describe-command",
    "read-room",
    "read-bans",
  ]);
});

test("what becomes of it after a crash", () => {
  const fate = (kind: ActionKind, because: Cause) => {
    const rulesInForce = new RulesInForce(world);
    const view = { world, rulesInForce, at: world.now, prefix: "!tyr", isUnderWay: () => false };
    const { steps, ended } = resumeOpen([decided(kind, because)], view);
    const result = ended[0]?.result;
    return steps.length > 0 ? "resumed" : result?.kind === "failed" ? result.code : result?.kind;
  };

  expect({
    ofCommand: byValue((kind) => fate(kind, byCommand)),
    ofRule: byValue((kind) => fate(kind, byRule)),
  }).toEqual({
    ofCommand: {
      resumed: [
        "ban",
        "kick",
        "mute",
        "set-power-level",
        "warn",
        "redact",
        "hold",
        "post",
        "search-history",
        "redact-by-server",
        "set-policy-server",
        "contain",
        "deny-servers",
        "readmit-servers",
        "set-room-mode",
        "write-policy",
        "remove-policy",
        "leave",
        "change-settings",
        "tell",
        "describe-command",
        "react",
        "ask",
        "answer-question",
        "read-room",
        "read-bans",
        "send-file",
        "show-removed",
        "show-reported",
        "forget-removed",
        "fill-gap",
        "suspend",
        "unsuspend",
        "lock",
        "unlock",
        "deactivate",
        "find-media",
        "quarantine-media",
        "unquarantine-media",
        "quarantine-media-of-user",
        "quarantine-media-of-room",
        "make-room-admin",
        "add-alias",
        "remove-alias",
        "list-publicly",
        "unlist-publicly",
        "unblock-room",
        "set-profile",
      ],
      done: [
        "unban",
        "refuse-knock",
        "invite",
        "unmute",
        "clear-policy-server",
        "release",
        "put-back",
        "join",
      ],
      superseded: ["set-server-acl", "try-protection"],
      UNKNOWN: ["create-list"],
      REFUSED: ["shutdown-room", "block-room"],
    },
    ofRule: {
      superseded: ["ban", "unban", "set-server-acl", "try-protection"],
      done: ["refuse-knock", "invite", "unmute", "clear-policy-server", "release", "put-back", "join"],
      resumed: [
        "kick",
        "mute",
        "set-power-level",
        "warn",
        "redact",
        "hold",
        "post",
        "search-history",
        "redact-by-server",
        "set-policy-server",
        "contain",
        "deny-servers",
        "readmit-servers",
        "set-room-mode",
        "write-policy",
        "remove-policy",
        "leave",
        "change-settings",
        "tell",
        "describe-command",
        "react",
        "ask",
        "answer-question",
        "read-room",
        "read-bans",
        "send-file",
        "show-removed",
        "show-reported",
        "forget-removed",
        "fill-gap",
        "suspend",
        "unsuspend",
        "lock",
        "unlock",
        "deactivate",
        "find-media",
        "quarantine-media",
        "unquarantine-media",
        "quarantine-media-of-user",
        "quarantine-media-of-room",
        "make-room-admin",
        "add-alias",
        "remove-alias",
        "list-publicly",
        "unlist-publicly",
        "unblock-room",
        "set-profile",
      ],
      UNKNOWN: ["create-list"],
      REFUSED: ["shutdown-room", "block-room"],
    },
  });
});

test("what the guard says while the moderators are unknown", () => {
  world = aWorld({ ...usualSettings, managementRoom: undefined });

  expect(byValue((kind) => refusal(kind))).toEqual({
    moderators: [
      "ban",
      "refuse-knock",
      "kick",
      "mute",
      "redact",
      "hold",
      "search-history",
      "redact-by-server",
      "set-server-acl",
      "set-policy-server",
      "contain",
      "deny-servers",
      "suspend",
      "lock",
      "deactivate",
      "quarantine-media",
      "quarantine-media-of-user",
      "quarantine-media-of-room",
      "shutdown-room",
      "block-room",
    ],
    none: [
      "unban",
      "invite",
      "unmute",
      "set-power-level",
      "warn",
      "post",
      "clear-policy-server",
      "release",
      "put-back",
      "readmit-servers",
      "set-room-mode",
      "write-policy",
      "remove-policy",
      "create-list",
      "join",
      "leave",
      "change-settings",
      "tell",
      "describe-command",
      "react",
      "ask",
      "answer-question",
      "read-room",
      "read-bans",
      "send-file",
      "show-removed",
      "show-reported",
      "forget-removed",
      "try-protection",
      "fill-gap",
      "add-alias",
      "remove-alias",
      "list-publicly",
      "unlist-publicly",
      "set-profile",
    ],
    "power suspend": ["unsuspend"],
    "power lock": ["unlock"],
    "power admin": ["find-media", "unquarantine-media", "make-room-admin", "unblock-room"],
  });
});

test("what the guard says with every right", () => {
  expect(byValue((kind) => refusal(kind))).toEqual({
    none: [
      "ban",
      "unban",
      "refuse-knock",
      "kick",
      "invite",
      "mute",
      "unmute",
      "set-power-level",
      "warn",
      "redact",
      "hold",
      "post",
      "search-history",
      "redact-by-server",
      "set-server-acl",
      "set-policy-server",
      "clear-policy-server",
      "contain",
      "release",
      "put-back",
      "deny-servers",
      "readmit-servers",
      "set-room-mode",
      "write-policy",
      "remove-policy",
      "create-list",
      "join",
      "leave",
      "change-settings",
      "tell",
      "describe-command",
      "react",
      "ask",
      "answer-question",
      "read-room",
      "read-bans",
      "send-file",
      "show-removed",
      "show-reported",
      "forget-removed",
      "try-protection",
      "fill-gap",
      "suspend",
      "unsuspend",
      "lock",
      "unlock",
      "deactivate",
      "find-media",
      "quarantine-media",
      "unquarantine-media",
      "quarantine-media-of-user",
      "quarantine-media-of-room",
      "make-room-admin",
      "add-alias",
      "remove-alias",
      "list-publicly",
      "unlist-publicly",
      "unblock-room",
      "set-profile",
    ],
    "ours !lobby:example.org": ["shutdown-room", "block-room"],
  });
});

test("what the guard says without any right", () => {
  see(world, { kind: "server-powers", powers: { admin: false, suspend: false, lock: false } });
  for (const id of [lobby, hall, desk, oneOfEach["write-policy"].list])
    see(world, live(id, state("m.room.power_levels", { users: {}, events_default: 10, invite: 10 })));

  expect(each((kind) => refusal(kind) ?? "allowed")).toEqual({
    "set-policy-server":
      "power !lobby:example.org to set the policy server in !lobby:example.org I need level 50 and have 0",
    "clear-policy-server":
      "power !lobby:example.org to set the policy server in !lobby:example.org I need level 50 and have 0",
    "put-back": "power !lobby:example.org to change that in !lobby:example.org I need level 50 and have 0",
    "set-room-mode": "allowed",
    release:
      "power !lobby:example.org to change the power levels in !lobby:example.org I need level 50 and have 0",
    "readmit-servers": "allowed",
    "deny-servers":
      "power !lobby:example.org to set the server ACL in !lobby:example.org I need level 50 and have 0",
    contain:
      "power !lobby:example.org to change the power levels in !lobby:example.org I need level 50 and have 0",
    "try-protection": "allowed",
    ban: "power !lobby:example.org to ban in !lobby:example.org I need level 50 and have 0",
    unban: "power !lobby:example.org to unban in !lobby:example.org I need level 50 and have 0",
    "refuse-knock": "power !lobby:example.org to kick in !lobby:example.org I need level 50 and have 0",
    kick: "power !lobby:example.org to kick in !lobby:example.org I need level 50 and have 0",
    invite: "power !lobby:example.org to invite in !lobby:example.org I need level 10 and have 0",
    mute: "power !lobby:example.org to change power levels in !lobby:example.org I need level 50 and have 0",
    unmute:
      "power !lobby:example.org to change power levels in !lobby:example.org I need level 50 and have 0",
    "set-power-level":
      "power !lobby:example.org to change power levels in !lobby:example.org I need level 50 and have 0",
    warn: "power !lobby:example.org to speak in !lobby:example.org I need level 10 and have 0",
    redact: "power !lobby:example.org to redact in !lobby:example.org I need level 50 and have 0",
    "search-history": "power !lobby:example.org to redact in !lobby:example.org I need level 50 and have 0",
    "redact-by-server": "allowed",
    "set-server-acl":
      "power !lobby:example.org to set the server ACL in !lobby:example.org I need level 50 and have 0",
    "write-policy":
      "power !list-a:example.org to write rules in !list-a:example.org I need level 50 and have 0",
    "remove-policy":
      "power !list-a:example.org to write rules in !list-a:example.org I need level 50 and have 0",
    "create-list": "allowed",
    join: "allowed",
    leave: "allowed",
    "change-settings": "allowed",
    tell: "allowed",
    "describe-command": "allowed",
    react: "allowed",
    ask: "allowed",
    "answer-question": "allowed",
    "read-room": "allowed",
    "read-bans": "allowed",
    "send-file": "allowed",
    "fill-gap": "allowed",
    suspend: "power suspend",
    unsuspend: "power suspend",
    lock: "power lock",
    unlock: "power lock",
    deactivate: "power admin",
    "find-media": "power admin",
    "quarantine-media": "power admin",
    "unquarantine-media": "power admin",
    "quarantine-media-of-user": "power admin",
    "quarantine-media-of-room": "power admin",
    "shutdown-room": "power admin",
    "make-room-admin": "power admin",
    "add-alias": "allowed",
    "remove-alias": "allowed",
    "list-publicly": "allowed",
    "unlist-publicly": "allowed",
    "forget-removed": "allowed",
    "show-removed": "allowed",
    "show-reported": "allowed",
    hold: "power !lobby:example.org to redact in !lobby:example.org I need level 50 and have 0",
    post: "power !lobby:example.org to speak in !lobby:example.org I need level 10 and have 0",
    "block-room": "power admin",
    "unblock-room": "power admin",
    "set-profile": "allowed",
  });
});

test("what the guard says where we are not in the room", () => {
  for (const id of [lobby, hall, oneOfEach["write-policy"].list])
    see(world, { kind: "own-membership", room: id, membership: "leave", by: undefined, reason: undefined });

  expect(byValue((kind) => refusal(kind))).toEqual({
    "absent !lobby:example.org": [
      "ban",
      "unban",
      "refuse-knock",
      "kick",
      "invite",
      "mute",
      "unmute",
      "set-power-level",
      "warn",
      "redact",
      "hold",
      "post",
      "search-history",
      "set-server-acl",
      "set-policy-server",
      "clear-policy-server",
      "contain",
      "release",
      "put-back",
      "deny-servers",
    ],
    none: [
      "redact-by-server",
      "readmit-servers",
      "set-room-mode",
      "create-list",
      "join",
      "leave",
      "change-settings",
      "tell",
      "describe-command",
      "react",
      "ask",
      "answer-question",
      "read-room",
      "read-bans",
      "send-file",
      "show-removed",
      "show-reported",
      "forget-removed",
      "try-protection",
      "fill-gap",
      "suspend",
      "unsuspend",
      "lock",
      "unlock",
      "deactivate",
      "find-media",
      "quarantine-media",
      "unquarantine-media",
      "quarantine-media-of-user",
      "quarantine-media-of-room",
      "make-room-admin",
      "add-alias",
      "remove-alias",
      "list-publicly",
      "unlist-publicly",
      "unblock-room",
      "set-profile",
    ],
    "absent !list-a:example.org": ["write-policy", "remove-policy"],
    "ours !lobby:example.org": ["shutdown-room", "block-room"],
  });
});

test("what the guard says of a moderator", () => {
  see(world, live(desk, member(ann, "join")));

  expect(byValue((kind) => refusal(kind))).toEqual({
    "moderator @ann:example.org": [
      "ban",
      "refuse-knock",
      "kick",
      "mute",
      "redact",
      "hold",
      "search-history",
      "redact-by-server",
      "suspend",
      "lock",
      "deactivate",
      "quarantine-media",
      "quarantine-media-of-user",
    ],
    none: [
      "unban",
      "invite",
      "unmute",
      "set-power-level",
      "warn",
      "post",
      "set-server-acl",
      "set-policy-server",
      "clear-policy-server",
      "contain",
      "release",
      "put-back",
      "deny-servers",
      "readmit-servers",
      "set-room-mode",
      "remove-policy",
      "create-list",
      "join",
      "leave",
      "change-settings",
      "tell",
      "describe-command",
      "react",
      "ask",
      "answer-question",
      "read-room",
      "read-bans",
      "send-file",
      "show-removed",
      "show-reported",
      "forget-removed",
      "try-protection",
      "fill-gap",
      "unsuspend",
      "unlock",
      "find-media",
      "unquarantine-media",
      "quarantine-media-of-room",
      "make-room-admin",
      "add-alias",
      "remove-alias",
      "list-publicly",
      "unlist-publicly",
      "unblock-room",
      "set-profile",
    ],
    "rule @Ann:example.org": ["write-policy"],
    "ours !lobby:example.org": ["shutdown-room", "block-room"],
  });
});

test("what no longer holds once the person is a moderator", () => {
  see(world, live(desk, member(ann, "join")));

  expect(kindsWhere((kind) => !holds(kind, byCommand))).toEqual([
    "ban",
    "unban",
    "refuse-knock",
    "kick",
    "mute",
    "unmute",
    "redact",
    "hold",
    "search-history",
    "redact-by-server",
    "contain",
    "release",
    "put-back",
    "remove-policy",
    "suspend",
    "lock",
    "deactivate",
    "quarantine-media",
    "quarantine-media-of-user",
    "shutdown-room",
  ]);
});

test("what no longer holds once the rule has gone", () => {
  expect(kindsWhere((kind) => !holds(kind, byRule))).toEqual([
    "ban",
    "unban",
    "refuse-knock",
    "kick",
    "mute",
    "unmute",
    "redact",
    "hold",
    "search-history",
    "redact-by-server",
    "contain",
    "release",
    "put-back",
    "remove-policy",
    "suspend",
    "lock",
    "deactivate",
    "quarantine-media",
    "quarantine-media-of-user",
    "shutdown-room",
  ]);
});

test("what no longer holds once the room is not protected", () => {
  see(world, live(listB, ruleEvent("@ann:example.org", { id: event("$rule") })));
  expect(kindsWhere((kind) => !holds(kind, byRule))).toEqual([
    "unban",
    "refuse-knock",
    "unmute",
    "contain",
    "release",
    "put-back",
    "remove-policy",
    "shutdown-room",
  ]);

  see(world, { kind: "settings-changed", change: { kind: "unprotect", room: lobby, excludes: true } });
  expect(kindsWhere((kind) => !holds(kind, byRule))).toEqual([
    "ban",
    "refuse-knock",
    "unmute",
    "redact",
    "hold",
    "search-history",
    "set-server-acl",
    "set-policy-server",
    "contain",
    "release",
    "put-back",
    "deny-servers",
    "remove-policy",
  ]);
});

test("what no longer holds once its command was taken back", () => {
  const flight = aFlight(world);
  flight.undone(["$command"], byCommand, 9);

  expect(kindsWhere((kind) => !flight.stillHolds(decided(kind)))).toEqual([
    "ban",
    "unban",
    "refuse-knock",
    "kick",
    "invite",
    "mute",
    "unmute",
    "set-power-level",
    "warn",
    "redact",
    "hold",
    "search-history",
    "redact-by-server",
    "set-server-acl",
    "set-policy-server",
    "clear-policy-server",
    "contain",
    "release",
    "put-back",
    "deny-servers",
    "set-room-mode",
    "write-policy",
    "remove-policy",
    "create-list",
    "change-settings",
    "answer-question",
    "suspend",
    "unsuspend",
    "lock",
    "unlock",
    "deactivate",
    "quarantine-media",
    "unquarantine-media",
    "quarantine-media-of-user",
    "quarantine-media-of-room",
    "shutdown-room",
    "make-room-admin",
    "add-alias",
    "remove-alias",
    "list-publicly",
    "unlist-publicly",
    "block-room",
    "unblock-room",
    "set-profile",
  ]);
});

test("what is asked again although it was refused for good", () => {
  const flight = aFlight(world);
  const isAskedAgain = (kind: ActionKind) => {
    const decision = decided(kind, byRule);
    flight.ended({
      decision,
      result: { kind: "failed", lasting: true, code: "M_FORBIDDEN", message: "no" },
    });
    return !flight.isBlocked(decision);
  };

  expect(kindsWhere(isAskedAgain)).toEqual(["join", "read-room", "try-protection"]);
});

test("what is not asked again once it was recorded", () => {
  const flight = aFlight(world);
  const isLeft = (kind: ActionKind) => {
    const decision = decided(kind, byRule);
    flight.ended({ decision, result: { kind: "recorded" } });
    return flight.isBlocked(decision);
  };

  expect(kindsWhere(isLeft)).toEqual(["set-server-acl", "join"]);
});

test("what is weighed", () => {
  const limits = {
    maxPeople: 9,
    maxRoomShare: 90,
    roomShareFrom: 9,
    maxRegulars: 0,
    maxStaff: 0,
    maxServerShare: 9,
    serverShareFrom: 9,
    newcomerHours: 0,
  };
  see(world, live(hall, member(ann, "join")));
  const weightOf = (kind: ActionKind) => {
    const added: string[] = [];
    const impact = new (class extends Impact {
      override add(room: typeof lobby, who: typeof ann): boolean {
        added.push(`removed from ${room}`);
        return super.add(room, who);
      }
      override addForNow(room: typeof lobby, who: typeof ann): void {
        added.push(`silenced in ${room}`);
        super.addForNow(room, who);
      }
      override addWords(who: typeof ann): void {
        added.push("words");
        super.addWords(who);
      }
    })({ world, limits, at: world.now });
    addAction(impact, oneOfEach[kind], { world, rulesInForce: new RulesInForce(world) });
    return added.join(", ");
  };

  expect(byValue(weightOf)).toEqual({
    "removed from !lobby:example.org": ["ban", "kick"],
    "": [
      "unban",
      "refuse-knock",
      "invite",
      "unmute",
      "set-power-level",
      "warn",
      "post",
      "set-server-acl",
      "set-policy-server",
      "clear-policy-server",
      "contain",
      "release",
      "put-back",
      "deny-servers",
      "readmit-servers",
      "set-room-mode",
      "write-policy",
      "remove-policy",
      "create-list",
      "join",
      "leave",
      "change-settings",
      "tell",
      "describe-command",
      "react",
      "ask",
      "answer-question",
      "read-room",
      "read-bans",
      "send-file",
      "show-removed",
      "show-reported",
      "forget-removed",
      "try-protection",
      "fill-gap",
      "unsuspend",
      "unlock",
      "find-media",
      "quarantine-media",
      "unquarantine-media",
      "quarantine-media-of-user",
      "quarantine-media-of-room",
      "shutdown-room",
      "make-room-admin",
      "add-alias",
      "remove-alias",
      "list-publicly",
      "unlist-publicly",
      "block-room",
      "unblock-room",
      "set-profile",
    ],
    "silenced in !lobby:example.org": ["mute"],
    words: ["redact", "hold", "search-history", "redact-by-server"],
    "removed from !hall:example.org, removed from !lobby:example.org": ["suspend", "lock", "deactivate"],
  });
});

test("what an undo makes of it where the world shows nothing of it", () => {
  const madeOf = (kind: ActionKind) => {
    const view = { world, rulesInForce: new RulesInForce(world), past: { about: () => [] } };
    const { acts, not } = undo([{ decision: decided(kind), result: { kind: "done" } }], view);
    return [...acts.map(({ action }) => action.kind), ...not.map((one) => one.kind)].join(" ") || "nothing";
  };

  expect(each(madeOf)).toEqual({
    "set-policy-server": "changed",
    "clear-policy-server": "set-policy-server",
    "put-back": "changed",
    "set-room-mode": "changed",
    release: "nothing",
    "readmit-servers": "nothing",
    "deny-servers": "nothing",
    contain: "nothing",
    "try-protection": "nothing",
    ban: "changed",
    unban: "changed",
    "refuse-knock": "final",
    kick: "changed",
    invite: "nothing",
    mute: "changed",
    unmute: "mute",
    "set-power-level": "changed",
    warn: "final",
    redact: "final",
    "search-history": "nothing",
    "redact-by-server": "final",
    "set-server-acl": "nothing",
    "write-policy": "changed",
    "remove-policy": "write-policy",
    "create-list": "final",
    join: "nothing",
    leave: "nothing",
    "change-settings": "changed",
    tell: "nothing",
    "describe-command": "nothing",
    react: "nothing",
    ask: "nothing",
    "answer-question": "nothing",
    "read-room": "nothing",
    "read-bans": "nothing",
    "send-file": "nothing",
    "fill-gap": "nothing",
    suspend: "unsuspend",
    unsuspend: "suspend",
    lock: "unlock",
    unlock: "lock",
    deactivate: "final",
    "find-media": "nothing",
    "quarantine-media": "unquarantine-media",
    "unquarantine-media": "quarantine-media",
    "quarantine-media-of-user": "final",
    "quarantine-media-of-room": "final",
    "shutdown-room": "final",
    "make-room-admin": "final",
    "add-alias": "remove-alias",
    "remove-alias": "add-alias",
    "list-publicly": "unlist-publicly",
    "unlist-publicly": "list-publicly",
    "forget-removed": "final",
    "show-removed": "nothing",
    "show-reported": "nothing",
    hold: "post",
    post: "nothing",
    "block-room": "unblock-room",
    "unblock-room": "block-room",
    "set-profile": "final",
  });
});

test("whom and what a message about it is about", () => {
  const about = (kind: ActionKind) => {
    const growing = new GrowingSubject();
    growing.add(oneOfEach[kind]);
    const { who, rooms, events } = growing.subject;
    return `who ${who.join(" ")}; rooms ${rooms.join(" ")}; events ${events.length}`;
  };

  expect(byValue(about)).toEqual({
    "who @ann:example.org; rooms !lobby:example.org; events 0": [
      "ban",
      "unban",
      "refuse-knock",
      "kick",
      "invite",
      "mute",
      "unmute",
      "set-power-level",
      "warn",
      "search-history",
      "make-room-admin",
    ],
    "who @ann:example.org; rooms !lobby:example.org; events 1": ["redact", "hold"],
    "who @ann:example.org; rooms ; events 0": [
      "redact-by-server",
      "forget-removed",
      "suspend",
      "unsuspend",
      "lock",
      "unlock",
      "deactivate",
      "quarantine-media",
      "unquarantine-media",
      "quarantine-media-of-user",
    ],
    "who ; rooms !lobby:example.org; events 0": [
      "set-server-acl",
      "set-policy-server",
      "clear-policy-server",
      "contain",
      "release",
      "put-back",
      "deny-servers",
      "readmit-servers",
      "set-room-mode",
      "leave",
      "read-room",
      "read-bans",
      "fill-gap",
      "find-media",
      "quarantine-media-of-room",
      "shutdown-room",
      "add-alias",
      "remove-alias",
      "list-publicly",
      "unlist-publicly",
      "block-room",
      "unblock-room",
    ],
    "who @Ann:example.org; rooms ; events 0": ["write-policy", "remove-policy"],
    "who ; rooms ; events 0": [
      "post",
      "create-list",
      "change-settings",
      "tell",
      "react",
      "ask",
      "answer-question",
      "show-removed",
      "show-reported",
      "try-protection",
      "set-profile",
    ],
    "who ; rooms !hall:example.org; events 0": ["join"],
    "who ; rooms !desk:example.org; events 0": ["describe-command", "send-file"],
  });
});

test("words of why", () => {
  expect(each((kind) => words[kind].did)).toEqual({
    "set-policy-server": "set the policy server",
    "clear-policy-server": "cleared the policy server",
    "put-back": "put back what was changed",
    "set-room-mode": "set the mode of the room",
    release: "put back who can speak or join",
    "readmit-servers": "let the servers in again",
    "deny-servers": "kept servers out for a while",
    contain: "changed who can speak or join",
    "try-protection": "tried a protection on the past",
    ban: "banned",
    unban: "unbanned",
    "refuse-knock": "refused entry to",
    kick: "kicked",
    invite: "invited",
    mute: "muted",
    unmute: "unmuted",
    "set-power-level": "set the power level of",
    warn: "warned",
    redact: "redacted",
    "search-history": "looked for messages",
    "redact-by-server": "had the homeserver redact",
    "set-server-acl": "wrote the server ACL",
    "write-policy": "wrote a rule",
    "remove-policy": "took back a rule",
    "create-list": "made a list",
    join: "joined",
    leave: "left",
    "change-settings": "changed the settings",
    tell: "told",
    "describe-command": "described a command",
    react: "marked",
    ask: "asked",
    "answer-question": "took an answer",
    "read-room": "read",
    "read-bans": "read the bans",
    "send-file": "sent the rules as a file",
    "fill-gap": "read what was missed",
    suspend: "suspended",
    unsuspend: "lifted the suspension of",
    lock: "locked",
    unlock: "unlocked",
    deactivate: "deactivated",
    "find-media": "looked for files",
    "quarantine-media": "quarantined a file",
    "unquarantine-media": "released a file from quarantine",
    "quarantine-media-of-user": "quarantined all files",
    "quarantine-media-of-room": "quarantined the files of the room",
    "shutdown-room": "shut the room down",
    "make-room-admin": "had the homeserver give power",
    "add-alias": "made an alias",
    "remove-alias": "removed an alias",
    "list-publicly": "put the room on the public list",
    "unlist-publicly": "took the room off the public list",
    "forget-removed": "forgot what was removed",
    "show-removed": "showed what was removed",
    "show-reported": "showed what was reported",
    hold: "held",
    post: "said",
    "block-room": "blocked the room",
    "unblock-room": "unblocked the room",
    "set-profile": "changed my profile",
  });
});

test("what is done while everything is stopped", () => {
  expect(byValue((kind) => whileStopped(oneOfEach[kind]))).toEqual({
    "by-command": [
      "ban",
      "refuse-knock",
      "kick",
      "mute",
      "set-power-level",
      "warn",
      "redact",
      "hold",
      "post",
      "search-history",
      "redact-by-server",
      "set-policy-server",
      "contain",
      "put-back",
      "write-policy",
      "try-protection",
      "suspend",
      "lock",
      "deactivate",
      "find-media",
      "quarantine-media",
      "quarantine-media-of-user",
      "quarantine-media-of-room",
      "shutdown-room",
      "make-room-admin",
      "add-alias",
      "remove-alias",
      "list-publicly",
      "unlist-publicly",
      "block-room",
      "unblock-room",
      "set-profile",
    ],
    done: [
      "unban",
      "invite",
      "unmute",
      "clear-policy-server",
      "release",
      "readmit-servers",
      "set-room-mode",
      "remove-policy",
      "create-list",
      "join",
      "leave",
      "change-settings",
      "tell",
      "describe-command",
      "react",
      "ask",
      "answer-question",
      "read-room",
      "read-bans",
      "send-file",
      "show-removed",
      "show-reported",
      "forget-removed",
      "fill-gap",
      "unsuspend",
      "unlock",
      "unquarantine-media",
    ],
    dropped: ["set-server-acl", "deny-servers"],
  });
});

test("a server ACL that only lifts is written while everything is stopped", () => {
  const { content } = oneOfEach["set-server-acl"];
  const after = (deny: readonly string[], allow: readonly string[] = ["*"]) =>
    whileStopped({ ...oneOfEach["set-server-acl"], before: content, content: { ...content, deny, allow } });

  expect(after([])).toBe("done");
  expect(after(["other.example"])).toBe("dropped");
  expect(after([], ["example.org"])).toBe("dropped");
});

test("words of progress", () => {
  const tally = (): Tally => ({
    planned: 2,
    done: 1,
    recorded: 2,
    people: new Set([ann]),
    rooms: new Set([lobby, hall]),
    donePeople: new Set([ann]),
    doneRooms: new Set([lobby]),
    recordedRooms: new Set([lobby, hall]),
    failures: new Map(),
    putOff: new Map(),
    unchanged: 0,
    notes: new Map(),
  });
  const one = (): Tally => ({ ...tally(), planned: 1, recorded: 1, rooms: new Set([lobby]) });
  const notDone = (count: number) => ({ count, people: new Set([ann]), rooms: new Set([lobby, hall]) });
  const lines = (kind: ActionKind) =>
    [
      lineFor(kind, tally(), plain),
      lineFor(kind, one(), plain),
      wouldLine(kind, notDone(2)),
      wouldLine(kind, notDone(1)),
    ].map((line) => line?.text ?? "");

  expect(each(lines)).toEqual({
    "set-policy-server": [
      "set the policy server in 1 of 2 rooms",
      "set the policy server in 1 room",
      "Dry run: would have set the policy server in 2 rooms",
      "Dry run: would have set the policy server in 2 rooms",
    ],
    "clear-policy-server": [
      "cleared the policy server in 1 of 2 rooms",
      "cleared the policy server in 1 room",
      "Dry run: would have cleared the policy server in 2 rooms",
      "Dry run: would have cleared the policy server in 2 rooms",
    ],
    contain: [
      "changed who can speak or join in 1 of 2 rooms",
      "changed who can speak or join in 1 room",
      "Dry run: would have changed who can speak or join in 2 rooms",
      "Dry run: would have changed who can speak or join in 2 rooms",
    ],
    "put-back": [
      "put back what was changed in 1 of 2 rooms",
      "put back what was changed in 1 room",
      "Dry run: would have put back what was changed in 2 rooms",
      "Dry run: would have put back what was changed in 2 rooms",
    ],
    release: [
      "put back who can speak or join in 1 of 2 rooms",
      "put back who can speak or join in 1 room",
      "Dry run: would have put back who can speak or join in 2 rooms",
      "Dry run: would have put back who can speak or join in 2 rooms",
    ],
    "deny-servers": ["", "", "", ""],
    "readmit-servers": ["", "", "", ""],
    "set-room-mode": ["", "", "", ""],
    "try-protection": ["", "", "", ""],
    ban: [
      "banned @ann:example.org in 1 of 2 rooms",
      "banned @ann:example.org in 1 room",
      "Dry run: would have banned @ann:example.org in 2 rooms",
      "Dry run: would have banned @ann:example.org in 2 rooms",
    ],
    unban: [
      "unbanned @ann:example.org in 1 of 2 rooms",
      "unbanned @ann:example.org in 1 room",
      "Dry run: would have unbanned @ann:example.org in 2 rooms",
      "Dry run: would have unbanned @ann:example.org in 2 rooms",
    ],
    "refuse-knock": [
      "refused entry to @ann:example.org in 1 of 2 rooms",
      "refused entry to @ann:example.org in 1 room",
      "Dry run: would have refused entry to @ann:example.org in 2 rooms",
      "Dry run: would have refused entry to @ann:example.org in 2 rooms",
    ],
    kick: [
      "kicked @ann:example.org in 1 of 2 rooms",
      "kicked @ann:example.org in 1 room",
      "Dry run: would have kicked @ann:example.org in 2 rooms",
      "Dry run: would have kicked @ann:example.org in 2 rooms",
    ],
    invite: [
      "invited @ann:example.org in 1 of 2 rooms",
      "invited @ann:example.org in 1 room",
      "Dry run: would have invited @ann:example.org in 2 rooms",
      "Dry run: would have invited @ann:example.org in 2 rooms",
    ],
    mute: [
      "muted @ann:example.org in 1 of 2 rooms",
      "muted @ann:example.org in 1 room",
      "Dry run: would have muted @ann:example.org in 2 rooms",
      "Dry run: would have muted @ann:example.org in 2 rooms",
    ],
    unmute: [
      "unmuted @ann:example.org in 1 of 2 rooms",
      "unmuted @ann:example.org in 1 room",
      "Dry run: would have unmuted @ann:example.org in 2 rooms",
      "Dry run: would have unmuted @ann:example.org in 2 rooms",
    ],
    "set-power-level": [
      "set the power level of @ann:example.org in 1 of 2 rooms",
      "set the power level of @ann:example.org in 1 room",
      "Dry run: would have set the power level of @ann:example.org in 2 rooms",
      "Dry run: would have set the power level of @ann:example.org in 2 rooms",
    ],
    warn: [
      "warned @ann:example.org in 1 of 2 rooms",
      "warned @ann:example.org in 1 room",
      "Dry run: would have warned @ann:example.org in 2 rooms",
      "Dry run: would have warned @ann:example.org in 2 rooms",
    ],
    redact: [
      "redacted 1 of 2 events",
      "redacted 1 event",
      "Dry run: would have redacted 2 events",
      "Dry run: would have redacted 1 event",
    ],
    "search-history": ["", "", "", ""],
    "redact-by-server": [
      "had the homeserver redact 1 of 2 persons",
      "had the homeserver redact 1 person",
      "Dry run: would have had the homeserver redact 2 persons",
      "Dry run: would have had the homeserver redact 1 person",
    ],
    "set-server-acl": [
      "updated the server ACL in 1 of 2 rooms",
      "updated the server ACL in 1 room",
      "Dry run: would have updated the server ACL in 2 rooms",
      "Dry run: would have updated the server ACL in 2 rooms",
    ],
    "write-policy": [
      "wrote 1 of 2 rules",
      "wrote 1 rule",
      "Dry run: would have written 2 rules",
      "Dry run: would have written 1 rule",
    ],
    "remove-policy": [
      "took back 1 of 2 rules",
      "took back 1 rule",
      "Dry run: would have taken back 2 rules",
      "Dry run: would have taken back 1 rule",
    ],
    "create-list": [
      "made 1 of 2 lists",
      "made 1 list",
      "Dry run: would have made 2 lists",
      "Dry run: would have made 1 list",
    ],
    join: [
      "joined in 1 of 2 rooms",
      "joined in 1 room",
      "Dry run: would have joined 2 rooms",
      "Dry run: would have joined 2 rooms",
    ],
    leave: ["", "", "", ""],
    "change-settings": ["", "", "", ""],
    tell: ["", "", "", ""],
    "describe-command": ["", "", "", ""],
    react: ["", "", "", ""],
    ask: ["", "", "", ""],
    "answer-question": ["", "", "", ""],
    "read-room": [
      "read again in 1 of 2 rooms",
      "read again in 1 room",
      "Dry run: would have read again in 2 rooms",
      "Dry run: would have read again in 2 rooms",
    ],
    "read-bans": ["", "", "", ""],
    "send-file": [
      "sent 1 of 2 files",
      "sent 1 file",
      "Dry run: would have sent 2 files",
      "Dry run: would have sent 1 file",
    ],
    "fill-gap": ["", "", "", ""],
    suspend: [
      "suspended @ann:example.org: 1 of 2",
      "suspended @ann:example.org",
      "Dry run: would have suspended @ann:example.org",
      "Dry run: would have suspended @ann:example.org",
    ],
    unsuspend: [
      "lifted the suspension of @ann:example.org: 1 of 2",
      "lifted the suspension of @ann:example.org",
      "Dry run: would have lifted the suspension of @ann:example.org",
      "Dry run: would have lifted the suspension of @ann:example.org",
    ],
    lock: [
      "locked @ann:example.org: 1 of 2",
      "locked @ann:example.org",
      "Dry run: would have locked @ann:example.org",
      "Dry run: would have locked @ann:example.org",
    ],
    unlock: [
      "unlocked @ann:example.org: 1 of 2",
      "unlocked @ann:example.org",
      "Dry run: would have unlocked @ann:example.org",
      "Dry run: would have unlocked @ann:example.org",
    ],
    deactivate: [
      "deactivated @ann:example.org: 1 of 2",
      "deactivated @ann:example.org",
      "Dry run: would have deactivated @ann:example.org",
      "Dry run: would have deactivated @ann:example.org",
    ],
    "find-media": ["", "", "", ""],
    "quarantine-media": [
      "quarantined 1 of 2 files",
      "quarantined 1 file",
      "Dry run: would have quarantined 2 files",
      "Dry run: would have quarantined 1 file",
    ],
    "unquarantine-media": [
      "released 1 of 2 files",
      "released 1 file",
      "Dry run: would have released 2 files",
      "Dry run: would have released 1 file",
    ],
    "quarantine-media-of-user": [
      "quarantined the files of @ann:example.org: 1 of 2",
      "quarantined the files of @ann:example.org",
      "Dry run: would have quarantined the files of @ann:example.org",
      "Dry run: would have quarantined the files of @ann:example.org",
    ],
    "quarantine-media-of-room": [
      "quarantined the files in 1 of 2 rooms",
      "quarantined the files in 1 room",
      "Dry run: would have quarantined the files in 2 rooms",
      "Dry run: would have quarantined the files in 2 rooms",
    ],
    "shutdown-room": [
      "shut down 1 of 2 rooms",
      "shut down 1 room",
      "Dry run: would have shut down 2 rooms",
      "Dry run: would have shut down 1 room",
    ],
    "make-room-admin": [
      "gave power to @ann:example.org in 1 of 2 rooms",
      "gave power to @ann:example.org in 1 room",
      "Dry run: would have given power to @ann:example.org in 2 rooms",
      "Dry run: would have given power to @ann:example.org in 2 rooms",
    ],
    "add-alias": [
      "made 1 of 2 aliases",
      "made 1 alias",
      "Dry run: would have made 2 aliases",
      "Dry run: would have made 1 alias",
    ],
    "remove-alias": [
      "removed 1 of 2 aliases",
      "removed 1 alias",
      "Dry run: would have removed 2 aliases",
      "Dry run: would have removed 1 alias",
    ],
    "list-publicly": [
      "listed 1 of 2 rooms",
      "listed 1 room",
      "Dry run: would have listed 2 rooms",
      "Dry run: would have listed 1 room",
    ],
    "unlist-publicly": [
      "took from the list 1 of 2 rooms",
      "took from the list 1 room",
      "Dry run: would have taken from the list 2 rooms",
      "Dry run: would have taken from the list 1 room",
    ],
    "forget-removed": ["", "", "", ""],
    "show-removed": ["", "", "", ""],
    "show-reported": ["", "", "", ""],
    hold: ["", "", "Dry run: would have held 2 messages", "Dry run: would have held 1 message"],
    post: ["", "", "", ""],
    "block-room": [
      "blocked 1 of 2 rooms",
      "blocked 1 room",
      "Dry run: would have blocked 2 rooms",
      "Dry run: would have blocked 1 room",
    ],
    "unblock-room": [
      "unblocked 1 of 2 rooms",
      "unblocked 1 room",
      "Dry run: would have unblocked 2 rooms",
      "Dry run: would have unblocked 1 room",
    ],
    "set-profile": [
      "changed 1 of 2 profiles",
      "changed 1 profile",
      "Dry run: would have changed 2 profiles",
      "Dry run: would have changed 1 profile",
    ],
  });
});

test("words of a failure", () => {
  const failed = (): Tally => ({
    planned: 1,
    done: 0,
    recorded: 0,
    people: new Set([ann]),
    rooms: new Set([lobby]),
    donePeople: new Set(),
    doneRooms: new Set(),
    recordedRooms: new Set(),
    failures: new Map([["forbidden", new Set([lobby])]]),
    putOff: new Map(),
    unchanged: 0,
    notes: new Map(),
  });

  expect(each((kind) => lineFor(kind, failed(), plain)?.text.split("\n")[0])).toEqual({
    "set-policy-server": "set the policy server in 0 of 1 room",
    "clear-policy-server": "cleared the policy server in 0 of 1 room",
    "put-back": "put back what was changed in 0 of 1 room",
    "try-protection": undefined,
    "set-room-mode": "set-room-mode 0 of 1 act",
    release: "put back who can speak or join in 0 of 1 room",
    "readmit-servers": "readmit-servers 0 of 1 act",
    "deny-servers": "deny-servers 0 of 1 act",
    contain: "changed who can speak or join in 0 of 1 room",
    ban: "banned @ann:example.org in 0 of 1 room",
    unban: "unbanned @ann:example.org in 0 of 1 room",
    "refuse-knock": "refused entry to @ann:example.org in 0 of 1 room",
    kick: "kicked @ann:example.org in 0 of 1 room",
    invite: "invited @ann:example.org in 0 of 1 room",
    mute: "muted @ann:example.org in 0 of 1 room",
    unmute: "unmuted @ann:example.org in 0 of 1 room",
    "set-power-level": "set the power level of @ann:example.org in 0 of 1 room",
    warn: "warned @ann:example.org in 0 of 1 room",
    redact: "redacted 0 of 1 event",
    "search-history": "search-history 0 of 1 act",
    "redact-by-server": "had the homeserver redact 0 of 1 person",
    "set-server-acl": "updated the server ACL in 0 of 1 room",
    "write-policy": "wrote 0 of 1 rule",
    "remove-policy": "took back 0 of 1 rule",
    "create-list": "made 0 of 1 list",
    join: "joined in 0 of 1 room",
    leave: "leave 0 of 1 act",
    "change-settings": "change-settings 0 of 1 act",
    tell: "tell 0 of 1 act",
    "describe-command": "describe-command 0 of 1 act",
    react: "react 0 of 1 act",
    ask: "ask 0 of 1 act",
    "answer-question": "answer-question 0 of 1 act",
    "read-room": "read again in 0 of 1 room",
    "read-bans": "read-bans 0 of 1 act",
    "send-file": "sent 0 of 1 file",
    "fill-gap": "fill-gap 0 of 1 act",
    suspend: "suspended @ann:example.org: 0 of 1",
    unsuspend: "lifted the suspension of @ann:example.org: 0 of 1",
    lock: "locked @ann:example.org: 0 of 1",
    unlock: "unlocked @ann:example.org: 0 of 1",
    deactivate: "deactivated @ann:example.org: 0 of 1",
    "find-media": "find-media 0 of 1 act",
    "quarantine-media": "quarantined 0 of 1 file",
    "unquarantine-media": "released 0 of 1 file",
    "quarantine-media-of-user": "quarantined the files of @ann:example.org: 0 of 1",
    "quarantine-media-of-room": "quarantined the files in 0 of 1 room",
    "shutdown-room": "shut down 0 of 1 room",
    "make-room-admin": "gave power to @ann:example.org in 0 of 1 room",
    "add-alias": "made 0 of 1 alias",
    "remove-alias": "removed 0 of 1 alias",
    "list-publicly": "listed 0 of 1 room",
    "unlist-publicly": "took from the list 0 of 1 room",
    "forget-removed": "forget-removed 0 of 1 act",
    "show-removed": "show-removed 0 of 1 act",
    "show-reported": "show-reported 0 of 1 act",
    hold: "held 0 of 1 message",
    post: "post 0 of 1 act",
    "block-room": "blocked 0 of 1 room",
    "unblock-room": "unblocked 0 of 1 room",
    "set-profile": "changed 0 of 1 profile",
  });
});

test("words of an undo", () => {
  expect(
    each((kind) =>
      [toTakeBack([kind]), toTakeBack([kind, kind]), asDone([kind]), asDone([kind, kind])]
        .map((say) => say.text)
        .join("; "),
    ),
  ).toEqual({
    "set-policy-server":
      "1 policy server to set again; 2 policy servers to set again; 1 policy server; 2 policy servers",
    "clear-policy-server":
      "1 policy server to clear; 2 policy servers to clear; 1 cleared policy server; 2 cleared policy servers",
    "put-back":
      "1 change to put back; 2 changes to put back; 1 change that was put back; 2 changes that were put back",
    "set-room-mode":
      "1 mode of a room to put back; 2 modes of rooms to put back; 1 mode of a room; 2 modes of rooms",
    release: "1 room to open; 2 rooms to open; 1 opened room; 2 opened rooms",
    "readmit-servers": "1 room to let servers in again; 2 rooms to let servers in again; 1 act; 2 acts",
    "deny-servers":
      "1 room to keep servers out of; 2 rooms to keep servers out of; 1 room that servers are kept out of; 2 rooms that servers are kept out of",
    contain: "1 room to close again; 2 rooms to close again; 1 closed room; 2 closed rooms",
    "try-protection": "1 act; 2 acts; 1 act; 2 acts",
    ban: "1 ban to make again; 2 bans to make again; 1 ban; 2 bans",
    unban: "1 ban to lift; 2 bans to lift; 1 lifted ban; 2 lifted bans",
    "refuse-knock": "1 act; 2 acts; 1 refusal of entry; 2 refusals of entry",
    kick: "1 invitation to withdraw; 2 invitations to withdraw; 1 kick; 2 kicks",
    invite: "1 invitation to send; 2 invitations to send; 1 act; 2 acts",
    mute: "1 mute to make again; 2 mutes to make again; 1 mute; 2 mutes",
    unmute: "1 mute to lift; 2 mutes to lift; 1 lifted mute; 2 lifted mutes",
    "set-power-level": "1 power level to put back; 2 power levels to put back; 1 power level; 2 power levels",
    warn: "1 act; 2 acts; 1 warning; 2 warnings",
    redact: "1 act; 2 acts; 1 redaction; 2 redactions",
    "search-history": "1 act; 2 acts; 1 act; 2 acts",
    "redact-by-server": "1 act; 2 acts; 1 act; 2 acts",
    "set-server-acl": "1 act; 2 acts; 1 act; 2 acts",
    "write-policy": "1 rule to bring back; 2 rules to bring back; 1 rule; 2 rules",
    "remove-policy": "1 rule to take back; 2 rules to take back; 1 rule taken back; 2 rules taken back",
    "create-list": "1 act; 2 acts; 1 act; 2 acts",
    join: "1 act; 2 acts; 1 act; 2 acts",
    leave: "1 act; 2 acts; 1 act; 2 acts",
    "change-settings": "1 setting to put back; 2 settings to put back; 1 setting; 2 settings",
    tell: "1 act; 2 acts; 1 act; 2 acts",
    "describe-command": "1 act; 2 acts; 1 act; 2 acts",
    react: "1 act; 2 acts; 1 act; 2 acts",
    ask: "1 act; 2 acts; 1 act; 2 acts",
    "answer-question": "1 answer to turn round; 2 answers to turn round; 1 answer; 2 answers",
    "read-room": "1 act; 2 acts; 1 act; 2 acts",
    "read-bans": "1 act; 2 acts; 1 act; 2 acts",
    "send-file": "1 act; 2 acts; 1 act; 2 acts",
    "fill-gap": "1 act; 2 acts; 1 act; 2 acts",
    suspend: "1 suspension to make again; 2 suspensions to make again; 1 suspension; 2 suspensions",
    unsuspend: "1 suspension to lift; 2 suspensions to lift; 1 lifted suspension; 2 lifted suspensions",
    lock: "1 account to lock again; 2 accounts to lock again; 1 lock of an account; 2 locks of accounts",
    unlock: "1 account to unlock; 2 accounts to unlock; 1 unlocked account; 2 unlocked accounts",
    deactivate: "1 act; 2 acts; 1 deactivated account; 2 deactivated accounts",
    "find-media": "1 act; 2 acts; 1 act; 2 acts",
    "quarantine-media":
      "1 file to quarantine again; 2 files to quarantine again; 1 quarantined file; 2 quarantined files",
    "unquarantine-media": "1 file to release; 2 files to release; 1 released file; 2 released files",
    "quarantine-media-of-user":
      "1 act; 2 acts; 1 quarantine of all files of a person; 2 quarantines of all files of a person",
    "quarantine-media-of-room":
      "1 act; 2 acts; 1 quarantine of the files of a room; 2 quarantines of the files of a room",
    "shutdown-room": "1 act; 2 acts; 1 room that was shut down; 2 rooms that were shut down",
    "make-room-admin":
      "1 act; 2 acts; 1 level given through the homeserver; 2 levels given through the homeserver",
    "add-alias": "1 alias to put back; 2 aliases to put back; 1 alias; 2 aliases",
    "remove-alias": "1 alias to remove; 2 aliases to remove; 1 removed alias; 2 removed aliases",
    "list-publicly":
      "1 room to put back on the public list; 2 rooms to put back on the public list; 1 entry on the public list; 2 entries on the public list",
    "unlist-publicly":
      "1 room to take off the public list; 2 rooms to take off the public list; 1 entry taken off the public list; 2 entries taken off the public list",
    "forget-removed": "1 act; 2 acts; 1 act; 2 acts",
    "show-removed": "1 act; 2 acts; 1 act; 2 acts",
    "show-reported": "1 act; 2 acts; 1 act; 2 acts",
    hold: "1 message to hold again; 2 messages to hold again; 1 held message; 2 held messages",
    post: "1 line that asks to send it again; 2 lines that ask to send it again; 1 act; 2 acts",
    "block-room": "1 room to block again; 2 rooms to block again; 1 blocked room; 2 blocked rooms",
    "unblock-room": "1 room to unblock; 2 rooms to unblock; 1 unblocked room; 2 unblocked rooms",
    "set-profile": "1 act; 2 acts; 1 changed profile; 2 changed profiles",
  });
});

test("order of the words of an undo", () => {
  expect(toTakeBack(everyKind.toReversed()).text).toEqual(
    "1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 message to hold again, 1 act, 1 act, 1 act, 1 policy server to clear, 1 room to open, 1 room to let servers in again, 1 room to close again, 1 room to keep servers out of, 1 policy server to set again, 1 rule to take back, 1 rule to bring back, 1 ban to lift, 1 ban to make again, 1 invitation to send, 1 invitation to withdraw, 1 mute to lift, 1 mute to make again, 1 line that asks to send it again, 1 power level to put back, 1 change to put back, 1 mode of a room to put back, 1 setting to put back, 1 answer to turn round, 1 suspension to lift, 1 suspension to make again, 1 account to unlock, 1 account to lock again, 1 file to release, 1 file to quarantine again, 1 room to unblock, 1 room to block again, 1 alias to remove, 1 alias to put back, 1 room to put back on the public list, 1 room to take off the public list",
  );
  expect(asDone(everyKind.toReversed()).text).toEqual(
    "1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 act, 1 closed room, 1 room that servers are kept out of, 1 opened room, 1 policy server, 1 cleared policy server, 1 rule taken back, 1 rule, 1 lifted ban, 1 ban, 1 kick, 1 refusal of entry, 1 mute, 1 lifted mute, 1 power level, 1 change that was put back, 1 mode of a room, 1 setting, 1 answer, 1 suspension, 1 lifted suspension, 1 lock of an account, 1 unlocked account, 1 quarantined file, 1 released file, 1 blocked room, 1 unblocked room, 1 alias, 1 removed alias, 1 entry on the public list, 1 entry taken off the public list, 1 redaction, 1 held message, 1 warning, 1 deactivated account, 1 quarantine of all files of a person, 1 quarantine of the files of a room, 1 room that was shut down, 1 level given through the homeserver, 1 changed profile",
  );
});

test("words of a check", () => {
  const health = { lost: [] } as unknown as Health;
  const phrase = (kind: ActionKind) =>
    resultsOf(world, { health, wanted: [oneOfEach[kind]], prefix: "!tyr" }).find(
      ({ about }) => about === "now",
    )?.text;

  expect(each(phrase)).toEqual({
    "set-policy-server": "Tyr would set the policy server in 1 room",
    "clear-policy-server": "Tyr would clear the policy server in 1 room",
    "put-back": "Tyr would put back what was changed in 1 room",
    "set-room-mode": "Tyr would set room mode in 1 room",
    release: "Tyr would put back who can speak or join in 1 room",
    "readmit-servers": "Tyr would let servers in again in 1 room",
    "deny-servers": "Tyr would keep servers out in 1 room",
    contain: "Tyr would change who can speak or join in 1 room",
    "try-protection": "Tyr would try protection in 1 room",
    ban: "Tyr would ban 1 person in 1 room",
    unban: "Tyr would lift the bans of 1 person in 1 room",
    "refuse-knock": "Tyr would refuse entry to 1 person in 1 room",
    kick: "Tyr would remove 1 person in 1 room",
    invite: "Tyr would invite 1 person in 1 room",
    mute: "Tyr would mute 1 person in 1 room",
    unmute: "Tyr would unmute 1 person in 1 room",
    "set-power-level": "Tyr would set power level 1 person in 1 room",
    warn: "Tyr would warn 1 person in 1 room",
    redact: "Tyr would redact what was written by 1 person in 1 room",
    "search-history": "Tyr would search history 1 person in 1 room",
    "redact-by-server": "Tyr would redact by server 1 person in 1 room",
    "set-server-acl": "Tyr would update the server ACL in 1 room",
    "write-policy": "Tyr would write rules in 1 room",
    "remove-policy": "Tyr would take back rules in 1 room",
    "create-list": "Tyr would create list in 1 room",
    join: "Tyr would join 1 room",
    leave: "nothing to do",
    "change-settings": "Tyr would change settings in 1 room",
    tell: "nothing to do",
    "describe-command": "Tyr would describe command in 1 room",
    react: "nothing to do",
    ask: "nothing to do",
    "answer-question": "Tyr would answer question in 1 room",
    "read-room": "Tyr would read room in 1 room",
    "read-bans": "Tyr would read bans in 1 room",
    "send-file": "nothing to do",
    "fill-gap": "Tyr would fill gap in 1 room",
    suspend: "Tyr would suspend 1 person in 1 room",
    unsuspend: "Tyr would unsuspend 1 person in 1 room",
    lock: "Tyr would lock 1 person in 1 room",
    unlock: "Tyr would unlock 1 person in 1 room",
    deactivate: "Tyr would deactivate 1 person in 1 room",
    "find-media": "Tyr would find media in 1 room",
    "quarantine-media": "Tyr would quarantine media 1 person in 1 room",
    "unquarantine-media": "Tyr would unquarantine media 1 person in 1 room",
    "quarantine-media-of-user": "Tyr would quarantine media of user 1 person in 1 room",
    "quarantine-media-of-room": "Tyr would quarantine media of room in 1 room",
    "shutdown-room": "Tyr would shutdown room in 1 room",
    "make-room-admin": "Tyr would make room admin 1 person in 1 room",
    "add-alias": "Tyr would add alias in 1 room",
    "remove-alias": "Tyr would remove alias in 1 room",
    "list-publicly": "Tyr would list publicly in 1 room",
    "unlist-publicly": "Tyr would unlist publicly in 1 room",
    "forget-removed": "nothing to do",
    "show-removed": "nothing to do",
    "show-reported": "nothing to do",
    hold: "Tyr would hold what was written by 1 person in 1 room",
    post: "nothing to do",
    "block-room": "Tyr would block room in 1 room",
    "unblock-room": "Tyr would unblock room in 1 room",
    "set-profile": "Tyr would set profile in 1 room",
  });
});
