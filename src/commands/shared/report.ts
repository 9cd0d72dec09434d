/** What happened since a time and what waits, in a few lines: the report of the morning. */
import { describeTime } from "../../kit/duration.ts";
import { bullets, code, count, folded, lines, plain, say, type Say } from "../../kit/say.ts";
import type { Past, PastOccasion } from "../../model/past-acts.ts";
import type { WorldView } from "../../model/world/view.ts";
import { listChangesSince } from "./list-changes.ts";

export interface ReportView {
  readonly world: WorldView;
  readonly past: Pick<Past, "occasions" | "ofOccasion" | "rulesGoneFrom">;
  readonly prefix: string;
}

/** Incidents looked at, and those that fit a phone's screen; the others are behind a fold. */
const incidentsLookedAt = 200;
const shownIncidents = 8;
const shownLists = 8;

/** Undefined where nothing happened and nothing waits. */
export function reportSince(since: number, { world, past, prefix }: ReportView): Say | undefined {
  const incidents = past.occasions(incidentsLookedAt).flatMap((one) => {
    if (one.because.kind !== "finding") return [];
    const acts = past.ofOccasion(one.because.incident).filter(({ decision }) => decision.at >= since);
    return acts.length > 0 ? [incidentLine(one, acts, { world, prefix })] : [];
  });
  const waiting = world.questions.open();
  const muted = [...world.protectedRooms()].flatMap(({ id }) => world.mutes.inRoom(id)).length;
  const lists = listChangesSince(since, { world, past, prefix });
  if (incidents.length + waiting.length + lists.length === 0) return undefined;
  const more = incidents.slice(shownIncidents);
  return lines(
    say`Since ${describeTime(since)}:`,
    incidents.length > 0
      ? bullets(incidents.slice(0, shownIncidents))
      : say`Nothing was done by protections.`,
    more.length > 0 ? folded(say`${more.length} more:`, bullets(more)) : undefined,
    waiting.length > 0
      ? say`${count(waiting.length, "question")} ${waiting.length === 1 ? "waits" : "wait"}, the oldest since ${describeTime(Math.min(...waiting.map(({ askedAt }) => askedAt)))}: ${code(`${prefix} questions`)}.`
      : undefined,
    lists.length > 0
      ? lines(
          say`Lists that others changed:`,
          bullets(lists.slice(0, shownLists)),
          lists.length > shownLists ? say`... and ${lists.length - shownLists} more lists.` : undefined,
        )
      : undefined,
    muted > 0 ? say`${count(muted, "mute")} of mine ${muted === 1 ? "stands" : "stand"}.` : undefined,
  );
}

function incidentLine(
  { number, because }: PastOccasion,
  acts: ReturnType<Past["ofOccasion"]>,
  { world, prefix }: Pick<ReportView, "world" | "prefix">,
): Say {
  const name = because.kind === "finding" ? because.protection : "";
  const wave = because.kind === "finding" ? world.stored.waves.get(because.incident) : undefined;
  const people = new Set(
    acts.flatMap(({ decision: { action } }) => ("user" in action && action.user ? action.user : [])),
  );
  const what = wave
    ? say`${wave.stage} wave of ${count(wave.accounts, "account")}`
    : say`${plain(name)}, ${count(people.size, "person", "people")}`;
  return say`${describeTime(acts[0]!.decision.at)}: ${what}, ${count(acts.length, "act")} (${code(`${prefix} undo ${number}`)})`;
}
