/** What it costs to find the next act among thousands of rooms: `node bench/lanes.ts`. */
import { Lanes } from "../src/executor/lanes.ts";
import type { Step } from "../src/model/decision.ts";
import type { RoomId, UserId } from "../src/model/ids.ts";
import { inMicroseconds, medianMs, printTable } from "./table.ts";

const stepsEach = 2;

printTable(
  `the next step of so many rooms, ${stepsEach} waiting in each`,
  [50, 500, 5_000].map((rooms) => {
    const steps = Array.from({ length: rooms * stepsEach }, (_, i) => ban(i % rooms, i));
    // As many steps in every row, so that the compiler has warmed up alike.
    const rounds = 10_000 / steps.length;
    const ms = medianMs(() => {
      for (let round = 0; round < rounds; round++) workOff(steps);
    });
    return {
      what: `${rooms} rooms: add, start and end, per step`,
      measured: inMicroseconds(ms, steps.length * rounds),
      ...(rooms === 5_000 ? { target: "5 µs" } : {}),
    };
  }),
);

/** As many at once as usual: a step ends when sixteen others have begun. */
function workOff(steps: readonly Step[]): void {
  const lanes = new Lanes();
  const underWay: Step[] = [];
  for (const step of steps) lanes.add(step);
  for (let left = steps.length; left > 0; left--) {
    let next = lanes.next(0);
    while (!("step" in next)) {
      lanes.ended(underWay.shift()!);
      next = lanes.next(0);
    }
    underWay.push(next.step);
    if (underWay.length > 16) lanes.ended(underWay.shift()!);
  }
}

function ban(room: number, i: number): Step {
  const lane = `!room${room}:example.org`;
  const user = `@person${i}:example.org` as UserId;
  return {
    lane,
    priority: 1,
    rank: -(i % 97),
    decision: {
      id: String(i),
      action: { kind: "ban", room: lane as RoomId, user, reason: "", redacts: false },
      because: { kind: "self", what: "bench" },
      at: 0,
    },
  };
}
