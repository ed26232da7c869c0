/** Works on items of a source, so many at the same time, and gives the results in the order of the source. */
export async function* inOrder<Item, Result>(
  source: Iterable<Item> | AsyncIterable<Item>,
  concurrency: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const underWay: Promise<Result>[] = [];
  for await (const item of source) {
    const working = work(item);
    // Whoever stops at an earlier one's failure never looks at this one.
    working.catch(() => undefined);
    underWay.push(working);
    if (underWay.length < concurrency) continue;
    const first = underWay.shift();
    if (first !== undefined) yield await first;
  }
  for (const working of underWay) yield await working;
}
