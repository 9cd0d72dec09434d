/** The reasons of the config as numbered choices, for a ban that gives none: on a phone a reason is then one tap. */
import { code, plain, say } from "../../kit/say.ts";
import { problem, type CommandContext, type Reply } from "../define.ts";

/** Undefined where nothing is to be asked. */
export function whichReason(
  who: string,
  { config: { banReasons } }: Pick<CommandContext, "config">,
): Reply | undefined {
  if (banReasons.length === 0) return undefined;
  const choices = banReasons.map((reason) => ({ typed: reason, shown: plain(reason, 100) }));
  return {
    ...problem(
      say`Why is ${code(who)} banned? Nothing is done before that; ${code("--no-reason")} in the command asks for none.`,
    ),
    waitsFor: { kind: "argument", argument: "reason", choices },
  };
}
