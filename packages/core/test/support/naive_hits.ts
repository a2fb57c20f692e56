import {
  type ByteRange,
  type CompiledQuery,
  type Hit,
  includesOffset,
  type NumberPattern,
} from '../../src/shared/index.ts'

export interface NaiveOptions {
  readonly range: ByteRange
  readonly alignment?: number
  readonly isOverlapping?: boolean
  readonly unreadable?: readonly ByteRange[]
}

type PatternQuery = Exclude<CompiledQuery, { kind: 'regexp' }>

/** The stupid search: every place, every needle, every byte. */
export function naiveHits(bytes: Uint8Array, query: PatternQuery, options: NaiveOptions): Hit[] {
  const { range, alignment = 1, isOverlapping = false, unreadable = [] } = options
  const isChained = !isOverlapping && (query.kind === 'bytes' || query.kind === 'spellings')
  const hits: Hit[] = []
  let lastEnd = 0
  for (let place = range.start; place < range.end; place++) {
    if (place % alignment !== 0) continue
    for (const hit of hitsAt(bytes, place, query)) {
      const end = place + hit.byteLength
      if (end > range.end || (isChained && place < lastEnd)) continue
      if (unreadable.length > 0 && covers(unreadable, place, end)) continue
      hits.push(hit)
      lastEnd = end
    }
  }
  return hits
}

function covers(unreadable: readonly ByteRange[], start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (includesOffset(unreadable, at)) return true
  return false
}

function hitsAt(bytes: Uint8Array, offset: number, query: PatternQuery): Hit[] {
  if (query.kind === 'number') {
    const byteLength = numberLength(Buffer.from(bytes.subarray(offset, offset + 10)), query.pattern)
    return byteLength === 0 ? [] : [{ offset, byteLength }]
  }
  const needles = query.pattern.kind === 'bytes' ? [query.pattern] : query.pattern.needles
  const hits: Hit[] = []
  for (const [which, { values, masks }] of needles.entries()) {
    const isMatch =
      offset + values.length <= bytes.length &&
      values.every((value, at) => {
        const mask = masks?.[at] ?? 0xff
        return ((bytes[offset + at] as number) & mask) === (value & mask)
      })
    const hit = { offset, byteLength: values.length }
    if (isMatch) hits.push(query.kind === 'needles' ? { ...hit, which } : hit)
  }
  return hits
}

const READERS: Readonly<Record<string, readonly [number, (bytes: Buffer) => number | bigint]>> = {
  u8le: [1, (bytes) => bytes.readUInt8()],
  u8be: [1, (bytes) => bytes.readUInt8()],
  i8le: [1, (bytes) => bytes.readInt8()],
  i8be: [1, (bytes) => bytes.readInt8()],
  u16le: [2, (bytes) => bytes.readUInt16LE()],
  u16be: [2, (bytes) => bytes.readUInt16BE()],
  i16le: [2, (bytes) => bytes.readInt16LE()],
  i16be: [2, (bytes) => bytes.readInt16BE()],
  u32le: [4, (bytes) => bytes.readUInt32LE()],
  u32be: [4, (bytes) => bytes.readUInt32BE()],
  i32le: [4, (bytes) => bytes.readInt32LE()],
  i32be: [4, (bytes) => bytes.readInt32BE()],
  u64le: [8, (bytes) => bytes.readBigUInt64LE()],
  u64be: [8, (bytes) => bytes.readBigUInt64BE()],
  i64le: [8, (bytes) => bytes.readBigInt64LE()],
  i64be: [8, (bytes) => bytes.readBigInt64BE()],
  f32le: [4, (bytes) => bytes.readFloatLE()],
  f32be: [4, (bytes) => bytes.readFloatBE()],
  f64le: [8, (bytes) => bytes.readDoubleLE()],
  f64be: [8, (bytes) => bytes.readDoubleBE()],
}

/** Bytes of the number that begins there and is in bounds, or 0. Halves are not read by Node; they have a test of their own. */
function numberLength(bytes: Buffer, { type, isLittleEndian, min, max }: NumberPattern): number {
  if (type === 'uleb128' || type === 'sleb128') return lebLength(bytes, { isSigned: type === 'sleb128', min, max })
  const [byteLength, read] = READERS[`${type}${isLittleEndian ? 'le' : 'be'}`] ?? expectReader(type)
  if (bytes.length < byteLength) return 0
  const value = read(bytes)
  return value >= min && value <= max ? byteLength : 0
}

function expectReader(type: string): never {
  throw new Error(`no naive reader of ${type}`)
}

function lebLength(
  bytes: Buffer,
  { isSigned, min, max }: { readonly isSigned: boolean; readonly min: bigint | number; readonly max: bigint | number },
): number {
  const end = bytes.findIndex((byte) => byte < 0x80)
  if (end < 0 || end > 9) return 0
  let value = 0n
  for (let at = end; at >= 0; at--) value = value * 128n + BigInt((bytes[at] as number) % 128)
  const isNegative = isSigned && ((bytes[end] as number) & 0x40) !== 0
  if (isNegative) value -= 128n ** BigInt(end + 1)
  const [low, high] = isSigned ? [-(2n ** 63n), 2n ** 63n - 1n] : [0n, 2n ** 64n - 1n]
  return value >= low && value <= high && value >= min && value <= max ? end + 1 : 0
}
