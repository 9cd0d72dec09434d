/** Puts a protection into shadow wherever it is in one of some modes, as a part of Tyr does by itself. */
import { valuesOf, type Mode, type Protection } from "../automod/define.ts";
import { decide, type Decision } from "../model/decision.ts";
import type { RoomId } from "../model/ids.ts";
import { inverseOfChange } from "../model/settings/change.ts";
import { roomsSetFor } from "../model/settings/protections.ts";
import type { Settings } from "../model/settings/settings.ts";

/** `what`: for the journal, which part did it. */
export function intoShadow(
  protection: Protection,
  from: readonly Mode[],
  { settings, what, at }: { readonly settings: Settings; readonly what: string; readonly at: number },
): readonly Decision[] {
  const { name } = protection;
  const isIn = (room: RoomId | undefined) => {
    const { enabled, mode } = valuesOf(protection, settings, room);
    return enabled && from.includes(mode);
  };
  return [undefined, ...roomsSetFor(name, settings)].filter(isIn).map((room) => {
    const values = { mode: "shadow" };
    const change = { kind: "set-protection", protection: name, ...(room ? { room } : {}), values } as const;
    const back = inverseOfChange(change, settings);
    const action = { kind: "change-settings", change, ...(back ? { back } : {}) } as const;
    return decide(action, { kind: "self", what }, { at, replaces: String(at) });
  });
}
