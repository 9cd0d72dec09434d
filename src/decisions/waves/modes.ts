/** Which mode each room has by itself, because of waves and of what contains it; and which words of moderators are over. */
import type { RoomId } from "../../model/ids.ts";
import type { RoomMode } from "../../model/room-mode.ts";
import type { ModeWord, RoomModeItem } from "../../model/room-modes.ts";
import { isOnlySuspected, type Wave } from "../../model/waves.ts";
import type { WorldView } from "../../model/world/view.ts";
import { guardedMs, isFine, lastSeen } from "./threats.ts";

interface ModesView {
  readonly isRefused: (wave: Wave, room: RoomId) => boolean;
  readonly roomsOf: (wave: string) => ReadonlyMap<RoomId, unknown>;
}

/** A moderator's word that contains the room and is not over. */
export function wordInForce(room: RoomId, world: WorldView): ModeWord | undefined {
  const word = world.stored.roomModes.get(room)?.word;
  const isOver = word?.until !== undefined && word.until <= world.dueBy;
  return word && !isOver && (word.mode === "raid" || word.mode === "shut") ? word : undefined;
}

/** What changes of it. `nextAt`: when the next room is calm again. */
export function modesByThemselves(
  world: WorldView,
  { isRefused, roomsOf }: ModesView,
): { readonly items: readonly RoomModeItem[]; readonly nextAt: number | undefined } {
  const { roomModes, waves, containments } = world.stored;
  const now = world.dueBy;
  const modes = new Map<RoomId, RoomMode>();
  let nextAt: number | undefined;
  for (const wave of waves.all()) {
    const end = lastSeen(wave, now) + guardedMs;
    if (isFine(wave, world) || isOnlySuspected(wave) || end <= now) continue;
    const rooms = [...roomsOf(wave.id).keys()].filter((room) => !isRefused(wave, room));
    for (const room of rooms) modes.set(room, "guarded");
    if (rooms.length > 0) nextAt = Math.min(nextAt ?? Infinity, end);
  }
  for (const { room, waves: those } of containments.standing()) if (those.length > 0) modes.set(room, "raid");
  const items: RoomModeItem[] = [];
  for (const item of roomModes.all()) {
    const mode = modes.get(item.room);
    if (item.byItself?.mode === mode) modes.delete(item.room);
    else if (mode === undefined) items.push(withoutByItself(item));
  }
  for (const [room, mode] of modes)
    items.push({ ...(roomModes.get(room) ?? { room }), byItself: { mode, at: now } });
  return { items, nextAt };
}

function withoutByItself({ room, word }: RoomModeItem): RoomModeItem {
  return word ? { room, word } : { room };
}

/** Words whose time is over, and words of calm that no wave is old enough for any more. */
export function wordsToForget(world: WorldView): readonly RoomModeItem[] {
  const { roomModes, waves } = world.stored;
  return [...roomModes.all()].flatMap(({ word, ...item }) => {
    if (!word) return [];
    const isOver = word.until !== undefined && word.until <= world.dueBy;
    const isCalm = word.mode === "calm" && !waves.open().some(({ firstAt }) => firstAt <= word.at);
    const isContained = world.stored.containments.in(item.room).length > 0;
    return isOver || (isCalm && !isContained) ? [item] : [];
  });
}
