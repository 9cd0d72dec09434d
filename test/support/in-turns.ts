/** A few at a time: more only make a server slower. The answers are in the order of the items. */
export async function inTurns<In, Out>(
  items: readonly In[],
  work: (item: In, index: number) => Promise<Out>,
  atOnce = 6,
): Promise<Out[]> {
  const results: Out[] = [];
  const waiting = [...items.entries()];
  const takeTurns = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      results[next[0]] = await work(next[1], next[0]);
  };
  await Promise.all(Array.from({ length: atOnce }, takeTurns));
  return results;
}
