/** Which role a person's word takes: a line of theirs, or their answer to a question. */
import type { Question, QuestionAbout } from "../model/question.ts";
import { roleOfActs } from "../model/role-of-act.ts";
import { strongest, type Role } from "../model/roles.ts";
import type { Command } from "./define.ts";
import { findCommands } from "./parser/parse.ts";
import { tokenise } from "./parser/tokenise.ts";

/** By the command's words alone; what is no command may be said by anybody, as it does nothing. */
export function roleOfLine(line: string, commands: readonly Command[]): Role {
  return strongest(findCommands(tokenise(line), commands).map(({ command }) => command.role));
}

/**
 * A yes takes the role of what it lets happen. A no that does nothing takes a moderator: it keeps from being done what
 * others want.
 */
export function roleOfAnswer(
  { about }: Pick<Question, "about">,
  yes: boolean,
  commands: readonly Command[],
): Role {
  const given = commandGivenBy(about, yes);
  const least = "moderator";
  if (given !== undefined) return strongest([least, roleOfLine(given, commands)]);
  if (!yes) return least;
  if (about.kind === "findings")
    return strongest([least, roleOfActs(about.acts.map(({ action }) => action))]);
  // Of a question that was put while there were no roles, nobody noted what it takes.
  if (about.kind === "command") return strongest([least, about.role ?? "admin"]);
  return least;
}

/** The command that the answer gives, where it gives one. */
function commandGivenBy(about: QuestionAbout, yes: boolean): string | undefined {
  switch (about.kind) {
    case "offer":
      return yes ? (("kept" in about ? about.kept?.line : undefined) ?? about.text) : undefined;
    case "knocks":
      return yes ? about.ifYes : about.ifNo;
    case "wave":
    case "staff":
      return yes ? about.ifFine : about.ifNot;
    default:
      return undefined;
  }
}
