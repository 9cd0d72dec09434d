/** Which rooms an incident closed to newcomers, and for how long together, from what was done and how the rooms stand now. */
import type { RoomId } from "../model/ids.ts";
import type { Past } from "../model/past-acts.ts";
import type { WrittenKey } from "../model/path-changes.ts";
import type { WorldView } from "../model/world/view.ts";
import { isForGood } from "./knock-gate.ts";

export interface Closed {
  readonly room: RoomId;
  /** `levels`: newcomers could not speak. `join-rule`: nobody could join. */
  readonly key: WrittenKey;
  readonly forMs: number;
  /** False: by the word of a moderator, or for another wave, the room stays closed. */
  readonly isOpen: boolean;
}

interface Step {
  readonly room: RoomId;
  readonly key: WrittenKey;
  readonly isClosing: boolean;
  readonly at: number;
}

/** Of rooms that are still protected. Servers that were kept out close no room. */
export function closedBy(
  incident: string,
  { world, past }: { readonly world: WorldView; readonly past: Pick<Past, "ofOccasion"> },
): readonly Closed[] {
  const steps = past.ofOccasion(incident).flatMap(({ decision: { action, at }, result }): readonly Step[] => {
    if ((action.kind !== "contain" && action.kind !== "release") || result?.kind !== "done") return [];
    const { room, key } = action;
    return world.isProtected(room) ? [{ room, key, isClosing: action.kind === "contain", at }] : [];
  });
  return [...Map.groupBy(steps, ({ room, key }) => `${room} ${key}`).values()].flatMap((those) => {
    const { room, key } = those[0]!;
    const isClosed = world.stored.containments
      .in(room)
      .some((one) => one.key !== "acl" && !isForGood(one, world.settings));
    const wasClosed = those.some(({ isClosing }) => isClosing);
    return wasClosed ? [{ room, key, forMs: closedFor(those, world), isOpen: !isClosed }] : [];
  });
}

function closedFor(steps: readonly Step[], world: WorldView): number {
  let sum = 0;
  let since: number | undefined;
  for (const { isClosing, at } of steps) {
    if (isClosing) since ??= at;
    else if (since !== undefined) {
      sum += Math.max(0, at - since);
      since = undefined;
    }
  }
  return since === undefined ? sum : sum + Math.max(0, endOf(steps[0]!, since, world) - since);
}

/** A word like `calm` releases a room by an act of its own; what closed it since is none of this incident. */
function endOf({ room, key }: Step, since: number, world: WorldView): number {
  const known = world.stored.containments.get(room, key);
  if (!known) return world.now;
  return known.at > since ? known.at : (known.endedAt ?? world.now);
}
