import type { SharedBytes } from '../../source/shared_bytes.ts'
import type { ScanJob } from './messages.ts'
import type { Needle } from './needles.ts'
import type { NeedlePlaces } from './stretches.ts'

/** One place for so many bytes, and a filter costs more than it saves. */
const BYTES_PER_PLACE = 4096
const MIN_BYTE_LENGTH = 3

/** Where the needle lies in the text of a job; undefined when it lies in too many places, or for needles that this does not look for. */
export function findPlaces(
  shared: SharedBytes,
  needles: readonly Needle[],
  { job, byteLength }: { readonly job: ScanJob; readonly byteLength: number },
): NeedlePlaces | undefined {
  const [needle, ...others] = needles
  const exact = needle && longestExact(needle)
  if (exact === undefined || others.length > 0 || exact.bytes.length < MIN_BYTE_LENGTH) return undefined
  const { textStart } = job
  const most = 16 + byteLength / BYTES_PER_PLACE
  const places: number[] = []
  const end = textStart + byteLength
  for (let start = job.from; places.length <= most; ) {
    const found = shared.find(exact.bytes, { start, end })
    if (found < 0) return { places }
    places.push(found - exact.skipped - textStart)
    start = found + 1
  }
  return undefined
}

/** The longest part of a needle of which every bit counts. */
function longestExact({ values, masks }: Needle): { readonly bytes: Uint8Array; readonly skipped: number } {
  let [start, end] = [0, 0]
  for (let low = 0; low < masks.length; low++) {
    let high = low
    while (high < masks.length && masks[high] === 0xff) high++
    if (high - low > end - start) [start, end] = [low, high]
    low = Math.max(low, high)
  }
  return { bytes: values.slice(start, end), skipped: start }
}
