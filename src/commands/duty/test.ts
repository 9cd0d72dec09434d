/** `duty test`: a call that asks for nothing but a word. */
import { code, joined, say } from "../../kit/say.ts";
import { onDuty } from "../../model/duty.ts";
import { defineCommand, problem } from "../define.ts";
import { settingsChange } from "../shared/settings-change.ts";

export const dutyTest = defineCommand({
  words: ["duty", "test"],
  role: "moderator",
  about:
    "Call whoever is on duty, as in an emergency, to see that it reaches them. I say when somebody answers, by any word or reaction.",
  takes: {},
  examples: ["duty test"],
  reply(_args, _flags, { world: { settings }, at, prefix }) {
    const now = onDuty(settings, at);
    if (settings.duty.size > 0 && now.length === 0)
      return problem(
        say`nobody is on duty now, so nobody would be called; ${code(`${prefix} duty`)} shows the roster`,
      );
    const whom = now.length > 0 ? joined(now.map((user) => code(user))) : say`everybody in this room`;
    return { say: say`Calling ${whom}, as a test.`, acts: [settingsChange({ kind: "test-duty", at })] };
  },
});
