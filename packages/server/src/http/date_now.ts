let knownSecond = -1
let knownDate = ''

/** The time as `Date` says it; made once a second. */
export function httpDate(nowMs: number): string {
  const second = Math.floor(nowMs / 1_000)
  if (second === knownSecond) return knownDate
  knownSecond = second
  knownDate = new Date(second * 1_000).toUTCString()
  return knownDate
}
