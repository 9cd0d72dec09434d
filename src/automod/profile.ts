/** What a profile makes of the settings: its protections on, those of other profiles off, all others as they are. */
import type { ProtectionChange } from "../model/settings/protections.ts";
import type { Settings } from "../model/settings/settings.ts";
import { valuesOf, type Profile, type Protection } from "./define.ts";

/** Those that differ; what can find nothing yet is not switched on. Single rooms keep what is set for them. */
export function profileChanges(
  profile: Profile,
  protections: readonly Protection[],
  settings: Settings,
): readonly ProtectionChange[] {
  return protections.flatMap((protection): readonly ProtectionChange[] => {
    const { name, profiles, waitsFor } = protection;
    if (!profiles || waitsFor !== undefined) return [];
    const now = valuesOf(protection, settings, undefined);
    const mode = profiles[profile];
    if (mode === undefined ? !now.enabled : now.enabled && now.mode === mode) return [];
    const values = mode === undefined ? { enabled: false } : { enabled: true, mode };
    return [{ kind: "set-protection", protection: name, values }];
  });
}
