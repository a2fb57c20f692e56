export interface Begun<T, R> {
  readonly item: T
  /** Absent where there was nothing to begin. */
  readonly result: Promise<R> | undefined
}

/** Begins work on up to `width` items ahead and hands them on in order; what fails is seen by whoever awaits it, or by nobody. */
export async function* inOrder<T, R>(
  items: AsyncIterable<T>,
  width: number,
  begin: (item: T) => Promise<R> | undefined,
): AsyncGenerator<Begun<T, R>> {
  const queue: Begun<T, R>[] = []
  for await (const item of items) {
    const result = begin(item)
    result?.catch(() => undefined)
    queue.push({ item, result })
    if (queue.length >= width) yield queue.shift() as Begun<T, R>
  }
  yield* queue
}
