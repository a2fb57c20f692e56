/**
 * Whether a goal was reached, or by how much it was not. A goal: `text`; `of`, a function of the samples to a number; and `atLeast` or
 * `lessThan`.
 */
export function judge({ text, of, atLeast, lessThan }, samples) {
  const value = of(samples)
  if (value === undefined) return { goal: text, reached: null, told: `goal, ${text}: not measured` }
  const rounded = Number(value.toPrecision(3))
  const reached = atLeast === undefined ? value < lessThan : value >= atLeast
  const wanted = atLeast ?? lessThan
  const factor = atLeast === undefined ? value / wanted : wanted / value
  const verdict = reached
    ? `reached (${rounded})`
    : `NOT reached: ${rounded} instead of ${wanted}, off by ${factor.toFixed(2)} times`
  return { goal: text, wanted, value: rounded, reached, told: `goal, ${text}: ${verdict}` }
}
