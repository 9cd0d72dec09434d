/**
 * matrix-bot-sdk as typed endpoints over our transport: every request of the SDK passes through `doRequest` here. Which
 * of its methods may be called, and why the others may not, is told in docs/adr/0013.
 */
import { LogLevel, LogService, MatrixClient } from "matrix-bot-sdk";
import { asObject, type JsonObject } from "../../kit/json.ts";
import type { UserId } from "../../model/ids.ts";
import type { RequestOptions, Transport } from "./transport.ts";

// The SDK logs whole error bodies, which may hold message text; errors reach our log as faults, with fields.
LogService.setLevel(LogLevel.fromString("ERROR", LogLevel.ERROR));
LogService.muteModule("MatrixHttpClient");
LogService.muteModule("MatrixClientLite");

/** How a client's requests are made. The SDK's methods have no parameters for this, so a client is made for each way. */
export type RequestManner = Pick<RequestOptions, "signal" | "retries" | "timeoutMs" | "on429">;

export class RestClient extends MatrixClient {
  readonly transport: Transport;
  readonly #self: UserId | undefined;
  readonly #manner: RequestManner;

  /** `self`: our account, needed by methods that have it in their path (account data). */
  constructor(
    transport: Transport,
    { self, ...manner }: RequestManner & { readonly self?: UserId | undefined } = {},
  ) {
    // Without address and token: the transport has both, and the SDK's own request function must not get far.
    super("", "");
    this.transport = transport;
    this.#self = self;
    this.#manner = manner;
    // Any stranger's invite could make the SDK's direct-message tracker write account data.
    this.removeAllListeners();
  }

  /** The same account, with requests made in another manner. */
  with(manner: RequestManner): RestClient {
    return new RestClient(this.transport, { ...this.#manner, ...manner, self: this.#self });
  }

  /** For endpoints that the SDK has no sound method for. The answer as an object; empty where it is none. */
  async call(
    method: "GET" | "POST" | "PUT" | "DELETE",
    endpoint: string,
    { query, body }: { readonly query?: RequestOptions["query"]; readonly body?: JsonObject } = {},
  ): Promise<JsonObject> {
    return asObject(await this.doRequest(method, endpoint, query, body)) ?? {};
  }

  /** The SDK would ask the homeserver before each method that needs it. */
  override getUserId(): Promise<string> {
    return this.#self === undefined ? super.getUserId() : Promise.resolve(this.#self);
  }

  /**
   * Called by every method of the SDK. Its own time-outs are ignored: the client's manner and the config count. Rejects
   * with a `MatrixFault`.
   */
  override async doRequest(
    method: string,
    endpoint: string,
    query?: Readonly<Record<string, unknown>> | null,
    body?: unknown,
    _timeoutMs?: number | null,
    isRaw = false,
    contentType: string | null = null,
    wantsBytes = false,
    // The SDK declares the answer as `any`; callers in this folder treat it as unknown.
    // oxlint-disable-next-line typescript/no-explicit-any
  ): Promise<any> {
    const path = endpoint.startsWith("/") ? endpoint : `/${endpoint}`;
    const response = await this.transport.exchange(method, path, {
      on429: method === "GET" ? "wait" : "fail",
      ...this.#manner,
      query: queryOf(query ?? {}),
      ...(body === null || body === undefined ? {} : { body }),
      ...(Buffer.isBuffer(body) ? { contentType: contentType ?? "application/octet-stream" } : {}),
      ...(wantsBytes ? { wantsBytes } : {}),
    });
    if (isRaw) return { statusCode: response.status, headers: response.headers, body: response.body };
    // The SDK reads fields of the answer without looking whether it is `null`.
    return response.body ?? {};
  }
}

function queryOf(query: Readonly<Record<string, unknown>>): Record<string, string | readonly string[]> {
  const entries = Object.entries(query).flatMap(([name, value]) =>
    value === null || value === undefined
      ? []
      : [[name, Array.isArray(value) ? value.map(textOf) : textOf(value)] as const],
  );
  const known = Object.fromEntries(entries);
  // Version 1.12 of the specification renamed the servers to join through, which the SDK does not know.
  return known["server_name"] === undefined ? known : { via: known["server_name"], ...known };
}

/** Of what the SDK gives only numbers and yes or no are no texts. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Path segments of the client-server API, each escaped. */
export function path(literals: TemplateStringsArray, ...segments: readonly string[]): string {
  return literals.reduce((built, literal, i) => built + encodeURIComponent(segments[i - 1]!) + literal);
}
