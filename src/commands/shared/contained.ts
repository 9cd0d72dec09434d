/** Which rooms are closed at present, to whom, and until when. */
import { bullets, code, count, joined, lines, say, type Say } from "../../kit/say.ts";
import { describeTime } from "../../kit/duration.ts";
import type { Contained } from "../../model/containments.ts";
import { eventTypeOf, isTable } from "../../model/path-changes.ts";
import type { ModeWord } from "../../model/room-modes.ts";
import type { RoomMode } from "../../model/room-mode.ts";
import type { WorldView } from "../../model/world/view.ts";
import { closedForNow } from "../../policy/knock-gate.ts";
import type { CommandContext } from "../define.ts";
import { roomName } from "./room-names.ts";

/** Rooms named; the others are counted. */
const named = 5;

/** For `status` and `release`: undefined while no room is closed. */
export function containedNow({
  world,
  at,
  prefix,
}: Pick<CommandContext, "world" | "at" | "prefix">): Say | undefined {
  const byRoom = Map.groupBy(closedForNow(world), ({ room }) => room);
  if (byRoom.size === 0) return undefined;
  const shown = [...byRoom].slice(0, named).map(([room, those]) => {
    const word = world.stored.roomModes.get(room)?.word;
    const until = endOf(those, word);
    const isForWave = those.some(({ waves }) => waves.length > 0);
    const end =
      isForWave && word?.mode !== "raid" && word?.mode !== "shut" ? say`, until the wave is over` : until;
    return say`${roomName(room, world, 60)}: ${whatOf(
      those.map(({ key }) => key),
      world.stored.roomModes.of(room, at),
    )}${end}`;
  });
  const byHand = closedForNow(world)
    .flatMap((one) => containedByHand(one, world) ?? [])
    .slice(0, named);
  return lines(
    say`Closed: ${count(byRoom.size, "room")}. ${code(`${prefix} calm`)} opens ${byRoom.size === 1 ? "it" : "them"}.`,
    bullets(shown),
    byHand.length > 0 ? bullets(byHand) : undefined,
    byRoom.size > named ? say`... and ${byRoom.size - named} more` : undefined,
  );
}

/** By a moderator's word. A door that nobody wants closed any more stays so for a while all the same. */
function endOf(those: readonly Contained[], word: ModeWord | undefined): Say | "" {
  const until = word?.until;
  if (word && until === undefined) return "";
  const door = those.find(({ key, stayMs }) => key === "join-rule" && stayMs > 0);
  const end = door ? Math.max(until ?? 0, door.at + door.stayMs) : until;
  return end === undefined ? "" : say` until ${describeTime(end)}`;
}

function whatOf(keys: readonly string[], mode: RoomMode): Say {
  if (mode === "shut") return say`only the staff can speak`;
  const parts = [
    ...(keys.includes("levels") ? ["newcomers cannot speak"] : []),
    ...(keys.includes("acl") ? ["servers of the wave are kept out"] : []),
    ...(keys.includes("join-rule") ? ["nobody can join by themselves"] : []),
  ];
  return say`${parts.join(", ")}`;
}

/** How a person opens the room, where we cannot any more; undefined where we can. */
export function containedByHand({ room: id, key, changes }: Contained, world: WorldView): Say | undefined {
  const room = world.rooms.get(id);
  if (key === "acl" || !room?.isKnown) return undefined;
  if (room.power.canSendState(world.self, eventTypeOf[key])) return undefined;
  const set = changes
    .filter((change) => change.path[0] !== "users" && !isTable(change))
    .map(({ path, before }) =>
      code(`${path.join(".") || "content"}: ${JSON.stringify(before ?? null)}`, 200),
    );
  return say`I cannot open ${roomName(id, world)}: I may not change its ${code(eventTypeOf[key])} any more. Give me my level back, or set there ${joined(set)} (null: remove it).`;
}
