/**
 * matrix-bot-sdk as a typed REST client on our transport. Its sync loop, mixins and request library are never
 * used (docs/adr/0002): every request of the SDK passes through `doRequest` here.
 */
import { LogLevel, LogService, MatrixClient } from "matrix-bot-sdk";
import type { Transport } from "./transport.ts";

// The SDK logs whole error bodies at ERROR; our own transport reports what matters, with fields.
LogService.setLevel(LogLevel.fromString("ERROR", LogLevel.ERROR));
LogService.muteModule("MatrixHttpClient");
LogService.muteModule("MatrixClientLite");

export class RestClient extends MatrixClient {
  readonly transport: Transport;

  constructor(homeserverUrl: string, transport: Transport) {
    super(homeserverUrl, transport.accessToken ?? "");
    this.transport = transport;
    // Any stranger's invite could make the SDK's direct-message tracker write account data.
    this.removeAllListeners();
  }

  // The SDK declares the answer as `any`; callers in this folder treat it as unknown.
  override doRequest(
    method: string,
    endpoint: string,
    query?: Record<string, string> | null,
    body?: unknown,
    timeoutMs = 60_000,
    // oxlint-disable-next-line typescript/no-explicit-any
  ): Promise<any> {
    const path = endpoint.startsWith("/") ? endpoint : `/${endpoint}`;
    return this.transport.request(method, path, {
      ...(query ? { query } : {}),
      ...(body === null || body === undefined ? {} : { body }),
      timeoutMs,
      isWrite: method !== "GET",
    });
  }
}

/** Path segments of the client-server API, each escaped. */
export function path(literals: TemplateStringsArray, ...segments: readonly string[]): string {
  return literals.reduce((built, literal, i) => built + encodeURIComponent(segments[i - 1]!) + literal);
}
