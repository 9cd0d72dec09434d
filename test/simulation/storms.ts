/** How a homeserver and what lies before it can fail to answer. */
import type { Fault } from "../homeserver/faults.ts";

export const storms: Readonly<Record<string, Omit<Fault, "match">>> = {
  "502": { status: 502, body: "<html>Bad gateway</html>" },
  "503": { status: 503 },
  "429": {
    status: 429,
    body: { errcode: "M_LIMIT_EXCEEDED", error: "Too Many Requests", retry_after_ms: 3_000 },
  },
  page: { status: 200, body: "<html>Sign in to the wireless network</html>" },
  torn: { status: 0 },
  "lost answer": { status: 0, afterEffect: true },
  "late 500": { status: 500, afterEffect: true },
  silence: { status: 0, hangs: true },
};
