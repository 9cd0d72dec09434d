/** From a heard message to an answer and what it proposes. Looks at the world, touches nothing. */
import { lines, plain, say } from "../kit/say.ts";
import { decide, type Cause, type Decision } from "../model/decision.ts";
import type { Action } from "../model/actions/action.ts";
import { backOf } from "../decisions/undo.ts";
import { noSubject, type Subject } from "../model/subject.ts";
import type { Asked, Reply } from "./define.ts";
import { howToAnswer } from "./parser/missing-argument.ts";
import { lackOf, parse, type Parsed } from "./parser/parse.ts";
import { subjectOfArguments } from "./parser/subjects.ts";
import { powerLacking } from "./shared/server-power.ts";

export interface Answer {
  readonly reply: Reply;
  readonly because: Extract<Cause, { kind: "command" }>;
  readonly decisions: readonly Decision[];
  /** Whom and what the command names. */
  readonly about: Subject;
}

/** Commands are kept in the journal as they were typed, up to this length. */
const maxKeptText = 500;

export function answer(asked: Asked): Answer {
  const because = {
    kind: "command",
    event: asked.event,
    by: asked.by,
    text: asked.text.slice(0, maxKeptText),
    ...(asked.room ? { room: asked.room } : {}),
  } as const;
  const parsed = asked.problem === undefined ? parse(asked.text, asked) : undefined;
  const reply = replyTo(parsed, asked);
  const cause = {
    ...because,
    ...(reply.undoes ? { undoes: reply.undoes } : {}),
    ...(reply.again ? { reads: true as const } : {}),
  };
  const decisions = (reply.acts ?? []).map(({ action, replaces = "", list }) =>
    decide(withWayBack(action, asked), list ? { ...cause, list } : cause, { at: asked.at, replaces }),
  );
  const about = parsed?.ok ? subjectOfArguments(parsed.args) : noSubject;
  return { reply, because: cause, decisions, about };
}

/** A change of settings is kept together with the change that takes it back. */
function withWayBack(action: Action, { world }: Asked): Action {
  if (action.kind !== "change-settings" || action.back) return action;
  const back = backOf(action.change, world.settings);
  return back ? { ...action, back } : action;
}

function replyTo(parsed: Parsed | undefined, asked: Asked): Reply {
  if (!parsed) return { say: say`Nothing done: ${plain(asked.problem ?? "")}.`, isProblem: true };
  if (!parsed.ok) {
    const { problem, lack } = parsed;
    return { say: lines(asked.note, problem), isProblem: true, ...(lack ? { lack } : {}) };
  }
  const lacking = powerLacking(parsed.command, asked);
  if (lacking) return { say: lines(asked.note, lacking), isProblem: true };
  const reply = carriedOut(parsed, asked);
  const { asksFor } = reply;
  const lack = asksFor && lackOf(asksFor, parsed, asked.text);
  return {
    ...reply,
    say: lines(asked.note, ...parsed.notes, reply.say, lack && howToAnswer(lack)),
    ...(lack ? { lack } : {}),
  };
}

function carriedOut(parsed: Extract<Parsed, { ok: true }>, asked: Asked): Reply {
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
