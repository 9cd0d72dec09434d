/** The server's front door: faults, tokens, routes, transactions, errors as answers, and the log. */
import { versions } from "./account-routes.ts";
import type { Call, Settings } from "./call.ts";
import { login } from "./device-routes.ts";
import type { Device } from "./device.ts";
import { Faults } from "./faults.ts";
import type { HomeserverRequest, HomeserverResponse } from "./homeserver.ts";
import { asObject } from "./json.ts";
import type { Load } from "./load.ts";
import { connectionError, MatrixError } from "./matrix-error.ts";
import { RequestLog } from "./request-log.ts";
import { type Match, Router } from "./router.ts";
import { routesOf } from "./routes.ts";
import { SyncScript } from "./sync-script.ts";
import type { User, World } from "./world.ts";
import { WriteLimit } from "./write-limit.ts";

const rememberedTransactions = 100_000;

export class Front {
  readonly faults = new Faults();
  readonly log = new RequestLog();
  readonly syncScript = new SyncScript();
  readonly limit: WriteLimit;
  readonly #world: World;
  readonly #load: Load;
  readonly #settings: Settings;
  readonly #router: Router;
  readonly #transactions = new Map<string, Promise<unknown>>();

  constructor(world: World, load: Load, settings: Settings) {
    this.#world = world;
    this.#load = load;
    this.#settings = settings;
    this.#router = new Router(routesOf(settings.manners));
    this.limit = new WriteLimit(world.clock);
  }

  async handle(request: HomeserverRequest): Promise<HomeserverResponse> {
    request.signal?.throwIfAborted();
    if (this.faults.isDown) throw connectionError("ECONNREFUSED");
    return this.faults.connection(this.#answerWithDate(request), request.signal);
  }

  async #answerWithDate(request: HomeserverRequest): Promise<HomeserverResponse> {
    // As Synapse does it: the time when the request came, however long its answer takes.
    const date = new Date(this.#world.clock.now()).toUTCString();
    const response = await this.#answer(request);
    return { ...response, headers: { date, ...response.headers } };
  }

  async #answer(request: HomeserverRequest): Promise<HomeserverResponse> {
    const at = this.#world.clock.now();
    const match = this.#router.find(request.method, request.path);
    let response: HomeserverResponse | undefined;
    try {
      response = await this.#answerWithFaults(request, match);
      return response;
    } finally {
      const token = tokenOf(request);
      this.log.add({
        method: request.method,
        path: request.path,
        kind: match?.kind ?? unroutedKind(request),
        userId: token === undefined ? undefined : this.#world.tokens.get(token)?.userId,
        roomId: match?.params["room"],
        at,
        durationMs: this.#world.clock.now() - at,
        status: response?.status ?? 0,
      });
      // Tests also wait for requests, not only for events.
      this.#world.changes.announce(() => false);
    }
  }

  async #answerWithFaults(request: HomeserverRequest, match: Match | undefined): Promise<HomeserverResponse> {
    const fault = this.faults.take(request);
    if (fault === undefined) return this.#answerTruly(request, match);
    if (fault.afterEffect === true) await this.#answerTruly(request, match);
    else await this.#load.read();
    if (fault.hangs === true) return new Promise(() => {});
    if (fault.status === 0) throw connectionError("ECONNRESET");
    return {
      status: fault.status,
      headers: { "content-type": "application/json", ...fault.headers },
      body: fault.body ?? { errcode: "M_UNKNOWN", error: "Scripted fault" },
    };
  }

  async #answerTruly(request: HomeserverRequest, match: Match | undefined): Promise<HomeserverResponse> {
    try {
      return json(200, await this.#run(request, match));
    } catch (error) {
      if (!(error instanceof MatrixError)) throw error;
      const response = json(error.status, error.body());
      const retryAfterMs = error.fields["retry_after_ms"];
      if (typeof retryAfterMs === "number") {
        response.headers["retry-after"] = String(Math.ceil(retryAfterMs / 1000));
      }
      return response;
    }
  }

  async #run(request: HomeserverRequest, match: Match | undefined): Promise<unknown> {
    const open = await this.#answerWithoutToken(request);
    if (open !== undefined) return open;
    if (match === undefined) throw new MatrixError(404, "M_UNRECOGNIZED", "Unrecognized request");
    const { user, token, device } = this.#authenticate(request);
    const call: Call = {
      world: this.#world,
      load: this.#load,
      limit: this.limit,
      settings: this.#settings,
      syncScript: this.syncScript,
      user,
      token,
      device,
      params: match.params,
      query: singleValues(request.query),
      body: asObject(request.body),
      payload: request.body,
      signal: request.signal,
    };
    if (!match.route.isTransaction) return match.route.answer(call);
    return this.#once(
      `${device === undefined ? token : `${user.id} ${device.id}`} ${request.path}`,
      async () => match.route.answer(call),
    );
  }

  async #answerWithoutToken(request: HomeserverRequest): Promise<unknown> {
    const kind = unroutedKind(request);
    if (kind === "GET versions") return versions({ settings: this.#settings });
    if (kind !== "POST login") return undefined;
    await this.#load.read();
    return login(this.#world, asObject(request.body));
  }

  #authenticate(request: HomeserverRequest): { user: User; token: string; device: Device | undefined } {
    const token = tokenOf(request);
    if (token === undefined) throw new MatrixError(401, "M_MISSING_TOKEN", "Missing access token");
    const login = this.#world.tokens.get(token);
    const user = this.#world.users.get(login?.userId ?? "");
    if (login === undefined || user === undefined) {
      throw new MatrixError(401, "M_UNKNOWN_TOKEN", "Invalid access token passed.", {
        soft_logout: false,
      });
    }
    if (login.isExpired) {
      throw new MatrixError(401, "M_UNKNOWN_TOKEN", "Access token has expired", { soft_logout: true });
    }
    if (user.standing === "locked") {
      throw new MatrixError(401, "M_USER_LOCKED", "User account has been locked", { soft_logout: true });
    }
    return { user, token, device: user.devices.get(login.deviceId ?? "") };
  }

  /** Repeats share the first answer, also while it is under way; failures are forgotten. */
  #once(key: string, work: () => Promise<unknown>): Promise<unknown> {
    const known = this.#transactions.get(key);
    if (known !== undefined) return known;
    const answer = work();
    this.#transactions.set(key, answer);
    answer.catch(() => this.#transactions.delete(key));
    if (this.#transactions.size > rememberedTransactions) {
      const oldest = this.#transactions.keys().next().value;
      if (oldest !== undefined) this.#transactions.delete(oldest);
    }
    return answer;
  }
}

function unroutedKind(request: HomeserverRequest): string {
  if (request.path === "/_matrix/client/versions") return `${request.method} versions`;
  if (/^\/_matrix\/client\/(r0|v3)\/login$/.test(request.path)) return `${request.method} login`;
  return `${request.method} unknown`;
}

function tokenOf(request: HomeserverRequest): string | undefined {
  const header = request.headers["authorization"] ?? request.headers["Authorization"];
  if (header?.startsWith("Bearer ") === true) return header.slice("Bearer ".length);
  return singleValues(request.query)["access_token"];
}

/** Of repeated parameters the first counts; only `via` repeats, and nobody here is remote. */
function singleValues(query: HomeserverRequest["query"]): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(query)) {
    const first = typeof value === "string" ? value : value[0];
    if (first !== undefined) result[name] = first;
  }
  return result;
}

function json(status: number, body: unknown): HomeserverResponse {
  return { status, headers: { "content-type": "application/json" }, body };
}
