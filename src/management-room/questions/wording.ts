/** The words of questions to the moderators: what is asked, how it can be answered, and how it ended. */
import { describeDuration, describeTime } from "../../kit/duration.ts";
import { code, count, folded, joined, lines, plain, say, someOf, type Say } from "../../kit/say.ts";
import type { EventId, RoomId } from "../../model/ids.ts";
import type { HeldMessages } from "../../model/held-messages.ts";
import type { Question, QuestionAnswer } from "../../model/question.ts";
import type { WorldView } from "../../model/world/view.ts";
import { listWord } from "../../commands/shared/list-word.ts";
import { listName, roomName } from "../../commands/shared/room-names.ts";
import type { Offer } from "../manual-bans.ts";

/** Reactions that answer a question. */
export const yesMark = "✅";
export const noMark = "❌";
/** Of held messages: bans their authors. */
export const banMark = "🚫";
/** Of a wave: it is cleaned up. */
export const stopMark = "⛔";

export function marksFor(question: Question | undefined): readonly string[] {
  if (question?.about.kind === "wave" || question?.about.kind === "staff") return [yesMark, stopMark];
  return question?.about.kind === "held" ? [yesMark, noMark, banMark] : [yesMark, noMark];
}

/** Rules named in a question; the others are counted. */
const namedRules = 5;

export function titled(id: number, what: Say): Say {
  return lines(say`Question ${id}:`, what);
}

/** The sentence of a question that gives its reasons. */
export function because(reasons: readonly Say[]): Say {
  return say`Because ${joined(reasons, "; ")}.`;
}

/** What a protection would do and does not do without a yes. */
export function aboutFindings(
  protection: string,
  { isOverBudget, asksFirst }: { readonly isOverBudget: true | undefined; readonly asksFirst: boolean },
): Say {
  if (isOverBudget)
    return say`${protection} has muted or removed as many people as it may without a yes; whoever is found in the same incident later waits with them. Redactions go on.`;
  return asksFirst
    ? say`${protection} found something, and does nothing about it without a yes; whoever is found in the same incident later waits with them.`
    : say`${protection} would remove people whom I do not remove without a yes; whoever is found in the same incident later waits with them. Mutes and redactions go on.`;
}

/** A ban that somebody made or lifted with their own client: shall it hold everywhere? */
export function madeByHand({ kind, user, by, rooms, reason, list, text }: Offer, world: WorldView): Say {
  const where = rooms.length === 1 ? roomName(rooms[0]!, world) : count(rooms.length, "room");
  const why = reason === "" ? "" : say` (${plain(reason, 150)})`;
  return kind === "ban"
    ? say`${code(by)} banned ${code(user)} in ${where}${why}. Ban them in all protected rooms, by ${listName(list, world)}?`
    : say`${code(by)} lifted the ban of ${code(user)} in ${where}, which ${listName(list, world)} asks for. I leave it; whoever comes back is banned again. ${text.startsWith("unban") ? say`Take the rule off the list, and lift the other bans?` : say`Exempt them from all lists, and lift the other bans?`}`;
}

export function newRules(list: RoomId, rules: readonly EventId[], world: WorldView): Say {
  return say`${listName(list, world)} has ${count(rules.length, "new rule")} that ${rules.length === 1 ? "is" : "are"} not applied yet: ${rulesNamed(list, rules, world)}.`;
}

function rulesNamed(list: RoomId, rules: readonly EventId[], world: WorldView): Say {
  const known = world.lists.get(list);
  const shown = rules.slice(-namedRules).map((event) => {
    const rule = known?.ruleOf(event);
    return say`${rule?.kind ?? ""} ${code(rule?.entity ?? "(hashed)", 80)}`;
  });
  const authors = new Set(rules.flatMap((event) => known?.ruleOf(event)?.sender ?? []));
  const by = authors.size === 1 ? say`, written by ${code([...authors][0]!)}` : "";
  return say`${someOf(shown, namedRules, rules.length)}${by}`;
}

/** The question with the ways to answer it. */
export function withHowTo({ id, about, say: what, expiresAt, askedAt }: Question, prefix: string): Say {
  if (about.kind === "offer") return lines(what, say`${yesMark} or ${code(`${prefix} yes ${id}`)} does it.`);
  if (about.kind === "held") return lines(what, howToAnswerHeld(about, id, prefix));
  if (about.kind === "wave")
    return lines(
      what,
      say`Are these people fine? ${stopMark} no: they are banned, and what they wrote is removed. ${yesMark} yes: what was done is taken back.`,
      folded(
        say`More:`,
        lines(
          about.details,
          say`${stopMark} or ${code(`${prefix} no ${id}`)} also closes every room that they are in, whomever else that silences for now. ${yesMark} or ${code(`${prefix} yes ${id}`)} leaves them alone from now on.`,
        ),
      ),
    );
  if (about.kind === "knocks") return lines(what, howToAnswerKnocks(id, prefix));
  if (about.kind === "staff")
    return lines(
      what,
      say`Is it ${code(about.user)} themself? ${yesMark} or ${code(`${prefix} yes ${id}`)}: yes, they go on, and are not asked about for a while. ${stopMark} or ${code(`${prefix} no ${id}`)}: no, their level is taken wherever I stand above them, and what they did is taken back.`,
    );
  return lines(
    what,
    say`${yesMark} or ${code(`${prefix} yes ${id}`)} does it, ${noMark} or ${code(`${prefix} no ${id}`)} does not. Without an answer within ${describeDuration(expiresAt - askedAt)} it is not done.`,
  );
}

function howToAnswerHeld({ next }: HeldMessages, id: number, prefix: string): Say {
  const goesOn = next === "" ? say`leaves it removed` : say`goes on with ${code(next)}`;
  return say`${yesMark} or ${code(`${prefix} yes ${id}`)} lets them through: they may speak, and are asked to send it again. ${noMark} or ${code(`${prefix} no ${id}`)} ${goesOn}. ${banMark} or ${code(`${prefix} no ${id} ban`)} bans them. Without an answer it stays removed, and no more than that.`;
}

function howToAnswerKnocks(id: number, prefix: string): Say {
  const one = `${prefix} knocks`;
  return say`${yesMark} or ${code(`${prefix} yes ${id}`)} lets all of them in, ${noMark} or ${code(`${prefix} no ${id}`)} refuses all of them. One by one: ${code(`${one} allow @name:server`)}, ${code(`${one} deny @name:server`)}. Without an answer they wait.`;
}

/** How the question ended. `isObsolete`: nobody had to answer it any more. */
export function outcomeOf(
  { about, id }: Question,
  { yes, by, at, ban }: QuestionAnswer,
  { isObsolete, prefix, world }: { isObsolete: boolean; prefix: string; world: WorldView },
): Say {
  if (about.kind === "held") return outcomeOfHeld(about, { yes, by, at, ban }, isObsolete);
  if (about.kind === "wave") {
    if (!by) return isObsolete ? say`No longer needed.` : say`Nobody answered; no more is done.`;
    return say`${yes ? "They are fine" : "They are not fine"}, said ${code(by)} on ${describeTime(at)}.`;
  }
  if (about.kind === "knocks") {
    if (!by && isObsolete) return say`No longer needed: nobody of them waits any more.`;
    if (!by) return say`Nobody answered: they go on waiting. ${code(`${prefix} knocks`)} shows them.`;
    return say`${yes ? "Let them in" : "Refused"}, said ${code(by)} on ${describeTime(at)}.`;
  }
  if (about.kind === "staff") {
    if (!by) return isObsolete ? say`No longer needed.` : say`Nobody answered; nothing more is done.`;
    return say`${yes ? "It is them" : "It is not them"}, said ${code(by)} on ${describeTime(at)}.`;
  }
  if (about.kind === "lost") return outcomeOfLost(id, { yes, by, at }, { isObsolete, prefix });
  if (yes) return say`Yes, said ${code(by ?? "")} on ${describeTime(at)}.`;
  if (about.kind === "offer" && !by)
    return isObsolete ? say`No longer needed.` : say`Nobody answered; nothing was done.`;
  if (about.kind !== "offer" && isObsolete) return say`All of them are gone from the list.`;
  const who = by
    ? say`No, said ${code(by)} on ${describeTime(at)}`
    : say`Nobody answered until ${describeTime(at)}`;
  if (about.kind === "offer") return say`${who}.`;
  if (about.kind === "command" || about.kind === "findings") return say`${who}: nothing was done.`;
  const applied = say`${who}: not applied. ${code(`${prefix} yes ${id}`)} applies it after all`;
  if (about.kind !== "rules" || !by) return say`${applied}.`;
  return say`${applied}; said before that, ${code(`${prefix} except ${listWord(about.list, world)} <who>`)} spares single people from it.`;
}

function outcomeOfLost(
  id: number,
  { yes, by, at }: QuestionAnswer,
  { isObsolete, prefix }: { readonly isObsolete: boolean; readonly prefix: string },
): Say {
  if (yes) return say`Yes, said ${code(by ?? "")} on ${describeTime(at)}: they are gone here, too.`;
  if (!by && isObsolete) return say`No longer needed: none of them is kept any more.`;
  const who = by
    ? say`No, said ${code(by)} on ${describeTime(at)}`
    : say`Nobody answered until ${describeTime(at)}`;
  return say`${who}: they stay in force here. ${code(`${prefix} yes ${id}`)} lets them go after all.`;
}

function outcomeOfHeld(
  { next }: HeldMessages,
  { yes, by, at, ban }: Omit<QuestionAnswer, "ban"> & { readonly ban: true | undefined },
  isObsolete: boolean,
): Say {
  if (!by)
    return isObsolete
      ? say`No longer needed: they were let through.`
      : say`Nobody answered until ${describeTime(at)}: what was held stays removed.`;
  const what = yes
    ? say`Let through`
    : ban
      ? say`Banned`
      : next === ""
        ? say`Left removed`
        : say`Gone on with ${code(next)}`;
  return say`${what}, said ${code(by)} on ${describeTime(at)}.`;
}
