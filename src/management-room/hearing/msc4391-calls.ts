/**
 * Commands that clients send as structured data (MSC4391): name, and arguments by name and type. They are turned into a
 * line as somebody would type it, so that one parser reads all commands.
 */
import { asObject, asString, stringsOf, type JsonObject } from "../../kit/json.ts";
import type { UserId } from "../../model/ids.ts";
import type { Command } from "../../commands/define.ts";
import { parseLink } from "../../model/links.ts";

const callKey = "org.matrix.msc4391.command";

/** The line for a structured command that mentions us; undefined for other messages. */
export function lineOfCall(
  content: JsonObject,
  self: UserId,
  commands: readonly Command[],
): string | undefined {
  const call = asObject(content[callKey]);
  const name = asString(call?.["command"])?.trim();
  if (!call || !name) return undefined;
  if (!stringsOf(asObject(content["m.mentions"])?.["user_ids"]).includes(self)) return undefined;
  const given = asObject(call["arguments"]) ?? {};
  const fitting = commands.filter((one) =>
    [one.words, ...one.also].some((words) => words.join(" ") === name),
  );
  // Two commands may share their words: meant is the one that has all of the arguments that were sent.
  const command =
    fitting.find((one) =>
      Object.keys(given).every((key) => Object.hasOwn(one.takes, key) || Object.hasOwn(one.flags, key)),
    ) ?? fitting[0];
  return command ? lineOf(name, command, given) : name;
}

function lineOf(name: string, command: Command, given: JsonObject): string {
  const args = Object.entries(command.takes);
  const before = args.filter(([, { kind }]) => kind !== "rest").flatMap(([key]) => textOf(given[key]) ?? []);
  const after = args.filter(([, { kind }]) => kind === "rest").flatMap(([key]) => textOf(given[key]) ?? []);
  const flags = Object.entries(command.flags).flatMap(([key, { type }]) => {
    if (type === "boolean") return given[key] === true ? [`--${key}`] : [];
    const value = textOf(given[key]);
    return value === undefined ? [] : [`--${key} ${quoted(value)}`];
  });
  return [name, ...flags, ...before.map(quoted), ...after.map(quoted)].join(" ");
}

/** A value as somebody would type it. Rooms and events are sent as objects and become matrix.to links. */
function textOf(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  const text = asString(value)?.replace(/\s+/g, " ").trim();
  if (text !== undefined) return text === "" ? undefined : text;
  const object = asObject(value);
  const id = asString(object?.["id"]);
  if (id === undefined) return undefined;
  const event = asString(object?.["event_id"]);
  const via = stringsOf(object?.["via"]).map((server) => `via=${encodeURIComponent(server)}`);
  const query = via.length > 0 ? `?${via.join("&")}` : "";
  return `https://matrix.to/#/${encodeURIComponent(id)}${event === undefined ? "" : `/${encodeURIComponent(event)}`}${query}`;
}

/** In quotes that do not occur in the text, where it would fall apart otherwise. */
function quoted(text: string): string {
  if (!/[\s"'“„”‘‚«»—–]|^--/.test(text) || parseLink(text)) return text;
  const [open, close] = (
    [
      ['"', '"'],
      ["“", "”"],
      ["«", "»"],
    ] as const
  ).find(([, end]) => !text.includes(end)) ?? ['"', '"'];
  return `${open}${text.replaceAll(close, "'")}${close}`;
}
