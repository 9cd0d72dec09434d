/**
 * What people see of an event: body, formatted text, captions, file names, questions and answers of a poll, reactions,
 * the names and topics that it sets; an edit by what it says now. Read once, when the first fact asks for it.
 */
import { fold, type FoldedText } from "../../kit/fold.ts";
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

const noHtml: ReadHtml = { text: "", links: [], images: [] };

export class Said {
  readonly event: RoomEvent;
  /** The content that counts: of an edit, the new one. */
  readonly content: JsonObject;
  #html: ReadHtml | undefined;
  #raw: string | undefined;
  #folded: FoldedText | undefined;
  #links: readonly SaidLink[] | undefined;

  constructor(event: RoomEvent) {
    this.event = event;
    this.content = asObject(event.content["m.new_content"]) ?? event.content;
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
    return (this.#raw ??= [...new Set(this.#surfaces())].join("\n"));
  }

  get folded(): FoldedText {
    return (this.#folded ??= fold(this.raw));
  }

  /** In the text and in the HTML, each address once. */
  get links(): readonly SaidLink[] {
    return (this.#links ??= this.#findLinks());
  }

  #surfaces(): readonly string[] {
    const { content, html } = this;
    const body = withoutQuote(asString(content["body"]) ?? "", content);
    const texts = [
      // Most clients say in the body what the formatted text says.
      html.text === "" || sameText(html.text, body) ? body : `${body}\n${html.text}`,
      ...html.images.map(({ words }) => words),
      asString(content["filename"]),
      asString(asObject(content["m.relates_to"])?.["key"]),
      asString(content["description"]),
      ...pollTexts(content),
      asString(content["displayname"]),
      asString(content["name"]),
      asString(content["topic"]),
    ];
    return texts.filter((text) => text !== undefined && text !== "").map(String);
  }

  #findLinks(): readonly SaidLink[] {
    const found = new Map<string, SaidLink>();
    const add = (url: string, falseFace: boolean) => {
      const host = hostOf(url);
      const known = found.get(hrefOf(url));
      if (found.size < maxLinks || known)
        found.set(hrefOf(url), {
          url,
          host,
          domain: host && domainOf(host),
          falseFace: falseFace || known?.falseFace === true,
        });
    };
    for (const { href, shown } of this.html.links) {
      const face = linksIn(shown).at(0)?.host ?? "";
      if (/^(?:https?|matrix|mailto|ftp|magnet|xmpp|tg):/i.test(href))
        add(href, face !== "" && face !== hostOf(href));
    }
    for (const { url } of linksIn(this.raw)) add(url, false);
    return [...found.values()];
  }
}

/** The same for `https://a.example` and `https://a.example/`. */
function hrefOf(url: string): string {
  return URL.canParse(url) ? new URL(url).href : url;
}

function isReply(content: JsonObject): boolean {
  return asObject(asObject(content["m.relates_to"])?.["m.in_reply_to"]) !== undefined;
}

/** Lines that a reply repeats at its start, as old clients write them. */
function withoutQuote(body: string, content: JsonObject): string {
  return isReply(content) && body.startsWith("> ") ? body.replace(/^(?:>[^\n]*\n)+\n?/, "") : body;
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

/** MSC1767: the text of a block, by its old and new names. */
function extensibleText(block: unknown): string {
  const texts = asObject(block);
  const old = asString(texts?.["org.matrix.msc1767.text"]) ?? asString(texts?.["body"]);
  if (old !== undefined) return old;
  const parts = asArray(texts?.["m.text"]) ?? [];
  return asString(asObject(parts[0])?.["body"]) ?? "";
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
