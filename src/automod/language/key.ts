/** Conditions that are written alike and mean the same have the same key, whatever rule they stand in. */
import type { Given } from "./compile-amount.ts";
import type { Meaning } from "./meaning.ts";

/** `listKey`: by what a list is known. */
export function keyOf(meaning: Meaning, given: Given, listKey = (list: string) => list): string {
  return JSON.stringify(meaning, (field, value: unknown) => {
    switch (field) {
      case "place":
        return undefined;
      case "setting":
        return given.settings.get(String(value));
      case "lists":
        return (value as readonly string[]).map(listKey);
      case "fact": {
        const { name } = value as { readonly name: string };
        return name === "author.newcomer" ? `${name} ${given.newcomerMs}` : name;
      }
      default:
        return value;
    }
  });
}
