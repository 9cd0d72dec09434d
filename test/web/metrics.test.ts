import { expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../src/kit/clock.ts";
import { everyActionKind } from "../../src/model/actions/traits.ts";
import { metrics, type Metric } from "../../src/model/metrics.ts";
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

test("what alerts count is told as 0 from the start, or the first wave would not be seen", async () => {
  const text = readFileSync(join(root, "contrib/prometheus/tyr.rules.yml"), "utf8");
  const counted = selectorsIn(text).filter(({ name }) => metricOf(name)?.type === "counter");
  const { text: told } = await new Metrics(process, systemClock).scraped([]);
  const zeros = told.split("\n").filter((line) => line.endsWith(" 0"));

  expect(counted.length).toBeGreaterThan(5);
  for (const { name, labels } of counted)
    expect(
      zeros.filter(
        (line) =>
          (line.startsWith(`${name} `) || line.startsWith(`${name}{`)) &&
          labels.every(([label, value]) => line.includes(`${label}="${value}"`)),
      ),
    ).not.toEqual([]);
});

test.each(["contrib/prometheus/tyr.rules.yml", "contrib/grafana/tyr.json"])(
  "%s names only metrics and labels that there are",
  (file) => {
    const text = readFileSync(join(root, file), "utf8").replaceAll('\\"', '"');
    const named = [...text.matchAll(/\b(?:tyr|process|nodejs)_[a-z_]+\b(?!")/g)].map(([name]) => name);
    const grouped = [...text.matchAll(/sum by \((\w+)\) \((.*?)[{[]/g)];

    expect(named.length).toBeGreaterThan(8);
    expect(named.filter((name) => !metricOf(name))).toEqual([]);
    for (const { name, labels } of selectorsIn(text))
      for (const [label, value] of labels)
        expect({ name, label, value, isThere: isThere(name, label, value) }).toMatchObject({ isThere: true });
    for (const [, label, inner] of grouped)
      expect(labelsOf(/(?:tyr|process|nodejs)_\w+/.exec(inner!)![0])).toContain(label);
  },
);

test.each([
  ["tyr_acts_total", "kynd", "ban"],
  ["tyr_acts_total", "kind", "bann"],
  ["tyr_rooms", "state", "weak|gone"],
])("a slip in %s{%s=%s} would be noticed", (name, label, value) => {
  expect(isThere(name, label, value)).toBe(false);
});

const metricOf = (name: string): Metric | undefined =>
  Object.entries<Metric>(metrics).find(
    ([known, { type }]) =>
      known === name || (type === "histogram" && name.replace(/_(bucket|sum|count)$/, "") === known),
  )?.[1];
/** Prometheus adds the job itself, and a histogram its bounds. */
const labelsOf = (name: string) => ["job", "le", ...(metricOf(name)?.labels ?? [])];

/** What a label can be, where that is a closed set. */
const values: Readonly<Record<string, readonly string[]>> = {
  kind: everyActionKind,
  outcome: ["done", "failed", "superseded", "recorded"],
  state: ["well", "weak", "lost"],
  stage: ["suspected", "recognised", "harmful"],
};
function isThere(name: string, label: string, value: string): boolean {
  return (
    labelsOf(name).includes(label) && value.split("|").every((one) => values[label]?.includes(one) ?? true)
  );
}

/** `name` or `name{label="value",...}`. */
function selectorsIn(text: string) {
  return [...text.matchAll(/\b((?:tyr|process|nodejs)_[a-z_]+)\b(?!")(?:\{([^}]*)\})?/g)].map(
    ([, name, inner = ""]) => ({
      name: name!,
      labels: [...inner.matchAll(/(\w+)=~?"([^"]*)"/g)].map(([, label, value]) => [label!, value!] as const),
    }),
  );
}
