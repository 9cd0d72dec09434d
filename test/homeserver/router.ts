/** From method and path to a route; a route is a line in routes.ts. */
import type { Call } from "./call.ts";

export interface Route {
  readonly method: string;
  readonly pattern: string;
  /** What the request is counted as; ":type" stands for the event type. */
  readonly kind: string;
  readonly answer: (call: Call) => unknown;
  /** Repeating the request with the same path returns the first answer. */
  readonly isTransaction: boolean;
}

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
  readonly kind: string;
}

export class Router {
  readonly #routes = new Map<string, { route: Route; segments: readonly string[] }[]>();

  constructor(routes: readonly Route[]) {
    for (const route of routes) {
      const segments = split(route.pattern);
      const key = `${route.method} ${segments.length}`;
      this.#routes.set(key, [...(this.#routes.get(key) ?? []), { route, segments }]);
    }
  }

  find(method: string, path: string): Match | undefined {
    const segments = split(path).map(decodeURIComponent);
    // All client versions behave alike here: /r0/, /v1/ and /v3/ are one.
    if (/^(r0|v\d+|unstable)$/.test(segments[2] ?? "")) segments[2] = "*";
    for (const candidate of this.#routes.get(`${method} ${segments.length}`) ?? []) {
      const params = bind(candidate.segments, segments);
      if (params === undefined) continue;
      const kind = candidate.route.kind.replace(":type", params["type"] ?? "");
      return { route: candidate.route, params, kind };
    }
    return undefined;
  }
}

function split(path: string): string[] {
  return path.replace(/^\//, "").split("/");
}

function bind(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const actual = segments[index] ?? "";
    if (expected.startsWith(":")) params[expected.slice(1)] = actual;
    else if (expected !== actual) return undefined;
  }
  return params;
}
