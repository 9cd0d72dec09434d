/** Collections that remember the newest and forget the oldest, so that nothing from outside makes them grow without end. */

/** Forgets what came first until no more than `most` are left. What is set anew keeps its old place. */
export function keepNewest<K>(those: Map<K, unknown> | Set<K>, most: number): void {
  for (const key of those.keys()) {
    if (those.size <= most) return;
    those.delete(key);
  }
}
