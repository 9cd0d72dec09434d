/** `protections`, `protections show`: what looks for trouble, where it is on, and how it is set. */
import { bullets, code, count, folded, joined, lines, plain, say, someOf, type Say } from "../../kit/say.ts";
import { dayMs } from "../../kit/duration.ts";
import type { SettingValue } from "../../model/settings/protections.ts";
import { valuesOf, type Protection } from "../../automod/define.ts";
import { isSameValue, type SettingSpec } from "../../automod/settings.ts";
import { defineCommand, needed, optional, problem, type CommandContext } from "../define.ts";
import { notProtected } from "../shared/people.ts";
import { describeScope, replacing } from "./scope.ts";
import { describeRuleFile, ruleFileTroubles } from "../shared/rule-files.ts";
import { roomName } from "../shared/room-names.ts";
import { followedRooms } from "../shared/followed-rooms.ts";
import {
  answerOf,
  exceptionsOf,
  fileOf,
  knownIn,
  roomsWithSettings,
  stateOf,
  withProtection,
} from "./named.ts";

/** Entries of a list in a reply; the others are counted. */
const entriesShown = 20;
const weekMs = 7 * dayMs;

export const protectionsList = defineCommand({
  words: ["protections"],
  role: "viewer",
  also: [["protections", "list"]],
  about: "Show what looks for trouble by itself, where it is on, and how many it found in the last week.",
  takes: {},
  examples: ["protections"],
  reply(_args, _flags, context) {
    const { all, broken } = knownIn(context);
    const groups = Map.groupBy(all, (one) => groupOf(one, context));
    const { prefix } = context;
    const unusable = [
      ...[...broken].map(([name, why]) => say`${code(name)} cannot be used: ${plain(why)}.`),
      ...ruleFileTroubles(context.world).map((one) =>
        describeRuleFile(one, { settings: context.world.settings, prefix }),
      ),
    ];
    const named = (group: Group) => (groups.get(group) ?? []).map((one) => summary(one, context));
    const shownGroups = (Object.keys(titles) as Shown[]).flatMap((group) => {
      const items = named(group);
      return items.length === 0 ? [] : [say`${titles[group]}: ${joined(items)}.`];
    });
    const off = groups.get("off") ?? [];
    return {
      say: lines(
        shownGroups.length === 0 ? say`No protection is on.` : say`Protections:`,
        shownGroups.length + unusable.length === 0 ? undefined : bullets([...shownGroups, ...unusable]),
        followedRooms(context.world),
        say`${code(`${prefix} protections act <name>`)} switches one on, ${code(`${prefix} protections show <name>`)} shows its settings, ${code(`${prefix} protections add <name> when ...`)} makes one of your own.`,
        // Last, as an answer that gets too long loses its end.
        off.length === 0
          ? undefined
          : folded(say`${count(off.length, "protection")} off:`, bullets(off.map(withAbout))),
      ),
    };
  },
});

/** What comes of what they find, everywhere; the last: they find nothing, as what they look for is not told yet. */
const titles = {
  act: "Act",
  ask: "Ask first",
  alert: "Only tell",
  shadow: "In shadow, looking and doing nothing",
  rooms: "In some rooms",
  waiting: "Not fed yet, as parts of me are still to come",
} as const;
type Shown = keyof typeof titles;
type Group = Shown | "off";

function groupOf(protection: Protection, context: CommandContext): Group {
  if (protection.waitsFor !== undefined) return "waiting";
  const { enabled, mode } = valuesOf(protection, context.world.settings, undefined);
  if (enabled) return mode;
  return exceptionsOf(protection, context) ? "rooms" : "off";
}

/** "flood (7 findings of 3 people in a week; off in #bots)" */
function summary(protection: Protection, context: CommandContext): Say {
  const { name, waitsFor } = protection;
  const beside = knownIn(context).candidates.get(name);
  const notes = [
    waitsFor === undefined ? found(name, context) : undefined,
    waitsFor === undefined ? exceptionsOf(protection, context) : undefined,
    ...replacing(protection, context),
    beside ? say`version ${beside.version ?? 0} is tried beside it, in shadow` : undefined,
    takes(protection, context),
  ].flatMap((note) => note ?? []);
  if (notes.length === 0) return code(name);
  return say`${code(name)} (${notes.reduce((all, note) => say`${all}; ${note}`)})`;
}

/** "12 µs": what it takes for each event that it is asked about. */
function takes(protection: Protection, { registry }: CommandContext): Say | undefined {
  const us = registry.costs.of(protection);
  return us === undefined ? undefined : say`${us < 1 ? "less than 1" : String(Math.round(us))} µs`;
}

function withAbout({ name, about }: Protection): Say {
  return about === "" ? code(name) : say`${code(name)}: ${plain(about, 160)}`;
}

/** "7 findings of 3 people in a week" */
function found(name: string, { world, at }: CommandContext): Say | undefined {
  const hits = [...world.stored.ruleHits.of(name)].filter((hit) => at - hit.at < weekMs);
  if (hits.length === 0) return undefined;
  const people = new Set(hits.map(({ user }) => user)).size;
  return say`${count(hits.length, "finding")} of ${count(people, "person", "people")} in a week`;
}

export const protectionsShow = defineCommand({
  words: ["protections", "show"],
  role: "viewer",
  about: "Show what a protection looks for and its settings, everywhere or as they hold in one room.",
  takes: { name: needed("word", "its name"), room: optional("room", "as they hold in this room") },
  examples: ["protections show flood", "protections show flood #lobby:example.org"],
  reply({ name, room }, _flags, context) {
    return withProtection(name, context, (protection) => {
      const objection = notProtected(room, context.world);
      if (objection) return problem(objection);
      const values = valuesOf(protection, context.world.settings, room?.id);
      const items = Object.entries(protection.settings).map(([setting, spec]) =>
        describeSetting(setting, spec, values[setting]!),
      );
      const own = roomsWithSettings(protection.name, context);
      const beside = knownIn(context).candidates.get(protection.name);
      const hits = found(protection.name, context);
      const cost = takes(protection, context);
      return {
        say: lines(
          say`${code(protection.name)} ${stateOf(protection, context)}.${hits ? say` ${hits}.` : ""} ${plain(protection.about)}`,
          protection.waitsFor === undefined
            ? undefined
            : say`It can find nothing yet: it needs ${plain(protection.waitsFor)}, and that part of me is still to come.`,
          protection.when === undefined ? undefined : say`It looks for: ${code(protection.when, 2_000)}`,
          ...describeScope(protection.rule?.scope, context.world),
          ...replacing(protection, context),
          ...listsOf(protection, context),
          protection.heat ? say`It gives ${answerOf(protection, "")}.` : undefined,
          origin(protection, context),
          cost && say`It takes ${cost} for each event that it is asked about.`,
          beside?.when === undefined
            ? undefined
            : say`Version ${beside.version ?? 0}, tried in shadow beside it: ${code(beside.when, 2_000)}`,
          folded(say`Settings${room ? say` in ${roomName(room.id, context.world)}` : ""}:`, bullets(items)),
          own.length > 0 && !room
            ? say`With settings of their own: ${joined(own.map((id) => roomName(id, context.world)))}.`
            : undefined,
        ),
      };
    });
  },
});

/** Which lists it looks into, and how one is filled that is empty. */
function listsOf({ lists = {} }: Protection, context: CommandContext): readonly Say[] {
  return Object.entries(lists).map(([name, kind]) => {
    const known = knownIn(context).lists.get(name);
    const command = `${context.prefix} protections ${kind} ${name}`;
    if (known && known.kind !== kind)
      return say`It looks into the list ${code(name)} of ${kind}; yours of that name is one of ${known.kind}, and is not looked into.`;
    const size = known?.entries.length ?? 0;
    return size === 0
      ? say`It looks into the list ${code(name)}, which is empty; ${code(`${command} add ...`)} fills it.`
      : say`It looks into the list ${code(name)} of ${count(size, "entry", "entries")}; ${code(command)} shows them.`;
  });
}

function origin({ name, version }: Protection, context: CommandContext): Say | undefined {
  const others = say`${code(`${context.prefix} protections history ${name}`)} shows the others`;
  switch (knownIn(context).origins.get(name)) {
    case "room":
      return say`Version ${version ?? 1}, written here; ${others}.`;
    case "followed":
      return say`Version ${version ?? 1}, of a rules room that I follow; ${others}.`;
    case "file":
      return say`Version ${version ?? 1}, from ${fileOf(name, context)}, and changed there; ${others}.`;
    default:
      return undefined;
  }
}

function describeSetting(setting: string, spec: SettingSpec, value: SettingValue): Say {
  const number = spec.type === "number" ? say`${shown(value)} ${spec.unit}` : shown(value);
  const standard = isSameValue(value, spec.default) ? "" : say` (default ${shown(spec.default)})`;
  return say`${code(setting)} is ${number}${standard}: ${spec.about}`;
}

export function shown(value: SettingValue): Say {
  if (typeof value === "boolean") return plain(value ? "yes" : "no");
  if (typeof value === "object") return shownList(value);
  return value === "" ? plain("none") : code(String(value), 120);
}

function shownList(entries: readonly string[]): Say {
  if (entries.length === 0) return plain("none");
  return someOf(
    entries.slice(0, entriesShown).map((entry) => code(entry, 40)),
    entriesShown,
    entries.length,
  );
}
