/** `questions`, `yes` and `no`: lists the questions that are open, and answers them. */
import { describeDuration } from "../../kit/duration.ts";
import { code, count, lines, say, type Say } from "../../kit/say.ts";
import { isSingleUse, type Question } from "../../model/question.ts";
import { mayJudge, mayTrust } from "../../model/staff/standing.ts";
import type { WorldView } from "../../model/world/view.ts";
import { roleOfAnswer } from "../role-of-words.ts";
import { roleRefusal } from "../shared/role-refusal.ts";
import { secondRefusal } from "../shared/second-refusal.ts";
import { defineCommand, optional, problem, type CommandContext, type Reply } from "../define.ts";

/** Each takes a few lines. */
const shownQuestions = 10;

export const questions = defineCommand({
  words: ["questions"],
  role: "viewer",
  about: "Show what waits for a yes of yours.",
  takes: {},
  examples: ["questions"],
  reply: (_args, _flags, { world, prefix, at }) => ({
    say: lines(
      waitingQuestions(world) ?? say`Nothing waits for an answer.`,
      ...world.questions
        .open()
        .slice(0, shownQuestions)
        .map((question) => described(question, prefix, at)),
      world.questions.open().length > shownQuestions
        ? say`... and ${world.questions.open().length - shownQuestions} more, once these are answered.`
        : undefined,
    ),
  }),
});

/** How many questions are open, offers among them; undefined for none. */
export function waitingQuestions({ questions }: WorldView): Say | undefined {
  const open = questions.open();
  if (open.length === 0) return undefined;
  const offers = open.filter(({ about }) => about.kind === "offer").length;
  const which = open.length > offers ? `, ${offers} of them` : open.length > 1 ? ", all of them" : ",";
  const among = offers === 0 ? "" : `${which} ${offers === 1 ? "an offer" : "offers"} that can be left alone`;
  return say`${count(open.length, "question")} ${open.length === 1 ? "waits" : "wait"} for your yes or no${among}.`;
}

function described({ id, about, say: what, expiresAt }: Question, prefix: string, at: number): Say {
  const open = say`Open for ${describeDuration(Math.max(0, expiresAt - at))} more.`;
  if (about.kind === "held")
    return lines(
      what,
      say`${code(`${prefix} yes ${id}`)} lets them through, ${code(`${prefix} no ${id}`)} ${about.next === "" ? say`leaves it removed` : say`goes on with ${code(about.next)}`}, ${code(`${prefix} no ${id} ban`)} bans them. ${open}`,
    );
  if (about.kind === "knocks")
    return lines(
      what,
      say`${code(`${prefix} yes ${id}`)} lets them in, ${code(`${prefix} no ${id}`)} refuses them. ${open}`,
    );
  if (about.kind === "staff")
    return lines(
      what,
      say`${code(`${prefix} yes ${id}`)} says that it is them, ${code(`${prefix} no ${id}`)} stops the account and takes back what it did. ${open}`,
    );
  return lines(
    what,
    say`${code(`${prefix} yes ${id}`)} does it, ${code(`${prefix} no ${id}`)} does not. ${open}`,
  );
}

export const yes = defineCommand({
  words: ["yes"],
  role: "moderator",
  about: "Answer a question: do it. For rules and rooms it also takes back an earlier no.",
  takes: { question: optional("word", "its number; not needed while only one is open", "question") },
  examples: ["yes", "yes 7"],
  reply: ({ question }, _flags, context) => answered(question, true, context),
});

export const no = defineCommand({
  words: ["no"],
  role: "moderator",
  about:
    "Answer a question: do not do it. For rules and rooms it also takes back an earlier yes. Of held messages: go on, or with ban, ban their authors.",
  takes: {
    question: optional("word", "its number; not needed while only one is open", "question"),
    what: optional("word", "ban, for held messages"),
  },
  examples: ["no", "no 7", "no 7 ban"],
  reply({ question, what }, _flags, context) {
    const isBan = what?.toLowerCase() === "ban" || question?.toLowerCase() === "ban";
    if (what !== undefined && !isBan) return problem(say`After the number only the word ban can follow`);
    return answered(what === undefined && isBan ? undefined : question, false, context, isBan);
  },
});

function answered(
  number: string | undefined,
  isYes: boolean,
  { world, by, prefix, commands }: CommandContext,
  isBan = false,
): Reply {
  const found =
    number === undefined ? theOnlyOne(world) : world.questions.get(Number(number.replace(/^#/, "")));
  if (!found) {
    const open = world.questions.open().map(({ id }) => String(id));
    if (open.length === 0) return problem(say`No question is open.`);
    return problem(
      say`Which question? Open: ${open.join(", ")}. For example: ${code(`${prefix} ${isYes ? "yes" : "no"} ${open[0]!}`)}`,
    );
  }
  const { about } = found;
  if (about.kind === "staff" && !mayJudge(by, about.user, world, world.dueBy))
    return problem(
      say`Another of you has to answer: nobody can for themself, nor who is asked about too, nor who came here since it began`,
    );
  if (about.kind === "staff" && isYes && !mayTrust(by, about.user, world, world.dueBy))
    return problem(roleRefusal(say`A yes to question ${found.id}`, "admin", world));
  const role = roleOfAnswer(found, isYes, commands);
  if (!world.mayDo(by, role))
    return problem(roleRefusal(say`${isYes ? "A yes" : "A no"} to question ${found.id}`, role, world));
  const alone = isYes ? secondRefusal(found, by, { world, at: world.dueBy }) : undefined;
  if (alone) return problem(alone);
  const over = isOver(found, isYes);
  if (over) return problem(over);
  if (isBan && found.about.kind !== "held")
    return problem(say`Question ${found.id} is not about held messages: it takes yes or no`);
  const ban = isBan ? ({ ban: true } as const) : {};
  return {
    say: say`Question ${found.id}: ${isYes ? "yes" : isBan ? "ban" : "no"}.`,
    acts: [{ action: { kind: "answer-question", question: found.id, yes: isYes, by, ...ban } }],
  };
}

function theOnlyOne({ questions }: WorldView): Question | undefined {
  const open = questions.open();
  return open.length === 1 ? open[0] : undefined;
}

/** Why the question can no longer be answered so. Answers about rules and rooms may be changed later; others are final. */
function isOver(question: Question, isYes: boolean): Say | undefined {
  const { id, about, answer } = question;
  if (!answer || (!isSingleUse(question) && answer.yes !== isYes)) return undefined;
  const who = answer.by
    ? say`${code(answer.by)} said ${answer.yes ? "yes" : "no"}`
    : say`nobody answered in time`;
  return say`Question ${id} is answered: ${who}${about.kind === "command" && !answer.yes ? say`. Say the command again if you want it` : ""}`;
}
