/** What users report to the homeserver, and the list of it that administrators read; as Synapse has them. */
import { type Call, parameter, requireAdmin } from "./call.ts";
import { asString } from "./json.ts";
import { notFound } from "./matrix-error.ts";
import type { World } from "./world.ts";

export function reportEvent(call: Call): unknown {
  const reason = asString(call.body["reason"]) ?? null;
  const [room, event] = [parameter(call, "room"), parameter(call, "event")];
  addReport(call.world, { room, event, by: call.user.id, reason });
  return {};
}

export function addReport(
  world: World,
  { room, event, by, reason }: { room: string; event: string; by: string; reason: string | null },
): void {
  const found = world.rooms.get(room)?.event(event);
  if (!found) throw notFound("Unable to report event: it does not exist or you aren't able to see it.");
  world.eventReports.push({
    id: world.eventReports.length + 1,
    received_ts: world.clock.now(),
    room_id: room,
    event_id: event,
    user_id: by,
    reason,
    sender: found.sender,
  });
}

/** `from` counts from the newest; the last page names no next one. */
export function eventReports(call: Call): unknown {
  requireAdmin(call);
  const { world, query } = call;
  const [from, limit] = [Number(query["from"] ?? 0), Number(query["limit"] ?? 100)];
  const all = query["dir"] === "f" ? world.eventReports : world.eventReports.toReversed();
  const page = all.slice(from, from + limit);
  const isMore = from + limit < all.length;
  return { event_reports: page, total: all.length, ...(isMore ? { next_token: from + limit } : {}) };
}
