/** How careful Tyr is in a room: what rules can ask for by `during`. */

/**
 * From the calmest. `guarded`: protections look closer at newcomers. `raid`: besides, newcomers cannot speak. `shut`: only
 * the staff can.
 */
export const roomModes = ["calm", "guarded", "raid", "shut"] as const;
export type RoomMode = (typeof roomModes)[number];
