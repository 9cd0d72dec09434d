/**
 * What people see of the HTML of a message, and where its links lead. Reads tag by tag, in time that grows with the
 * text, whatever is open or broken; no DOM is built (docs/adr/0012-libraries.md).
 */
import { unescapeHtml } from "./html.ts";

export interface ShownLink {
  readonly href: string;
  /** What it shows, as plain text. */
  readonly shown: string;
}

export interface InlineImage {
  /** `title` and `alt`, as far as they are there. */
  readonly words: string;
  /** Pixels, as the sender says; undefined where nothing is said. */
  readonly height: number | undefined;
}

export interface ReadHtml {
  readonly text: string;
  readonly links: readonly ShownLink[];
  readonly images: readonly InlineImage[];
}

const maxLength = 65_536;
/** So many links, and so many pictures, are kept. */
const maxKept = 64;

/** Groups: a closing slash, the name, the attributes. What is no tag is text. */
const tag = /<(\/?)([a-z][a-z0-9-]{0,20})((?:\s[^<>]{0,4000})?)\/?>|<!--[^]*?(?:-->|$)/gi;
const attribute = /\b([a-z-]{1,20})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi;

/** Between these and what stands beside them a space is seen. */
const apart = new Set([
  "p",
  "div",
  "br",
  "li",
  "ul",
  "ol",
  "tr",
  "td",
  "th",
  "h1",
  "h2",
  "h3",
  "h4",
  "h5",
  "h6",
]);
for (const name of ["blockquote", "pre", "hr", "table", "details", "summary"]) apart.add(name);

export function readHtml(html: string): ReadHtml {
  const source = html.slice(0, maxLength);
  const reader = new HtmlReader();
  let end = 0;
  for (const found of source.matchAll(tag)) {
    reader.between(source.slice(end, found.index));
    end = found.index + found[0].length;
    const [, closing, name, attributes] = found;
    if (name !== undefined) reader.tag(name.toLowerCase(), closing === "/", attributes ?? "");
  }
  reader.between(source.slice(end));
  return reader.read;
}

class HtmlReader {
  #text = "";
  readonly #links: ShownLink[] = [];
  readonly #images: InlineImage[] = [];
  /** Where the link that is open leads, and from where on its text is shown. */
  #open: { readonly href: string; readonly from: number } | undefined;
  /** What a reply repeats of another message is not said here. */
  #inQuotedReply = false;

  get read(): ReadHtml {
    this.#closeLink();
    return { text: this.#text.replace(/[ \t]+/g, " ").trim(), links: this.#links, images: this.#images };
  }

  between(raw: string): void {
    if (!this.#inQuotedReply) this.#text += unescapeHtml(raw);
  }

  tag(name: string, closing: boolean, attributes: string): void {
    if (name === "mx-reply") this.#inQuotedReply = !closing;
    if (this.#inQuotedReply) return;
    if (apart.has(name)) this.#text += "\n";
    if (name === "a") {
      this.#closeLink();
      const href = closing ? undefined : attributesIn(attributes).get("href");
      if (href !== undefined) this.#open = { href, from: this.#text.length };
    }
    if (name === "img" && this.#images.length < maxKept) this.#images.push(imageOf(attributesIn(attributes)));
  }

  #closeLink(): void {
    if (this.#open && this.#links.length < maxKept)
      this.#links.push({ href: this.#open.href, shown: this.#text.slice(this.#open.from).trim() });
    this.#open = undefined;
  }
}

function imageOf(attributes: ReadonlyMap<string, string>): InlineImage {
  const words = [attributes.get("title"), attributes.get("alt")].filter((one) => one !== undefined);
  const height = Number.parseInt(attributes.get("height") ?? "", 10);
  return { words: words.join(" "), height: Number.isNaN(height) ? undefined : height };
}

function attributesIn(text: string): ReadonlyMap<string, string> {
  return new Map(
    [...text.matchAll(attribute)].map(([, name, double, single, bare]) => [
      name!.toLowerCase(),
      unescapeHtml(double ?? single ?? bare ?? ""),
    ]),
  );
}
