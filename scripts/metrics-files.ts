// Written from the table of metrics: their page, alert rules for Prometheus and a board for Grafana, so that no name in
// them can drift.

import { stringify } from "yaml";
import { metrics, timeBuckets, type Metric } from "../src/model/metrics.ts";

export function metricsFiles(): ReadonlyMap<string, string> {
  return new Map([
    ["docs/metrics.md", page()],
    ["contrib/prometheus/tyr.rules.yml", rules()],
    ["contrib/grafana/tyr.json", JSON.stringify(board())],
  ]);
}

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly severity: "page" | "ticket";
  readonly summary: string;
  readonly do: string;
}

const alerts: readonly Alert[] = [
  {
    alert: "TyrDown",
    expr: 'up{job="tyr"} == 0',
    for: "2m",
    severity: "page",
    summary: "Tyr does not answer",
    do: "Look at the service and its log; the rooms are not protected.",
  },
  {
    alert: "TyrDeaf",
    expr: "time() - tyr_heard_timestamp_seconds > 120",
    for: "1m",
    severity: "page",
    summary: "Tyr hears nothing from the homeserver",
    do: "Is the homeserver up? Is the access token good?",
  },
  {
    alert: "TyrNotReady",
    expr: "tyr_ready == 0",
    for: "10m",
    severity: "page",
    summary: "Tyr runs, but does not protect the rooms",
    do: "/readyz and the log say why: a start that hangs, a locked or suspended account, a homeserver that is away.",
  },
  {
    alert: "TyrCannotAct",
    expr: 'sum(rate(tyr_acts_total{outcome="failed"}[10m])) > 0.2 * sum(rate(tyr_acts_total[10m])) and sum(increase(tyr_acts_total{outcome="failed"}[10m])) > 10',
    for: "5m",
    severity: "page",
    summary: "More than a fifth of Tyr's acts fail",
    do: "!tyr status names rooms and reasons.",
  },
  {
    alert: "TyrSlow",
    expr: "histogram_quantile(0.95, sum by (le) (rate(tyr_act_seconds_bucket[10m]))) > 10",
    for: "10m",
    severity: "ticket",
    summary: "It takes Tyr more than 10 s to act",
    do: "Rate limits? See tyr_pause_seconds and tyr_queue_acts.",
  },
  {
    alert: "TyrWave",
    expr: 'sum(increase(tyr_acts_total{kind="ban",outcome="done"}[5m])) > 50 or sum(tyr_waves_open{stage="harmful"}) > 0',
    severity: "page",
    summary: "A wave, or a mistake",
    do: "!tyr waves; undo takes back what was done, whole.",
  },
  {
    alert: "TyrWaits",
    expr: "min_over_time(tyr_questions_open[30m]) > 0",
    severity: "ticket",
    summary: "A question has waited for half an hour",
    do: "!tyr questions",
  },
  {
    alert: "TyrRoomsClosed",
    expr: "min_over_time(tyr_rooms_closed[6h]) > 0",
    severity: "ticket",
    summary: "A room has been closed to newcomers for six hours",
    do: "!tyr status says why; !tyr calm opens all of them.",
  },
  {
    alert: "TyrWeakRooms",
    expr: 'sum(tyr_rooms{state=~"weak|lost"}) > 0',
    for: "1h",
    severity: "ticket",
    summary: "Rooms in which Tyr cannot act",
    do: "!tyr status",
  },
  {
    alert: "TyrLimited",
    // The share of the time: the pauses of a homeserver that limits last some seconds each. One that is away is not limiting.
    expr: "avg_over_time((tyr_pause_seconds > bool 0)[15m:15s]) > 0.3 and tyr_ready == 1",
    for: "15m",
    severity: "ticket",
    summary: "The homeserver slows Tyr down",
    do: "Exempt its account from rate limits (docs/setup.md).",
  },
  {
    alert: "TyrUndone",
    expr: 'sum(increase(tyr_undone_total[1d])) > 10 and sum(increase(tyr_undone_total[1d])) > 0.05 * sum(increase(tyr_acts_total{outcome="done"}[1d]))',
    severity: "ticket",
    summary: "Much of what Tyr did was taken back",
    do: "A protection or a list is wrong: !tyr protections, !tyr why.",
  },
  {
    alert: "TyrDisk",
    expr: "tyr_disk_trouble > 0",
    for: "5m",
    severity: "page",
    summary: "The data folder cannot be written",
    do: "Is the disk full? What was decided is kept in memory, and lost if Tyr ends.",
  },
];

interface Panel {
  readonly title: string;
  readonly unit: string;
  readonly exprs: readonly (readonly [string, string])[];
  /** One figure in place of a curve. */
  readonly isStat?: true;
}

const ofJob = 'job="$job"';
const panels: readonly Panel[] = [
  { title: "Ready", unit: "bool_yes_no", isStat: true, exprs: [["", `min(tyr_ready{${ofJob}})`]] },
  {
    title: "Waits for a yes",
    unit: "short",
    isStat: true,
    exprs: [["", `sum(tyr_questions_open{${ofJob}})`]],
  },
  {
    title: "Rooms in trouble",
    unit: "short",
    isStat: true,
    exprs: [["", `sum(tyr_rooms{${ofJob},state=~"weak|lost"})`]],
  },
  { title: "Rooms closed", unit: "short", isStat: true, exprs: [["", `sum(tyr_rooms_closed{${ofJob}})`]] },
  {
    title: "Last heard from the homeserver",
    unit: "s",
    isStat: true,
    exprs: [["", `time() - max(tyr_heard_timestamp_seconds{${ofJob}})`]],
  },
  {
    title: "Acts by kind",
    unit: "short",
    exprs: [
      ["{{kind}}", `sum by (kind) (increase(tyr_acts_total{${ofJob},outcome="done"}[$__rate_interval]))`],
    ],
  },
  {
    title: "Findings, and what was taken back",
    unit: "short",
    exprs: [
      ["{{protection}}", `sum by (protection) (increase(tyr_findings_total{${ofJob}}[$__rate_interval]))`],
      ["taken back", `-sum(increase(tyr_undone_total{${ofJob}}[$__rate_interval]))`],
    ],
  },
  {
    title: "From deciding to done",
    unit: "s",
    exprs: [0.5, 0.95].map((quantile) => [
      `${quantile * 100} of 100`,
      `histogram_quantile(${quantile}, sum by (le) (rate(tyr_act_seconds_bucket{${ofJob}}[$__rate_interval])))`,
    ]),
  },
  {
    title: "Waiting and slowed down",
    unit: "short",
    exprs: [
      ["acts", `sum(tyr_queue_acts{${ofJob}})`],
      ["seconds to wait", `max(tyr_pause_seconds{${ofJob}})`],
    ],
  },
  {
    title: "Waves",
    unit: "short",
    exprs: [["{{stage}}", `sum by (stage) (tyr_waves_open{${ofJob}})`]],
  },
  {
    title: "Memory",
    unit: "bytes",
    exprs: [
      ["resident", `process_resident_memory_bytes{${ofJob}}`],
      ["heap", `nodejs_heap_size_used_bytes{${ofJob}}`],
    ],
  },
  {
    title: "How late the event loop is",
    unit: "s",
    exprs: [["{{quantile}}", `tyr_event_loop_delay_seconds{${ofJob}}`]],
  },
];

function rules(): string {
  return `# Alert rules for Prometheus, made from scripts/metrics-files.ts. They expect the job to be called tyr.\n${stringify(
    {
      groups: [
        {
          name: "tyr",
          rules: alerts.map(({ severity, summary, do: what, ...rule }) => ({
            ...rule,
            labels: { severity },
            annotations: { summary, do: what },
          })),
        },
      ],
    },
  )}`;
}

function board(): object {
  const source = { type: "prometheus", uid: "${source}" };
  const stats = panels.filter(({ isStat }) => isStat);
  const width = Math.floor(24 / stats.length);
  const curves = panels.filter(({ isStat }) => !isStat);
  const place = ({ isStat }: Panel, i: number) =>
    isStat
      ? { x: i * width, y: 0, w: width, h: 4 }
      : { x: (i % 2) * 12, y: 4 + Math.floor(i / 2) * 8, w: 12, h: 8 };
  const made = [...stats.entries(), ...curves.entries()].map(([i, panel], n) => ({
    id: n + 1,
    type: panel.isStat ? "stat" : "timeseries",
    title: panel.title,
    datasource: source,
    gridPos: place(panel, i),
    fieldConfig: { defaults: { unit: panel.unit }, overrides: [] },
    targets: panel.exprs.map(([legendFormat, expr], k) => ({
      refId: String.fromCharCode(65 + k),
      expr,
      legendFormat,
      datasource: source,
    })),
  }));
  return {
    title: "Tyr",
    uid: "tyr",
    schemaVersion: 39,
    refresh: "30s",
    time: { from: "now-24h", to: "now" },
    tags: ["matrix", "moderation"],
    templating: {
      list: [
        { name: "source", type: "datasource", query: "prometheus" },
        { name: "job", type: "query", datasource: source, query: "label_values(tyr_build_info, job)" },
      ],
    },
    panels: made,
  };
}

function page(): string {
  const rows = (Object.entries(metrics) as readonly [string, Metric][]).map(
    ([name, { type, labels, help }]) =>
      `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(", ")} | ${help}. |`,
  );
  const told = alerts.map(
    ({ alert, severity, summary, do: what }) =>
      `| ${alert} | ${severity} | ${summary} | ${what.replaceAll("|", "\\|")} |`,
  );
  return `<!-- Made by scripts/metrics-files.ts. -->

# Metrics

With \`web.metrics: true\` in the config Tyr answers \`/metrics\` on the address of its probes (\`http://127.0.0.1:8787/metrics\` unless the section \`web\` says otherwise), in the text format of Prometheus. Switched off, which it is unless you say so, it costs nothing: the library is not even loaded.

\`\`\`yaml
# prometheus.yml
scrape_configs:
  - job_name: tyr
    static_configs:
      - targets: ["127.0.0.1:8787"]
rule_files: [tyr.rules.yml]
\`\`\`

No metric is labelled with people, rooms or servers; of protections and lists the names are told. What is counted begins anew at each start; acts that are done or fail are told as 0 from then on, so that \`increase\` sees the first of them, too.

- [contrib/prometheus/tyr.rules.yml](../contrib/prometheus/tyr.rules.yml): alert rules, each with what to do.
- [contrib/grafana/tyr.json](../contrib/grafana/tyr.json): a board for Grafana (Dashboards, New, Import).

| name | type | labels | what it tells |
| --- | --- | --- | --- |
${rows.join("\n")}

Buckets of the histogram, in seconds: ${timeBuckets.join(", ")}.

## Alerts

\`page\` is for somebody to look now, \`ticket\` for the day.

| alert | severity | what it says | what to do |
| --- | --- | --- | --- |
${told.join("\n")}
`;
}
