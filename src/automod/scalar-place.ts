/** Finds where a letter of a YAML text stands in the file, whatever quotes, escapes and line breaks are around it. */
import type { Scalar } from "yaml";
import type { Offsets } from "./file-problems.ts";
import type { Place } from "./language/place.ts";

export function offsetsIn(file: string, scalar: Scalar, { start, end }: Place): Offsets {
  const [from = 0, to = 0] = scalar.range ?? [];
  const places = alignment(String(scalar.value), file.slice(from, to));
  const first = places[start] ?? to - from;
  const last = end > start ? (places[end - 1] ?? to - from - 1) + 1 : first;
  return [from + first, from + Math.max(last, first)];
}

/** For each letter of the value its place in the source: the next one that is the same, white space counting as one. */
function alignment(value: string, source: string): readonly number[] {
  const places: number[] = [];
  let at = 0;
  for (const letter of value.split("")) {
    let next = at;
    while (next < source.length && !isSame(letter, source[next]!)) next++;
    // What an escape wrote stands nowhere as it is; it is at the escape.
    if (next === source.length) next = Math.min(at, source.length);
    places.push(next);
    at = next + 1;
  }
  return places;
}

function isSame(letter: string, other: string): boolean {
  return letter === other || (/\s/.test(letter) && /\s/.test(other));
}
