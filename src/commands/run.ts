/** From a heard message to an answer and what it proposes. Looks at the world, touches nothing. */
import { lines, plain, say } from "../kit/say.ts";
import { decide, type Cause, type Decision } from "../model/decision.ts";
import type { Action } from "../model/actions/action.ts";
import { inverseOfChange } from "../model/settings/change.ts";
import { noSubject, type Subject } from "../model/subject.ts";
import type { CommandContext, Reply } from "./define.ts";
import { howToAnswer } from "./parser/missing-argument.ts";
import { lackOf, parse, type Parsed } from "./parser/parse.ts";
import { subjectOfArguments } from "./parser/subjects.ts";
import { powerLacking } from "./server-power.ts";

export interface CommandReply {
  readonly reply: Reply;
  readonly because: Extract<Cause, { kind: "command" }>;
  readonly decisions: readonly Decision[];
  /** Whom and what the command names. */
  readonly about: Subject;
}

/** Commands are kept in the journal as they were typed, up to this length. */
const maxKeptText = 500;

export function runCommand(context: CommandContext): CommandReply {
  const because = {
    kind: "command",
    event: context.event,
    by: context.by,
    text: context.text.slice(0, maxKeptText),
    ...(context.room ? { room: context.room } : {}),
  } as const;
  const parsed = context.problem === undefined ? parse(context.text, context) : undefined;
  const reply = replyTo(parsed, context);
  const cause = {
    ...because,
    ...(reply.undoes ? { undoes: reply.undoes } : {}),
    ...(reply.again ? { reads: true as const } : {}),
  };
  const decisions = (reply.acts ?? []).map(({ action, replaces = "", list }) =>
    decide(withWayBack(action, context), list ? { ...cause, list } : cause, { at: context.at, replaces }),
  );
  const about = parsed?.ok ? subjectOfArguments(parsed.args) : noSubject;
  return { reply, because: cause, decisions, about };
}

/** A change of settings is kept together with the change that takes it back. */
function withWayBack(action: Action, { world }: CommandContext): Action {
  if (action.kind !== "change-settings" || action.back) return action;
  const back = inverseOfChange(action.change, world.settings);
  return back ? { ...action, back } : action;
}

function replyTo(parsed: Parsed | undefined, context: CommandContext): Reply {
  if (!parsed) return { say: say`Nothing done: ${plain(context.problem ?? "")}.`, isProblem: true };
  if (!parsed.ok) {
    const { problem, lack } = parsed;
    return { say: lines(context.note, problem), isProblem: true, ...(lack ? { lack } : {}) };
  }
  const lacking = powerLacking(parsed.command, context);
  if (lacking) return { say: lines(context.note, lacking), isProblem: true };
  const reply = carriedOut(parsed, context);
  const { asksFor } = reply;
  const lack = asksFor && lackOf(asksFor, parsed, context.text);
  return {
    ...reply,
    say: lines(context.note, ...parsed.notes, reply.say, lack && howToAnswer(lack)),
    ...(lack ? { lack } : {}),
  };
}

function carriedOut(parsed: Extract<Parsed, { ok: true }>, context: CommandContext): Reply {
  try {
    return parsed.command.answer(parsed.args, parsed.flags, context);
  } catch (error) {
    // A fault of ours must not look like silence to a moderator.
    return {
      say: say`That command broke inside me (${plain(String(error), 200)}). Nothing was done; please report it.`,
      isProblem: true,
      fault: error,
    };
  }
}
