/** What of the config commands may look at. */
import type { CommandConfig } from "../commands/command-config.ts";
import type { Config } from "../config/schema.ts";
import { minuteMs } from "../kit/duration.ts";
import type { SettingInForce } from "../model/config-entry.ts";
import type { RehearsalView } from "../model/rehearsal.ts";
import { RedactReasons } from "../policy/redact-reasons.ts";
import { browsersOf } from "./build-web-desk.ts";

export function commandConfigOf({
  config,
  inForce,
  rehearsal,
}: {
  readonly config: Config;
  readonly inForce: readonly SettingInForce[];
  /** A bot that plays in a rehearsal has none of its own. */
  readonly rehearsal: RehearsalView | { readonly perform: unknown };
}): CommandConfig {
  return {
    entries: inForce,
    redactReasons: new RedactReasons(config.redaction.reasons),
    redactionLimit: config.redaction.limit,
    staffTrustMs: config.staff.trustMinutes * minuteMs,
    makeRoomAdmin: config.admin.makeRoomAdmin,
    banReasons: config.commands.banReasons,
    guard: config.guard,
    acl: config.acl.enabled ? config.acl : undefined,
    rehearsal: "perform" in rehearsal ? { running: undefined, areWavesSought: true } : rehearsal,
    browsers: "perform" in rehearsal ? undefined : browsersOf(config),
    readsEncryptedRooms: config.encryption.protectedRooms,
  };
}
