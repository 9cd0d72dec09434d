/** What `tyr check` tells of the homeserver's callbacks: whether a Tyr that runs answers them, asked as the module would ask. */
import type { Config } from "../config/schema.ts";
import { asObject } from "../kit/json.ts";
import { callbackPath } from "../model/callbacks.ts";
import { ok, problem, warning, type CheckResult } from "./check-summary.ts";

/** Whoever waits longer holds up invitations. */
const patienceMs = 5_000;
const about = "callbacks";
/** It comes back with the answer. */
const id = "tyr-check";

export interface CallbackCheck {
  readonly config: Pick<Config, "antispam" | "web">;
  /** A Tyr runs on the data folder. */
  readonly isRunning: boolean;
  readonly clock: { now(): number };
}

/** Nothing where no callbacks are to be answered. */
export async function callbackResults({
  config: { antispam, web },
  isRunning,
  clock,
}: CallbackCheck): Promise<readonly CheckResult[]> {
  if (!antispam.secret) return [];
  const url = addressOf(web);
  if (!isRunning) return [ok(about, `are answered at ${url} while Tyr runs`)];
  if (web.port === 0)
    return [
      warning(about, "web.port is 0, so the port is another at each start: give the module one that stays"),
    ];
  const begunAt = clock.now();
  try {
    const response = await fetch(`${url}/ping`, {
      method: "POST",
      headers: { authorization: `Bearer ${antispam.secret.reveal()}` },
      body: JSON.stringify({ id }),
      signal: AbortSignal.timeout(patienceMs),
    });
    const words = (await response.text()).trim();
    if (response.status !== 200 || !isPong(words)) return [problem(about, refusedWith(response.status, url))];
    return [ok(about, `are answered at ${url} (in ${Math.max(0, clock.now() - begunAt)} ms)`)];
  } catch {
    return [
      problem(
        about,
        `Tyr runs, and nothing answers at ${url}. Restart it; its log says why it cannot listen.`,
      ),
    ];
  }
}

/** The module's `base_url`. An address that means all of the machine's is none to ask at. */
export function addressOf({ host, port }: Pick<Config["web"], "host" | "port">): string {
  const asked = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `http://${asked.includes(":") ? `[${asked}]` : asked}:${port}${callbackPath.replace(/\/$/, "")}`;
}

function refusedWith(status: number, url: string): string {
  switch (status) {
    case 401:
      return `the Tyr that answers at ${url} has another secret: restart it, if antispam.secret has changed`;
    case 404:
      return `the Tyr that answers at ${url} knows of no secret: restart it, so that it reads the config`;
    default:
      return `something else answers at ${url} (HTTP ${status}): is the port taken by another program?`;
  }
}

function isPong(text: string): boolean {
  try {
    return asObject(JSON.parse(text))?.["id"] === id;
  } catch {
    return false;
  }
}
