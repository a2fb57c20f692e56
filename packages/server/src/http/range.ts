import type { ByteRange } from '@mapscope/protocol'

/** `whole`: no range asked for, or one that the RFC lets (or makes) us ignore. `parts`: two or more, disjoint, in the order asked for. */
export type RangeSelection =
  | { readonly kind: 'whole' }
  | { readonly kind: 'part'; readonly range: ByteRange }
  | { readonly kind: 'parts'; readonly ranges: readonly ByteRange[] }
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
 * - Several ranges are answered by several parts, fewer where they overlap or nearly touch: by one, if they are one run.
 *   Ranges that add up to the whole or more are an attack or a mistake: the whole.
 */
export function selectRange(header: string | undefined, byteLength: number): RangeSelection {
  if (header === undefined || byteLength === 0) return WHOLE
  const plain = plainRange(header, byteLength)
  if (plain !== undefined) return { kind: 'part', range: plain }
  const specs = parseRangeSet(header)
  if (specs === undefined) return WHOLE
  const ranges = specs.map((spec) => resolve(spec, byteLength)).filter((range) => range !== undefined)
  const [first, ...rest] = ranges
  if (first === undefined) return { kind: 'unsatisfiable' }
  if (rest.length === 0) return { kind: 'part', range: first }
  if (sumOf(ranges) >= BigInt(byteLength)) return WHOLE
  const [run, ...others] = coalesce(ranges)
  if (run === undefined) return WHOLE
  return others.length === 0 ? { kind: 'part', range: run } : { kind: 'parts', ranges: [run, ...others] }
}

/** `bytes=first-last` with short numbers, inside the file: nearly everybody's, without BigInt. Undefined for any other, whatever it means. */
function plainRange(header: string, byteLength: number): ByteRange | undefined {
  if (!header.startsWith('bytes=')) return undefined
  const dash = header.indexOf('-')
  const first = shortNumber(header, 6, dash)
  const last = shortNumber(header, dash + 1, header.length)
  if (first < 0 || last < first || first >= byteLength) return undefined
  return { start: first, end: Math.min(last + 1, byteLength) }
}

/** Of 1 to 15 digits, so exact; -1 for anything else. */
function shortNumber(text: string, start: number, end: number): number {
  if (end <= start || end - start > 15) return -1
  let number = 0
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - 48
    if (digit < 0 || digit > 9) return -1
    number = number * 10 + digit
  }
  return number
}

/** A hundred lengths of up to 2^53 do not fit into a number. */
function sumOf(ranges: readonly ByteRange[]): bigint {
  return ranges.reduce((sum, { start, end }) => sum + BigInt(end - start), 0n)
}

/** `undefined` for another unit, too many members, or any that is malformed: one bad member spoils the set. */
function parseRangeSet(header: string): RangeSpec[] | undefined {
  const set = /^bytes=(.*)$/i.exec(header)?.[1]
  if (set === undefined) return undefined
  // The list rule of RFC 9110 §5.6.1: spaces and tabs around members, and empty members, mean nothing.
  const members = set.split(',').map(withoutBlanks)
  const specs: RangeSpec[] = []
  for (const member of members) {
    if (member === '') continue
    const spec = parseSpec(member)
    if (spec === undefined || specs.length === MAX_RANGE_COUNT) return undefined
    specs.push(spec)
  }
  return specs.length === 0 ? undefined : specs
}

/** By hand: `/[ \t]+$/` looks from each blank on, and 15,000 of them in the middle of a header held everybody up for 0.3 s. */
function withoutBlanks(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isBlank(text, start)) start++
  while (end > start && isBlank(text, end - 1)) end--
  return text.slice(start, end)
}

function isBlank(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code === 0x20 || code === 0x09
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

interface Run extends ByteRange {
  /** The place in the header of its first member: runs are sent in the order asked for (RFC 9110 §15.3.7.2). */
  readonly index: number
}

function coalesce(ranges: readonly ByteRange[]): ByteRange[] {
  const sorted = ranges.map((range, index) => ({ ...range, index })).sort((a, b) => a.start - b.start)
  const runs: Run[] = []
  for (const next of sorted) {
    const last = runs.at(-1)
    if (last === undefined || next.start - last.end > COALESCED_GAP) runs.push(next)
    else runs[runs.length - 1] = { ...last, end: Math.max(last.end, next.end), index: Math.min(last.index, next.index) }
  }
  return runs.sort((a, b) => a.index - b.index).map(({ start, end }) => ({ start, end }))
}
