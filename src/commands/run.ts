/** From a heard command to its reply and what it proposes. Looks at the world, touches nothing. */
import { lines, plain, say } from "../kit/say.ts";
import { decide, type Cause, type Decision } from "../model/decision.ts";
import type { Action } from "../model/actions/action.ts";
import { inverseOfChange } from "../model/settings/change.ts";
import { bothSubjects, noSubject, type Subject } from "../model/subject.ts";
import { quoted } from "../model/quoted.ts";
import { problem, type CommandContext, type MissingArgument, type Reply } from "./define.ts";
import { howToAnswer } from "./parser/missing-argument.ts";
import { missingArgumentOf, parse, type Parsed } from "./parser/parse.ts";
import { subjectOfArguments } from "./parser/subjects.ts";
import { replyAboutAll } from "./several.ts";
import { serverPowerRefusal } from "./server-power.ts";

export interface CommandReply {
  readonly reply: Reply;
  readonly because: Extract<Cause, { kind: "command" }>;
  readonly decisions: readonly Decision[];
  /** Whom and what the command names. */
  readonly about: Subject;
  /** What the command lacks; the reply asks for it. */
  readonly missing: MissingArgument | undefined;
  /** What broke, where it is our fault: for the log. */
  readonly fault: unknown;
}

/** A command that was read and run, or could not be. */
interface Ran {
  readonly reply: Reply;
  readonly missing?: MissingArgument | undefined;
  readonly fault?: unknown;
}

/** Commands are kept in the journal as they were typed, up to this length. */
const maxKeptText = 500;

export function runCommand(context: CommandContext): CommandReply {
  const parsed = context.line.problem === undefined ? parse(context.line.text, context) : undefined;
  const { reply, missing, fault } = run(parsed, context);
  const because = causeOf(reply, context);
  const decisions = (reply.acts ?? []).map(({ action, replaces = "", list }) =>
    decide(withWayBack(action, context), list ? { ...because, list } : because, { at: context.at, replaces }),
  );
  const about = parsed?.ok
    ? [...parsed.others.map((who) => ({ who })), parsed.args]
        .map(subjectOfArguments)
        .reduceRight(bothSubjects)
    : noSubject;
  return { reply, because, decisions, about, missing, fault };
}

function causeOf(
  { takesBack, waitsFor }: Reply,
  { event, by, line: { text, room } }: CommandContext,
): CommandReply["because"] {
  return {
    kind: "command",
    event,
    by,
    text: text.slice(0, maxKeptText),
    ...(room ? { room } : {}),
    ...(takesBack ? { undoes: takesBack } : {}),
    ...(waitsFor?.kind === "reads" ? { reads: true } : {}),
  };
}

/**
 * A change of settings is kept together with the change that takes it back, and a rule with what will stand in its place
 * by the time it is written.
 */
function withWayBack(action: Action, { world, expected }: CommandContext): Action {
  if (action.kind === "write-policy") return expected.withBefore(action);
  if (action.kind !== "change-settings" || action.back) return action;
  const back = inverseOfChange(action.change, world.settings);
  return back ? { ...action, back } : action;
}

function run(parsed: Parsed | undefined, context: CommandContext): Ran {
  if (!parsed) return { reply: problem(say`Nothing done: ${quoted(context.line.problem ?? "")}.`) };
  if (!parsed.ok)
    return { reply: problem(lines(context.line.note, parsed.problem)), missing: parsed.missing };
  const lacking = serverPowerRefusal(parsed.command, context);
  if (lacking) return { reply: problem(lines(context.line.note, lacking)) };
  const { reply, fault } = carriedOut(parsed, context);
  const { waitsFor } = reply;
  const missing =
    waitsFor?.kind === "argument" ? missingArgumentOf(waitsFor, parsed, context.line.text) : undefined;
  const text = lines(context.line.note, ...parsed.notes, reply.say, missing && howToAnswer(missing));
  return { reply: { ...reply, say: text }, missing, fault };
}

function carriedOut(parsed: Extract<Parsed, { ok: true }>, context: CommandContext): Ran {
  try {
    const { command, args, flags, others } = parsed;
    return {
      reply: others.length > 0 ? replyAboutAll(parsed, context) : command.reply(args, flags, context),
    };
  } catch (error) {
    // A fault of ours must not look like silence to a moderator.
    return {
      reply: problem(
        say`That command broke inside me (${plain(String(error), 200)}). Nothing was done; please report it.`,
      ),
      fault: error,
    };
  }
}
