/** The report of a protection that was tried on the past. */
import { valuesOf, type Protection } from "../../automod/define.ts";
import { hourMs, describeDuration } from "../../kit/duration.ts";
import { bullets, code, count, folded, joined, lines, link, plain, say, type Say } from "../../kit/say.ts";
import { eventLink } from "../../model/links.ts";
import { quoted } from "../../model/quoted.ts";
import type { Counted, TrialReport } from "../../model/trial-report.ts";
import type { CommandContext } from "../define.ts";
import { roomName } from "../shared/room-names.ts";
import { knownIn } from "./named.ts";
import { precision } from "./precision.ts";

/** Of each table; the rest is counted nowhere, as it is small. */
const shown = 5;

export function describeTrial(report: TrialReport, protection: Protection, context: CommandContext): Say {
  return lines(
    headline(report, protection, context),
    ...whoWasMet(report),
    removedOnes(report),
    sparedAndRegulars(report),
    ofTheWrongOnes(report, protection, context),
    byRoom(report, context),
    untold(report),
    ...notSeen(report, context),
    examples(report, context),
    goOn(protection, context),
  );
}

function headline(
  { read, messages, people }: TrialReport,
  protection: Protection,
  { world }: CommandContext,
): Say {
  const met = people.right + people.wrong + people.unknown;
  const what =
    met === 0
      ? say`nobody would have been met`
      : say`${count(messages, "message")} of ${count(met, "person", "people")} would have been ${verbOf(valuesOf(protection, world.settings, undefined).response)}`;
  return lines(say`${code(protection.name)} on ${spanOf(read.until - read.from)}: ${what}.`, readOf(read));
}

export function readOf({ from, countedFrom, isCut, events, rooms }: TrialReport["read"]): Say {
  return say`Read: ${count(events, "event")} of ${count(rooms, "room")}${isCut ? say`; more would have been too much` : ""}. The first ${spanOf(countedFrom - from)} only told who is who.`;
}

/** What the first step of the ladder does to messages. */
function verbOf(ladder: string): string {
  const [step = ""] = ladder.split(" ");
  return step.includes("hold") ? "held" : step.includes("redact") ? "redacted" : "met";
}

/** Rounded: minutes would look more exact than it is. */
export function spanOf(ms: number): string {
  return describeDuration(ms < 2 * hourMs ? ms : Math.round(ms / hourMs) * hourMs);
}

function whoWasMet({
  people: { right, wrong, unknown },
  regulars: { now, gone },
}: TrialReport): readonly Say[] {
  if (right + wrong + unknown === 0) return [];
  const alsoRegular =
    now > 0 ? say`, ${now} of them ${now === 1 ? "is a regular" : "are regulars"} today` : "";
  const here = wrong - gone;
  const left =
    gone > 0 ? say`, ${gone} who ${were(gone)} regular by then ${gone === 1 ? "has" : "have"} left` : "";
  const table = bullets([
    say`${count(right, "person", "people")} ${were(right)} banned or removed, by you or by a list: right`,
    say`${count(here, "person", "people")} still ${here === 1 ? "writes" : "write"} here${alsoRegular}${left}: wrong`,
    say`${unknown} unknown`,
  ]);
  const share = precision({ right, wrong });
  return share ? [table, share] : [table];
}

function were(n: number): string {
  return n === 1 ? "was" : "were";
}

function removedOnes({ removed: { all, met, unseen } }: TrialReport): Say {
  if (all === 0) return say`Nobody was banned or removed in that time, so I cannot tell whom it misses.`;
  const gone = unseen > 0 ? say`; of ${unseen} of them nothing is left to see` : "";
  return say`It would have met ${met} of the ${count(all, "person", "people")} who ${were(all)} banned or removed in that time${gone}.`;
}

function sparedAndRegulars({ regulars: { byThen }, spared }: TrialReport): Say {
  const staff =
    spared > 0
      ? say`It fits messages of ${count(spared, "person", "people")} who ${spared === 1 ? "is" : "are"} always left alone (staff, exempt).`
      : say`No staff.`;
  return byThen > 0
    ? say`${staff} ${count(byThen, "person", "people")} ${byThen === 1 ? "was a regular" : "were regulars"} as of that day.`
    : say`${staff} No regular as of that day.`;
}

function ofTheWrongOnes(
  { wrongDomains }: TrialReport,
  { rule }: Protection,
  context: CommandContext,
): Say | undefined {
  if (wrongDomains.length === 0) return undefined;
  const [list, ...others] = rule?.linksLeftAlone ?? [];
  const domains = wrongDomains.slice(0, shown).map(({ what }) => what);
  const isOffered =
    list !== undefined && others.length === 0 && knownIn(context).lists.get(list)?.origin === "room";
  return lines(
    say`Wrong ones: ${tableOf(wrongDomains)}`,
    isOffered
      ? say`→ ${code(`${context.prefix} protections links ${list} add ${domains.join(", ")}`)}`
      : undefined,
  );
}

function byRoom({ byRoom: rooms }: TrialReport, { world }: CommandContext): Say | undefined {
  if (rooms.length === 0) return undefined;
  const parts = rooms
    .slice(0, shown)
    .map(({ room, messages }) => say`${roomName(room, world, 40)} ${messages}`);
  return say`By room: ${joined(parts, " · ")}${rooms.length > shown ? say` · others` : ""}.`;
}

function untold({ untold: { messages, parts } }: TrialReport): Say | undefined {
  if (messages === 0) return undefined;
  const why = parts.length > 0 ? say` (unknown: ${tableOf(parts)})` : "";
  return say`Could not tell for ${count(messages, "message")}${why}.`;
}

function tableOf(rows: readonly Counted[]): Say {
  return joined(rows.slice(0, shown).map(({ what, times }) => say`${code(what, 100)} (${times})`));
}

export function notSeen(
  { read: { redacted, kept, unread } }: TrialReport,
  { world }: CommandContext,
): readonly Say[] {
  const gone = [
    ...(kept > 0 ? [say`Removed by me and looked at as I kept it: ${count(kept, "event")}.`] : []),
    ...(redacted > 0 ? [say`Redacted and not kept: ${count(redacted, "event")}, not seen.`] : []),
  ];
  const closed = unread
    .slice(0, shown)
    .map(({ room, why }) => say`Not read: ${roomName(room, world)}: ${quoted(why, 200)}.`);
  const more = unread.length > shown ? [say`... and ${count(unread.length - shown, "more room")}.`] : [];
  const times = say`Times are those at which messages were sent, as their servers say. Nothing of it is kept.`;
  return [...gone, ...closed, ...more, times];
}

function examples({ examples: some, messages }: TrialReport, { world }: CommandContext): Say | undefined {
  if (some.length === 0) return undefined;
  const items = some.map(
    ({ room, event, user, fate }) =>
      say`${plain(fate)}: ${link(user, eventLink(room, event), 80)} in ${roomName(room, world, 40)}`,
  );
  const title =
    messages > some.length
      ? say`${some.length} of the ${count(messages, "message")}, with links:`
      : say`The messages, with links:`;
  return folded(title, bullets(items));
}

/** The next step; none for what is on already. */
function goOn({ name }: Protection, context: CommandContext): Say | undefined {
  const { all, candidates } = knownIn(context);
  const now = all.find((one) => one.name === name);
  if (!now) return undefined;
  const { enabled, mode } = valuesOf(now, context.world.settings, undefined);
  const isDone = enabled && (mode === "ask" || mode === "act") && !candidates.has(name);
  return isDone ? undefined : say`Go on: ${code(`${context.prefix} protections ask ${name}`)}`;
}
