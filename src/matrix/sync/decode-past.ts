/** Events of a page of `/messages` that is read to try a protection on the past. */
import { asObject, asString } from "../../kit/json.ts";
import type { Membership } from "../../model/event.ts";
import type { RoomId } from "../../model/ids.ts";
import type { PastEvent } from "../../model/trial.ts";
import { decodeTimelineEvent } from "./decode-timeline.ts";

/** Undefined for redactions, whose effect shows on what they redacted, and for what is no event. */
export function decodePastEvent(room: RoomId, raw: unknown): PastEvent | undefined {
  const seen = decodeTimelineEvent(room, raw, { late: false });
  if (seen?.kind !== "message" && seen?.kind !== "state") return undefined;
  const unsigned = asObject(asObject(raw)?.["unsigned"]);
  // A ban may hide what a person wrote (MSC4293): the content is there all the same.
  const because = asObject(unsigned?.["redacted_because"]);
  const isRedacted = because !== undefined && because["type"] !== "m.room.member";
  const isFirst = seen.kind === "state" && seen.isFirst === true;
  const before = isFirst ? "leave" : membershipIn(asObject(unsigned?.["prev_content"])?.["membership"]);
  return { seen, isRedacted, before };
}

const memberships: readonly Membership[] = ["join", "invite", "knock", "ban", "leave"];

function membershipIn(value: unknown): Membership | undefined {
  return memberships.find((one) => one === asString(value));
}
