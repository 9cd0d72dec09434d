/**
 * The web desk's addresses and what is asked before any of them: is it our own page that asks, is the browser let in, is it not
 * too much. It shows what it is told and hands on what is said; it does nothing by itself.
 */
import { Hono, type Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { HttpBindings } from "@hono/node-server";
import { sha256Base64 } from "../../kit/hash.ts";
import type { Log } from "../../kit/log.ts";
import type { WebSession } from "../../model/settings/web.ts";
import type { Spoken, WebDesk } from "../../model/web-desk.ts";
import { script, style } from "./assets.ts";
import { Pages } from "./forms.ts";
import type { Html } from "./html.ts";
import { framed, type Content, type Frame } from "./layout.ts";
import { journalPage } from "./pages/journal.ts";
import { listPage, listsPage } from "./pages/lists.ts";
import { nowPage } from "./pages/now.ts";
import { personPage } from "./pages/person.ts";
import { roomsPage } from "./pages/rooms.ts";
import { refusalPage, signInPage } from "./pages/signing-in.ts";
import { spokenPage } from "./pages/spoken.ts";
import { Rates } from "./rates.ts";
import { addressOf, browserOf, networkOf } from "./visitor.ts";

export interface AppOptions {
  /** Scheme, host and port, as browsers say them in `Origin`. */
  readonly publicUrl: string;
  /** Undefined before there is a bot. */
  readonly desk: () => WebDesk | undefined;
  /** So many random bytes that nobody can guess. */
  readonly secret: (bytes: number) => Uint8Array;
  readonly log: Log;
}

interface Kinds {
  Bindings: Partial<HttpBindings>;
  Variables: { desk: WebDesk; token: string | undefined; session: WebSession; address: string };
}
type Asked = Context<Kinds>;

const headers = {
  "cache-control": "no-store",
  // No form of another page reaches us, no script but ours runs, and nobody shows us in a frame.
  "content-security-policy":
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  // With `no-referrer` browsers would say `Origin: null` in forms of our own.
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
} as const;

/** In bytes: a line, and what names the form. */
const largestBody = 16_384;
/** In a minute: of what is said by a session, and of all that is asked from one network. */
const [mostSaid, mostAsked] = [30, 300];
const cookie = "__Host-tyr";

export function deskApp(options: AppOptions): Hono<Kinds> {
  const { publicUrl, secret, log } = options;
  const app = new Hono<Kinds>();
  const random = (bytes: number) => Buffer.from(secret(bytes)).toString("base64url");
  const pages = new Pages(() => random(16));
  app.onError((error, c) => {
    log.error({ err: error }, "a page could not be shown");
    return refused(c, 500, "Something broke inside of Tyr. Nothing was done.");
  });
  app.notFound((c) => refused(c, 404, "There is nothing under this address."));
  app.use(underOurName(publicUrl));
  app.get("/tyr.css", (c) => c.body(style, 200, { "content-type": "text/css; charset=utf-8" }));
  app.get("/tyr.js", (c) => c.body(script, 200, { "content-type": "text/javascript; charset=utf-8" }));
  app.use(admitting(options));
  app.post("*", fromOwnPage(publicUrl), bodyLimit({ maxSize: largestBody, onError: tooLarge }));
  app.use(signedIn(() => random(32)));
  const show = (c: Asked, page: (frame: Frame) => Content) => c.html(shown(c, pages, page));
  looking(app, show);
  saying(app, pages, show);
  return app;
}

type Show = (c: Asked, page: (frame: Frame) => Content) => Response | Promise<Response>;

function looking(app: Hono<Kinds>, show: Show): void {
  app.get("/", (c) => show(c, (frame) => nowPage(c.var.desk.desk(c.var.session.user), frame)));
  app.get("/rooms", (c) => {
    const search = textOf(c, "q");
    return show(c, (frame) => roomsPage(c.var.desk.rooms(search), search, frame));
  });
  app.get("/lists", (c) => show(c, () => listsPage(c.var.desk.lists())));
  app.get("/lists/:room", (c) => {
    const search = textOf(c, "q");
    const list = c.var.desk.list(c.req.param("room"), search);
    return list ? show(c, () => listPage(list, search)) : c.notFound();
  });
  app.get("/journal", async (c) => {
    const before = Number(textOf(c, "before"));
    const fields = {
      text: textOf(c, "text"),
      who: textOf(c, "who"),
      by: textOf(c, "by"),
      room: textOf(c, "room"),
      kind: textOf(c, "kind"),
      since: textOf(c, "since"),
      until: textOf(c, "until"),
      before: Number.isSafeInteger(before) && before > 0 ? before : undefined,
    };
    const found = await c.var.desk.journal(fields);
    return show(c, () => journalPage(found, fields));
  });
  app.get("/person", (c) => {
    const user = textOf(c, "user");
    return show(c, (frame) => personPage(c.var.desk.person(user, c.var.session.user), user, frame));
  });
  app.get("/said/:nonce", (c) => {
    const said = c.var.desk.said(c.var.session.user, c.req.param("nonce"));
    return said ? show(c, (frame) => spokenPage(said, frame)) : c.notFound();
  });
}

function saying(app: Hono<Kinds>, pages: Pages, show: Show): void {
  const rates = new Rates();
  const formOf = async (c: Asked) => {
    const { line, nonce } = await c.req.parseBody();
    const text = (value: unknown) => (typeof value === "string" ? value : "");
    return { line: text(line), nonce: text(nonce) };
  };
  app.post("/do", async (c) => {
    const { desk, session } = c.var;
    const { line, nonce } = await formOf(c);
    if (!pages.isOf(session.key, nonce))
      return refused(c, 403, "This page is too old. Nothing was done: load it again.");
    if (!rates.allows(session.key, mostSaid, desk.now()))
      return refused(c, 429, "That is too much for a minute. Nothing was done: wait a little.");
    const said = desk.say(session.user, line, nonce);
    if (said.kind === "waiting" || said.kind === "answered")
      return c.redirect(`/said/${encodeURIComponent(nonce)}`, 303);
    c.status(statusOf(said));
    return show(c, (frame) => spokenPage(said, frame));
  });
  app.post("/sign-out", async (c) => {
    const { desk, session } = c.var;
    const { nonce } = await formOf(c);
    if (!pages.isOf(session.key, nonce)) return refused(c, 403, "This page is too old: load it again.");
    // Said while the session counts; out it is whatever becomes of that.
    desk.say(session.user, `web end ${session.id}`, nonce);
    desk.leave(session);
    c.header("set-cookie", `${cookie}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0`);
    return refused(c, 200, "You are signed out here.", "Signed out");
  });
}

function statusOf(said: Spoken): 200 | 409 {
  return said.kind === "refused" ? 409 : 200;
}

/** What everybody has to be who asks for anything. */
function underOurName(publicUrl: string) {
  const { host } = new URL(publicUrl);
  return async (c: Asked, next: () => Promise<void>): Promise<Response | void> => {
    for (const [name, value] of Object.entries(headers)) c.header(name, value);
    // Under another name a page of somebody else could have its visitors ask us.
    if (c.req.header("host") !== host) return refused(c, 421, "Tyr's page has another address.");
    if (!["GET", "HEAD", "POST"].includes(c.req.method))
      return refused(c, 405, "Pages are read, and forms sent.");
    return next();
  };
}

function admitting({ desk }: AppOptions) {
  const rates = new Rates();
  return async (c: Asked, next: () => Promise<void>): Promise<Response | void> => {
    const there = desk();
    if (!there) return refused(c, 503, "Tyr is starting. Load this page again in a moment.");
    const address = addressOf(c.env?.incoming?.socket.remoteAddress, c.req.header("x-forwarded-for"));
    if (!rates.allows(networkOf(address), mostAsked, there.now()))
      return refused(c, 429, "Too much is asked from your network. Wait a minute.");
    c.set("desk", there);
    c.set("address", address);
    return next();
  };
}

function fromOwnPage(publicUrl: string) {
  return async (c: Asked, next: () => Promise<void>): Promise<Response | void> => {
    const site = c.req.header("sec-fetch-site");
    const isOurs = c.req.header("origin") === publicUrl && (site === undefined || site === "same-origin");
    if (!isOurs) return refused(c, 403, "This was not sent by a page of Tyr. Nothing was done.");
    const isForm = /^application\/x-www-form-urlencoded\b/i.test(c.req.header("content-type") ?? "");
    if (!isForm) return refused(c, 415, "A form is what can be read here. Nothing was done.");
    return next();
  };
}

function tooLarge(c: Context): Response | Promise<Response> {
  return refused(c, 413, "That is too long. Nothing was done.");
}

/** Whoever is not let in gets the code, and nothing else. */
function signedIn(newToken: () => string) {
  return async (c: Asked, next: () => Promise<void>): Promise<Response | void> => {
    const { desk } = c.var;
    const token = tokenOf(c.req.header("cookie"));
    const isLive = c.req.header("x-live") !== undefined;
    const session = token === undefined ? undefined : desk.session(sha256Base64(token), !isLive);
    if (session) {
      c.set("session", session);
      return next();
    }
    if (c.req.method === "POST") return refused(c, 403, "You are not signed in. Nothing was done.");
    if (new URL(c.req.url).pathname !== "/") return c.redirect("/", 303);
    return offerCode(c, token, newToken);
  };
}

function offerCode(
  c: Asked,
  known: string | undefined,
  newToken: () => string,
): Response | Promise<Response> {
  const { desk, address } = c.var;
  const browser = browserOf(c.req.header("user-agent"));
  const visitor = { address, network: networkOf(address), browser };
  const codeOf = (token: string) => desk.codeFor({ ...visitor, key: sha256Base64(token) });
  const first = known === undefined ? "used" : codeOf(known);
  const token = first === "used" ? newToken() : known!;
  const code = first === "used" ? codeOf(token) : first;
  if (code === "full" || code === "used")
    return refused(c, 503, "Too many browsers wait to be let in. Try again in three minutes.");
  if (token !== known)
    c.header("set-cookie", `${cookie}=${token}; Path=/; Secure; HttpOnly; SameSite=Strict`);
  return c.html(signInPage({ ...code, prefix: desk.prefix }));
}

/** Undefined unless it is one that we made. */
function tokenOf(header = ""): string | undefined {
  return /(?:^|;\s*)__Host-tyr=([A-Za-z0-9_-]{43})(?:;|$)/.exec(header.slice(0, 4_096))?.[1];
}

function shown(c: Asked, pages: Pages, page: (frame: Frame) => Content): Html {
  const { desk, session } = c.var;
  const { prefix, usages } = desk;
  const id = pages.begin(session.key, c.req.header("x-live"));
  const frame = { session, page: id, prefix, usages, at: desk.now() };
  return framed(frame, page(frame));
}

function textOf(c: Asked, name: string): string {
  return (c.req.query(name) ?? "").slice(0, 255);
}

type Status = 200 | 403 | 404 | 405 | 413 | 415 | 421 | 429 | 500 | 503;

function refused(
  c: Context,
  status: Status,
  sentence: string,
  title = "Not shown",
): Response | Promise<Response> {
  return c.html(refusalPage(status === 200 || c.req.method === "GET" ? title : "Not done", sentence), status);
}
