/** `duty`: who is called, and when. */
import { dayMs, describeTime, hourMs, parseDuration } from "../../kit/duration.ts";
import { bullets, code, joined, lines, say, someOf, type Say } from "../../kit/say.ts";
import { describeTimeOfDay, localTime, parseTimeOfDay, parseTimeZone } from "../../kit/time-zones.ts";
import { nextOnDuty, onDuty } from "../../model/duty.ts";
import type { UserId } from "../../model/ids.ts";
import type { Watch } from "../../model/settings/duty.ts";
import { defineCommand, needed, optional, problem, type CommandContext, type Entity } from "../define.ts";
import { settingsChange } from "../shared/settings-change.ts";

const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const daysNamed: Readonly<Record<string, readonly number[]>> = {
  daily: [0, 1, 2, 3, 4, 5, 6],
  weekdays: [1, 2, 3, 4, 5],
  weekends: [0, 6],
};
/** More of one person are hardly meant. */
const mostWatches = 14;
const shownPeople = 20;

export const dutyList = defineCommand({
  words: ["duty"],
  role: "viewer",
  also: [["duty", "list"]],
  about: "Show who is on duty now and next, and the whole roster.",
  takes: {},
  examples: ["duty"],
  reply: (_args, _flags, context) => ({ say: rosterOf(context) }),
});

export const dutyAdd = defineCommand({
  words: ["duty", "add"],
  role: "moderator",
  about:
    "Put somebody on the roster: from when to when, in which time zone, on which days. What cannot wait calls those on duty, and nobody else.",
  takes: {
    who: needed("person", "a moderator, in this room"),
    hours: needed("word", "from when to when, such as 22:00-06:00"),
    zone: needed("word", "the time zone, such as Europe/Berlin or UTC"),
    days: optional("word", "daily, weekdays, weekends, or days such as fri,sat; daily where it is left out"),
  },
  examples: [
    "duty add @olga:example.org 22:00-06:00 Europe/Berlin daily",
    "duty add @ben:example.org 09:00-17:00 UTC weekdays",
  ],
  reply({ who, hours, zone: zoneText, days: daysText = "daily" }, _flags, context) {
    const user = moderatorOf(who, context);
    if (!user)
      return problem(say`${code(who.text)} is not in this room: I call only those who can answer here`);
    const [from, to] = hours.split(/[-–]/).map(parseTimeOfDay);
    if (from === undefined || to === undefined)
      return problem(say`${code(hours)} is no time from one to another; I read ${code("22:00-06:00")}`);
    const zone = parseTimeZone(zoneText);
    if (zone === undefined)
      return problem(
        say`${code(zoneText)} is no time zone; I know such as ${code("Europe/Berlin")} and ${code("UTC")}`,
      );
    const days = daysOf(daysText);
    if (!days)
      return problem(
        say`${code(daysText)} are no days; I read ${code("daily")}, ${code("weekdays")}, ${code("weekends")} and ${code("fri,sat")}`,
      );
    const watch: Watch = { from, to, zone, days };
    const before = context.world.settings.duty.get(user) ?? [];
    if (before.length >= mostWatches)
      return problem(
        say`${code(user)} has ${mostWatches} watches already: ${code(`${context.prefix} duty remove ${user}`)} first`,
      );
    return {
      say: say`On duty: ${code(user)}, ${describe(watch)}. It is ${localNow(zone, context.at)} there now.`,
      acts: [settingsChange({ kind: "set-duty", user, watches: [...before, watch] })],
    };
  },
});

export const dutyRemove = defineCommand({
  words: ["duty", "remove"],
  role: "moderator",
  about: "Take somebody off the roster.",
  takes: { who: needed("person", "as it stands in duty") },
  examples: ["duty remove @olga:example.org"],
  reply({ who }, _flags, { world, prefix }) {
    const user = onRoster(who, world.settings.duty);
    if (!user) return problem(notOnRoster(who, prefix));
    return {
      say: say`${code(user)} is no longer on the roster`,
      acts: [settingsChange({ kind: "set-duty", user, watches: [] })],
    };
  },
});

export const dutyOff = defineCommand({
  words: ["duty", "off"],
  role: "moderator",
  about:
    "Say that somebody on the roster is away, for a day or as long as given. They are not called meanwhile.",
  takes: {
    who: needed("person", "as it stands in duty"),
    for: optional("rest", "for how long, such as 3d; or back"),
  },
  examples: ["duty off @olga:example.org 3d", "duty off @olga:example.org back"],
  reply({ who, for: span = "1d" }, _flags, { world, prefix, at }) {
    const user = onRoster(who, world.settings.duty);
    if (!user) return problem(notOnRoster(who, prefix));
    if (span.trim().toLowerCase() === "back")
      return {
        say: say`${code(user)} is back`,
        acts: [settingsChange({ kind: "off-duty", user, until: null })],
      };
    const ms = parseDuration(span);
    if (ms === undefined)
      return problem(
        say`${code(span)} is no span of time; I read ${code("3d")}, ${code("12h")} and ${code("back")}`,
      );
    return {
      say: say`${code(user)} is away until ${describeTime(at + ms)}, and is not called`,
      acts: [settingsChange({ kind: "off-duty", user, until: at + ms })],
    };
  },
});

function moderatorOf({ text }: Entity, { world }: CommandContext): UserId | undefined {
  return world.isModerator(text as UserId) && text !== world.self ? (text as UserId) : undefined;
}

function onRoster({ text }: Entity, duty: ReadonlyMap<UserId, unknown>): UserId | undefined {
  return duty.has(text as UserId) ? (text as UserId) : undefined;
}

function notOnRoster({ text }: Entity, prefix: string): Say {
  return say`${code(text)} is not on the roster; ${code(`${prefix} duty`)} shows who is`;
}

function daysOf(text: string): readonly number[] | undefined {
  const named = daysNamed[text.toLowerCase()];
  if (named) return named;
  const days = text
    .toLowerCase()
    .split(",")
    .map((one) => weekdays.indexOf(one.trim().slice(0, 3)));
  return days.includes(-1) ? undefined : [...new Set(days)].toSorted((a, b) => a - b);
}

function rosterOf({ world: { settings }, at, prefix }: CommandContext): Say {
  if (settings.duty.size === 0)
    return say`Nobody is on the roster, so a call mentions everybody in this room. ${code(`${prefix} duty add`)} puts somebody on it.`;
  const now = onDuty(settings, at);
  const next = nextOnDuty(settings, at);
  const watches = [...settings.duty].map(([user, all]) => {
    const until = settings.offDuty.get(user) ?? 0;
    const away = until > at ? say`, away until ${describeTime(until)}` : "";
    return say`${code(user)}: ${joined(all.map(describe), "; ")}${away}`;
  });
  return lines(
    now.length > 0
      ? say`On duty now: ${joined(now.map((user) => code(user)))}.`
      : say`Nobody is on duty now: what happens is told in the morning, and what waits for a yes waits.`,
    next && say`Next: ${joined(next.users.map((user) => code(user)))}, ${whenIs(next.at, at)}.`,
    someOf([bullets(watches.slice(0, shownPeople))], 1),
    watches.length > shownPeople ? say`... and ${watches.length - shownPeople} more.` : undefined,
  );
}

function whenIs(then: number, at: number): string {
  return then - at < dayMs
    ? `in about ${Math.max(1, Math.round((then - at) / hourMs))} h`
    : describeTime(then);
}

function describe({ from, to, zone, days }: Watch): Say {
  const named = Object.entries(daysNamed).find(
    ([, one]) => JSON.stringify(one) === JSON.stringify(days),
  )?.[0];
  const on = named ?? days.map((day) => weekdays[day]!).join(", ");
  return say`${describeTimeOfDay(from)} to ${describeTimeOfDay(to)} ${zone}, ${on}`;
}

function localNow(zone: string, at: number): string {
  return describeTimeOfDay(localTime(at, zone).minutes);
}
