// A browser at the web desk of a story: keeps its cookie, follows what pages say, and sends the forms that stand on them.

import { deskApp } from "../../src/web/desk/app.ts";
import type { WebDesk } from "../../src/model/web-desk.ts";
import { randomBytes } from "node:crypto";

export const publicUrl = "https://tyr.hs.test";

export interface Page {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

export function aDesk(desk: () => WebDesk | undefined) {
  const errors: unknown[] = [];
  const log = {
    debug: () => {},
    info: () => {},
    warn: () => {},
    error: (fields: unknown) => void errors.push(fields),
  };
  const app = deskApp({ publicUrl, desk, secret: (bytes) => randomBytes(bytes), log });
  return { app, errors };
}

export type Desk = ReturnType<typeof aDesk>;

const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

export class Browser {
  cookie: string | undefined;
  readonly #desk: Desk;
  readonly #address: string;

  constructor(desk: Desk, address = "203.0.113.7") {
    this.#desk = desk;
    this.#address = address;
  }

  /** Follows redirections, as browsers do. */
  async open(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Page> {
    return this.#ask(path, { headers });
  }

  /** A form of one of our pages. */
  async send(
    path: string,
    fields: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Page> {
    return this.#ask(path, {
      method: "POST",
      body: new URLSearchParams(fields).toString(),
      headers: {
        origin: publicUrl,
        "sec-fetch-site": "same-origin",
        "content-type": "application/x-www-form-urlencoded",
        ...headers,
      },
    });
  }

  /** Types a line into the box of the first page. */
  async type(line: string): Promise<Page> {
    return this.send("/do", { line, nonce: nonceOf((await this.open("/")).text, "box") });
  }

  async #ask(path: string, init: RequestInit & { headers: Record<string, string> }): Promise<Page> {
    const response = await this.#desk.app.request(
      `${publicUrl}${path}`,
      {
        ...init,
        headers: {
          host: new URL(publicUrl).host,
          "user-agent": firefox,
          ...(this.cookie === undefined ? {} : { cookie: `__Host-tyr=${this.cookie}` }),
          ...init.headers,
        },
      },
      { incoming: { socket: { remoteAddress: this.#address } } },
    );
    const set = /^__Host-tyr=([^;]*)/.exec(response.headers.get("set-cookie") ?? "")?.[1];
    if (set !== undefined) this.cookie = set === "" ? undefined : set;
    const to = response.headers.get("location");
    if (response.status === 303 && to !== null) return this.open(to);
    return { status: response.status, text: await response.text(), headers: response.headers };
  }
}

/** What names the form on the page, by how it ends. */
export function nonceOf(text: string, ending: string): string {
  const found = [...text.matchAll(/name="nonce" value="([^"]+)"/g)].map(([, nonce]) => nonce!);
  const nonce = found.find((one) => one.endsWith(`.${ending}`));
  if (nonce === undefined) throw new Error(`no form ${ending} on the page: ${text}`);
  return nonce;
}

/** The form whose button says the line. */
export function formOf(text: string, line: string): { readonly line: string; readonly nonce: string } {
  const escaped = line.replace(/"/g, "&quot;");
  const form = text.split("<form").find((one) => one.includes(`value="${escaped}"`));
  const nonce = /name="nonce" value="([^"]+)"/.exec(form ?? "")?.[1];
  if (nonce === undefined) throw new Error(`no button for ${line} on the page: ${text}`);
  return { line, nonce };
}

/** What people see, roughly. */
export function words(page: Page): string {
  return page.text
    .replace(/<(?:style|script|datalist)[^]*?<\/(?:style|script|datalist)>/g, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/&#(\d+);/g, (_, one: string) => String.fromCharCode(Number(one)))
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, "&")
    .replace(/\s+/g, " ");
}
