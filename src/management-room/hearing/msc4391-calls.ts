/**
 * Calls by clients that know our commands (MSC4391): their arguments come apart and typed. They are made a line like any
 * other, so that there is one way for a command to be read.
 */
import { asObject, asString, stringsOf, type JsonObject } from "../../kit/json.ts";
import type { UserId } from "../../model/ids.ts";
import type { Command } from "../../commands/define.ts";
import { parseLink } from "../../model/links.ts";

const callKey = "org.matrix.msc4391.command";

/** The line of a call that is meant for us. */
export function callIn(content: JsonObject, self: UserId, commands: readonly Command[]): string | undefined {
  const call = asObject(content[callKey]);
  const name = asString(call?.["command"])?.trim();
  if (!call || !name) return undefined;
  if (!stringsOf(asObject(content["m.mentions"])?.["user_ids"]).includes(self)) return undefined;
  const given = asObject(call["arguments"]) ?? {};
  const fitting = commands.filter((one) =>
    [one.words, ...one.also].some((words) => words.join(" ") === name),
  );
  // Two commands may share their words: the one that takes what was given is meant.
  const command =
    fitting.find((one) => Object.keys(given).every((key) => key in one.takes || key in one.flags)) ??
    fitting[0];
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

/** A value as somebody would type it: rooms and events come as objects. */
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

/** Kept together by quotes that it does not hold itself. */
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
