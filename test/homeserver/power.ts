/** Power levels as the auth rules read them, defaults and room versions included. */
import { asObject } from "./json.ts";
import type { Room } from "./room.ts";

export type PowerAction = "ban" | "kick" | "redact" | "invite";

const actionDefaults: Readonly<Record<PowerAction, number>> = {
  ban: 50,
  kick: 50,
  redact: 50,
  invite: 0,
};

export function levelOf(room: Room, userId: string): number {
  if (room.isCreator(userId)) return Infinity;
  const event = room.state("m.room.power_levels", "");
  if (event === undefined) return oldCreator(room) === userId ? 100 : 0;
  const users = asObject(event.content["users"]);
  return toLevel(users[userId], room.version) ?? toLevel(event.content["users_default"], room.version) ?? 0;
}

export function levelForAction(room: Room, action: PowerAction): number {
  const content = room.state("m.room.power_levels", "")?.content;
  return toLevel(content?.[action], room.version) ?? actionDefaults[action];
}

export function levelToSend(room: Room, type: string, isState: boolean): number {
  const content = room.state("m.room.power_levels", "")?.content ?? {};
  const own = toLevel(asObject(content["events"])[type], room.version);
  if (own !== undefined) return own;
  return isState
    ? (toLevel(content["state_default"], room.version) ?? 50)
    : (toLevel(content["events_default"], room.version) ?? 0);
}

/** Rooms before version 10 hold levels as strings too, and before 6 as fractions. */
export function toLevel(value: unknown, version: number): number | undefined {
  if (typeof value === "number") return Math.trunc(value);
  if (typeof value !== "string" || version >= 10) return undefined;
  const parsed = Number.parseInt(value.trim(), 10);
  return Number.isNaN(parsed) ? undefined : parsed;
}

function oldCreator(room: Room): string | undefined {
  const create = room.state("m.room.create", "");
  if (room.version >= 11) return create?.sender;
  const creator = create?.content["creator"];
  return typeof creator === "string" ? creator : create?.sender;
}
