/** Sentences of others, such as a homeserver's errors: the ids in them are set as code, as they are in our own. */
import { code, escapeHtml, joined, plain, type Say } from "../kit/say.ts";

/** `@user:server`, `#alias:server`, `!room:server`, and ids of rooms and events that name no server. */
const ids = /([@#!$][^\s:,;"'`<>()]{1,200}:[\w.-]+(?::\d{1,5})?|[!$][\w/+-]{43})/;

export function quoted(sentence: string, maxLength = 300): Say {
  const parts = plain(sentence, maxLength)
    .text.split(ids)
    .flatMap((part, i) => {
      if (i % 2 === 0) return asItIs(part);
      // The full stop after an id is the sentence's.
      const [, id, end] = /^(.*?)([.-]*)$/.exec(part)!;
      return [code(id!), asItIs(end!)];
    });
  return joined(parts, "");
}

/** Clean already; its spaces stay. */
function asItIs(text: string): Say {
  return { text, html: escapeHtml(text) };
}
