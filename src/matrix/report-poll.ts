/**
 * What users of our homeserver report to it: Synapse's list, the newest first, looked at again and again. It is read only; its
 * pages are counted from the newest, and a report of a room of which the server counts nothing yet shows up late and in between.
 */
import type { Clock } from "../kit/clock.ts";
import { dayMs } from "../kit/duration.ts";
import { asArray, asNumber, asObject, asString } from "../kit/json.ts";
import { parseEventId, parseRoomId, parseUserId } from "../model/ids.ts";
import type { Seen } from "../model/observation.ts";
import { reasonKept } from "../model/reports/report.ts";
import { RestClient } from "./http/client.ts";
import { MatrixFault } from "./http/errors.ts";
import type { Transport } from "./http/transport.ts";

export interface ReportPollOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly everyMs: number;
  /** Whether it is to be looked at now, and we may. */
  readonly isOn: () => boolean;
  /** It was looked at before, in this run or an earlier one. */
  readonly hasBegun: () => boolean;
  readonly isKnown: (number: number) => boolean;
  readonly receive: (seen: readonly Seen[]) => void;
}

const pageSize = 50;
/** More within one round is a flood: the rest comes with the next. */
const mostPages = 10;
/** Looked at once a day, known or not. */
const pagesOfDay = 4;
const timeoutMs = 10_000;

type ReportSeen = Extract<Seen, { readonly kind: "report" }> & { readonly number: number };

/** Follows the list until `signal` aborts. */
export async function pollReports(options: ReportPollOptions, signal: AbortSignal): Promise<void> {
  const { clock, everyMs } = options;
  let wholeAt = clock.now();
  while (!signal.aborted) {
    await clock.sleep(everyMs, signal);
    if (signal.aborted || !options.isOn()) continue;
    const isWhole = Math.abs(clock.now() - wholeAt) >= dayMs;
    const isDone = await look(options, isWhole, signal).catch((error: unknown) => {
      // It is asked again soon; that the homeserver does not answer is told by sync.
      if (error instanceof MatrixFault) return false;
      throw error;
    });
    if (isDone && isWhole) wholeAt = clock.now();
  }
}

async function look(options: ReportPollOptions, isWhole: boolean, signal: AbortSignal): Promise<true> {
  const client = new RestClient(options.transport, { signal, timeoutMs, retries: 0, on429: "fail" });
  const news = new Map<number, ReportSeen>();
  let from: number | undefined;
  for (let page = 0; page < (isWhole ? pagesOfDay : mostPages); page++) {
    const query = {
      dir: "b",
      limit: String(pageSize),
      ...(from === undefined ? {} : { from: String(from) }),
    };
    const answer = await client.call("GET", "/_synapse/admin/v1/event_reports", { query });
    if (signal.aborted) return true;
    const rows = (asArray(answer["event_reports"]) ?? []).flatMap((row) => numberOf(row) ?? []);
    if (!options.hasBegun()) {
      const highest = Math.max(0, ...rows.map(({ number }) => number));
      options.receive([{ kind: "reports-begun", highest, total: asNumber(answer["total"]) ?? rows.length }]);
      return true;
    }
    const unknown = rows.filter(({ number }) => !options.isKnown(number));
    for (const { number, row } of unknown) news.set(number, reportOf(number, row));
    // The last page has none; another server's word is not followed for ever.
    const next = asNumber(answer["next_token"]);
    if (next === undefined || next <= (from ?? 0) || (unknown.length === 0 && !isWhole)) break;
    from = next;
  }
  const inOrder = [...news.values()].toSorted((one, other) => one.number - other.number);
  if (inOrder.length > 0) options.receive(inOrder);
  return true;
}

function numberOf(row: unknown): { readonly number: number; readonly row: unknown } | undefined {
  const number = asNumber(asObject(row)?.["id"]);
  return number === undefined || !Number.isSafeInteger(number) || number < 1 ? undefined : { number, row };
}

/** Without an author (the event is gone) or with what is no id it is known from then on, and nothing else. */
function reportOf(number: number, raw: unknown): ReportSeen {
  const row = asObject(raw) ?? {};
  const by = parseUserId(row["user_id"]);
  const user = parseUserId(row["sender"]);
  const room = parseRoomId(row["room_id"]);
  const event = parseEventId(row["event_id"]);
  const reason = (asString(row["reason"]) ?? "").slice(0, reasonKept);
  const isWhole = by && user && room && event;
  return {
    kind: "report",
    number,
    ...(isWhole
      ? { report: { id: `event-report ${number}`, way: "homeserver", by, user, room, event, reason } }
      : {}),
  };
}
