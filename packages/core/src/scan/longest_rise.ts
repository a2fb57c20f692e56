/** The longest selection of `items`, in their order, whose values rise: n log n by patience sorting. */
export function longestRise<T>(items: readonly T[], heightOf: (item: T) => number): T[] {
  /** For each length, the item with the least value that a rise of it ends with. */
  const ends: number[] = []
  const before = new Int32Array(items.length)
  for (const [index, item] of items.entries()) {
    const value = heightOf(item)
    let low = 0
    let high = ends.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (heightOf(items[ends[middle] as number] as T) < value) low = middle + 1
      else high = middle
    }
    before[index] = low === 0 ? -1 : (ends[low - 1] as number)
    ends[low] = index
  }
  const rise: T[] = []
  for (let index = ends.at(-1) ?? -1; index >= 0; index = before[index] as number) rise.push(items[index] as T)
  return rise.reverse()
}
