/** Asking the commands about a world without a bot around them. */
import type { CommandContext } from "../../src/commands/define.ts";
import { commands } from "../../src/commands/index.ts";
import type { ResolvedAlias, RoomAlias } from "../../src/model/ids.ts";
import type { World } from "../../src/model/world/world.ts";
import { JournalPast } from "../../src/journal/past.ts";
import { ActsInFlight } from "../../src/model/acts-in-flight.ts";
import { Expected } from "../../src/policy/expected.ts";
import { RulesInForce } from "../../src/policy/rules-in-force.ts";
import { RedactReasons } from "../../src/policy/redact-reasons.ts";
import { heat } from "../../src/automod/heat.ts";
import { Registry } from "../../src/automod/registry.ts";
import { shipped } from "../../src/protections/shipped.ts";
import { openDatabase } from "../../src/store/database.ts";
import { alias, event, user } from "./make.ts";
import { usualGuard, usualLimits } from "./limits.ts";

const registry = new Registry(shipped, { code: [heat] });

export function asking(
  world: World,
  text: string,
  aliases: Readonly<Record<string, ResolvedAlias>> = {},
): CommandContext {
  return {
    event: event("$command"),
    by: user("@mod:example.org"),
    at: world.now,
    line: { text },
    world,
    expected: new Expected(world, new ActsInFlight(() => false)),
    rulesInForce: new RulesInForce(world),
    past: new JournalPast(openDatabase(":memory:"), usualLimits),
    health: {
      startedAt: 0,
      pending: 0,
      atWork: () => ({ waiting: [], underWay: [] }),
      pauseLeftMs: 0,
      expectedMs: undefined,
      syncTrouble: undefined,
      accountTrouble: undefined,
      diskTrouble: undefined,
      encryption: { kind: "idle" },
      lost: [],
      acls: { refused: [], leftOut: [] },
      unused: { rules: 0, protections: new Map() },
    },
    config: {
      entries: [],
      redactReasons: new RedactReasons(["spam"]),
      redactionLimit: 100,
      staffTrustMs: 3_600_000,
      makeRoomAdmin: false,
      readsEncryptedRooms: false,
      banReasons: [],
      guard: usualGuard,
      acl: { keepManualEntries: true, maxBytes: 60_000, sparedServers: [] },
      rehearsal: { running: undefined, areWavesSought: true },
      browsers: undefined,
    },
    prefix: "!tyr",
    lookedUp: {
      aliases: new Map<RoomAlias, ResolvedAlias>(
        Object.entries(aliases).map(([name, found]) => [alias(name), found]),
      ),
    },
    commands,
    registry,
    isConfirmed: false,
  };
}
