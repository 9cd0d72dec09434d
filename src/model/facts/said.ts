/**
 * What people see of an event: body, formatted text, captions, file names, questions and answers of a poll, reactions,
 * the names and topics that it sets; an edit by what it says now. Read once, when the first fact asks for it.
 */
import { fold, visiblePart, type FoldedText } from "../../kit/fold.ts";
import { readHtml, type ReadHtml } from "../../kit/html.ts";
import { asArray, asNumber, asObject, asString, type JsonObject } from "../../kit/json.ts";
import { domainOf, hostOf, linksIn, maxLinks } from "../../kit/links.ts";
import type { RoomEvent } from "../event.ts";

export interface SaidLink {
  readonly url: string;
  readonly host: string;
  readonly domain: string;
  /** Its text is an address of another host. */
  readonly falseFace: boolean;
}

/** Without content these show nothing: they were redacted before they reached us, and what they said is not known. */
const saying: ReadonlySet<string> = new Set([
  "m.room.message",
  "m.sticker",
  "m.reaction",
  "m.poll.start",
  "m.poll",
  "org.matrix.msc3381.poll.start",
]);

const read = new WeakMap<RoomEvent, Said>();

/** Whoever asks reads the same of an event: its text is folded once, and its links are looked for once. */
export function saidIn(event: RoomEvent): Said {
  let said = read.get(event);
  if (!said) read.set(event, (said = new Said(event)));
  return said;
}

const noHtml: ReadHtml = { text: "", links: [], images: [] };

export class Said {
  readonly event: RoomEvent;
  /** The content that counts: of an edit, the new one. */
  readonly content: JsonObject;
  /** What it says is not known to us. */
  readonly isUnreadable: boolean;
  /** Of an edit, what clients show that know no edits; it should be the same with a star before it. */
  readonly #fallback: Said | undefined;
  #html: ReadHtml | undefined;
  #surfaces: readonly string[] | undefined;
  #raw: string | undefined;
  #looked: string | undefined;
  #folded: FoldedText | undefined;
  #links: readonly SaidLink[] | undefined;

  constructor(event: RoomEvent) {
    this.event = event;
    // What is called new counts in an edit alone: elsewhere clients show what stands beside it.
    const edited = isEdit(event.content) ? asObject(event.content["m.new_content"]) : undefined;
    this.content = edited ?? event.content;
    this.isUnreadable =
      this.isEncrypted || (saying.has(event.type) && Object.keys(event.content).length === 0);
    if (edited) this.#fallback = new Said({ ...event, content: fallbackOf(event.content) });
  }

  get isEncrypted(): boolean {
    return this.event.type === "m.room.encrypted";
  }

  get html(): ReadHtml {
    if (!this.#html) {
      const formatted = asString(this.content["formatted_body"]);
      this.#html = formatted === undefined ? noHtml : readHtml(formatted, { isReply: isReply(this.content) });
    }
    return this.#html;
  }

  /** All that is seen, each thing once. */
  get raw(): string {
    return (this.#raw ??= this.#allSurfaces.join("\n"));
  }

  /** Of each surface as much as anybody reads, so that a long one does not hide the others. */
  get looked(): string {
    return (this.#looked ??= this.#allSurfaces.map(visiblePart).join("\n"));
  }

  get folded(): FoldedText {
    return (this.#folded ??= fold(this.looked));
  }

  /** In the text and in the HTML, each address once. */
  get links(): readonly SaidLink[] {
    return (this.#links ??= this.#findLinks());
  }

  get #allSurfaces(): readonly string[] {
    return (this.#surfaces ??= this.#findSurfaces());
  }

  #findSurfaces(): readonly string[] {
    const own = this.#ownSurfaces;
    // Most say one thing.
    if (own.length <= 1 && !this.#fallback) return own;
    const fallback = this.#fallback ? this.#fallback.#ownSurfaces : [];
    const others = fallback
      .map((text) => text.replace(/^\s*\*\s+/, ""))
      .filter((text) => !own.some((one) => sameText(one, text)));
    return [...new Set([...own, ...others])];
  }

  get #ownSurfaces(): readonly string[] {
    const { content, html } = this;
    const body = withoutQuote(asString(content["body"]) ?? "", content);
    const texts: string[] = [];
    const add = (text: string | undefined) => {
      if (text !== undefined && text !== "") texts.push(text);
    };
    add(body);
    // Most clients say in the body what the formatted text says.
    if (html.text !== "" && !sameText(html.text, body)) add(html.text);
    for (const { words } of html.images) add(words);
    add(asString(content["filename"]));
    add(asString(asObject(content["m.relates_to"])?.["key"]));
    add(asString(content["description"]));
    for (const text of pollTexts(content)) add(text);
    add(asString(content["displayname"]));
    add(asString(content["name"]));
    add(asString(content["topic"]));
    return texts;
  }

  #findLinks(): readonly SaidLink[] {
    const found = new FoundLinks();
    for (const { href, shown } of [...this.html.links, ...(this.#fallback?.html.links ?? [])]) {
      const url = hrefOf(href);
      if (!/^(?:https?|matrix|mailto|ftp|magnet|xmpp|tg):/i.test(url)) continue;
      const face = linksIn(shown).at(0)?.host ?? "";
      found.add(url, face !== "" && face !== hostOf(url));
    }
    for (const { url } of linksIn(this.raw)) found.add(url, false);
    return found.all;
  }
}

/** Each address once. So many, and of those after them the first of each host, so that decoys hide no other one. */
class FoundLinks {
  readonly #byHref = new Map<string, SaidLink>();
  readonly #hosts = new Set<string>();

  get all(): readonly SaidLink[] {
    return [...this.#byHref.values()];
  }

  add(url: string, isFalse: boolean): void {
    const host = hostOf(url);
    const href = hrefOf(url);
    const known = this.#byHref.get(href);
    const isKept = this.#byHref.size < maxLinks || (this.#hosts.size < maxLinks && !this.#hosts.has(host));
    if (!known && !isKept) return;
    this.#hosts.add(host);
    const falseFace = isFalse || known?.falseFace === true;
    this.#byHref.set(href, { url, host, domain: host && domainOf(host), falseFace });
  }
}

/** As a browser follows it; the same for `https://a.example` and `https://a.example/`. */
function hrefOf(url: string): string {
  return URL.canParse(url) ? new URL(url).href : url;
}

function isEdit(content: JsonObject): boolean {
  return asObject(content["m.relates_to"])?.["rel_type"] === "m.replace";
}

/** Without the key of a reaction, and without what an edit is about; quoted as in a reply, where it is one. */
function fallbackOf({ body, formatted_body }: JsonObject): JsonObject {
  return { body, formatted_body, "m.relates_to": { "m.in_reply_to": {} } };
}

function isReply(content: JsonObject): boolean {
  return asObject(asObject(content["m.relates_to"])?.["m.in_reply_to"]) !== undefined;
}

/** Lines that a reply repeats at its start, as old clients write them. */
function withoutQuote(body: string, content: JsonObject): string {
  return isReply(content) ? body.replace(/^> (?:\* )?<@[^\n]*\n(?:>[^\n]*\n)*\n?/, "") : body;
}

function sameText(one: string, other: string): boolean {
  return one.replace(/\s+/g, "") === other.replace(/\s+/g, "");
}

const maxAnswers = 20;

/** MSC3381, and as it is in the specification. */
function pollTexts(content: JsonObject): readonly string[] {
  const poll = asObject(
    content["m.poll"] ?? content["m.poll.start"] ?? content["org.matrix.msc3381.poll.start"],
  );
  if (!poll) return [];
  const answers = (asArray(poll["answers"]) ?? []).slice(0, maxAnswers);
  return [poll["question"], ...answers].map(extensibleText).filter((text) => text !== "");
}

/** MSC1767: the text of a block, by its old and new names: clients differ in which they read. */
function extensibleText(block: unknown): string {
  const texts = asObject(block);
  const [newest] = asArray(texts?.["m.text"]) ?? [];
  const all = [texts?.["org.matrix.msc1767.text"], texts?.["body"], asObject(newest)?.["body"]];
  return [...new Set(all.flatMap((text) => asString(text) ?? []))].join("\n");
}

/** The media of a message, as the sender describes them. */
export interface SaidMedia {
  readonly kind: "image" | "video" | "audio" | "voice" | "file" | "sticker";
  readonly type: string | undefined;
  readonly size: number | undefined;
  readonly width: number | undefined;
  readonly height: number | undefined;
  readonly name: string;
  /** The same for what looks alike: the blurhash with the size, or the address. */
  readonly key: string | undefined;
}

const mediaKinds: ReadonlyMap<string, SaidMedia["kind"]> = new Map([
  ["m.image", "image"],
  ["m.video", "video"],
  ["m.audio", "audio"],
  ["m.file", "file"],
]);

/** Undefined for a message without. */
export function mediaOf({ event, content }: Said): SaidMedia | undefined {
  const said = event.type === "m.sticker" ? "sticker" : mediaKinds.get(asString(content["msgtype"]) ?? "");
  if (said === undefined) return undefined;
  const isVoice =
    said === "audio" && asObject(content["org.matrix.msc3245.voice"] ?? content["m.voice"]) !== undefined;
  const info = asObject(content["info"]);
  const [width, height] = [asNumber(info?.["w"]), asNumber(info?.["h"])];
  const blurhash = asString(info?.["xyz.amorgan.blurhash"]) ?? asString(info?.["blurhash"]);
  const url = asString(content["url"]) ?? asString(asObject(content["file"])?.["url"]);
  return {
    kind: isVoice ? "voice" : said,
    type: asString(info?.["mimetype"]),
    size: asNumber(info?.["size"]),
    width,
    height,
    name: asString(content["filename"]) ?? asString(content["body"]) ?? "",
    key: blurhash === undefined ? url : `${blurhash.slice(0, 100)} ${width}x${height}`,
  };
}
