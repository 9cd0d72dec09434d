/** From a heard message to an answer and what it proposes. Looks at the world, touches nothing. */
import { plain, say } from "../kit/say.ts";
import { decide, type Cause, type Decision } from "../model/decision.ts";
import type { Action } from "../model/action.ts";
import { backOf } from "../policy/undo.ts";
import type { Asked, Reply } from "./define.ts";
import { parse } from "./parse.ts";
import { powerLacking } from "./server-power.ts";

export interface Answer {
  readonly reply: Reply;
  readonly because: Extract<Cause, { kind: "command" }>;
  readonly decisions: readonly Decision[];
}

/** Commands are kept in the journal as they were typed, up to this length. */
const maxKeptText = 500;

export function answer(asked: Asked): Answer {
  const because = {
    kind: "command",
    event: asked.event,
    by: asked.by,
    text: asked.text.slice(0, maxKeptText),
  } as const;
  const reply = replyTo(asked);
  const cause = {
    ...because,
    ...(reply.undoes ? { undoes: reply.undoes } : {}),
    ...(reply.again ? { reads: true as const } : {}),
  };
  const decisions = (reply.acts ?? []).map(({ action, replaces = "", list }) =>
    decide(withWayBack(action, asked), list ? { ...cause, list } : cause, { at: asked.at, replaces }),
  );
  return { reply, because: cause, decisions };
}

/** A change of settings is kept together with the change that takes it back. */
function withWayBack(action: Action, { world }: Asked): Action {
  if (action.kind !== "change-settings" || action.back) return action;
  const back = backOf(action.change, world.settings);
  return back ? { ...action, back } : action;
}

function replyTo(asked: Asked): Reply {
  if (asked.problem !== undefined)
    return { say: say`Nothing done: ${plain(asked.problem)}.`, isProblem: true };
  const parsed = parse(asked.text, asked);
  if (!parsed.ok) return { say: parsed.problem, isProblem: true };
  const lacking = powerLacking(parsed.command, asked);
  if (lacking) return { say: lacking, isProblem: true };
  try {
    return parsed.command.answer(parsed.args, parsed.flags, asked);
  } catch (error) {
    // A fault of ours must not look like silence to a moderator.
    return {
      say: say`That command broke inside me (${plain(String(error), 200)}). Nothing was done; please report it.`,
      isProblem: true,
      fault: error,
    };
  }
}
