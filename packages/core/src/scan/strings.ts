import { assertGiven, assertOptions } from '../shared/arguments.ts'
import type { ByteSource, StringEncoding } from '../shared/index.ts'
import { passingAll } from '../shared/releasing_cache.ts'
import { checkedInteger, checkedRange } from './options.ts'
import type { PagedOptions } from './run_series.ts'
import { type StringPage, stringPages } from './string_page.ts'
import { stringSeries } from './string_series.ts'
import { zonesIn } from './zones.ts'

export interface StringsOptions extends PagedOptions {
  /** Default 'ascii'. */
  readonly encoding?: StringEncoding | undefined
  /** Fewest characters (not bytes) of a string. Default 4. */
  readonly minLength?: number | undefined
}

/** A character that crosses the edge of a hole, whose bytes are zeros, has at most so many in it. */
const MARGIN = 4

/**
 * The strings of a range, in order, in pages: longest runs of characters, as GNU `strings -a` finds them, but for TAB, which ends one.
 *
 * - `ascii`: 0x20 to 0x7E.
 * - `utf8`: well-formed and printable: no control, separator of lines, private use or noncharacter.
 * - `utf16le`, `utf16be`: 0x20 to 0x7E in two bytes each, at even and odd offsets. Further characters end a string: 87 of 100 random pairs
 *   of bytes are some printable character, so with them a binary would be one string, and every real one have garbage at both ends.
 *
 * @throws `ERR_RANGE` for a range outside the source, `ERR_ARGUMENT` for other options that cannot be, the signal's reason when aborted,
 *   and whatever the source rejects with.
 */
export async function* strings(source: ByteSource, options: StringsOptions = {}): AsyncGenerator<StringPage> {
  assertGiven({ source })
  assertOptions(options)
  const { encoding = 'ascii', signal } = options
  const minLength = checkedInteger('minLength', options.minLength ?? 4, { least: 1, most: 2 ** 32 - 1 })
  const range = checkedRange(source, options.range)
  const events = passingAll(source, options, (passed) =>
    stringSeries({
      source: passed,
      range,
      zones: zonesIn(passed, range, { margin: MARGIN }),
      options,
      minLength,
      search: (scanner, window) => scanner.strings({ ...window, encoding, minLength }, { signal }),
    }),
  )
  yield* stringPages(events, { range, pageLength: options.pageLength })
}
