/** Bounds a Map or Set: the oldest entries are removed, so that events from outside cannot make it grow without end. */

/** Removes entries in the order of insertion until at most `most` are left. A key that is set again keeps its place. */
export function keepNewest<K>(those: Map<K, unknown> | Set<K>, most: number): void {
  for (const key of those.keys()) {
    if (those.size <= most) return;
    those.delete(key);
  }
}
