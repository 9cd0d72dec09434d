/** When the message about a command, an incident or a change of lists has to notify somebody. */
import type { WorldView } from "../../model/world/view.ts";
import type { Occasion } from "../notify.ts";
import type { ProgressMessage } from "./schedule.ts";

/** Undefined where what it says is for whoever looks. */
export function urgencyOf(key: string, message: ProgressMessage, world: WorldView): Occasion | undefined {
  const { of, progress } = message;
  switch (of) {
    case "command":
      return occasionOfCommand(message, world);
    case "incident":
      if (world.stored.waves.get(key)) return occasionOfWave(key, world);
      // Where it waits for a yes, its question notifies.
      return progress.isGrave && !world.questions.ofIncident(key)
        ? { kind: "incident", topic: "incidents" }
        : undefined;
    case "lists":
      return progress.hasTrouble ? { kind: "lists failed", topic: "lists" } : undefined;
  }
}

/** Its question calls somebody; where there is none, as nobody has to be asked, its message does. */
function occasionOfWave(wave: string, { stored, questions }: WorldView): Occasion | undefined {
  const isHarmful = stored.waves.get(wave)?.stage === "harmful";
  return isHarmful && !questions.ofWave(wave) ? { kind: "alarm" } : undefined;
}

/** Who typed a command looks at the room, unless it was said elsewhere, answered by somebody else or took long. */
function occasionOfCommand(
  { because, command, place, progress, revision }: ProgressMessage,
  { questions }: WorldView,
): Occasion | undefined {
  if (because.kind !== "command" || !command) return undefined;
  const { by: asker } = because;
  const answer = questions.ofCommand(command)?.answer;
  if (answer?.yes && answer.by !== asker) return { kind: "answered", asker };
  if (place?.isElsewhere) return { kind: "reply from afar", asker };
  const isTold = revision > 0 || !place;
  return isTold && progress.isOver && (progress.hasTrouble || progress.hasProblem)
    ? { kind: "command failed late", asker }
    : undefined;
}
