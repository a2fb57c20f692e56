import { HitCollector } from './hit_collector.ts'
import { advance, borderLengths } from './literal.ts'
import type { Matcher, MatchOptions, MatchResult } from './matching.ts'
import type { BytesPattern, MaskedBytes } from './pattern.ts'

interface WholeMasks {
  readonly values: Uint8Array
  readonly masks: Uint8Array
}

const COLUMNS = { hasLengths: false, hasWhich: false }

export function bytesMatcher({ values, masks }: BytesPattern): Matcher {
  const matchBytes = masks === undefined ? exactMatch(values) : maskedMatch({ values, masks })
  return { minByteLength: values.length, maxByteLength: values.length, matchBytes }
}

/** Knuth-Morris-Pratt going on after each hit, as in `literalFinder`: linear for any bytes, however close the hits lie. */
function exactMatch(needle: Uint8Array): Matcher['matchBytes'] {
  const fallback = borderLengths(needle)
  const border = fallback[needle.length - 1] as number
  const first = needle[0] as number
  return (bytes, options) => {
    const hits = new HitCollector(options, COLUMNS)
    let matched = 0
    for (let at = 0; at < bytes.length; at++) {
      if (matched === 0) {
        at = bytes.indexOf(first, at)
        if (at < 0) break
      }
      matched = advance(needle, fallback, matched, bytes[at] as number)
      if (matched < needle.length) continue
      matched = border
      const place = at - needle.length + 1
      if (place >= hits.end) break
      if (!hits.isWanted(place)) continue
      hits.add(place, needle.length)
      if (options.isOverlapping === false) matched = 0
      if (hits.isFull) return hits.result(behind(place, needle.length, options))
    }
    return hits.result(bytes.length)
  }
}

/** Leaps by the byte that is surest to be rare, if one counts as a whole, and compares the rest. */
function maskedMatch(needle: WholeMasks): Matcher['matchBytes'] {
  const { values, masks } = needle
  const probe = probeOf(needle)
  return (bytes, options) => {
    const hits = new HitCollector(options, COLUMNS)
    for (let place = 0; place < hits.end && place + values.length <= bytes.length; place++) {
      if (probe >= 0) {
        place = bytes.indexOf(values[probe] as number, place + probe) - probe
        if (place < 0 || place >= hits.end || place + values.length > bytes.length) break
      }
      if (!hits.isWanted(place) || !isMatchAt(bytes, place, { values, masks })) continue
      hits.add(place, values.length)
      if (hits.isFull) return hits.result(behind(place, values.length, options))
      if (options.isOverlapping === false) place += values.length - 1
    }
    return hits.result(bytes.length)
  }
}

/** Zeros are the commonest bytes in files, so any other goes before them. -1 when no byte counts as a whole. */
function probeOf({ values, masks }: WholeMasks): number {
  const isWhole = (at: number): boolean => masks[at] === 0xff
  const rare = values.findIndex((value, at) => value !== 0 && isWhole(at))
  return rare >= 0 ? rare : values.findIndex((_, at) => isWhole(at))
}

/** Whether all of the needle fits at `place` and matches there. */
export function isMatchAt(bytes: Uint8Array, place: number, { values, masks }: MaskedBytes): boolean {
  if (place + values.length > bytes.length) return false
  for (let at = 0; at < values.length; at++) {
    const difference = (bytes[place + at] as number) ^ (values[at] as number)
    if ((difference & (masks === undefined ? 0xff : (masks[at] as number))) !== 0) return false
  }
  return true
}

function behind(place: number, byteLength: number, { isOverlapping }: MatchOptions): MatchResult['scannedTo'] {
  return isOverlapping === false ? place + byteLength : place + 1
}
