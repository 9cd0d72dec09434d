/** How the reply is made that takes back what somebody did with their own client: what is done, and what is left and why. */
import type { StaffUndone } from "../../decisions/staff/taking-back.ts";
import { count, lines, say, type Say } from "../../kit/say.ts";
import { toTakeBack } from "../undo-words.ts";

/** "28 bans to lift, 2 changes to put back"; undefined where there is nothing. */
export function whatIsTakenBack({ acts }: StaffUndone): Say | undefined {
  return acts.length > 0 ? toTakeBack(acts.map(({ action }) => action.kind)) : undefined;
}

/** A line for each reason. */
export function whatIsLeft({ spared, openDoor, changed, beyond, unknown }: StaffUndone): Say | undefined {
  return lines(
    spared > 0
      ? say`Left as it is: ${count(spared, "removal")} of people who are on a list, of a wave, or were found by a protection.`
      : undefined,
    openDoor > 0
      ? say`Into public rooms people come back by themselves (${count(openDoor, "removal")}).`
      : undefined,
    changed > 0 ? say`Left alone, as somebody has changed it since: ${count(changed, "act")}.` : undefined,
    beyond > 0 ? say`Above my level, so you have to put it back: ${count(beyond, "level")}.` : undefined,
    unknown > 0
      ? say`I do not know what stood there before: ${count(unknown, "setting of a room", "settings of rooms")}.`
      : undefined,
  );
}
