/** Metrics as Prometheus asks for them. Loaded only where they are switched on (`web.metrics`). */
import type { Clock } from "../kit/clock.ts";
import { version } from "../kit/version.ts";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import {
  metrics,
  timeBuckets,
  type Meter,
  type Metric,
  type MetricName,
  type Reading,
} from "../model/metrics.ts";
import type { Scraped } from "./server.ts";

/** What of the process is told. */
export type Program = Pick<NodeJS.Process, "cpuUsage" | "memoryUsage" | "uptime" | "versions">;

type Known = Counter | Gauge | Histogram;

export class Metrics implements Meter {
  readonly #registry = new Registry();
  readonly #known = new Map<string, Known>();
  readonly #delay = monitorEventLoopDelay({ resolution: 20 });
  readonly #program: Program;
  readonly #clock: Clock;
  #cpuSeconds = 0;

  constructor(program: Program, clock: Clock) {
    this.#program = program;
    this.#clock = clock;
    for (const [name, metric] of Object.entries(metrics) as readonly [MetricName, Metric][])
      this.#known.set(name, made(name, metric, this.#registry));
    this.#delay.enable();
  }

  count(name: MetricName, labels: readonly string[], by = 1): void {
    (this.#known.get(name) as Counter).labels(...labels).inc(by);
  }

  time(name: MetricName, labels: readonly string[], seconds: number): void {
    (this.#known.get(name) as Histogram).labels(...labels).observe(seconds);
  }

  /** `readings`: what is read off each time. */
  scrapeOf(readings: () => readonly Reading[]): () => Promise<Scraped> {
    return () => this.scraped(readings());
  }

  /** In the text format of Prometheus. What has no reading is not told. */
  async scraped(readings: readonly Reading[]): Promise<Scraped> {
    for (const gauge of this.#known.values()) if (gauge instanceof Gauge) gauge.reset();
    const all = [...readings, ...this.#ofProcess()];
    for (const { name, labels, value } of all) (this.#known.get(name) as Gauge).labels(...labels).set(value);
    return { text: await this.#registry.metrics(), contentType: this.#registry.contentType };
  }

  #ofProcess(): readonly Reading[] {
    const { user, system } = this.#program.cpuUsage();
    const cpuSeconds = (user + system) / 1e6;
    this.count("process_cpu_seconds_total", [], Math.max(0, cpuSeconds - this.#cpuSeconds));
    this.#cpuSeconds = cpuSeconds;
    const { rss, heapUsed } = this.#program.memoryUsage();
    const late = [0.99, 1].map((quantile): Reading => {
      const ns = quantile === 1 ? this.#delay.max : this.#delay.percentile(quantile * 100);
      return { name: "tyr_event_loop_delay_seconds", labels: [String(quantile)], value: ns / 1e9 };
    });
    this.#delay.reset();
    const begun = this.#clock.now() / 1_000 - this.#program.uptime();
    return [
      { name: "tyr_build_info", labels: [version, this.#program.versions.node], value: 1 },
      ...late,
      { name: "process_resident_memory_bytes", labels: [], value: rss },
      { name: "process_start_time_seconds", labels: [], value: Math.round(begun) },
      { name: "nodejs_heap_size_used_bytes", labels: [], value: heapUsed },
    ];
  }
}

function made(name: string, { type, labels, help, fromZero = [] }: Metric, registry: Registry): Known {
  const options = { name, help: `${help}.`, labelNames: [...labels], registers: [registry] };
  if (type === "counter") {
    const counter = new Counter(options);
    for (const values of fromZero) counter.labels(...values).inc(0);
    return counter;
  }
  return type === "gauge" ? new Gauge(options) : new Histogram({ ...options, buckets: [...timeBuckets] });
}
