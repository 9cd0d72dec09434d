/** The line before an answer that the others in the management room cannot see the command of. */
import { code, say, type Say } from "../kit/say.ts";
import type { Cause } from "../model/decision.ts";

/** Who gave a command in a protected room, and which: the others in the management room did not see it. */
export function saidElsewhere(
  { by, text }: Pick<Extract<Cause, { kind: "command" }>, "by" | "text">,
  roomName: Say,
): Say {
  return say`${code(by)} in ${roomName}: ${code(text, 150)}`;
}
