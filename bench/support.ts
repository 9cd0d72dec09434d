// What the scenarios share: bare writes, arrival times as another user's sync sees them, and the table.

import { setTimeout as pause } from "node:timers/promises";
import { Pool } from "undici";
import type { MatrixEvent, SeenEvent, TestClient } from "../test/support/synapse/client.ts";

/** Width of the bare loop; this homeserver gains nothing beyond it. */
export const bareWidth = 16;
const patienceMs = 120_000;

export interface Write {
  readonly path: string;
  readonly body: unknown;
}

/** Writes with kept connections and nothing else to do: the bound that a bot is measured against. */
export class Bare {
  readonly #pool: Pool;
  readonly #token: string;
  #next = 0;

  constructor(url: string, token: string) {
    this.#pool = new Pool(url, { connections: bareWidth, pipelining: 1, keepAliveTimeout: 60_000 });
    this.#token = token;
  }

  async put({ path, body }: Write): Promise<string> {
    const headers = { authorization: `Bearer ${this.#token}`, "content-type": "application/json" };
    const answer = await this.#pool.request({ method: "PUT", path, headers, body: JSON.stringify(body) });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`PUT ${path}: ${answer.statusCode} ${text}`);
    return (JSON.parse(text) as { event_id: string }).event_id;
  }

  /** All of them, so many at a time. */
  async putAll(writes: readonly Write[], width = bareWidth): Promise<void> {
    const waiting = writes.values();
    await Promise.all(
      Array.from({ length: width }, async () => {
        for (const write of waiting) await this.put(write);
      }),
    );
  }

  /** Milliseconds that one write takes when there is no other. */
  async oneByOne(writes: readonly Write[]): Promise<number> {
    const times: number[] = [];
    for (const write of writes) {
      const begun = performance.now();
      await this.put(write);
      times.push(performance.now() - begun);
    }
    return median(times);
  }

  redaction(room: string, event: string): Write {
    return {
      path: `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/redact/${encodeURIComponent(event)}/bare-${this.#next++}`,
      body: {},
    };
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }
}

export function stateWrite(room: string, type: string, key: string, body: unknown): Write {
  return {
    path: `/_matrix/client/v3/rooms/${[room, "state", type, key].map(encodeURIComponent).join("/")}`,
    body,
  };
}

export function banWrite(room: string, user: string): Write {
  return stateWrite(room, "m.room.member", user, { membership: "ban", reason: "spam" });
}

export function ruleWrite(list: string, kind: "user" | "server", entity: string, reason = "nuisance"): Write {
  return stateWrite(list, `m.policy.rule.${kind}`, `rule:${entity}`, {
    entity,
    recommendation: "m.ban",
    reason,
  });
}

// Arrivals

/** Names what an event is a case of; undefined for all that is not awaited. */
export type KeyOf = (event: MatrixEvent, room: string) => string | undefined;

export const bansOf =
  (...users: readonly string[]): KeyOf =>
  (event, room) =>
    event.content["membership"] === "ban" && users.includes(event.state_key ?? "")
      ? `${room} ${event.state_key}`
      : undefined;

/** When the first `count` different cases came, oldest first. Fails loudly when they do not. */
export async function arrivals(
  client: TestClient,
  options: { readonly count: number; readonly what: string; readonly since: number },
  keyOf: KeyOf,
): Promise<readonly number[]> {
  const { count, what, since } = options;
  const cases = new Set<string>();
  const isLast = (event: MatrixEvent, room: string) => {
    const key = keyOf(event, room);
    return key !== undefined && cases.add(key).size >= count;
  };
  await client.until(isLast, { what: `${what} (${count} of them)`, timeoutMs: patienceMs });
  const first = new Map<string, number>();
  for (const { event, roomId, at } of seenSince(client, since)) {
    const key = keyOf(event, roomId);
    if (key !== undefined && !first.has(key)) first.set(key, at);
  }
  if (first.size < count) throw new Error(`${what}: ${first.size} of ${count} came after the beginning`);
  return [...first.values()].toSorted((a, b) => a - b);
}

export function seenSince(client: TestClient, since: number): readonly SeenEvent[] {
  return client.seen.slice(client.seen.findIndex((one) => one.at >= since)).filter((one) => one.at >= since);
}

/** Waits until nothing has been seen for so long. */
export async function quiet(client: TestClient, forMs: number): Promise<void> {
  let last = performance.now();
  for (let count = -1; performance.now() - last < forMs; await pause(20)) {
    if (client.seen.length === count) continue;
    count = client.seen.length;
    last = performance.now();
  }
}

// Tables

/** Column by column what every run gave; one call a run. */
export class Runs {
  readonly figures = new Map<string, number[]>();

  add(figures: Readonly<Record<string, number>>): void {
    for (const [name, figure] of Object.entries(figures))
      this.figures.set(name, [...(this.figures.get(name) ?? []), figure]);
  }

  of(name: string): readonly number[] {
    return this.figures.get(name) ?? [];
  }
}

export interface Line {
  readonly what: string;
  readonly measured: readonly number[];
  readonly unit?: string;
  /** The same by the bare loop; the efficiency is the ratio of the medians. */
  readonly bound?: readonly number[];
  readonly target?: string;
}

export function show(title: string, lines: readonly Line[]): void {
  const cells = lines.map(({ what, measured, unit = "ms", bound, target }) => [
    what,
    spread(measured, unit),
    bound ? spread(bound, unit) : "",
    bound && measured.length > 0 ? `${Math.round((100 * median(bound)) / median(measured))} %` : "",
    target ?? "",
  ]);
  const table = [["", "Tyr", "bound", "efficiency", "target"], ...cells];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  console.log(`\n${title}`);
  for (const row of table)
    console.log(
      `  ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("  ")}`.trimEnd(),
    );
}

/** The median, and the least and the most when they differ. */
export function spread(figures: readonly number[], unit: string): string {
  if (figures.length === 0) return "-";
  const [least, middle, most] = [Math.min(...figures), median(figures), Math.max(...figures)].map(short);
  return `${middle}${least === most ? "" : ` (${least}-${most})`}${unit === "" ? "" : ` ${unit}`}`;
}

export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function short(figure: number): string {
  if (Number.isInteger(figure) || figure >= 20) return Math.round(figure).toLocaleString("en");
  return figure.toFixed(figure < 1 ? 3 : 1);
}
