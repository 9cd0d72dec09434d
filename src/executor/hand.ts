/** Which hand does an act. What looks, what joins and what writes have limits of their own at the homeserver. */
import type { Action } from "../model/actions/action.ts";

export type RequestClass = "write" | "join" | "look";
/** Writes to a room that was slow the last time go beside the others, so that nobody waits for them. */
export type SlotKind = RequestClass | "beside";

export function requestClassOf({ kind }: Action): RequestClass {
  switch (kind) {
    case "join":
    case "create-list":
      return "join";
    case "read-room":
    case "read-bans":
    case "fill-gap":
    case "search-history":
    case "redact-by-server":
    case "find-media":
    case "shutdown-room":
      return "look";
    default:
      return "write";
  }
}
