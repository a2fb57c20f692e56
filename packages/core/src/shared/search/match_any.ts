import { HitCollector } from './hit_collector.ts'
import { isMatchAt } from './match_bytes.ts'
import type { Matcher } from './matching.ts'
import type { AnyPattern, MaskedBytes } from './pattern.ts'

/** Looks, at each place, at the needles that may begin with the byte there. */
export function anyMatcher({ needles }: AnyPattern): Matcher {
  const lengths = needles.map(({ values }) => values.length)
  const minByteLength = lengths.reduce((least, length) => Math.min(least, length), Number.POSITIVE_INFINITY)
  const maxByteLength = lengths.reduce((most, length) => Math.max(most, length), 0)
  const beginnings = Array.from({ length: 256 }, (_, byte) => beginningWith(byte, needles))
  return {
    minByteLength,
    maxByteLength,
    matchBytes: (bytes, options) => {
      const hits = new HitCollector(options, { hasLengths: minByteLength !== maxByteLength, hasWhich: true })
      for (let place = 0; place < hits.end && place + minByteLength <= bytes.length; place++) {
        const candidates = beginnings[bytes[place] as number] as readonly number[]
        if (candidates.length === 0 || !hits.isWanted(place)) continue
        for (const which of candidates) {
          const needle = needles[which] as MaskedBytes
          if (isMatchAt(bytes, place, needle)) hits.add(place, needle.values.length, which)
        }
        if (hits.isFull) return hits.result(place + 1)
      }
      return hits.result(bytes.length)
    },
  }
}

function beginningWith(byte: number, needles: readonly MaskedBytes[]): number[] {
  const indexes: number[] = []
  for (const [index, { values, masks }] of needles.entries()) {
    const mask = masks === undefined ? 0xff : (masks[0] as number)
    if (((byte ^ (values[0] as number)) & mask) === 0) indexes.push(index)
  }
  return indexes
}
