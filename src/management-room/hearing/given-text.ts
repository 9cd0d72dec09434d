/** The text that a command is given by a file or a message: an attached file, or the block of code in a message. */
import { unescapeHtml } from "../../kit/html.ts";
import { asNumber, asObject, asString, type JsonObject } from "../../kit/json.ts";
import type { RoomEvent } from "../../model/event.ts";
import type { GivenText } from "../../model/heard-command.ts";
import { parseMediaUri, type MediaUri } from "../../model/ids.ts";

/** `sealed`: of an encrypted file its keys and the hash that it has to have, as the message tells them. */
export interface GivenFile {
  readonly uri: MediaUri;
  readonly sealed: JsonObject | undefined;
}

/** Undefined where it is longer, or cannot be had; `unopened` where it was had and its keys or its hash do not fit. */
export type ReadFile = (file: GivenFile, mostBytes: number) => Promise<Uint8Array | "unopened" | undefined>;

/** A rule with lists of five thousand words; a moderator waits for it to be read. */
const longestFile = 128 * 1_024;
const longestHtml = 65_536;

/** `isItself`: of the command's own message only a file counts: the block of code in it is part of the command. */
export async function textGivenIn(
  event: RoomEvent,
  readFile: ReadFile,
  { isItself = false } = {},
): Promise<GivenText | undefined> {
  const { type, sender: by } = event;
  if (type === "m.room.encrypted") return { problem: "that message is encrypted, and I cannot read it" };
  const content = asObject(event.content["m.new_content"]) ?? event.content;
  if (content["msgtype"] === "m.file") {
    const read = await fileIn(content, readFile);
    return "problem" in read ? read : { ...read, by };
  }
  const text = isItself ? undefined : blockOfCode(content);
  return text === undefined ? undefined : { text, by };
}

async function fileIn(
  content: JsonObject,
  readFile: ReadFile,
): Promise<{ readonly text: string; readonly file: string } | { readonly problem: string }> {
  const file = (asString(content["filename"]) ?? asString(content["body"]) ?? "").slice(0, 100);
  const sealed = asObject(content["file"]);
  const uri = parseMediaUri((sealed ?? content)["url"]);
  if (!uri) return { problem: "that message names no file" };
  const size = asNumber(asObject(content["info"])?.["size"]) ?? 0;
  const tooLong = { problem: `a file of rules may have ${longestFile / 1_024} kB here` };
  if (size > longestFile) return tooLong;
  const bytes = await readFile({ uri, sealed }, longestFile);
  if (bytes === "unopened")
    return { problem: "that file is encrypted, and does not open with the key that came with it" };
  if (!bytes)
    return { problem: `that file could not be fetched, or has more than ${longestFile / 1_024} kB` };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), file };
  } catch {
    return { problem: "that file is no text (UTF-8)" };
  }
}

/** The first one, as it was typed or as HTML. */
function blockOfCode(content: JsonObject): string | undefined {
  const html = (asString(content["formatted_body"]) ?? "").slice(0, longestHtml);
  const block = /<pre>(?:<code(?: [^<>]{0,100})?>)?([\s\S]*?)(?:<\/code>)?<\/pre>/i.exec(html)?.[1];
  if (block !== undefined) return unescapeHtml(block.replace(/<br ?\/?>/gi, "\n"));
  const body = (asString(content["body"]) ?? "").replace(/\r\n?/g, "\n");
  return /(?:^|\n)```[a-z]*[ \t]*\n([\s\S]*?)\n?```/i.exec(body)?.[1];
}
