import { expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../src/kit/clock.ts";
import { metrics } from "../../src/model/metrics.ts";
import { Metrics } from "../../src/web/metrics.ts";

const root = join(import.meta.dirname, "../..");

test("tells in the format of Prometheus what was counted, timed and read", async () => {
  const meter = new Metrics(process, systemClock);
  meter.count("tyr_acts_total", ["ban", "done"], 3);
  meter.time("tyr_act_seconds", ["rule"], 0.3);

  const { text, contentType } = await meter.scraped([
    { name: "tyr_rooms", labels: ["well"], value: 12 },
    { name: "tyr_rules", labels: ['we"ird\n\\'], value: 1 },
  ]);

  expect(contentType).toContain("version=0.0.4");
  expect(text).toContain('tyr_acts_total{kind="ban",outcome="done"} 3\n');
  expect(text).toContain('tyr_act_seconds_bucket{le="0.5",cause="rule"} 1\n');
  expect(text).toContain('tyr_rooms{state="well"} 12\n');
  expect(text).toContain('tyr_rules{list="we\\"ird\\n\\\\"} 1\n');
  expect(text).toMatch(/process_resident_memory_bytes \d{7,}/);
});

test("what is read is told as it is now: a list that is gone leaves no figure behind", async () => {
  const meter = new Metrics(process, systemClock);
  await meter.scraped([{ name: "tyr_rules", labels: ["old"], value: 5 }]);

  const { text } = await meter.scraped([{ name: "tyr_rules", labels: ["new"], value: 6 }]);

  expect(text).not.toContain('list="old"');
  expect(text).toContain('list="new"');
});

test.each(["contrib/prometheus/tyr.rules.yml", "contrib/grafana/tyr.json"])(
  "%s names only metrics and labels that there are",
  (file) => {
    const text = readFileSync(join(root, file), "utf8");
    const named = [...text.matchAll(/\b(?:tyr|process|nodejs)_[a-z_]+\b(?!")/g)].map(([name]) =>
      name.replace(/_(bucket|sum|count)$/, ""),
    );
    expect(named.length).toBeGreaterThan(8);
    expect(named.filter((name) => !Object.hasOwn(metrics, name))).toEqual([]);
    const labels = [
      ...text.matchAll(/\b(kind|outcome|cause|state|stage|protection|list|reason|quantile)\b/g),
    ];
    expect(labels.length).toBeGreaterThan(3);
  },
);
