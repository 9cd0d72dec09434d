/** What a case says in the management room. Nothing of what was reported is in it: that is shown only to who asks. */
import { dayMs, describeTime } from "../../kit/duration.ts";
import { code, count, joined, lines, link, plain, say, type Say } from "../../kit/say.ts";
import { roomName } from "../../commands/shared/room-names.ts";
import type { UserId } from "../../model/ids.ts";
import { eventLink } from "../../model/links.ts";
import { peopleIn, type Case } from "../../model/reports/cases.ts";
import { reportedKinds } from "../../model/reports/report.ts";
import { roundedWeight } from "../../model/reports/weight.ts";
import type { CaseWord } from "../../model/settings/reports.ts";
import { membershipAgeOf } from "../../model/signals/membership-age.ts";
import type { WorldView } from "../../model/world/view.ts";
import { optionsOf } from "./case-answers.ts";

const reasonShown = 200;
const wordsShown = 1_000;
const reasonsShown = 2;
const roomsShown = 3;

export interface CaseView {
  readonly world: WorldView;
  readonly prefix: string;
  /** A reaction answers. */
  readonly isMarked: boolean;
  /** Lists name them with a ban. */
  readonly isListed: (user: UserId) => boolean;
}

/** The whole message. It holds no time that passes, so that it changes only with the case. */
export function describeCase(one: Case, view: CaseView): Say {
  const { world } = view;
  const word = world.settings.caseWords.get(one.id);
  if (word?.is === "closed")
    return say`${titleOf(one, world)} · ${closedWords(word, one.appeal !== undefined)}`;
  if (one.appeal) return describeAppeal(one, view);
  if (world.isSpared(one.user)) return describeStaffCase(one, view);
  const held = heldIn(one, world);
  if (held !== undefined) return heldWords(one, held, view);
  return lines(
    say`${titleOf(one, world)} · ${voicesOf(one)}${takenWords(word)}`,
    reasonsOf(one),
    whatOf(one),
    historyOf(one, view),
    howToAnswer(one, view),
  );
}

/** `Report 31 · @loud:a.example in #lobby`. */
export function titleOf(one: Case, world: WorldView): Say {
  if (one.appeal) return say`Appeal ${one.id} · ${code(one.user)}`;
  const rooms = [...new Set(one.events.map(({ room }) => room))];
  const named = rooms.slice(0, roomsShown).map((room) => roomName(room, world, 60));
  const where = rooms.length > roomsShown ? count(rooms.length, "room") : joined(named);
  return say`Report ${one.id} · ${code(one.user)} in ${where}`;
}

/** `3 people (weight 2.1) · harassment`. */
export function voicesOf(one: Case): Say {
  const category = one.category === undefined ? "" : say` · ${one.category}`;
  return say`${count(peopleIn(one), "person", "people")} (weight ${String(roundedWeight(one.voices))})${category}`;
}

export function closedWords(word: CaseWord & { readonly is: "closed" }, isAppeal: boolean): Say {
  const by = word.by ? say`, by ${code(word.by)}` : "";
  if (isAppeal) return word.outcome === "acted" ? say`let in${by}` : say`the ban stays${by}`;
  return word.outcome === "acted" ? say`closed: acted${by}` : say`closed: nothing wrong${by}`;
}

export function takenWords(word: CaseWord | undefined): Say | "" {
  return word?.is === "taken" ? say` · taken by ${code(word.by)}` : "";
}

/** What people wrote to it, and who they are: for moderators alone. */
export function reasonsOf({ voices }: Case, most = reasonsShown): Say | undefined {
  const withReason = voices.filter(({ reason }) => reason.trim() !== "");
  const shown = withReason
    .slice(0, most)
    .map(({ by, reason }) => say`“${plain(reason, reasonShown)}” (${code(by)})`);
  const silent = voices.filter((voice) => !withReason.slice(0, most).includes(voice));
  if (shown.length === 0)
    return silent.length <= most
      ? say`By ${joined(silent.map(({ by }) => code(by)))}, without a word.`
      : undefined;
  const more = silent.length > 0 ? say` · ${silent.length} more` : "";
  return say`${joined(shown, " ")}${more}`;
}

/** `2 messages and a picture, the newest: ...`. */
function whatOf({ events }: Case): Say {
  const kinds = reportedKinds.flatMap((kind) => {
    const of = events.filter(({ what = "message" }) => what === kind).length;
    return of > 0 ? count(of, kind) : [];
  });
  const newest = events.at(-1)!;
  return say`${joined(kinds)}; the newest: ${link("go to it", eventLink(newest.room, newest.event))}`;
}

function historyOf(one: Case, { world, isListed }: CaseView): Say {
  const { user, openedAt: at } = one;
  const room = one.events.at(-1)!.room;
  const age = membershipAgeOf(world, { room, user, at });
  const since =
    world.members.membershipOf(room, user) !== "join"
      ? say`Not in the room now`
      : age === undefined
        ? say`In the room since before I came`
        : say`Came to the room ${describeTime(at - age)}`;
  const days = world.regulars.get(user)?.days ?? 0;
  const earlier = world.stored.cases.ofUserEver(user).filter(({ id }) => id !== one.id);
  const acted = earlier.filter(({ learnt }) => learnt === "acted").length;
  const cases =
    earlier.length > 0 ? say`, ${count(earlier.length, "earlier report")} (${acted} acted on)` : "";
  const notes = world.settings.notes.get(user)?.length ?? 0;
  const noted = notes > 0 ? say`, ${count(notes, "note")}` : "";
  const listed = isListed(user) ? say`, on a list` : "";
  return say`${since}; spoke on ${count(days, "day")}${cases}${noted}${listed}.`;
}

function howToAnswer(one: Case, { prefix, isMarked }: CaseView): Say {
  const options = optionsOf(one);
  const marks = options.map(({ mark, does }) => say`${mark} ${does}`);
  const typed = joined(options.map(({ word }) => code(word)));
  const reply = one.appeal
    ? say`reply ${typed}, or ${code("deny:")} and what they are told`
    : say`reply ${typed}, or ${code(`${prefix} reports show ${one.id}`)} to read it`;
  return isMarked
    ? lines(joined(marks, "   "), say`Without reactions: ${reply}.`)
    : say`To answer, ${reply}.`;
}

/** What they write is shown: they write it to be read. */
function describeAppeal(one: Case, view: CaseView): Say {
  const { world, prefix } = view;
  const word = world.settings.caseWords.get(one.id);
  const banned = world.protectedRoomsOf(one.user, ["ban"]).length;
  const where = banned > 0 ? say`Banned in ${count(banned, "room")}` : say`On a list, and in no room`;
  return lines(
    say`${titleOf(one, world)} · asks to be let in again${takenWords(word)}`,
    say`“${plain(one.appeal!.words, wordsShown)}”`,
    say`${where}; ${code(`${prefix} why ${one.user}`)} tells why.`,
    howToAnswer(one, view),
  );
}

/** The open question about messages of theirs that are held. */
function heldIn({ user }: Case, { questions }: WorldView): number | undefined {
  return questions
    .open()
    .find(({ about }) => about.kind === "held" && about.people.some((one) => one.user === user))?.id;
}

function heldWords(one: Case, question: number, { world }: CaseView): Say {
  const word = world.settings.caseWords.get(one.id);
  return say`${titleOf(one, world)} · ${voicesOf(one)}${takenWords(word)}. What they write is held already: question ${question}.`;
}

/** Whoever is reported reads it as well, so that nobody who reported is named. */
function describeStaffCase(one: Case, { world, prefix }: CaseView): Say {
  const word = world.settings.caseWords.get(one.id);
  const newest = one.events.at(-1)!;
  return lines(
    say`${titleOf(one, world)} · ${count(peopleIn(one), "person", "people")}${takenWords(word)}`,
    say`${code(one.user)} is one of you and reads this, so I name neither who reported it nor their words. What it is about: ${link("go to it", eventLink(newest.room, newest.event))}.`,
    say`Another of you who is admin closes it: ${code(`${prefix} reports close ${one.id}`)}, or with ${code("nothing")} behind it.`,
  );
}

export function aboutUs(by: UserId, reason: string, where: Say): Say {
  const why = reason.trim() === "" ? "" : say`: “${plain(reason, reasonShown)}”`;
  return say`${code(by)} reports a message of mine in ${where}${why}.`;
}

export function silencedWords(
  by: UserId,
  { cases, prefix }: { readonly cases: number; readonly prefix: string },
): Say {
  const closed = cases > 0 ? say` I closed ${count(cases, "report")} that nobody else had made.` : "";
  return say`${code(by)} reported too many people within an hour: I do not hear reports of theirs for a day.${closed} ${code(`${prefix} reports unmute ${by}`)} has me hear them again.`;
}

export const silencedForMs = dayMs;
