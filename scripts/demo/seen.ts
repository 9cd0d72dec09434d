// What happened, as a person's client saw it.

import type { MatrixEvent } from "../../test/support/synapse/client.ts";
import type { Person } from "./community.ts";

const patienceMs = 60_000;

/** When the person's client had seen so many events of the kind; the time of the last of them. */
export async function seenBy(
  { client }: Person,
  matches: (event: MatrixEvent, room: string) => boolean,
  { count, since = 0 }: { count: number; since?: number },
): Promise<number> {
  const fitting = () => client.allSeen(matches).filter(({ at }) => at >= since);
  if (fitting().length < count)
    await client.until((event, room) => matches(event, room) && fitting().length >= count, {
      what: `what ${count} rooms were to show`,
      timeoutMs: patienceMs,
    });
  return fitting()[count - 1]!.at;
}

/** The event that a redaction removes; since room version 11 it stands in the content. */
export function redacts(event: MatrixEvent): string {
  const { redacts: before11 } = event as { readonly redacts?: unknown };
  const target = event.content.redacts ?? before11;
  return typeof target === "string" ? target : "";
}
