/** From a heard command to its reply and what it proposes. Looks at the world, touches nothing. */
import { code, lines, plain, say } from "../kit/say.ts";
import { roleOfActs } from "../model/role-of-act.ts";
import { strongest, type Role } from "../model/roles.ts";
import { decide, type Cause, type Decision } from "../model/decision.ts";
import type { Action } from "../model/actions/action.ts";
import { inverseOfChange } from "../model/settings/change.ts";
import { bothSubjects, noSubject, type Subject } from "../model/subject.ts";
import { quoted } from "../model/quoted.ts";
import { problem, type CommandContext, type MissingArgument, type Reply } from "./define.ts";
import { howToAnswer } from "./parser/missing-argument.ts";
import { missingArgumentOf, parse, type Parsed } from "./parser/parse.ts";
import { subjectOfArguments } from "./parser/subjects.ts";
import { roleOfLine } from "./role-of-words.ts";
import { replyAboutAll } from "./several.ts";
import { roleRefusal } from "./shared/role-refusal.ts";
import { serverPowerRefusal } from "./server-power.ts";

export interface CommandReply {
  readonly reply: Reply;
  readonly because: Extract<Cause, { kind: "command" }>;
  readonly decisions: readonly Decision[];
  /** Whom and what the command names. */
  readonly about: Subject;
  /** What the command lacks; the reply asks for it. */
  readonly missing: MissingArgument | undefined;
  /** What it takes to have it done; undefined where there are no roles. */
  readonly role: Role | undefined;
  /** What broke, where it is our fault: for the log. */
  readonly fault: unknown;
}

/** A command that was read and run, or could not be. */
interface Ran {
  readonly reply: Reply;
  readonly missing?: MissingArgument | undefined;
  readonly fault?: unknown;
  readonly role?: Role | undefined;
}

/** Commands are kept in the journal as they were typed, up to this length. */
const maxKeptText = 500;

export function runCommand(context: CommandContext): CommandReply {
  const parsed = context.line.problem === undefined ? parse(context.line.text, context) : undefined;
  const { reply, missing, fault, role } = withinRole(context, () => run(parsed, context));
  const because = causeOf(reply, context);
  const decisions = (reply.acts ?? []).map(({ action, replaces = "", list }) =>
    decide(withWayBack(action, context), list ? { ...because, list } : because, { at: context.at, replaces }),
  );
  const about = parsed?.ok
    ? [...parsed.others.map((who) => ({ who })), parsed.args]
        .map(subjectOfArguments)
        .reduceRight(bothSubjects)
    : noSubject;
  return { reply, because, decisions, about, missing, role, fault };
}

/**
 * Nothing of a command is told or asked of who may not say it; what it turns out to do is looked at as well, so that an undo
 * takes what its acts take, and those that it calls off.
 */
function withinRole(context: CommandContext, ran: () => Ran): Ran {
  const { world, line, commands } = context;
  if (!world.settings.roles) return ran();
  const least = roleOfLine(line.text, commands);
  if (!mayHaveDone(least, context)) return refused(least, context);
  const made = ran();
  const role = strongest([least, roleOfReply(made.reply, context)]);
  return mayHaveDone(role, context) ? { ...made, role } : refused(role, context);
}

/** Who said it, or who said yes to it: that may be somebody else, who has more to say. */
function mayHaveDone(role: Role, { world, by, event }: CommandContext): boolean {
  const answer = world.questions.ofCommand(event)?.answer;
  return world.mayDo(by, role) || (answer?.yes === true && !!answer.by && world.mayDo(answer.by, role));
}

function roleOfReply({ acts = [], takesBack = [], role }: Reply, { past, commands }: CommandContext): Role {
  if (role) return role;
  const calledOff = takesBack
    .flatMap((occasion) => past.ofOccasion(occasion))
    .map(({ decision }) => decision);
  const said = new Set(calledOff.flatMap(({ because }) => (because.kind === "command" ? because.text : [])));
  const actions = [...acts, ...calledOff].map(({ action }) => action);
  return strongest([roleOfActs(actions), ...[...said].map((line) => roleOfLine(line, commands))]);
}

function refused(role: Role, { line: { text, note }, world }: CommandContext): Ran {
  return { reply: problem(lines(note, roleRefusal(code(text, 80), role, world))) };
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
