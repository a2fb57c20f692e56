import type { ByteRange } from '@mapscope/protocol'

/** `whole`: no range asked for, or one that the RFC lets (or makes) us ignore. */
export type RangeSelection =
  | { readonly kind: 'whole' }
  | { readonly kind: 'part'; readonly range: ByteRange }
  | { readonly kind: 'unsatisfiable' }

const WHOLE: RangeSelection = { kind: 'whole' }

/** Apache's answer to CVE-2011-3192 allows 200; more than this many in one header is nobody's honest request. */
const MAX_RANGE_COUNT = 100

/** RFC 9110 §15.3.7.2 lets a server close gaps cheaper to send than a part header; 80 bytes is what one costs. */
const COALESCED_GAP = 80

interface RangeSpec {
  /** `undefined` in `-last`, where `last` is the length of the suffix. */
  readonly first: bigint | undefined
  readonly last: bigint | undefined
}

/**
 * What a `Range` header of a GET selects from `byteLength` bytes (RFC 9110 §14.1–14.2).
 *
 * - An unknown unit and a set with any malformed member are ignored, as the RFC allows: the answer is the whole.
 * - Numbers have no limit: they are compared as BigInt, because `Number('9007199254740993')` is another number.
 * - An empty file is answered whole, as Go does since 1.20: clients that put a range on everything get 200 and nothing.
 * - Several ranges are answered by one part when they coalesce into one run, otherwise by the whole: `multipart/byteranges`
 *   belongs to the later server issue. Ranges that add up to the whole or more are an attack or a mistake: the whole.
 */
export function selectRange(header: string | undefined, byteLength: number): RangeSelection {
  if (header === undefined || byteLength === 0) return WHOLE
  const specs = parseRangeSet(header)
  if (specs === undefined) return WHOLE
  const ranges = specs.map((spec) => resolve(spec, byteLength)).filter((range) => range !== undefined)
  const [first, ...rest] = ranges
  if (first === undefined) return { kind: 'unsatisfiable' }
  if (rest.length === 0) return { kind: 'part', range: first }
  const asked = ranges.reduce((sum, range) => sum + (range.end - range.start), 0)
  const run = asked >= byteLength ? undefined : coalesce(ranges)
  return run === undefined ? WHOLE : { kind: 'part', range: run }
}

/** `undefined` for another unit, too many members, or any that is malformed: one bad member spoils the set. */
function parseRangeSet(header: string): RangeSpec[] | undefined {
  const set = /^bytes=(.*)$/i.exec(header)?.[1]
  if (set === undefined) return undefined
  // The list rule of RFC 9110 §5.6.1: spaces and tabs around members, and empty members, mean nothing.
  const members = set.split(',').map((member) => member.replace(/^[ \t]+|[ \t]+$/g, ''))
  const specs: RangeSpec[] = []
  for (const member of members) {
    if (member === '') continue
    const spec = parseSpec(member)
    if (spec === undefined || specs.length === MAX_RANGE_COUNT) return undefined
    specs.push(spec)
  }
  return specs.length === 0 ? undefined : specs
}

function parseSpec(text: string): RangeSpec | undefined {
  const match = /^(\d*)-(\d*)$/.exec(text)
  if (match === null) return undefined
  const first = numberOf(match[1])
  const last = numberOf(match[2])
  if (first === undefined && last === undefined) return undefined
  if (first !== undefined && last !== undefined && last < first) return undefined
  return { first, last }
}

function numberOf(digits: string | undefined): bigint | undefined {
  return digits === undefined || digits === '' ? undefined : BigInt(digits)
}

function resolve(spec: RangeSpec, byteLength: number): ByteRange | undefined {
  const { first, last } = spec
  if (first === undefined) {
    const suffix = clamp(last ?? 0n, byteLength)
    return suffix === 0 ? undefined : { start: byteLength - suffix, end: byteLength }
  }
  const start = clamp(first, byteLength)
  if (start === byteLength) return undefined
  return { start, end: last === undefined ? byteLength : clamp(last + 1n, byteLength) }
}

function clamp(value: bigint, byteLength: number): number {
  return value > BigInt(byteLength) ? byteLength : Number(value)
}

function coalesce(ranges: readonly ByteRange[]): ByteRange | undefined {
  const sorted = [...ranges].sort((a, b) => a.start - b.start)
  let run: ByteRange | undefined
  for (const range of sorted) {
    if (run === undefined) run = range
    else if (range.start > run.end + COALESCED_GAP) return undefined
    else run = { start: run.start, end: Math.max(run.end, range.end) }
  }
  return run
}
