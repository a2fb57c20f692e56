/** One number that every count changes. */
export function histogramSum(counts) {
  return counts.reduce((sum, count, value) => sum + count * (value + 1), 0)
}
