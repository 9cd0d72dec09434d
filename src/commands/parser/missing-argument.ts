/** How a lack is told, and how an answer to it completes the command. */
import { bullets, code, lines, plain, say, type Say } from "../../kit/say.ts";
import { fitOf, tidied } from "./read-argument.ts";
import type { ArgumentKind, Choice, MissingArgument, ParseContext } from "../define.ts";
import { tokenise, type Token } from "./tokenise.ts";

/** Reactions that choose. More choices than these are told and answered in words. */
export const numerals = ["1️⃣", "2️⃣", "3️⃣", "4️⃣", "5️⃣", "6️⃣", "7️⃣", "8️⃣", "9️⃣", "🔟"] as const;

/** What an answer may look like. */
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

/** The whole command, once the answer is known. */
export function completed({ before, after }: MissingArgument, answer: string): string {
  return [before, answer, after]
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .join(" ");
}

/** The choice that a text or a reaction names by its number. */
export function chosen(text: string, { choices }: MissingArgument): Choice | undefined {
  const plainText = text.replace(/\ufe0f|\u20e3/g, "").trim();
  const number = plainText === "🔟" ? 10 : /^#?(\d{1,2})[.)]?$/.exec(plainText)?.[1];
  return number === undefined ? undefined : choices[Number(number) - 1];
}

/** Whether the text is an answer and cannot be chat: one word that surely is what is lacking. */
export function isSureAnswer(text: string, lack: MissingArgument, reading: ParseContext): boolean {
  const [token, ...others]: readonly Token[] = tokenise(text);
  if (!token || others.length > 0) return false;
  if (chosen(text, lack)) return true;
  const isTyped = lack.choices.some(({ typed }) => typed.toLowerCase() === token.text.toLowerCase());
  // What looks like a server may be any word with a dot in it: "ok.fine".
  const isServer = lack.kind === "entity" && !/^(?:[@!#]|https?:|matrix:)/.test(token.text);
  return isTyped || (!isServer && fitOf(tidied(token), lack.kind, reading) === "sure");
}
