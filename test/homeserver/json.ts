/** Reading values of unknown shape, and keeping JSON content from being changed behind our back. */

export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function asObject(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

export function asString(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function asStrings(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.filter((item): item is string => typeof item === "string");
}

/** A deep frozen copy: whoever mutates what the server handed out finds out at once. */
export function frozenCopy(value: Readonly<JsonObject>): { copy: JsonObject; text: string } {
  const text = JSON.stringify(value);
  return { copy: deepFreeze(JSON.parse(text) as JsonObject), text };
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  for (const child of Object.values(value)) deepFreeze(child);
  return Object.freeze(value);
}
