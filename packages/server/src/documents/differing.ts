import type { ByteRange } from '@mapscope/protocol'

/** More runs than this in one change are told as their hull: nobody looks at them one by one. */
const MAX_RUN_COUNT = 256

/** Where two arrays of the same length differ, byte by byte, as ranges from `offset` on. */
export function differingRuns(before: Uint8Array, after: Uint8Array, offset: number): ByteRange[] {
  const runs: { start: number; end: number }[] = []
  for (let at = 0; at < after.length; at++) {
    if (before[at] === after[at]) continue
    const place = offset + at
    const last = runs.at(-1)
    if (last?.end === place) last.end++
    else runs.push({ start: place, end: place + 1 })
  }
  const [first, last] = [runs[0], runs.at(-1)]
  if (runs.length <= MAX_RUN_COUNT || first === undefined || last === undefined) return runs
  return [{ start: first.start, end: last.end }]
}
