// The whole of a room's timeline, oldest first: for counting what happened, where /sync may leave a gap.

import type { MatrixEvent, TestClient } from "./client.ts";

const pageSize = 1_000;

export async function timelineOf(client: TestClient, room: string): Promise<readonly MatrixEvent[]> {
  const events: MatrixEvent[] = [];
  let from: string | undefined;
  do {
    const page = await client.messages(room, {
      dir: "f",
      limit: pageSize,
      ...(from !== undefined && { from }),
    });
    events.push(...page.chunk);
    from = page.end;
  } while (from !== undefined);
  return events;
}
