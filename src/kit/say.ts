/**
 * Messages for people, in plain text and HTML at once. The template escapes all dynamic parts: a hostile reason or room
 * name can neither break the layout nor mention anybody.
 */
import { invisible } from "./invisible-characters.ts";

export interface Say {
  readonly text: string;
  readonly html: string;
}

type Piece = Say | string | number;

/** say`Banned ${user} in ${3} rooms`: strings and numbers are cleaned and escaped, nested says are kept. */
export function say(literals: TemplateStringsArray, ...pieces: readonly Piece[]): Say {
  let text = literals[0]!;
  let html = escapeHtml(literals[0]!);
  pieces.forEach((piece, i) => {
    const next = typeof piece === "object" ? piece : plain(String(piece));
    text += next.text + literals[i + 1]!;
    html += next.html + escapeHtml(literals[i + 1]!);
  });
  return { text, html };
}

/** Text from outside: on one line, without invisible or direction-changing characters, at most `maxLength` characters. */
export function plain(value: string, maxLength = 300): Say {
  const text = clean(value, maxLength);
  return { text, html: escapeHtml(text) };
}

/** Lines of code as they are, to be copied: nothing in them is cleaned or cut. */
export function block(text: string, language: string): Say {
  const whole = text.endsWith("\n") ? text : `${text}\n`;
  return {
    text: `\`\`\`${language}\n${whole}\`\`\``,
    html: `<pre><code class="language-${language}">${escapeHtml(whole)}</code></pre>`,
  };
}

/** A user id, room id, glob or command, as code, so that no client turns it into a mention. */
export function code(value: string, maxLength = 300): Say {
  const text = clean(value, maxLength);
  return { text, html: `<code>${escapeHtml(text)}</code>` };
}

/**
 * A name that opens what it names. As code within the link clients would put a pill in its place, with a name that somebody
 * chose or an id that nobody knows; a link within code they leave as it is (Element Web's `pillifyLinks`).
 */
export function link(name: string, address: string, maxLength = 300): Say {
  const { text, html } = plain(name, maxLength);
  return { text, html: `<code>${linked(html, address)}</code>` };
}

export function linked(html: string, address: string): string {
  return `<a href="${escapeHtml(address)}">${html}</a>`;
}

/** The same without any link, which is shorter. */
export function withoutLinks({ text, html }: Say): Say {
  return { text, html: html.replace(/<a href="[^"]*">|<\/a>/g, "") };
}

export function bold(inner: Say | string): Say {
  const { text, html } = typeof inner === "string" ? plain(inner) : inner;
  return { text, html: `<b>${html}</b>` };
}

/** One part a line; undefined parts are left out. A list, a fold and a block of code begin and end a line by themselves. */
export function lines(...parts: readonly (Say | undefined)[]): Say {
  const said = parts.filter((part): part is Say => part !== undefined);
  let html = "";
  for (const [i, { html: next }] of said.entries())
    if (i > 0 && needsBlock(html, next)) html += `<div>${next}</div>`;
    else html += (i > 0 && needsBreak(html, next) ? "<br>" : "") + next;
  return { text: said.map((part) => part.text).join("\n"), html };
}

const blockEnds = /<\/(?:ul|pre|div|details)>$/;

/** Before a fold too: clients without folds show its title in the same line, and the others no blank line for it. */
function needsBreak(before: string, after: string): boolean {
  return !blockEnds.test(before) && !/^<(?:ul|pre|div)>/.test(after);
}

/** Qt (nheko, Quaternion) begins a line after a block with the first code in it, and paints all of that line as code. */
function needsBlock(before: string, after: string): boolean {
  return blockEnds.test(before) && /^<(?:code|details)>/.test(after);
}

/** "a, b, c" */
export function joined(parts: readonly Say[], between = ", "): Say {
  return {
    text: parts.map((part) => part.text).join(between),
    html: parts.map((part) => part.html).join(escapeHtml(between)),
  };
}

/** "a, b and 3 more": shows at most `most` parts. `all`: the total count, where `parts` are not all. */
export function someOf(parts: readonly Say[], most: number, all = parts.length): Say {
  const shown = joined(parts.slice(0, most));
  return all > most ? say`${shown} and ${(all - most).toLocaleString("en")} more` : shown;
}

/** A list with one item a line. */
export function bullets(items: readonly Say[]): Say {
  return {
    text: items.map((item) => `• ${item.text}`).join("\n"),
    html: `<ul>${items.map((item) => `<li>${item.html}</li>`).join("")}</ul>`,
  };
}

/**
 * A part that clients fold away (`<details>`); in plain text it stands whole below its title. What is inside is a block, so
 * that it begins a line where a client shows no folds.
 */
export function folded(title: Say, inner: Say): Say {
  const block = /^<(?:ul|pre|div)>.*<\/(?:ul|pre|div)>$/s.test(inner.html)
    ? inner.html
    : `<div>${inner.html}</div>`;
  return {
    text: `${title.text}\n${inner.text}`,
    html: `<details><summary>${title.html}</summary>${block}</details>`,
  };
}

/** "1 room", "3 rooms". */
export function count(n: number, one: string, many = `${one}s`): Say {
  return plain(`${n.toLocaleString("en")} ${n === 1 ? one : many}`);
}

/**
 * At most `maxBytes` of each form, as bytes of JSON: an event may have 65,536 bytes, and an edit contains both forms twice.
 * HTML cannot be cut at any place, so a message that is too long loses its formatting.
 */
export function shortened({ text, html }: Say, maxBytes: number): Say {
  if (bytesOf(text) <= maxBytes && bytesOf(html) <= maxBytes) return { text, html };
  const note = `\n… (shortened: ${text.length.toLocaleString("en")} characters in all)`;
  const cut = startOf(text, maxBytes - bytesOf(asHtml(note)));
  const rest = `${cut.slice(0, Math.max(cut.lastIndexOf("\n"), cut.length - 200))}${note}`;
  return { text: rest, html: asHtml(rest) };
}

/** The longest start of the text that fits as HTML, which is never the shorter form. */
function startOf(text: string, maxBytes: number): string {
  let [length, bytes] = [0, 0];
  for (const character of text) {
    bytes += bytesOf(asHtml(character));
    if (bytes > maxBytes) break;
    length += character.length;
  }
  return text.slice(0, length);
}

/** As part of an event, which is JSON. */
export function bytesOf(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - 2;
}

function asHtml(text: string): string {
  return escapeHtml(text).replace(/\n/g, "<br>");
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

function clean(value: string, maxLength: number): string {
  // Cut before cleaning, too: a reason may have 60 kB.
  const seen = value
    .slice(0, maxLength * 4)
    .toWellFormed()
    .replace(invisible, " ")
    .replace(/@room/gi, "@\u2060room")
    .trim();
  const characters = [...seen];
  return characters.length > maxLength ? `${characters.slice(0, maxLength - 1).join("")}…` : seen;
}
