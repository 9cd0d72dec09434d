/** How a client reaches the scripted homeserver: by a call in this process, or by HTTP. */
import type { Homeserver } from "../../homeserver/homeserver.ts";
import { asObject, asString } from "../../homeserver/json.ts";

export interface Call {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below `/_matrix/`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Bytes are sent as they are, all else as JSON. */
  readonly body?: unknown;
  readonly token?: string | undefined;
  readonly signal?: AbortSignal;
}

/** Resolves with the body of the answer; refusals reject with `Refused`. */
export type Link = (call: Call) => Promise<unknown>;

export class Refused extends Error {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;

  constructor({ method, path }: Call, status: number, body: unknown) {
    super(`${method} ${path}: ${status} ${JSON.stringify(body)}`);
    this.name = "Refused";
    this.status = status;
    this.body = asObject(body);
  }

  get errcode(): string | undefined {
    return asString(this.body["errcode"]);
  }
}

export function inProcess(homeserver: Homeserver): Link {
  return async (call) => {
    const { method, path, query = {}, body, token, signal } = call;
    const answer = await homeserver.handle({
      method,
      path: `/_matrix/${path}`,
      query,
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      body,
      ...(signal === undefined ? {} : { signal }),
    });
    if (answer.status !== 200) throw new Refused(call, answer.status, answer.body);
    return structuredClone(answer.body);
  };
}

export function overHttp(url: string): Link {
  return async (call) => {
    const { method, path, query = {}, body, token, signal } = call;
    const search = new URLSearchParams(query).toString();
    const isRaw = body instanceof Uint8Array;
    const answer = await fetch(`${url}/_matrix/${path}${search === "" ? "" : `?${search}`}`, {
      method,
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      body: isRaw ? Buffer.from(body) : body === undefined ? null : JSON.stringify(body),
      ...(signal === undefined ? {} : { signal }),
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    const content = path.includes("/download/") ? bytes : (JSON.parse(bytes.toString("utf8")) as unknown);
    if (!answer.ok) throw new Refused(call, answer.status, content);
    return content;
  };
}
