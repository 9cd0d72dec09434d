/** Where, when and about whom a protection looks, in words; and which one takes the place of which. */
import { code, plain, say, someOf, type Say } from "../../kit/say.ts";
import { replacedBy } from "../../automod/lookouts.ts";
import type { Protection } from "../../automod/define.ts";
import { unknownPlaces, type Except, type Scope } from "../../automod/scope.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { CommandContext } from "../define.ts";
import { knownIn } from "./named.ts";

/** Entries of a field; the others are counted. */
const shown = 10;

export function describeScope(scope: Scope | undefined, world: WorldView): readonly Say[] {
  if (!scope) return [];
  const { rooms, during, except, replace } = scope;
  const unknown = unknownPlaces(scope, world);
  return [
    ...(rooms
      ? [say`It looks ${rooms.areLeftOut ? "everywhere but in" : "only in"} ${named(rooms.places)}.`]
      : []),
    ...(during ? [say`It looks only while a room is ${plain(during.join(" or "))}.`] : []),
    ...(except ? [say`It leaves alone ${named(leftAlone(except))}.`] : []),
    ...(replace === undefined
      ? []
      : [say`It takes the place of ${code(replace)} as soon as it tells, asks or acts.`]),
    ...(unknown.length > 0
      ? [say`I protect no room that is called ${named(unknown)}: an id never changes, an alias may.`]
      : []),
  ];
}

function leftAlone({ regulars, who, places }: Except): readonly string[] {
  return [...(regulars ? ["regulars"] : []), ...who, ...places];
}

function named(entries: readonly string[]): Say {
  return someOf(
    entries.map((entry) => code(entry, 100)),
    shown,
  );
}

/** "our-flood takes its place" */
export function replacing({ name }: Protection, context: CommandContext): readonly Say[] {
  const { settings } = context.world;
  const others = knownIn(context).all.filter((one) => replacedBy(one, settings, undefined) === name);
  return others.slice(0, 1).map((one) => say`${code(one.name)} takes its place`);
}
