import { HitCollector } from './hit_collector.ts'
import type { Matcher } from './matching.ts'
import { MOST_FOLLOWED_BYTE_LENGTH, type SequencePattern } from './pattern.ts'

/** Tries every place, without regard to the anchor. */
export function sequenceMatcher({ runs }: SequencePattern): Matcher {
  const minByteLength = runs.reduce((sum, { min }) => sum + min, 0)
  const maxByteLength = Math.min(
    MOST_FOLLOWED_BYTE_LENGTH,
    runs.reduce((sum, { max }) => sum + max, 0),
  )
  return {
    minByteLength,
    maxByteLength,
    matchBytes: (bytes, options) => {
      const hits = new HitCollector(options, { hasLengths: minByteLength !== maxByteLength, hasWhich: false })
      for (let place = 0; place < hits.end && place + minByteLength <= bytes.length; place++) {
        if (!hits.isWanted(place)) continue
        const byteLength = lengthAt(runs, bytes.subarray(place, place + maxByteLength), maxByteLength)
        if (byteLength === undefined) continue
        hits.add(place, byteLength)
        if (options.isOverlapping === false) place += byteLength - 1
        if (hits.isFull) return hits.result(Math.min(bytes.length, place + 1))
      }
      return hits.result(bytes.length)
    },
  }
}

/** One more than the longest where the bytes do not tell. */
function lengthAt(runs: SequencePattern['runs'], bytes: Uint8Array, maxByteLength: number): number | undefined {
  let length = 0
  for (const { set, min, max } of runs) {
    const from = length
    while (length < bytes.length && length - from < max && set[bytes[length] as number] !== 0) length++
    if (length === bytes.length && length - from < max) return maxByteLength + 1
    if (length - from < min) return undefined
  }
  return length
}
