/** Routes that read a room: its state and its members. */
import { type Call, parameter } from "./call.ts";
import { clientEvent, type StoredEvent } from "./event.ts";
import { notFound } from "./matrix-error.ts";
import { positionOf } from "./tokens.ts";
import { viewFor } from "./visibility.ts";

export async function getAllState(call: Call): Promise<unknown> {
  const view = viewFor(call.world, parameter(call, "room"), call.user.id);
  const events = [...view.room.allState(view.upTo)];
  await call.load.read(view.room.id, events.length);
  return events.map((event) => show(call, event));
}

export async function getOneState(call: Call): Promise<unknown> {
  await call.load.read(parameter(call, "room"));
  const view = viewFor(call.world, parameter(call, "room"), call.user.id);
  const event = view.room.stateAt(parameter(call, "type"), call.params["key"] ?? "", view.upTo);
  if (event === undefined) throw notFound("Event not found.");
  return call.query["format"] === "event" ? show(call, event) : event.content;
}

export async function getMembers(call: Call): Promise<unknown> {
  const view = viewFor(call.world, parameter(call, "room"), call.user.id);
  const at = call.query["at"] === undefined ? Infinity : positionOf(call.query["at"]);
  const members = [...view.room.stateOfType("m.room.member", Math.min(at, view.upTo))];
  await call.load.read(view.room.id, members.length);
  return { chunk: members.filter(wanted(call)).map((event) => show(call, event)) };
}

export async function getJoinedMembers(call: Call): Promise<unknown> {
  const { room } = viewFor(call.world, parameter(call, "room"), call.user.id);
  await call.load.read(room.id, room.joinedCount);
  const joined: Record<string, unknown> = {};
  for (const event of room.stateOfType("m.room.member")) {
    if (event.stateKey === undefined || event.content["membership"] !== "join") continue;
    joined[event.stateKey] = {
      display_name: event.content["displayname"] ?? null,
      avatar_url: event.content["avatar_url"] ?? null,
    };
  }
  return { joined };
}

/** Both filters together mean OR, as the specification has it. */
function wanted(call: Call): (event: StoredEvent) => boolean {
  const { membership, not_membership: notMembership } = call.query;
  if (membership === undefined && notMembership === undefined) return () => true;
  return (event) => {
    const actual = event.content["membership"];
    const isWanted = membership !== undefined && actual === membership;
    return isWanted || (notMembership !== undefined && actual !== notMembership);
  };
}

function show(call: Call, event: StoredEvent): unknown {
  return clientEvent(event, { now: call.world.clock.now(), token: call.token });
}
