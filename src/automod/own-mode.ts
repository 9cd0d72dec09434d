/** Whether moderators let a protection do more than look. */
import { protectionKey, roomsSetFor, type SettingValues } from "../model/settings/protections.ts";
import type { Settings } from "../model/settings/settings.ts";

/** By their own word, everywhere or in some room; what a rule file says of it does not count. */
export function letsAct(protection: string, settings: Pick<Settings, "protections">): boolean {
  const places = [undefined, ...roomsSetFor(protection, settings)];
  return places.some((room) => isLet(settings.protections.get(protectionKey(protection, room))));
}

/** `alertOnly` is what earlier versions stored. */
function isLet({ mode, alertOnly, enabled }: SettingValues = {}): boolean {
  if (enabled === false) return false;
  return mode === undefined ? alertOnly !== undefined : mode !== "shadow";
}
