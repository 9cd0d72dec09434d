/**
 * Ids that stand as code in a message to moderators, as links that open the person or room: whoever wrote the sentence need
 * not think of it. They mention nobody, as the message's `m.mentions` is empty.
 */
import { bytesOf, linked, withoutLinks, type Say } from "../../kit/say.ts";
import { serverOf, type UserId } from "../../model/ids.ts";
import { linkOfId } from "../../model/links.ts";

/** Code without a link in it. Whatever was said is escaped, so that tags are only ours. */
const codeText = /<code>([^<]*)<\/code>/g;

/** As many as fit into `maxBytes`; where the message is too long already, its other links go, too. */
export function withLinkedIds(say: Say, { self, maxBytes }: { self: UserId; maxBytes: number }): Say {
  const { text, html } = bytesOf(say.html) > maxBytes ? withoutLinks(say) : say;
  let left = maxBytes - bytesOf(html);
  const withLinks = html.replace(codeText, (whole, inner: string) => {
    const address = linkOf(unescaped(inner), self);
    const code = address === undefined ? whole : `<code>${linked(inner, address)}</code>`;
    const more = bytesOf(code) - bytesOf(whole);
    if (more > left) return whole;
    left -= more;
    return code;
  });
  return { text, html: withLinks };
}

function linkOf(id: string, self: UserId): string | undefined {
  // "@name:server" and the like show how an id looks, and "…" stands for what was cut off.
  return /:server$|…$/.test(id) ? undefined : linkOfId(id, [serverOf(self)]);
}

function unescaped(html: string): string {
  return html.replace(/&#(\d+);/g, (_, character: string) => String.fromCodePoint(Number(character)));
}
