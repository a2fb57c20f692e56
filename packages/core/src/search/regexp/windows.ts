import type { ByteRange } from '../../shared/index.ts'
import type { SearchSubject } from './subject.ts'
import { type Zone, zonesOf } from './zones.ts'

/** The starts cut into windows to be read, each longer than the one before up to the limit, and whole stretches of zeros. */
export async function* windowsOf(subject: SearchSubject, starts: ByteRange): AsyncGenerator<Zone> {
  const { source, range, behind, ahead, limits } = subject
  let byteLength = Math.min(limits.firstWindowByteLength, limits.windowByteLength)
  for await (const zone of zonesOf(source, { range, starts, behind, ahead, minZeros: limits.minZeros })) {
    if (zone.kind === 'zeros') {
      yield zone
      continue
    }
    for (let start = zone.start; start < zone.end; ) {
      const end = Math.min(zone.end, start + byteLength)
      yield { kind: 'read', start, end }
      start = end
      byteLength = Math.min(limits.windowByteLength, byteLength * 4)
    }
  }
}
