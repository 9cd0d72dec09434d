/** Where, when and about whom a rule looks, besides its condition: the fields `rooms`, `during`, `except` and `replace`. */
import { compileGlob, hasWildcard } from "../kit/glob.ts";
import type { KindSet } from "../model/facts/kinds.ts";
import { serverOf, type RoomId, type UserId } from "../model/ids.ts";
import type { RoomMode } from "../model/room-mode.ts";
import { holdersOf, isSpace } from "../model/settings/holders.ts";
import type { EventSighting } from "../model/signals/sighting.ts";
import type { WorldView } from "../model/world/view.ts";
import type { SettingSpecs } from "./settings.ts";

export interface Scope {
  /** Rooms and spaces, by id or alias. */
  readonly rooms?: { readonly places: readonly string[]; readonly areLeftOut: boolean };
  /** The modes of a room in which it looks there. */
  readonly during?: readonly RoomMode[];
  readonly except?: Except;
  /** The rule that comes with Tyr whose place it takes, unless it is in shadow. */
  readonly replace?: string;
}

/** Who and what is left alone. */
export interface Except {
  readonly regulars: boolean;
  /** Ids of people, and servers; either may be a glob. */
  readonly who: readonly string[];
  /** Rooms and spaces, by id or alias. */
  readonly places: readonly string[];
}

/** Why a rule passes over an event that its condition may fit. */
export type PassedOver = "elsewhere" | "not now" | "left alone";

type ScopedWorld = Pick<WorldView, "rooms" | "settings" | "stored">;

export type Passes = (sighting: EventSighting) => PassedOver | undefined;

export function compileScope({ rooms, during, except }: Scope = {}): Passes {
  const isOutside = rooms && placesOf(rooms);
  const isExcepted = except && exceptOf(except);
  const modes = during && new Set(during);
  return (sighting) => {
    const { room, world, at } = sighting;
    if (isOutside && !isOutside(room, world)) return "elsewhere";
    if (modes && !modes.has(world.stored.roomModes.of(room, at))) return "not now";
    return isExcepted?.(sighting) === true ? "left alone" : undefined;
  };
}

/** Whether the rule looks in the room at any time. */
export function looksIn(scope: Scope | undefined, room: RoomId, world: ScopedWorld): boolean {
  const { rooms, except } = scope ?? {};
  if (rooms && !placesOf(rooms)(room, world)) return false;
  return !except || !isAmong(new Set(except.places), room, world);
}

function placesOf({ places, areLeftOut }: NonNullable<Scope["rooms"]>) {
  const all = new Set(places);
  return (room: RoomId, world: ScopedWorld) => isAmong(all, room, world) !== areLeftOut;
}

function exceptOf({ regulars, who, places }: Except): (sighting: EventSighting) => boolean {
  const exact = new Set(who.filter((one) => !hasWildcard(one)));
  const globs = who.filter(hasWildcard).map((one) => compileGlob(one, { ignoreCase: true }));
  const rooms = new Set(places);
  const isNamed = (user: UserId): boolean => {
    const server = serverOf(user);
    if (exact.has(user) || exact.has(server)) return true;
    return globs.some((glob) => glob.matches(glob.pattern.startsWith("@") ? user : server));
  };
  return ({ user, room, world, at }) =>
    isNamed(user) ||
    (regulars && world.regulars.isRegular(user, at)) ||
    (rooms.size > 0 && isAmong(rooms, room, world));
}

/** What a rule has that is good here alone: who follows the rules of others takes none of it. */
export function localParts({
  scope,
  ladder,
}: {
  readonly scope?: Scope;
  readonly ladder: string;
}): readonly string[] {
  return [
    ...(scope?.rooms ? ["rooms"] : []),
    ...(scope?.except ? ["except"] : []),
    ...["call", "list"].filter((step) => ladder.split(/[\s+]+/).includes(step)),
  ];
}

interface Looking {
  readonly when?: string;
  readonly on?: KindSet;
  readonly settings: SettingSpecs;
  readonly scope?: Scope | undefined;
}

/** What a rule looks for, as a text that is another where it may find other people. */
export function lookOf({ when, on, settings, scope = {} }: Looking): string {
  const { rooms, during, except } = scope;
  return JSON.stringify([when, on, settings, rooms ?? 0, during ?? 0, except ?? 0]);
}

/** By its id, the alias that it names as its own, or those of a space that holds it. */
function isAmong(places: ReadonlySet<string>, room: RoomId, world: ScopedWorld): boolean {
  const around = new Set([room]);
  // A Set may grow while it is iterated: spaces of spaces are visited as well.
  for (const id of around) {
    const alias = world.rooms.get(id)?.alias;
    if (places.has(id) || (alias !== undefined && places.has(alias))) return true;
    for (const holder of holdersOf(id, world.settings)) if (isSpace(holder)) around.add(holder);
  }
  return false;
}

/** The rooms and spaces of it that are none that we protect. */
export function unknownPlaces(
  { rooms, except }: Scope,
  world: Pick<WorldView, "rooms" | "protectedIds">,
): readonly string[] {
  const known = new Set<string>();
  for (const id of world.protectedIds()) {
    known.add(id);
    const alias = world.rooms.get(id)?.alias;
    if (alias !== undefined) known.add(alias);
  }
  return [...(rooms?.places ?? []), ...(except?.places ?? [])].filter((place) => !known.has(place));
}
