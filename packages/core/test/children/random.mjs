/** Numbers from 0 to 1 that a seed makes again: a linear congruence, good enough to pick places. */
export function seeded(seed) {
  let state = Number(seed) >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
