/** Reports that are made in a protected room: 🚩 on a message, or a reply to it that says `!tyr report` and why. */
import type { EventId, RoomId, UserId } from "../../model/ids.ts";
import type { ObservationOf } from "../../model/observation.ts";
import type { Report } from "../../model/reports/report.ts";
import { reactionIn, replyTarget } from "../hearing/relations.ts";

/** A report before it is known whose message it is about. */
export type Claim = Omit<Report, "user" | "what"> & { readonly said: EventId };

const flag = "🚩";

/** `lineOf`: what a message commands us, without what addresses us. */
export function claimIn(
  { room, event }: ObservationOf<"message">,
  lineOf: (event: ObservationOf<"message">["event"]) => string | undefined,
): Claim | undefined {
  const { sender: by, eventId: said, content } = event;
  if (event.type === "m.reaction") {
    const reaction = reactionIn(event);
    return reaction?.mark === flag
      ? claim({ way: "reaction", by, room, event: reaction.to, said, reason: "" })
      : undefined;
  }
  if (event.type !== "m.room.message" || !mayReport(content["body"])) return undefined;
  const target = replyTarget(event);
  const reason = target && reasonIn(lineOf(event));
  return target && reason !== undefined
    ? claim({ way: "command", by, room, event: target, said, reason })
    : undefined;
}

/** What is reported by these words; undefined where they report nothing. */
export function reasonIn(line: string | undefined): string | undefined {
  return /^report(?:\s+(?<why>[^]*))?$/i.exec(line ?? "")?.groups?.["why"]?.trim() ?? blank(line);
}

function blank(line: string | undefined): string | undefined {
  return line?.trim().toLowerCase() === "report" ? "" : undefined;
}

/** Cheap: everything that is said in a room is asked this. */
function mayReport(body: unknown): boolean {
  return typeof body === "string" && body.length < 5_000 && /report/i.test(body);
}

function claim(made: {
  readonly way: "reaction" | "command";
  readonly by: UserId;
  readonly room: RoomId;
  readonly event: EventId;
  readonly said: EventId;
  readonly reason: string;
}): Claim {
  return { id: `${made.way} ${made.said}`, ...made };
}
