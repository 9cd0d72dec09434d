/** What messages to our device say of rooms' keys: that one came, or that somebody gives us none. */
import { asObject, asString, type JsonObject } from "../../kit/json.ts";
import type { SessionNews } from "./engine.ts";

/** "m.room_key": a key of a room came. */
export function keyNews(event: JsonObject): readonly SessionNews[] {
  const content = asObject(event["content"]);
  const [room, session] = [asString(content?.["room_id"]), asString(content?.["session_id"])];
  return event["type"] === "m.room_key" && room && session ? [{ room, session }] : [];
}

/** "m.room_key.withheld": somebody gives us no key, and why. */
export function withheldNews(event: JsonObject): readonly SessionNews[] {
  const content = asObject(event["content"]);
  const [room, session] = [asString(content?.["room_id"]), asString(content?.["session_id"])];
  const withheld = asString(content?.["code"]);
  if (event["type"] !== "m.room_key.withheld" || !room || !session || !withheld) return [];
  return [{ room, session, withheld }];
}
