/**
 * What people see of the HTML of a message, and where its links lead. Reads tag by tag, in time that grows with the
 * text, whatever is open or broken; no DOM is built (docs/adr/0012-libraries.md).
 */

export interface ShownLink {
  readonly href: string;
  /** What it shows, as plain text. */
  readonly shown: string;
  /** No text stands before it. */
  readonly isAtStart: boolean;
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
const maxKept = 1_000;

/**
 * Groups: a closing slash, the name, the attributes. What stands in quotes belongs to them, so that no tag can be hidden
 * there; what is no tag is text. Each repetition is bounded, so that hostile text takes linear time.
 */
const tag =
  /<(\/?)([a-z][a-z0-9-]{0,20})((?:[\s/](?:[^<>"']|"[^"]{0,1000}"|'[^']{0,1000}'){0,1000})?)>|<!--(?:-?>|[^]*?(?:--!?>|$))/gi;
/** Groups: the name, the value in double quotes, in single ones, in none. */
const attribute = /(?<=^|[\s/"'])([a-z-]{1,30})\s{0,10}=\s{0,10}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi;

/** Between these and what stands beside them a space is seen. */
const apart: ReadonlySet<string> = new Set([
  ...["p", "div", "br", "hr", "blockquote", "pre", "details", "summary"],
  ...["li", "ul", "ol", "table", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6"],
]);

/** What stands in these most clients leave out; some show it, as they leave out the tags alone. */
const unshown: ReadonlySet<string> = new Set(["script", "style", "textarea", "option", "noscript", "title"]);

/** In these stands what others said, or what is shown and not meant. */
const quotes: ReadonlySet<string> = new Set(["code", "pre", "blockquote"]);

/**
 * `isReply`: what a reply repeats of another message (`mx-reply`) is not read; elsewhere clients show it. `skipsQuotes`:
 * nor are code and quotations.
 */
export function readHtml(html: string, { isReply = false, skipsQuotes = false } = {}): ReadHtml {
  const source = html.slice(0, maxLength);
  const reader = new HtmlReader({ isReply, skipsQuotes });
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
  #unshownText = "";
  /** The element that is open whose content is not shown. */
  #unshownIn: string | undefined;
  readonly #links: ShownLink[] = [];
  readonly #images: InlineImage[] = [];
  /** Where the link that is open leads, and from where on its text is shown. */
  #open: { readonly href: string; readonly from: number } | undefined;
  readonly #isReply: boolean;
  readonly #skipsQuotes: boolean;
  #inQuotedReply = false;
  /** How many quotations and pieces of code are open. */
  #quotesOpen = 0;

  constructor({ isReply, skipsQuotes }: { isReply: boolean; skipsQuotes: boolean }) {
    this.#isReply = isReply;
    this.#skipsQuotes = skipsQuotes;
  }

  get #isSkipped(): boolean {
    return this.#inQuotedReply || this.#quotesOpen > 0;
  }

  get read(): ReadHtml {
    this.#closeLink();
    const text = this.#unshownText === "" ? this.#text : `${this.#text}\n${this.#unshownText}`;
    return { text: text.replace(/[ \t]+/g, " ").trim(), links: this.#links, images: this.#images };
  }

  between(raw: string): void {
    if (this.#isSkipped) return;
    if (this.#unshownIn === undefined) this.#text += unescapeHtml(raw);
    else this.#unshownText += unescapeHtml(raw);
  }

  tag(name: string, closing: boolean, attributes: string): void {
    if (this.#isReply && name === "mx-reply") this.#inQuotedReply = !closing;
    if (this.#skipsQuotes && quotes.has(name))
      this.#quotesOpen = closing ? Math.max(0, this.#quotesOpen - 1) : this.#quotesOpen + 1;
    if (this.#isSkipped) return;
    if (this.#unshownIn !== undefined) {
      if (closing && name === this.#unshownIn) this.#unshownIn = undefined;
      return;
    }
    if (unshown.has(name) && !closing) this.#unshownIn = name;
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
      this.#links.push({
        href: this.#open.href,
        shown: this.#text.slice(this.#open.from).trim(),
        isAtStart: this.#text.slice(0, this.#open.from).trim() === "",
      });
    this.#open = undefined;
  }
}

function imageOf(attributes: ReadonlyMap<string, string>): InlineImage {
  const words = [attributes.get("title"), attributes.get("alt")].filter((one) => one !== undefined);
  const height = Number.parseInt(attributes.get("height") ?? "", 10);
  return { words: words.join(" "), height: Number.isNaN(height) ? undefined : height };
}

/** Of an attribute that is there twice, the first counts. */
function attributesIn(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, name, double, single, bare] of text.matchAll(attribute))
    if (!found.has(name!.toLowerCase()))
      found.set(name!.toLowerCase(), unescapeHtml(double ?? single ?? bare ?? ""));
  return found;
}

/** Of ASCII, and those that nobody sees: a letter cannot be written by a name. */
const namedReferences: ReadonlyMap<string, string> = new Map([
  ...["lt", "LT"].map((name) => [name, "<"] as const),
  ...["gt", "GT"].map((name) => [name, ">"] as const),
  ...["quot", "QUOT"].map((name) => [name, '"'] as const),
  ...["amp", "AMP"].map((name) => [name, "&"] as const),
  ...Object.entries({ Tab: "\t", NewLine: "\n", excl: "!", num: "#", dollar: "$", percnt: "%", apos: "'" }),
  ...Object.entries({ lpar: "(", rpar: ")", ast: "*", midast: "*", plus: "+", comma: ",", period: "." }),
  ...Object.entries({ sol: "/", colon: ":", semi: ";", equals: "=", quest: "?", commat: "@", bsol: "\\" }),
  ...Object.entries({ lsqb: "[", lbrack: "[", rsqb: "]", rbrack: "]", lowbar: "_", UnderBar: "_" }),
  ...Object.entries({
    lcub: "{",
    lbrace: "{",
    rcub: "}",
    rbrace: "}",
    verbar: "|",
    vert: "|",
    hyphen: "\u2010",
  }),
  ...Object.entries({ nbsp: "\u00a0", NonBreakingSpace: "\u00a0", shy: "\u00ad", ZeroWidthSpace: "\u200b" }),
  ...Object.entries({ zwnj: "\u200c", zwj: "\u200d", lrm: "\u200e", rlm: "\u200f", NoBreak: "\u2060" }),
]);

/** Character references as clients write and read them; others stay as they are. Names are told apart by case: `&Lt;` is no `<`. */
export function unescapeHtml(text: string): string {
  return text.replace(
    /&(?:#0*(\d{1,7})(?:;|(?!\d))|#[xX]0*([\da-fA-F]{1,6})(?:;|(?![\da-fA-F]))|([a-zA-Z]{2,16});)/g,
    (whole, decimal, hex, name) => {
      if (typeof name === "string") return namedReferences.get(name) ?? whole;
      const point = typeof decimal === "string" ? Number(decimal) : Number.parseInt(String(hex), 16);
      return point > 0 && point <= 0x10_ffff ? String.fromCodePoint(point) : whole;
    },
  );
}
