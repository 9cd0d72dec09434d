/**
 * Sends HTTP requests through undici, over one pool of kept connections: a third of the CPU of the SDK's own request
 * library (docs/adr/0002).
 */
import Agent from "undici/lib/dispatcher/agent.js";
import requestThrough from "undici/lib/api/api-request.js";
import type { HttpRequest, HttpResponse, Send } from "./transport.ts";

const megabyte = 1024 * 1024;

export function undiciSend(
  homeserverUrl: string,
  { connections, answerMegabytes }: { connections: number; answerMegabytes: number },
): { send: Send; close: () => Promise<void> } {
  const agent = new Agent({
    connections,
    pipelining: 1,
    keepAliveTimeout: 30_000,
    maxResponseSize: answerMegabytes * megabyte,
    connect: { timeout: 10_000 },
  });
  const { origin, pathname } = new URL(homeserverUrl);
  const prefix = pathname.replace(/\/$/, "");
  const send = async (request: HttpRequest): Promise<HttpResponse> => {
    const body = bodyOf(request);
    const response = await requestThrough.call(agent, {
      origin: request.origin ?? origin,
      path: (request.origin === undefined ? prefix : "") + request.path + queryOf(request.query),
      method: request.method,
      headers: {
        ...request.headers,
        "user-agent": "Tyr",
        ...(body === null ? {} : { "content-type": request.contentType ?? "application/json" }),
      },
      body,
      headersTimeout: request.timeoutMs,
      bodyTimeout: request.timeoutMs,
      ...(request.signal ? { signal: request.signal } : {}),
    });
    const { statusCode: status, headers } = response;
    const isBytes = request.wantsBytes === true && status >= 200 && status <= 299;
    return {
      status,
      headers,
      body: isBytes ? await bytesOf(response.body, request.mostBytes) : parsed(await response.body.text()),
    };
  };
  return { send, close: () => agent.destroy() };
}

async function bytesOf(body: AsyncIterable<Uint8Array>, most = Infinity): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body) {
    length += part.length;
    // To leave the loop ends the request.
    if (length > most) throw new Error(`the answer has more than ${most} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function bodyOf({ body, contentType }: HttpRequest): string | Uint8Array | null {
  if (body === undefined) return null;
  if (contentType !== undefined && (typeof body === "string" || body instanceof Uint8Array)) return body;
  return JSON.stringify(body);
}

function queryOf(query: HttpRequest["query"]): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const one of typeof value === "string" ? [value] : value) params.append(name, one);
  const text = params.toString();
  return text === "" ? "" : `?${text}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
