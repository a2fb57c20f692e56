// The stupid oracle of everything that matches patterns: tries each place, one byte after the other.
import type { MatchOptions, NeedleSpec, NumberSpec, PatternSpec, SequenceSpec } from '../../lib/index.ts'

export interface Hit {
  readonly offset: number
  readonly byteLength: number
  readonly which: number
}

export type NaiveOptions = Omit<MatchOptions, 'limit' | 'isCountOnly'>

/** All hits inside `[start, end)`, in the order asked for. */
export function naiveMatches(
  haystack: Uint8Array,
  spec: PatternSpec,
  { start, end }: { readonly start: number; readonly end: number },
  options: NaiveOptions = {},
): Hit[] {
  const { alignment = 1, alignmentBase = 0, isReverse = false, isOverlapping = true, startsBefore = end } = options
  const hits: Hit[] = []
  let next = start
  for (let offset = start; offset < Math.min(end, startsBefore); offset++) {
    if (offset < next || (offset + alignmentBase) % alignment !== 0) continue
    const there = hitsAt(haystack, spec, offset, end)
    hits.push(...there)
    const [first] = there
    if (!isOverlapping && first !== undefined) next = offset + first.byteLength
  }
  return isReverse ? hits.reverse() : hits
}

function hitsAt(haystack: Uint8Array, spec: PatternSpec, offset: number, end: number): Hit[] {
  if (spec.kind === 'number') {
    const byteLength = matchedNumber(haystack, spec, offset, end)
    return byteLength === 0 ? [] : [{ offset, byteLength, which: 0 }]
  }
  if (spec.kind === 'sequence') {
    const byteLength = matchedRuns(haystack.subarray(offset, end), spec)
    return byteLength === 0 ? [] : [{ offset, byteLength, which: 0 }]
  }
  const needles = spec.kind === 'any' ? spec.needles : [spec]
  return needles.flatMap((needle, which) =>
    isNeedleAt(haystack, needle, offset, end) ? [{ offset, byteLength: needle.values.byteLength, which }] : [],
  )
}

function isNeedleAt(haystack: Uint8Array, { values, masks }: NeedleSpec, offset: number, end: number): boolean {
  if (offset + values.byteLength > end) return false
  for (let i = 0; i < values.byteLength; i++)
    if (((haystack[offset + i] as number) & (masks?.[i] ?? 0xff)) !== values[i]) return false
  return true
}

/** As an expression of V8's takes it, for runs that give nothing back. */
function matchedRuns(bytes: Uint8Array, { runs }: SequenceSpec): number {
  const escaped = (byte: number): string => `\\x${byte.toString(16).padStart(2, '0')}`
  const classOf = (set: Uint8Array): string =>
    [...set.keys()]
      .filter((byte) => set[byte] !== 0)
      .map(escaped)
      .join('')
  const source = runs.map(({ set, min, max }) => `[${classOf(set)}]{${min},${max ?? ''}}`).join('')
  return new RegExp(source, 'y').exec(Buffer.from(bytes).toString('latin1'))?.[0].length ?? 0
}

/** The length of the number at `offset`, or 0. */
function matchedNumber(haystack: Uint8Array, spec: NumberSpec, offset: number, end: number): number {
  if (spec.type === 'uleb128' || spec.type === 'sleb128') return matchedLeb128(haystack, spec, offset, end)
  const bits = Number(spec.type.slice(1))
  const byteLength = bits / 8
  if (offset + byteLength > end) return 0
  const raw = rawInteger(haystack, offset, byteLength, spec.isLittleEndian)
  const value = numberOf(spec.type, raw, bits)
  return value >= spec.min && value <= spec.max ? byteLength : 0
}

function rawInteger(haystack: Uint8Array, offset: number, byteLength: number, isLittleEndian: boolean): bigint {
  let raw = 0n
  for (let i = 0; i < byteLength; i++) {
    const at = isLittleEndian ? offset + byteLength - 1 - i : offset + i
    raw = (raw << 8n) | BigInt(haystack[at] as number)
  }
  return raw
}

function numberOf(type: string, raw: bigint, bits: number): bigint | number {
  if (type === 'f16') return halfOf(Number(raw))
  const view = new DataView(new ArrayBuffer(8))
  if (type === 'f32') {
    view.setUint32(0, Number(raw))
    return view.getFloat32(0)
  }
  if (type === 'f64') {
    view.setBigUint64(0, raw)
    return view.getFloat64(0)
  }
  return type.startsWith('i') ? BigInt.asIntN(bits, raw) : raw
}

function halfOf(bits: number): number {
  const sign = (bits & 0x8000) === 0 ? 1 : -1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15))
}

function matchedLeb128(haystack: Uint8Array, spec: NumberSpec, offset: number, end: number): number {
  let value = 0n
  for (let length = 1; length <= 10 && offset + length <= end; length++) {
    const byte = haystack[offset + length - 1] as number
    value |= BigInt(byte & 0x7f) << BigInt(7 * (length - 1))
    if ((byte & 0x80) !== 0) continue
    if (spec.type === 'sleb128') value = BigInt.asIntN(7 * length, value)
    const doesFit = spec.type === 'sleb128' ? value === BigInt.asIntN(64, value) : value === BigInt.asUintN(64, value)
    return doesFit && value >= spec.min && value <= spec.max ? length : 0
  }
  return 0
}
