/** What of the config commands look at, and of this run. */
import type { SettingInForce } from "../model/config-entry.ts";
import type { RehearsalView } from "../model/rehearsal.ts";
import type { WithBrowsers } from "../model/web-browsers.ts";
import type { ImpactLimits } from "../policy/impact/impact.ts";
import type { RedactReasons } from "../policy/redact-reasons.ts";
import type { AclOptions } from "../policy/server-acl/spared-servers.ts";

export interface CommandConfig extends WithBrowsers {
  /** Every setting with its value, for the command `config`. */
  readonly entries: readonly SettingInForce[];
  readonly redactReasons: RedactReasons;
  /** Messages of one person that are redacted in one room at most. */
  readonly redactionLimit: number;
  /** How long a moderator is not counted of whom somebody said that it is them, in ms. */
  readonly staffTrustMs: number;
  /** Moderators may take power in rooms through the homeserver. */
  readonly makeRoomAdmin: boolean;
  readonly banReasons: readonly string[];
  /** From the section `guard`. */
  readonly guard: ImpactLimits;
  /** Undefined where no server ACLs are written. */
  readonly acl: AclOptions | undefined;
  readonly rehearsal: RehearsalView;
  /** Encrypted protected rooms are read. */
  readonly readsEncryptedRooms: boolean;
}
