/** Changes to maps and sets that are never modified: each function returns a copy, or the same object where nothing changes. */
import { keepNewest } from "./bounded.ts";

/** A copy in which the value of the key `from` is under the key `to`. */
export function withKeyMoved<K, V>(map: ReadonlyMap<K, V>, from: K, to: K): ReadonlyMap<K, V> {
  const value = map.get(from);
  return value === undefined ? map : withEntry(withoutEntry(map, from), to, value);
}

/** A copy in which each of `keys` has the value, cut to the newest `most` entries. */
export function withAll<K, V>(
  map: ReadonlyMap<K, V>,
  keys: readonly K[],
  { value, most }: { value: V; most: number },
): ReadonlyMap<K, V> {
  const copy = new Map(map);
  for (const key of keys) copy.set(key, value);
  keepNewest(copy, most);
  return copy;
}

export function withoutAll<K, V>(map: ReadonlyMap<K, V>, keys: readonly K[]): ReadonlyMap<K, V> {
  const copy = new Map(map);
  for (const key of keys) copy.delete(key);
  return copy;
}

export function withEntry<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  return new Map(map).set(key, value);
}

export function withoutEntry<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  if (!map.has(key)) return map;
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}

export function withOne<T>(set: ReadonlySet<T>, value: T): ReadonlySet<T> {
  return new Set(set).add(value);
}

export function without<T>(set: ReadonlySet<T>, value: T): ReadonlySet<T> {
  return set.has(value) ? new Set([...set].filter((one) => one !== value)) : set;
}
