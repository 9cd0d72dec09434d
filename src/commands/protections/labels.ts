/** `right` and `wrong`: what a moderator thinks of an incident that a protection found. */
import { code, say } from "../../kit/say.ts";
import { defineCommand, optional, problem, type CommandContext, type Reply } from "../define.ts";
import { numbered } from "../shared/numbered.ts";
import { settingsChange } from "../shared/settings-change.ts";

const takes = { what: optional("word", "the number that its message gave", "incident") } as const;

export const right = defineCommand({
  words: ["right"],
  role: "moderator",
  about:
    "Say that a protection was right about an incident: it counts for its precision. 👍 on the message of the incident says the same.",
  takes,
  examples: ["right 12"],
  reply: ({ what }, _flags, context) => labelled(what, true, context),
});

export const wrong = defineCommand({
  words: ["wrong"],
  role: "moderator",
  about:
    "Say that a protection was wrong about an incident: it counts for its precision. Nothing is taken back by it, that is what undo is for. 👎 on the message of the incident says the same.",
  takes,
  examples: ["wrong 12"],
  reply: ({ what }, _flags, context) => labelled(what, false, context),
});

function labelled(what: string | undefined, isRight: boolean, context: CommandContext): Reply {
  const { by, at, prefix } = context;
  if (what === undefined)
    return problem(
      say`Which incident? The message about it gives a number, as in ${code(`${prefix} ${isRight ? "right" : "wrong"} 12`)}; or react to it with ${isRight ? "👍" : "👎"}`,
    );
  const found = numbered(what, context);
  if (!found) return problem(say`I know nothing under ${code(what, 40)}.`);
  const { because, number } = found;
  if (because.kind !== "finding")
    return problem(say`${number} is a command: only what a protection found is right or wrong`);
  const { protection, incident } = because;
  const label = { protection, isRight, by, at };
  return {
    say: isRight
      ? say`${code(protection)} was right about ${number}. ${code(`${prefix} protections hits ${protection}`)} counts it.`
      : say`${code(protection)} was wrong about ${number}. ${code(`${prefix} undo ${number}`)} takes back what it did.`,
    acts: [settingsChange({ kind: "label", incident, label })],
  };
}
