/** Entities that are no user, room or server, although the moderator said that they are one: a rule for them would match nothing. */
import { hasWildcard } from "../../kit/glob.ts";
import { code, say, type Say } from "../../kit/say.ts";
import { parseUserId } from "../../model/ids.ts";
import type { RuleKind } from "../../model/policy-rule.ts";
import type { Entity } from "../define.ts";

/** Undefined where the entity can be of its kind. Taking an old rule off is not refused: other bots write such rules. */
export function unfitKind({ kind, text }: Entity): Say | undefined {
  if (canBe[kind](text)) return undefined;
  const other = (["user", "room", "server"] as const).find((one) => canBe[one](text));
  const looks = other ? say`it looks like a ${other}` : say`it would match nothing`;
  return say`${code(text)} is no ${kind}: ${looks}. ${belongs[kind]}`;
}

const canBe: Readonly<Record<RuleKind, (text: string) => boolean>> = {
  user: (text) => (hasWildcard(text) ? /^[@*?]/.test(text) : parseUserId(text) !== undefined),
  room: (text) => (hasWildcard(text) ? /^[!#*?]/ : /^!./).test(text),
  // Brackets and colons are those of an IPv6 address.
  server: (text) => !/^[@!#]/.test(text) && (text.startsWith("[") || !text.includes(":")),
};

const belongs: Readonly<Record<RuleKind, Say>> = {
  user: say`After ${code("user")} stands ${code("@name:server")}, or a glob such as ${code("@*:evil.example")}`,
  room: say`After ${code("room")} stands ${code("!id")} or ${code("#alias:server")}`,
  server: say`After ${code("server")} stands its name alone, such as ${code("evil.example")} or ${code("*.evil.example")}`,
};
