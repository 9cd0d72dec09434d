// The page on other bots' commands: all of theirs are there, and what it names of ours exists.

import { expect, test } from "@jest/globals";
import { commands } from "../../../../src/commands/index.ts";
import { findCommands } from "../../../../src/commands/parser/parse.ts";
import { tokenise } from "../../../../src/commands/parser/tokenise.ts";
import { peersPage } from "../../../../src/management-room/hearing/foreign/peers-page.ts";
import { tables } from "../../../../src/management-room/hearing/foreign/translate.ts";
import type { ForeignBot } from "../../../../src/model/settings/foreign-bots.ts";

/** As their sources have them: Mjolnir 1.12, Draupnir and Meowlnir of June 2026. */
const theirs: Readonly<Record<ForeignBot, string>> = {
  mjolnir:
    "status, status joins, status protection, help, ban, unban, rules, rules matching, sync, verify, list create, watch, unwatch, import, default, redact, kick, deactivate, suspend, unsuspend, lock, unlock, quarantine-media, since, powerlevel, make admin, shutdown room, rooms, rooms add, rooms remove, rooms setup, directory add, directory remove, alias add, alias remove, move, resolve, protections, enable, disable, config get, config set, config add, config remove, ignore, ignored",
  draupnir:
    "help, status, rooms, rooms add, rooms remove, rules, rules matching, rules matching members, ban, unban, policy remove, takedown, kick, redact, watch, unwatch, list create, import, alias add, alias move, alias remove, resolve, powerlevel, displayname, avatar, protections, protections show, protections enable, protections disable, protections config, protections capability, joinwave status, safe mode, deactivate, suspend, unrestrict, hijack room, shutdown room, recover, restart, admin",
  meowlnir:
    "join, knock, leave, powerlevel, pl, redact, redact-recent, kick, ban, takedown, remove-ban, remove-unban, remove-policy, add-unban, allow-invite, match, search, send-as-bot, suspend, unsuspend, deactivate, bot-profile, profile, rooms, room, rooms list, rooms protect, protect, rooms unprotect, unprotect, rooms info, rooms delete, rooms purge, rooms block, rooms delete-status, lists, list, lists subscribe, subscribe, lists watch, watch, lists unsubscribe, unsubscribe, lists unwatch, unwatch, lists create, policyserver, ps, toggleprotection, provision, version, help",
};

test.each(Object.entries(theirs))("has every command of %s", (bot, all) => {
  const known = new Set(tables[bot as ForeignBot].map(({ words }) => words.join(" ")));

  expect(all.split(", ").filter((words) => !known.has(words))).toEqual([]);
});

test("names no command of ours that is not there", () => {
  const named = [...peersPage().matchAll(/!tyr ([^`,;|]*)/g)].map(([, line]) =>
    line!.trim().replace(/\.$/, ""),
  );

  expect(named.length).toBeGreaterThan(100);
  expect(named.filter((line) => findCommands(tokenise(line), commands).length === 0)).toEqual([]);
});
