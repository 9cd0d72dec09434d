// The way to a scripted homeserver and a clock that jumps, for parts of Tyr that are tested without the whole of it.

import type { HttpRequest, HttpResponse, Send } from "../../src/matrix/http/transport.ts";
import type { Clock } from "../../src/kit/clock.ts";
import type { FakeClock } from "./fake-clock.ts";
import type { Homeserver } from "../homeserver/homeserver.ts";

/** Sleeps that are cut short are over, not broken: as `kit/clock.ts` promises. */
export function seamOf(clock: FakeClock): Clock {
  return { now: () => clock.wall(), sleep: (ms, signal) => clock.sleep(ms, signal).catch(() => {}) };
}

export function sendTo(homeserver: Homeserver): Send {
  return async (request: HttpRequest): Promise<HttpResponse> => {
    const { method, path, headers, body, signal } = request;
    const query = Object.fromEntries(
      Object.entries(request.query).map(([name, value]) => [
        name,
        typeof value === "string" ? value : [...value],
      ]),
    );
    const response = await homeserver.handle({
      method,
      path,
      query,
      headers,
      body,
      ...(signal ? { signal } : {}),
    });
    // A copy, as a real answer would be: nobody may change the other's objects.
    return { ...response, body: structuredClone(response.body) };
  };
}
