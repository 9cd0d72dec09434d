/** Finds the protection that a command names, or says which there are. */
import { nearest } from "../../kit/did-you-mean.ts";
import { code, joined, plain, say, type Say } from "../../kit/say.ts";
import type { RoomId } from "../../model/ids.ts";
import { roomsSetFor } from "../../model/settings/protections.ts";
import { valuesOf, type Protection } from "../../automod/define.ts";
import { heat } from "../../automod/heat.ts";
import type { KnownProtections } from "../../automod/registry.ts";
import { problem, type CommandContext, type Reply } from "../define.ts";
import { roomName } from "../shared/room-names.ts";

export function knownIn({ registry, world }: CommandContext): KnownProtections {
  return registry.known(world.settings);
}

export function withProtection(
  name: string,
  context: CommandContext,
  then: (protection: Protection) => Reply,
): Reply {
  const found = namedProtection(name, context);
  return "say" in found ? found : then(found);
}

export function namedProtection(name: string, context: CommandContext): Protection | Reply {
  const { all, broken } = knownIn(context);
  const found = all.find((one) => one.name === name.toLowerCase());
  if (found) return found;
  const why = broken.get(name.toLowerCase());
  if (why !== undefined && isInFile(name.toLowerCase(), context))
    return problem(
      say`${code(name)} cannot be used: ${plain(why)}. It is changed in ${fileOf(name.toLowerCase(), context)}.`,
    );
  if (why !== undefined)
    return problem(
      say`${code(name)} cannot be used: ${plain(why)}. ${code(`${context.prefix} protections edit ${name.toLowerCase()} when ...`)} repairs it, ${code(`${context.prefix} protections remove ${name.toLowerCase()}`)} removes it.`,
    );
  return unknownProtection(name, [...all.map((one) => one.name), ...broken.keys()]);
}

/** It stands in a rule file. */
export function isInFile(name: string, { world }: CommandContext): boolean {
  return world.settings.rules.get(name)?.file !== undefined;
}

/** Where a rule or list of a file is changed. */
export function fileOf(name: string, { world }: CommandContext): Say {
  const { rules, ruleLists } = world.settings;
  const file = rules.get(name)?.file ?? ruleLists.get(name)?.file;
  return file === undefined ? say`a file beside the config` : code(file, 120);
}

export function unknownProtection(name: string, names: readonly string[]): Reply {
  const guess = nearest(name.toLowerCase(), names);
  return problem(
    say`There is no protection ${code(name, 60)}${guess ? say`. Did you mean ${code(guess)}?` : say`: there are ${plain(names.join(", "))}.`}`,
  );
}

/** Rooms with settings of their own. */
export function roomsWithSettings(name: string, { world }: CommandContext): readonly RoomId[] {
  return roomsSetFor(name, world.settings);
}

const does = {
  shadow: "is in shadow: it looks and does nothing",
  alert: "is on, and only tells",
  ask: "is on, and asks first",
  act: "is on",
} as const;

/** "is on, but off in #bots". */
export function stateOf(protection: Protection, context: CommandContext): Say {
  const { enabled, mode } = valuesOf(protection, context.world.settings, undefined);
  const elsewhere = exceptionsOf(protection, context);
  const word = enabled ? does[mode] : "is off";
  return elsewhere ? say`${word}, but ${elsewhere}` : say`${word}`;
}

/** "off in #bots": rooms in which it is on or off, or in a mode, unlike everywhere else. */
export function exceptionsOf(protection: Protection, context: CommandContext): Say | undefined {
  const { settings } = context.world;
  const { enabled, mode } = valuesOf(protection, settings, undefined);
  const others = roomsWithSettings(protection.name, context).flatMap((room) => {
    const there = valuesOf(protection, settings, room);
    if (there.enabled === enabled && (there.mode === mode || !enabled)) return [];
    const state = there.enabled ? (enabled ? there.mode : there.mode === "act" ? "on" : there.mode) : "off";
    return [say`${state} in ${roomName(room, context.world)}`];
  });
  return others.length === 0 ? undefined : joined(others.slice(0, 5));
}

/** Refuses to switch on what can find nothing yet, so that nobody relies on it. */
export function notFed({ name, waitsFor }: Protection): Reply | undefined {
  if (waitsFor === undefined) return undefined;
  return problem(
    say`${code(name)} can find nothing yet: it needs ${plain(waitsFor)}, and that part of me is still to come. Nothing is changed.`,
  );
}

/** What a protection does about whom it finds: `warn redact`, heat 30. */
export function answerOf({ heat: gives }: Pick<Protection, "heat">, response: string): Say {
  if (!gives) return code(response);
  const given = [
    ...(gives.author > 0 ? [say`heat ${gives.author}`] : []),
    ...(gives.server > 0 ? [say`heat ${gives.server} for the server`] : []),
  ];
  return joined([...(response === "" ? [] : [code(response)]), ...given]);
}

/** Of a protection that gives heat, while nothing follows from that. */
export function heatNote(
  { heat: gives }: Pick<Protection, "heat">,
  context: CommandContext,
): Say | undefined {
  if (!gives || gives.author === 0) return undefined;
  const { enabled, mode } = valuesOf(heat, context.world.settings, undefined);
  if (enabled && mode !== "shadow") return undefined;
  const state = enabled ? "in shadow" : "off";
  return say`The protection ${code(heat.name)}, which answers heat, is ${state}: nothing follows from heat until ${code(`${context.prefix} protections act ${heat.name}`)}.`;
}
