/** Messages to our device that are for moderation: what policyserv wants redacted (its page "To-device Messaging Protocol"). */
import { asArray, asObject } from "../../kit/json.ts";
import { parseEventId, parseRoomId } from "../../model/ids.ts";
import type { Seen } from "../../model/observation.ts";

const commandType = "org.matrix.policyserv.command";
/** More in one answer are not looked at: anybody may send them, and each costs a look at its signature. */
const mostCommands = 100;
/** A command names a room and an event, and carries a signature. */
const longestCommand = 4_000;

/** Who sent it says nothing: the signature does, and is looked at where the key is known. */
export function policyCommandsIn(response: { readonly [key: string]: unknown }): readonly Seen[] {
  const seen: Seen[] = [];
  for (const raw of asArray(asObject(response["to_device"])?.["events"]) ?? []) {
    const message = asObject(raw);
    const content = message?.["type"] === commandType ? asObject(message["content"]) : undefined;
    if (content?.["command"] !== "redact" || seen.length >= mostCommands) continue;
    const [room, event] = [parseRoomId(content["room_id"]), parseEventId(content["event_id"])];
    if (room && event && JSON.stringify(content).length <= longestCommand)
      seen.push({ kind: "policy-command", room, event, content });
  }
  return seen;
}
