import { describe, expect, test } from "@jest/globals";
import { newsIn } from "../../../src/matrix/crypto/sync-news.ts";

const quiet = { device_one_time_keys_count: { signed_curve25519: 50 }, next_batch: "s2" };
const before = newsIn(quiet, undefined);

describe("an answer of /sync", () => {
  test("is news the first time, as the number of keys is unknown before", () => {
    expect(before).toEqual({
      toDevice: [],
      changed: [],
      left: [],
      counts: { signed_curve25519: 50 },
      unusedFallback: undefined,
    });
  });

  test("is no news where nothing of it has changed", () => {
    expect(newsIn(quiet, before)).toBeUndefined();
    expect(newsIn({ ...quiet, device_lists: { changed: [], left: [] } }, before)).toBeUndefined();
  });

  test.each([
    { to_device: { events: [{ type: "m.room_key" }] } },
    { device_lists: { changed: ["@a:b.c"] } },
    { device_lists: { left: ["@a:b.c"] } },
    { device_one_time_keys_count: { signed_curve25519: 49 } },
    { device_unused_fallback_key_types: [] },
    { "org.matrix.msc2732.device_unused_fallback_key_types": ["signed_curve25519"] },
  ])("is news by %j", (more) => {
    expect(newsIn({ ...quiet, ...more }, before)).toBeDefined();
  });

  test("of odd shape gives what is sound in it", () => {
    const odd = {
      to_device: { events: "none" },
      device_lists: { changed: [1, "@a:b.c", null], left: {} },
      device_one_time_keys_count: { signed_curve25519: "many", curve25519: 3 },
      device_unused_fallback_key_types: [7, "signed_curve25519"],
    };

    expect(newsIn(odd, before)).toEqual({
      toDevice: [],
      changed: ["@a:b.c"],
      left: [],
      counts: { curve25519: 3 },
      unusedFallback: ["signed_curve25519"],
    });
  });
});
