/** One command about several people, servers or rooms: each as if it were alone, together in one reply; all of them or none. */
import { bullets, code, folded, joined, lines, say, type Say } from "../kit/say.ts";
import { traitsOf } from "../model/actions/traits.ts";
import type { UserId } from "../model/ids.ts";
import { isLeftAlone } from "../policy/own-people.ts";
import { problem, yesFirst, type CommandContext, type Entity, type Reply, type WaitsFor } from "./define.ts";
import type { Parsed } from "./parser/parse.ts";

/** More are better met by a glob or a list, and their replies would not fit into one message. */
const mostAtOnce = 30;
/** More replies than this are folded. */
const shownInFull = 3;

export function replyAboutAll(
  { command, args, others, flags }: Extract<Parsed, { ok: true }>,
  context: CommandContext,
): Reply {
  const all = [args["who"] as Entity, ...others];
  if (all.length > mostAtOnce)
    return problem(say`Nothing done: these are ${all.length}, and I take ${mostAtOnce} at once`);
  const replies = all.map((who) => ({ who, reply: command.reply({ ...args, who }, flags, context) }));
  // The same argument is missing for all of them, such as a list.
  const asking = replies.find(({ reply }) => reply.waitsFor?.kind === "argument");
  if (asking) return asking.reply;
  const objections = replies.flatMap(({ who, reply }) => objectionOf(who, reply, context) ?? []);
  if (objections.length > 0)
    return problem(lines(say`Nothing done, as it is all of them or none:`, bullets(objections)));
  const said = replies.map(({ reply }) => reply.say);
  const takesBack = replies.flatMap(({ reply }) => reply.takesBack ?? []);
  return {
    say:
      said.length > shownInFull
        ? folded(say`${command.words.join(" ")}: ${said.length} in one command`, bullets(said))
        : lines(...said),
    acts: replies.flatMap(({ reply }) => reply.acts ?? []),
    waitsFor: reasonsToAsk(replies.map(({ reply }) => reply.waitsFor)),
    ...(takesBack.length > 0 ? { takesBack } : {}),
  };
}

/** Why it cannot be done to this one. Alone, a person who is spared would be refused act by act. */
function objectionOf(
  { kind, text, isGlob }: Entity,
  { say: said, isProblem, acts = [] }: Reply,
  context: CommandContext,
): Say | undefined {
  if (isProblem) return said;
  const harms = acts.some(({ action }) => traitsOf(action).harm.whom === "person");
  return harms && kind === "user" && !isGlob && isLeftAlone(text as UserId, context)
    ? say`${code(text)} is spared, as a moderator or exempt`
    : undefined;
}

function reasonsToAsk(waits: readonly (WaitsFor | undefined)[]): WaitsFor | undefined {
  const whys = waits.flatMap((one) => (one?.kind === "yes" ? one.why : []));
  return yesFirst(whys.length > 0 ? joined(whys, "; ") : undefined);
}
