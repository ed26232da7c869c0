/** Processes up to `concurrency` items of a source at the same time. Yields the results in the order of the source. */
export async function* inOrder<Item, Result>(
  source: Iterable<Item> | AsyncIterable<Item>,
  concurrency: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const pending: Promise<Result>[] = [];
  for await (const item of source) {
    const result = work(item);
    // A caller that stops at an earlier failure never awaits this promise.
    result.catch(() => undefined);
    pending.push(result);
    if (pending.length < concurrency) continue;
    const first = pending.shift();
    if (first !== undefined) yield await first;
  }
  for (const result of pending) yield await result;
}
