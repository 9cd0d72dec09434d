/** Names for the trace: rooms by what they are called, events by what they say. */
import type { ClientEvent } from "../homeserver/event.ts";
import type { Simulation } from "./simulation.ts";

/** Puts the names of rooms where their ids stand. */
export function namesOf(simulation: Simulation, text: string): string {
  const { story, town } = simulation;
  const rooms = [...town.rooms, ...town.spareRooms, ...town.lists, ...town.spareLists, story.managementRoom];
  return rooms.reduce((all, room) => {
    const name = story.homeserver.state(room, "m.room.name")?.content["name"];
    return all
      .replaceAll(room, `[${String(name)}]`)
      .replaceAll(encodeURIComponent(room), `[${String(name)}]`);
  }, text);
}

export function describeEvent({ type, room_id: room, state_key: key, content }: ClientEvent): string {
  switch (type) {
    case "m.room.member":
      return `${String(content["membership"])} ${key} in ${room}`;
    case "m.reaction": {
      const relation = content["m.relates_to"] as { key?: unknown };
      return `mark ${String(relation.key)}`;
    }
    case "m.room.message":
      return `says: ${String(content["body"]).replaceAll("\n", " | ").slice(0, 300)}`;
    default:
      return `${type}${key === undefined || key === "" ? "" : ` ${key}`} in ${room}: ${JSON.stringify(content).slice(0, 200)}`;
  }
}
