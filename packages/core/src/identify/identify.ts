import { assertGiven, assertOptions } from '../shared/arguments.ts'
import { type ByteSource, type CacheOptions, type CancelSignal, MapscopeError } from '../shared/index.ts'
import { passing } from '../shared/releasing_cache.ts'
import type { Format, Magic } from './format.ts'
import { FormatReader, RecentPages } from './format_reader.ts'
import { FORMATS } from './formats.ts'

/** A format found in a source. */
export interface Identified {
  /** Where it begins. */
  readonly offset: number
  /** How long it is, where the format tells and the source has as much. */
  readonly byteLength: number | undefined
  /** Short and stable, as `png`. */
  readonly name: string
  /** For people, as `PNG image`. */
  readonly title: string
  readonly extension: string
  readonly mime: string
}

export interface IdentifyOptions extends CacheOptions {
  /** Where something may begin. Default 0. */
  readonly offset?: number | undefined
  readonly signal?: CancelSignal | undefined
}

/** Formats that are known, as `png`. */
export const FORMAT_NAMES: readonly string[] = FORMATS.map((format) => format.name)

/**
 * What begins at a place of a source: all formats that fit, best known first; none when nothing known does. Each passed a second look behind
 * its magic. Reads little: some pages at the begin, and what the format's own tables lead to.
 *
 * @throws `ERR_RANGE` outside the source, the signal's reason when aborted, and whatever the source rejects with.
 */
export async function identify(source: ByteSource, options: IdentifyOptions = {}): Promise<Identified[]> {
  assertGiven({ source })
  assertOptions(options)
  const { offset = 0, signal } = options
  if (!(Number.isSafeInteger(offset) && offset >= 0 && offset <= source.byteLength))
    throw new MapscopeError('ERR_RANGE', `Offset ${offset} is outside the source; it has ${source.byteLength} bytes.`)
  signal?.throwIfAborted()
  return await passing(source, options, (passed) => formatsAt(new RecentPages(passed, { signal }), offset))
}

async function formatsAt(pages: RecentPages, offset: number): Promise<Identified[]> {
  const found: Identified[] = []
  for (const format of FORMATS) {
    if (!(await hasMagic(pages, format.magic, offset))) continue
    const identified = await lookAt(pages, format, offset)
    if (identified !== undefined) found.push(identified)
  }
  return found
}

/** The second look at one place; `isStrict` wants more than the magic to speak for it. */
export async function lookAt(
  pages: RecentPages,
  format: Format,
  offset: number,
  isStrict = false,
): Promise<Identified | undefined> {
  const inspection = await format.inspect(new FormatReader(pages, offset))
  if (inspection === undefined || (isStrict && inspection.isWeak === true)) return undefined
  const { name, extension, mime } = format
  return { offset, byteLength: inspection.byteLength, name, title: inspection.title ?? format.title, extension, mime }
}

async function hasMagic(pages: RecentPages, magic: readonly Magic[], offset: number): Promise<boolean> {
  for (const { offset: place, values, masks } of magic) {
    const bytes = await pages.read(offset + place, values.length)
    if (bytes?.every((byte, at) => (byte & (masks[at] as number)) === values[at]) === true) return true
  }
  return false
}
