import { Breather } from '../shared/event_loop.ts'
import { type ByteRange, type ByteSource, byteLengthOf, type CancelSignal, type Extent } from '../shared/index.ts'
import type { Magic } from './format.ts'

/** A millisecond or two of work on this thread. */
const WINDOW_BYTE_LENGTH: number = 1024 ** 2

export interface MagicHit {
  /** Where the magic stands. */
  readonly offset: number
  /** Which of the list. */
  readonly which: number
}

export interface MagicScanOptions {
  readonly signal?: CancelSignal | undefined
  /** Called with how many bytes more are settled, holes included. */
  readonly onScanned: (byteLength: number) => void
}

/** Two neighbouring bytes of a magic that no mask touches, and so can be looked up. */
interface Anchor {
  readonly which: number
  readonly magic: Magic
  /** Where they stand in the magic. */
  readonly place: number
}

/**
 * Every place of the range where one of the magics stands, in order, in one pass: two bytes at a time are looked up in a table, and what has
 * an entry is compared. What cannot be read is stepped over, and so are holes: they are zeros, and no magic is.
 */
export async function* scanMagic(
  source: ByteSource,
  magics: readonly Magic[],
  range: ByteRange,
  options: MagicScanOptions,
): AsyncGenerator<MagicHit[]> {
  const table = anchorTable(magics)
  const longest = Math.max(...magics.map(({ values }) => values.length))
  const breather = new Breather()
  for await (const extent of extentsOf(source, range)) {
    if (extent.kind === 'hole') options.onScanned(byteLengthOf(extent))
    else
      for (let start = extent.start; start < extent.end; start += WINDOW_BYTE_LENGTH) {
        options.signal?.throwIfAborted()
        const ownEnd = Math.min(extent.end, start + WINDOW_BYTE_LENGTH)
        const end = Math.min(source.byteLength, ownEnd + longest - 1)
        const { bytes, unreadable } = await source.read(start, end - start, { signal: options.signal })
        const hits = hitsIn(bytes, ownEnd - start, table).map((hit) => ({ ...hit, offset: hit.offset + start }))
        const isReadable = ({ offset, which }: MagicHit): boolean =>
          unreadable.every((gap) => offset >= gap.end || offset + (magics[which] as Magic).values.length <= gap.start)
        options.onScanned(ownEnd - start)
        yield hits.filter(isReadable)
        await breather.pause()
      }
  }
}

async function* extentsOf(source: ByteSource, range: ByteRange): AsyncGenerator<Extent> {
  if (source.extents === undefined) yield { kind: 'data', ...range }
  else yield* source.extents(range)
}

function hitsIn(bytes: Uint8Array, starts: number, { anchorsOf, isAnchor }: AnchorTable): MagicHit[] {
  const hits: MagicHit[] = []
  const last = bytes.length - 1
  let pair = (bytes[0] ?? 0) << 8
  for (let at = 0; at < last; at++) {
    pair = (pair >>> 8) | ((bytes[at + 1] as number) << 8)
    if (isAnchor[pair] === 0) continue
    for (const { which, magic, place } of anchorsOf.get(pair) ?? []) {
      const offset = at - place
      if (offset >= 0 && offset < starts && standsAt(bytes, offset, magic)) hits.push({ offset, which })
    }
  }
  return hits.sort((a, b) => a.offset - b.offset)
}

function standsAt(bytes: Uint8Array, offset: number, { values, masks }: Magic): boolean {
  if (offset + values.length > bytes.length) return false
  return values.every((value, at) => ((bytes[offset + at] as number) & (masks[at] as number)) === value)
}

interface AnchorTable {
  /** By the two bytes, the first one low. */
  readonly anchorsOf: ReadonlyMap<number, readonly Anchor[]>
  /** 64 KiB of flags, for the loop that every byte passes. */
  readonly isAnchor: Uint8Array
}

function anchorTable(magics: readonly Magic[]): AnchorTable {
  const anchorsOf: Map<number, Anchor[]> = new Map()
  const isAnchor = new Uint8Array(65_536)
  for (const [which, magic] of magics.entries()) {
    const place = anchorPlace(magic)
    const pair = (magic.values[place] as number) | ((magic.values[place + 1] as number) << 8)
    anchorsOf.set(pair, [...(anchorsOf.get(pair) ?? []), { which, magic, place }])
    isAnchor[pair] = 1
  }
  return { anchorsOf, isAnchor }
}

/** Zeros are what files hold most of, so the pair with the fewest of them is taken. */
function anchorPlace({ values, masks }: Magic): number {
  const rank = (at: number): number => {
    const isWhole = masks[at] === 0xff && masks[at + 1] === 0xff
    return isWhole ? 1 + Number(values[at] !== 0) + Number(values[at + 1] !== 0) : 0
  }
  let best = 0
  for (let at = 1; at + 1 < values.length; at++) if (rank(at) > rank(best)) best = at
  if (rank(best) === 0) throw new TypeError('a magic without two neighbouring bytes that are sure')
  return best
}
