/** A cache of bounded size that evicts the least recently used entry first. */
import { LRUCache } from "lru-cache";

/** The cache, without what only the package's other kinds of caches have. */
export type Lru<K extends {}, V extends {}> = Pick<
  LRUCache<K, V>,
  "get" | "peek" | "set" | "delete" | "keys" | "values" | "entries"
>;

/**
 * `most`: entries that it holds. `onEvict` is called with the key that had to go. Bounded by `maxSize`, every entry
 * counting as one: with the package's `max` an empty cache takes its full memory at once, 17 bytes for each entry that
 * may never come.
 */
export function lru<K extends {}, V extends {}>(most: number, onEvict?: (key: K) => void): Lru<K, V> {
  return new LRUCache<K, V>({
    maxSize: most,
    sizeCalculation: () => 1,
    dispose: (_value, key, why) => {
      if (why === "evict") onEvict?.(key);
    },
  });
}
