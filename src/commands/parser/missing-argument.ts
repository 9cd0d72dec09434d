/** How a moderator is asked for a missing argument, and how the answer completes the command. */
import { bullets, code, lines, plain, say, type Say } from "../../kit/say.ts";
import { fitOf, cleaned } from "./read-argument.ts";
import type { ArgumentKind, Choice, MissingArgument, ParseContext } from "../define.ts";
import { tokenise, type Token } from "./tokenise.ts";

/** Reactions that choose. Choices beyond the tenth are answered in words. */
export const numerals = ["1️⃣", "2️⃣", "3️⃣", "4️⃣", "5️⃣", "6️⃣", "7️⃣", "8️⃣", "9️⃣", "🔟"] as const;

/** The sentence after the question: the numbered choices, or what may be answered. */
export function howToAnswer({ kind, choices }: Pick<MissingArgument, "kind" | "choices">): Say {
  if (choices.length > 0)
    return lines(
      bullets(choices.map(({ shown }, i) => say`${i + 1}: ${shown}`)),
      say`Answer with the number, here or as a reaction, or reply with what you mean.`,
    );
  return say`Reply to this with ${exampleOf(kind)}.`;
}

function exampleOf(kind: ArgumentKind): Say {
  switch (kind) {
    case "entity":
      return say`${code("@name:server")}, a server, a room or a glob`;
    case "person":
      return code("@name:server");
    case "list":
      return plain("the list: its shortcode, room id or alias");
    case "room":
      return say`${code("#alias:server")}, ${code("!id")} or a link`;
    case "event":
      return plain("a link to the message");
    case "alias":
      return code("#alias:server");
    case "media":
      return code("mxc://server/id");
    case "kind":
      return plain("user, room or server");
    default:
      return plain("it");
  }
}

/** The whole command, with the answer in its place. */
export function completedLine({ before, after }: MissingArgument, answer: string): string {
  return [before, answer, after]
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .join(" ");
}

/** The choice whose number the text or reaction is: "2", "#2", "2.", "2️⃣". */
export function choiceNamed(text: string, { choices }: MissingArgument): Choice | undefined {
  const plainText = text.replace(/\ufe0f|\u20e3/g, "").trim();
  const number = plainText === "🔟" ? 10 : /^#?(\d{1,2})[.)]?$/.exec(plainText)?.[1];
  return number === undefined ? undefined : choices[Number(number) - 1];
}

/** Whether a message that is no reply answers the question and cannot be conversation: one word that surely is the missing argument. */
export function isSureAnswer(text: string, missing: MissingArgument, context: ParseContext): boolean {
  const [token, ...others]: readonly Token[] = tokenise(text);
  if (!token || others.length > 0) return false;
  if (choiceNamed(text, missing)) return true;
  const isTyped = missing.choices.some(({ typed }) => typed.toLowerCase() === token.text.toLowerCase());
  // Any word with a dot in it looks like a server: "ok.fine".
  const isServer = missing.kind === "entity" && !/^(?:[@!#]|https?:|matrix:)/.test(token.text);
  return isTyped || (!isServer && fitOf(cleaned(token), missing.kind, context) === "sure");
}
