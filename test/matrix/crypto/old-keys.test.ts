// Keys to what was said long ago are deleted, once a day.

import { expect, test } from "@jest/globals";
import type { Engine } from "../../../src/matrix/crypto/engine.ts";
import { OldKeys } from "../../../src/matrix/crypto/old-keys.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const day = 86_400_000;

test("at the start and then once a day, those that came before so many days are forgotten", async () => {
  const clock = new FakeClock();
  const start = clock.now();
  const asked: number[] = [];
  const removedAt: number[] = [];
  const engine = {
    forgetKeys: (cameBefore: number) => {
      asked.push(cameBefore);
      return Promise.resolve();
    },
  } as Engine;
  const old = new OldKeys({ clock, keepDays: 30, removeSetAside: (at) => removedAt.push(at) });

  for (let hour = 0; hour < 49; hour++) {
    await old.forget(engine);
    await clock.advance(3_600_000);
  }

  expect(asked).toEqual([start - 30 * day, start - 29 * day, start - 28 * day]);
  expect(removedAt).toEqual([start, start + day, start + 2 * day]);
});
