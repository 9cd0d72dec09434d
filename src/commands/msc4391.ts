/**
 * Describes our commands in state events of the management room (MSC4391), for clients that offer and complete commands:
 * one event for each, made from the declarations.
 */
import { sha256Base64 } from "../kit/hash.ts";
import { isSameJson, type JsonObject } from "../kit/json.ts";
import type { ActionOf } from "../model/actions/action.ts";
import type { StateEvent } from "../model/event.ts";
import type { UserId } from "../model/ids.ts";
import { descriptionType } from "../model/room.ts";
import type { WorldView } from "../model/world/view.ts";
import type { ArgumentKind, Command, FlagSpec } from "./define.ts";

type Description = ActionOf<"describe-command">;

/** The state events to write so that the room describes exactly the `wanted` commands. Descriptions by other bots stay. `replaces`: the event id, empty where there is none. */
export function descriptionsToWrite(
  world: WorldView,
  wanted: ReadonlyMap<string, JsonObject>,
): readonly (Description & { readonly replaces: string })[] {
  const room = world.settings.managementRoom;
  const known = room && world.rooms.get(room);
  if (!room || !known?.isKnown || !known.power.canSendState(world.self, descriptionType)) return [];
  const writes: (Description & { replaces: string })[] = [];
  for (const [stateKey, content] of wanted) {
    const before = known.event(descriptionType, stateKey);
    if (before && isSameJson(before.content, content)) continue;
    writes.push({ kind: "describe-command", room, stateKey, content, replaces: before?.eventId ?? "" });
  }
  for (const event of known.events()) {
    const { stateKey, eventId } = event;
    if (isOurDescription(event, world.self) && !wanted.has(stateKey))
      writes.push({ kind: "describe-command", room, stateKey, content: {}, replaces: eventId });
  }
  return writes;
}

/** Whether the management room has any description that we wrote. */
export function hasOurDescriptions({ settings, rooms, self }: WorldView): boolean {
  const known = settings.managementRoom && rooms.get(settings.managementRoom);
  if (!known) return false;
  for (const event of known.events()) if (isOurDescription(event, self)) return true;
  return false;
}

function isOurDescription({ type, sender, content }: StateEvent, self: UserId): boolean {
  return type === descriptionType && sender === self && Object.keys(content).length > 0;
}

/** Descriptions by state key, which is a digest of the command's words and the bot's user id (MSC4391). */
export function descriptionsOf(commands: readonly Command[], self: UserId): ReadonlyMap<string, JsonObject> {
  const byWords = Map.groupBy(commands, (command) => command.words.join(" "));
  return new Map(
    [...byWords].map(([name, same]) => [sha256Base64(`${name}${self}`), contentOf(name, same)] as const),
  );
}

/** One description for all commands with the same words: an argument is optional unless all of them need it. */
function contentOf(name: string, same: readonly Command[]): JsonObject {
  const parameters = new Map<string, JsonObject>();
  let tail: string | undefined;
  for (const { takes } of same) {
    for (const [key, { kind, optional, about }] of Object.entries(takes)) {
      const isNeeded = !optional && same.every((one) => one.takes[key]?.optional === false);
      if (kind === "rest") tail = key;
      parameters.set(key, parameter(key, { schema: schemaOf(kind), isNeeded, about }));
    }
  }
  for (const { flags } of same)
    for (const [key, spec] of Object.entries(flags)) parameters.set(key, flagParameter(key, spec));
  const aliases = same.flatMap(({ also }) => also.map((words) => words.join(" ")));
  // The argument that takes the rest of the line comes last.
  const ordered = [...parameters.values()].sort(
    (a, b) => Number(a["key"] === tail) - Number(b["key"] === tail),
  );
  return {
    command: name,
    ...(aliases.length > 0 ? { aliases } : {}),
    description: text(same.map(({ about }) => about).join(" ")),
    parameters: ordered,
    ...(tail === undefined ? {} : { "fi.mau.tail_parameter": tail }),
  };
}

function parameter(
  key: string,
  { schema, isNeeded, about }: { schema: JsonObject; isNeeded: boolean; about: string },
): JsonObject {
  return { key, schema, ...(isNeeded ? {} : { optional: true }), description: text(about) };
}

function flagParameter(key: string, { type, about, default: standard }: FlagSpec): JsonObject {
  const schema = primitive(type === "number" ? "integer" : type === "boolean" ? "boolean" : "string");
  const usual = standard === undefined ? {} : { "fi.mau.default_value": standard };
  return { ...parameter(key, { schema, isNeeded: false, about }), ...usual };
}

function schemaOf(kind: ArgumentKind): JsonObject {
  switch (kind) {
    case "entity":
      return union("user_id", "room_id", "room_alias", "server_name", "string");
    case "person":
      return union("user_id", "string");
    case "room":
      return union("room_id", "room_alias");
    case "event":
      return primitive("event_id");
    case "kind":
      return {
        schema_type: "union",
        variants: ["user", "room", "server"].map((value) => ({ schema_type: "literal", value })),
      };
    default:
      return primitive("string");
  }
}

function primitive(type: string): JsonObject {
  return { schema_type: "primitive", type };
}

function union(...types: readonly string[]): JsonObject {
  return { schema_type: "union", variants: types.map(primitive) };
}

function text(body: string): JsonObject {
  return { "m.text": [{ body }] };
}
