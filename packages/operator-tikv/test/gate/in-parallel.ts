/** Does the work for each item, so many at a time; the results in the items' order. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const left = items.entries();
  const hands = Array.from({ length: Math.min(atOnce, items.length) }, async () => {
    for (const [index, item] of left) results[index] = await work(item, index);
  });
  await Promise.all(hands);
  return results;
}
