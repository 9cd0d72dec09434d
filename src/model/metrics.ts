/**
 * What monitoring can ask of Tyr (Prometheus): the metrics, and how they are told. None is labelled with people, rooms or
 * servers; each label has few values. Documentation, alert rules and the board are made from this table.
 */
import { everyActionKind } from "./actions/traits.ts";

export interface Metric {
  readonly type: "counter" | "gauge" | "histogram";
  readonly labels: readonly string[];
  /** What it tells, in a sentence without its end. */
  readonly help: string;
  /**
   * Told as 0 from the start. Prometheus sees only what a series gains after it was first told: of one that comes with the
   * first wave it would not see that wave.
   */
  readonly fromZero?: readonly LabelValues[];
}

const seconds = "in seconds";

export const metrics = {
  tyr_observations_total: {
    type: "counter",
    labels: ["kind"],
    help: "What Tyr has heard and noticed: messages, state, outcomes of its acts, ticks",
  },
  tyr_decisions_total: {
    type: "counter",
    labels: ["kind", "cause"],
    help: "Acts that were decided and handed over to be done, by what led to them",
  },
  tyr_acts_total: {
    type: "counter",
    labels: ["kind", "outcome"],
    help: "Acts that ended: done, failed, superseded (no longer wanted), recorded (dry run)",
    fromZero: everyActionKind.flatMap((kind) => ["done", "failed"].map((outcome) => [kind, outcome])),
  },
  tyr_act_seconds: {
    type: "histogram",
    labels: ["cause"],
    help: `How long it took from the decision until it was done, of acts on people and rooms, ${seconds}`,
  },
  tyr_refusals_total: {
    type: "counter",
    labels: ["reason"],
    help: "Acts that the guard did not allow: spared (a moderator or exempt), stopped, other (such as a level that is missing)",
  },
  tyr_held_total: { type: "counter", labels: [], help: "Times that acts had to wait for a moderator's yes" },
  tyr_findings_total: {
    type: "counter",
    labels: ["protection"],
    help: "What protections found and answered; beyond 64 names the rest is other",
  },
  tyr_antispam_requests_total: {
    type: "counter",
    labels: ["callback", "answer"],
    help: "Questions of the homeserver (docs/antispam.md): allowed, refused, recorded (would be refused, but for the dry run)",
  },
  tyr_undone_total: { type: "counter", labels: [], help: "Acts that took something of Tyr back" },
  tyr_build_info: {
    type: "gauge",
    labels: ["version", "node"],
    help: "1; the version of Tyr and of Node.js",
  },
  tyr_ready: { type: "gauge", labels: [], help: "1 while rooms are protected, as /readyz tells" },
  tyr_heard_timestamp_seconds: {
    type: "gauge",
    labels: [],
    help: `When the homeserver last answered a sync, ${seconds} since the epoch; before the first, when Tyr began to try`,
  },
  tyr_questions_open: { type: "gauge", labels: [], help: "Questions that wait for a moderator" },
  tyr_rooms: {
    type: "gauge",
    labels: ["state"],
    help: "Protected rooms: well, weak (a level is missing), lost (not in it, or not readable)",
  },
  tyr_rooms_closed: {
    type: "gauge",
    labels: [],
    help: "Protected rooms that are closed to newcomers for a while",
  },
  tyr_memberships: { type: "gauge", labels: [], help: "Members of all protected rooms, each room counted" },
  tyr_waves_open: {
    type: "gauge",
    labels: ["stage"],
    help: "Waves of accounts that go on, by how sure it is",
  },
  tyr_rules: {
    type: "gauge",
    labels: ["list"],
    help: "Rules of the first 20 watched lists, by their shortcode; the rest, and lists without one, are other",
  },
  tyr_queue_acts: { type: "gauge", labels: [], help: "Acts that wait or are under way" },
  tyr_pause_seconds: {
    type: "gauge",
    labels: [],
    help: `For how long Tyr writes nothing from now on, as the homeserver limits it or cannot be reached, ${seconds}`,
  },
  tyr_disk_trouble: { type: "gauge", labels: [], help: "1 while the data folder cannot be written" },
  tyr_event_loop_delay_seconds: {
    type: "gauge",
    labels: ["quantile"],
    help: `How late the event loop was since the last scrape, ${seconds}: 0.99 and 1 (the longest)`,
  },
  process_resident_memory_bytes: { type: "gauge", labels: [], help: "Resident memory, in bytes" },
  process_cpu_seconds_total: { type: "counter", labels: [], help: `Processor time used, ${seconds}` },
  process_start_time_seconds: {
    type: "gauge",
    labels: [],
    help: `When the process began, ${seconds} since the epoch`,
  },
  nodejs_heap_size_used_bytes: { type: "gauge", labels: [], help: "Heap of V8 that is in use, in bytes" },
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof metrics;
type OfType<T extends Metric["type"]> = {
  [N in MetricName]: (typeof metrics)[N]["type"] extends T ? N : never;
}[MetricName];
/** The values of a metric's labels, in their order. */
export type LabelValues = readonly string[];

/** Where things are counted as they pass. */
export interface Meter {
  count(name: OfType<"counter">, labels: LabelValues, by?: number): void;
  time(name: OfType<"histogram">, labels: LabelValues, seconds: number): void;
}

/** What is read off at the moment when monitoring asks. */
export interface Reading {
  readonly name: OfType<"gauge">;
  readonly labels: LabelValues;
  readonly value: number;
}

/** Upper bounds of the buckets, in seconds. */
export const timeBuckets = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300] as const;
