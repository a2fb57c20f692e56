import { HitCollector } from './hit_collector.ts'
import type { Matcher } from './matching.ts'
import { NUMBER_TYPES } from './number_types.ts'
import type { NumberPattern } from './pattern.ts'

export function numberMatcher({ type, isLittleEndian, min, max }: NumberPattern): Matcher {
  const { minByteLength, maxByteLength, read } = NUMBER_TYPES[type]
  return {
    minByteLength,
    maxByteLength,
    matchBytes: (bytes, options) => {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      const hits = new HitCollector(options, { hasLengths: minByteLength !== maxByteLength, hasWhich: false })
      for (let place = 0; place < hits.end && place + minByteLength <= bytes.length; place++) {
        if (!hits.isWanted(place)) continue
        const number = read(view, place, isLittleEndian)
        if (number === undefined || !(number.value >= min && number.value <= max)) continue
        hits.add(place, number.byteLength)
        if (hits.isFull) return hits.result(place + 1)
      }
      return hits.result(bytes.length)
    },
  }
}
