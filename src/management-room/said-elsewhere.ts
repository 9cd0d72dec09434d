/** The line before an answer that the others in the management room cannot see the command of. */
import { roomName } from "../commands/shared/room-names.ts";
import type { ObservationOf } from "../model/observation.ts";
import type { WorldView } from "../model/world/view.ts";
import { code, say, type Say } from "../kit/say.ts";
import type { Cause } from "../model/decision.ts";

/** Who gave a command in a protected room, and which: the others in the management room did not see it. */
export function saidElsewhere(
  { by, text }: Pick<Extract<Cause, { kind: "command" }>, "by" | "text">,
  roomName: Say,
): Say {
  return say`${code(by)} in ${roomName}: ${code(text, 150)}`;
}

/** The same of a command as it was heard; undefined in the management room. */
export function toldElsewhere(
  { room, event, line = "" }: Pick<ObservationOf<"command">, "room" | "event" | "line">,
  world: WorldView,
): Say | undefined {
  if (room === world.settings.managementRoom) return undefined;
  return saidElsewhere({ by: event.sender, text: line }, roomName(room, world));
}
