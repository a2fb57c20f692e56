import type { ByteRange, ByteSource, Chunk, Extent, Page } from '../../src/index.ts'
import { byteLengthOf, mergeRanges } from '../../src/shared/index.ts'
import { MemorySource } from '../support/memory_source.ts'
import type { Random } from '../support/random.ts'

/** Every item, and what was told as unreadable, which may have come in pieces but no byte of it twice. */
export async function all<T>(pages: AsyncIterable<Page<T>>): Promise<{ items: T[]; unreadable: ByteRange[] }> {
  const items: T[] = []
  const unreadable: ByteRange[] = []
  for await (const page of pages) {
    for (const item of page.items) items.push(item)
    unreadable.push(...page.unreadable)
  }
  return { items, unreadable: joined(unreadable) }
}

function joined(told: readonly ByteRange[]): ByteRange[] {
  const merged = mergeRanges(told)
  const sum = (ranges: readonly ByteRange[]): number => ranges.reduce((total, range) => total + byteLengthOf(range), 0)
  if (sum(told) !== sum(merged)) throw new Error(`told twice: ${JSON.stringify(told)}`)
  return merged
}

/** The same source without its fast ways: what TypeScript alone makes of it. */
export class SlowSource implements ByteSource {
  readonly byteLength: number
  readonly #source: ByteSource
  extents?: (range: ByteRange) => AsyncIterable<Extent>

  constructor(source: ByteSource) {
    this.#source = source
    this.byteLength = source.byteLength
    if (source.extents !== undefined) this.extents = (range) => source.extents?.(range) as AsyncIterable<Extent>
  }

  read(offset: number, length: number): Promise<Chunk> {
    return this.#source.read(offset, length)
  }

  async close(): Promise<void> {}
}

const TEXTS = ['a', 'plain text ', 'tab\there', 'é', '€uro', '\u{1f600}', '\u0085', '\u2028', '\ue000', '\0']

/** Text in every encoding, noise, and long runs, in which zeros are frequent. */
export function mixedBytes(random: Random, byteLength: number): Uint8Array {
  const bytes = new Uint8Array(byteLength)
  for (let at = 0; at < byteLength; ) {
    const piece = mixedPiece(random)
    bytes.set(piece.subarray(0, byteLength - at), at)
    at += piece.length
  }
  return bytes
}

function mixedPiece(random: Random): Uint8Array {
  const text = Array.from({ length: random.between(1, 12) }, () => random.pick(TEXTS)).join('')
  switch (random.between(0, 5)) {
    case 0:
      return random.bytes(random.between(1, 80))
    case 1:
      return new Uint8Array(random.between(1, 400)).fill(random.pick([0, 0, 0xff, 0x20]))
    case 2:
      return Buffer.from(text, 'utf16le')
    case 3:
      return Buffer.from(text, 'utf16le').swap16()
    case 4:
      return Buffer.from(text, 'utf8').subarray(0, random.between(1, 9))
    default:
      return Buffer.from(text, 'utf8')
  }
}

const HOLE = 70_000

/** Bytes with holes that are long enough to be stepped over, and the extents that tell of them. */
export function holedSource(random: Random, pieces: number): { bytes: Uint8Array; source: MemorySource } {
  const parts: Uint8Array[] = []
  const extents: Extent[] = []
  let at = 0
  for (let piece = 0; piece < pieces; piece++) {
    const kind = random.chance(0.5) ? 'hole' : 'data'
    const length = kind === 'hole' ? random.between(1, 3 * HOLE) : random.between(1, 5000)
    parts.push(kind === 'hole' ? new Uint8Array(length) : mixedBytes(random, length))
    extents.push({ kind, start: at, end: at + length })
    at += length
  }
  const bytes = new Uint8Array(Buffer.concat(parts))
  return { bytes, source: new MemorySource(bytes, { extents }) }
}

/** Matches as runs; written as a person would who has never seen our code. */
export function regExpRuns(bytes: Uint8Array, pattern: RegExp): { offset: number; byteLength: number }[] {
  return [...Buffer.from(bytes).toString('latin1').matchAll(pattern)].map((match) => ({
    offset: match.index,
    byteLength: match[0].length,
  }))
}

export function naiveEqualRuns(bytes: Uint8Array, least: number): { start: number; end: number; value: number }[] {
  const found: { start: number; end: number; value: number }[] = []
  for (let start = 0; start < bytes.length; ) {
    const value = bytes[start] as number
    let end = start + 1
    while (bytes[end] === value) end++
    if (end - start >= least) found.push({ start, end, value })
    start = end
  }
  return found
}
