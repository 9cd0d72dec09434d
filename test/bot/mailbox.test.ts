import { beforeEach, expect, test } from "@jest/globals";
import { Mailbox, type Worker } from "../../src/bot/mailbox.ts";
import type { Observation } from "../../src/model/observation.ts";

const tick = { kind: "tick", retryRooms: false } as const;

let mailbox: Mailbox;
let batches: (readonly Observation[])[];
let logged: string[];
const worker = (more: Partial<Worker> = {}): Worker => ({
  step: (batch) => void batches.push(batch),
  broke: () => {},
  rested: () => {},
  ...more,
});

beforeEach(() => {
  batches = [];
  logged = [];
  const silent = () => {};
  const log = {
    debug: silent,
    info: silent,
    warn: silent,
    error: (_: unknown, message: string) => void logged.push(message),
  };
  mailbox = new Mailbox({
    clock: { now: () => 500, sleep: () => Promise.resolve() },
    log,
    dueBy: (at) => at - 1,
  });
});

test("stamps what comes with our time and the time by which things are due", () => {
  mailbox.open(worker());

  mailbox.receive([tick]);

  expect(batches).toEqual([[{ ...tick, at: 500, dueBy: 499 }]]);
});

test("leaves what is stamped already as it is", () => {
  mailbox.open(worker());

  mailbox.receive([{ ...tick, at: 3, dueBy: 2 }]);

  expect(batches).toEqual([[{ ...tick, at: 3, dueBy: 2 }]]);
});

test("keeps what comes before anybody works", () => {
  mailbox.receive([tick]);
  const before = [...batches];

  mailbox.open(worker());

  expect(before).toEqual([]);
  expect(batches).toHaveLength(1);
});

test("goes on after a batch that breaks, and says so", () => {
  let broken = 0;
  mailbox.open(
    worker({
      step: (batch) => {
        batches.push(batch);
        if (batches.length === 1) throw new Error("broken on purpose");
      },
      broke: () => broken++,
    }),
  );

  mailbox.receive([tick]);
  mailbox.receive([tick]);

  expect(batches).toHaveLength(2);
  expect(broken).toBe(1);
  expect(logged).toEqual(["a batch of observations broke"]);
});

test("rests once all is worked off, and not in between", () => {
  const order: string[] = [];
  mailbox.open(
    worker({
      step: (batch) => {
        order.push(`batch of ${batch.length}`);
        if (batch.length === 1) mailbox.receive([tick, tick]);
      },
      rested: () => void order.push("rested"),
    }),
  );
  order.length = 0;

  mailbox.receive([tick]);

  expect(order).toEqual(["batch of 1", "batch of 2", "rested"]);
});

test("takes no empty batch, and nothing once it is closed", () => {
  mailbox.open(worker());

  mailbox.receive([]);
  mailbox.close();
  mailbox.receive([tick]);

  expect(batches).toEqual([]);
});
