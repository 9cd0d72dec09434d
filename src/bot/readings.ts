/** What monitoring reads off the bot when it asks. Costs a look at each protected room. */
import { troubleOf } from "../commands/shared/room-trouble.ts";
import type { Reading } from "../model/metrics.ts";
import type { WorldView } from "../model/world/view.ts";
import { closedForNow } from "../policy/knock-gate.ts";
import type { OwnHealth } from "./own-health.ts";

export interface Read {
  readonly world: WorldView;
  readonly health: Pick<OwnHealth, "now" | "pulse" | "heardAt" | "startedAt">;
}

const mostLists = 20;

export function readingsOf({ world, health }: Read): readonly Reading[] {
  const { pending, pauseLeftMs } = health.now;
  const { isCaughtUp, isUnanswered, isLocked, isDiskInTrouble } = health.pulse;
  const one = (name: Reading["name"], value: number, ...labels: readonly string[]): Reading => ({
    name,
    labels,
    value,
  });
  return [
    one("tyr_ready", Number(isCaughtUp && !isUnanswered && !isLocked)),
    one("tyr_heard_timestamp_seconds", (health.heardAt ?? health.startedAt) / 1_000),
    one("tyr_questions_open", world.questions.open().length),
    ...Object.entries(roomsBy(world)).map(([state, count]) => one("tyr_rooms", count, state)),
    one("tyr_rooms_closed", new Set(closedForNow(world).map(({ room }) => room)).size),
    one("tyr_memberships", membershipsIn(world)),
    ...Object.entries(wavesBy(world)).map(([stage, count]) => one("tyr_waves_open", count, stage)),
    ...[...rulesBy(world)].map(([list, count]) => one("tyr_rules", count, list)),
    one("tyr_queue_acts", pending),
    one("tyr_pause_seconds", pauseLeftMs / 1_000),
    one("tyr_disk_trouble", Number(isDiskInTrouble)),
  ];
}

/** Before there is a bot, as while the homeserver cannot be reached: silence would keep every alert quiet. */
export function readingsBefore(begunAt: number): readonly Reading[] {
  return [
    { name: "tyr_ready", labels: [], value: 0 },
    { name: "tyr_heard_timestamp_seconds", labels: [], value: begunAt / 1_000 },
  ];
}

function roomsBy(world: WorldView) {
  const states = { well: 0, weak: 0, lost: 0 };
  for (const id of world.protectedIds()) {
    const room = world.rooms.get(id);
    const isThere = room?.ownMembership === "join" && room.isKnown;
    states[!isThere ? "lost" : troubleOf(id, world) ? "weak" : "well"]++;
  }
  return states;
}

function membershipsIn(world: WorldView): number {
  return [...world.protectedIds()].reduce((sum, id) => sum + world.members.joinedCount(id), 0);
}

function wavesBy({ stored }: WorldView) {
  const stages = { suspected: 0, recognised: 0, harmful: 0 };
  for (const { stage } of stored.waves.open()) stages[stage]++;
  return stages;
}

/** The name of a list is its own to choose, and two may have the same. */
function rulesBy(world: WorldView): ReadonlyMap<string, number> {
  const rules = new Map<string, number>();
  for (const [i, { shortcode, size }] of world.watchedLists().entries()) {
    const name =
      i < mostLists && shortcode !== undefined && shortcode !== "" ? shortcode.slice(0, 40) : "other";
    rules.set(name, (rules.get(name) ?? 0) + size);
  }
  return rules;
}
