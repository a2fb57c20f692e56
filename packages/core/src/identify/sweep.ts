import { Completeness } from '../search/completeness.ts'
import { search } from '../search/search.ts'
import { assertGiven, assertOptions } from '../shared/arguments.ts'
import {
  type ByteRange,
  type ByteSource,
  byteLengthOf,
  type CacheOptions,
  type CancelSignal,
  MapscopeError,
  type MaskedBytes,
  type NeedlesQuery,
} from '../shared/index.ts'
import { passingAll } from '../shared/releasing_cache.ts'
import type { Format, Magic } from './format.ts'
import { RecentPages } from './format_reader.ts'
import { FORMATS } from './formats.ts'
import { type Identified, lookAt } from './identify.ts'

export interface SweepProgress {
  readonly scanned: number
  readonly total: number
}

export interface SweepOptions extends CacheOptions {
  /** Where formats may begin; they may end behind it. Default: all of the source. */
  readonly range?: ByteRange | undefined
  /**
   * Where the last find of each format ended, by name, of a sweep of the bytes before: of a part of a sweep that was cut. Members of an archive that began in
   * that part, and goes on in this one, are not told then.
   */
  readonly endOf?: Readonly<Record<string, number>> | undefined
  readonly signal?: CancelSignal | undefined
  readonly onProgress?: ((progress: SweepProgress) => void) | undefined
  /** As of `SearchOptions`: without it the sweep tells all it finds and then ends with `ERR_FAULT`, when there was something nobody could read. */
  readonly onUnreadable?: ((range: ByteRange) => void) | undefined
}

/** Each magic of each format that is looked for, in one list. */
const MAGICS = FORMATS.filter((format) => format.isWeak !== true).flatMap((format) =>
  format.magic.map((magic) => ({ format, magic })),
)

/** All of them in one pass. */
const ANY_MAGIC: NeedlesQuery = {
  kind: 'needles',
  pattern: { kind: 'any', needles: MAGICS.map(({ magic }) => toNeedle(magic)) },
}

/** How far behind its begin a format may have its magic: the finds of that stretch wait for each other, to be told in order. */
const LONGEST_REACH: number = Math.max(...MAGICS.map(({ magic }) => magic.offset))

const LONGEST_MAGIC: number = Math.max(...MAGICS.map(({ magic }) => magic.values.length))

/**
 * Every known format that begins anywhere in a source: files within files, images of disks, firmware. In the order of their begins, those of
 * one place best known first. Each passed a second look, so few are there by chance. What stands within another is found as well, but not the
 * members of a tar, cpio or Ogg as archives of their own.
 *
 * @throws `ERR_RANGE` outside the source, `ERR_FAULT` after the last find when bytes could not be read (see `onUnreadable`), the signal's reason
 *   when aborted, and whatever the source rejects with.
 */
export async function* sweep(source: ByteSource, options: SweepOptions = {}): AsyncGenerator<Identified> {
  assertGiven({ source })
  assertOptions(options)
  const range = checkedRange(source, options.range)
  yield* passingAll(source, options, (passed) => formatsIn(passed, range, options))
}

async function* formatsIn(source: ByteSource, range: ByteRange, options: SweepOptions): AsyncGenerator<Identified> {
  const pages = new RecentPages(source, { signal: options.signal })
  const waiting = new WaitingFinds(pages, range, options.endOf)
  const end = Math.min(source.byteLength, range.end + LONGEST_REACH + LONGEST_MAGIC)
  const completeness = new Completeness(range, options.onUnreadable)
  const hits = search(source, ANY_MAGIC, {
    range: { start: range.start, end },
    signal: options.signal,
    onProgress: options.onProgress,
    onUnreadable: (lost) => completeness.stepOver([lost]),
  })
  for await (const batch of hits) {
    for (const { offset, which = 0 } of batch) {
      const { format, magic } = MAGICS[which] as (typeof MAGICS)[number]
      yield* waiting.before(offset - LONGEST_REACH)
      await waiting.look(format, offset - magic.offset)
    }
  }
  yield* waiting.before(Number.POSITIVE_INFINITY)
  completeness.hitCount = waiting.toldCount
  completeness.assertWhole()
}

/** Finds that may not be told yet, as one that begins earlier may show its magic later. */
class WaitingFinds {
  readonly #pages: RecentPages
  readonly #range: ByteRange
  readonly #endOf: Map<string, number>
  #finds: Identified[] = []
  toldCount = 0

  constructor(pages: RecentPages, range: ByteRange, endOf: SweepOptions['endOf'] = {}) {
    this.#pages = pages
    this.#range = range
    this.#endOf = new Map(Object.entries(endOf))
  }

  async look(format: Format, offset: number): Promise<void> {
    if (offset < this.#range.start || offset >= this.#range.end) return
    if (format.repeatsMagic === true && offset < (this.#endOf.get(format.name) ?? 0)) return
    if (this.#finds.some((find) => find.offset === offset && find.name === format.name)) return
    const found = await lookAt(this.#pages, format, offset, true)
    if (found === undefined) return
    this.#endOf.set(format.name, offset + (found.byteLength ?? 0))
    this.#finds.push(found)
  }

  *before(offset: number): Generator<Identified> {
    if (this.#finds.length === 0) return
    const ready = this.#finds.filter((find) => find.offset < offset)
    if (ready.length === 0) return
    this.#finds = this.#finds.filter((find) => find.offset >= offset)
    this.toldCount += ready.length
    yield* ready.sort((a, b) => a.offset - b.offset || rank(a) - rank(b))
  }
}

function rank({ name }: Identified): number {
  return FORMATS.findIndex((format) => format.name === name)
}

function checkedRange(source: ByteSource, range: ByteRange = { start: 0, end: source.byteLength }): ByteRange {
  const { start, end } = range
  const isInside = Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && end <= source.byteLength
  if (isInside && byteLengthOf(range) === end - start) return range
  throw new MapscopeError(
    'ERR_RANGE',
    `Bytes ${start} to ${end} are outside the source; it has ${source.byteLength} bytes.`,
  )
}

/** A needle of which every bit counts is found faster when it says so. */
function toNeedle({ values, masks }: Magic): MaskedBytes {
  return masks.every((mask) => mask === 0xff) ? { values } : { values, masks }
}
