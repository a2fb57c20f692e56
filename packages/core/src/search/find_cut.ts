import { assertGiven, assertOptions } from '../shared/arguments.ts'
import type { ByteRange, ByteSource } from '../shared/index.ts'
import { engineOf } from './engines.ts'
import type { Searchable, SearchOptions } from './options.ts'
import { queryOf } from './query_of.ts'
import { search } from './search.ts'

export interface FindCutOptions extends Pick<SearchOptions, 'range' | 'signal' | 'onProgress' | 'releasesCache'> {
  /** Where the place is looked for. Inside the range. */
  readonly starts: ByteRange
}

/** Bytes looked at first: there is a place at once but in periodic data, and where matches have no bound. Then four times as many, and so on. */
const FIRST_BYTE_LENGTH = 65_536

/**
 * A place soon behind the begin of `starts` where a search of hits that do not overlap may be cut: the hits that begin there or behind are the same, whichever
 * of those that overlap before it count. Before it lies a stretch in which no hit begins, as long as the longest hit. `undefined` when there is none in
 * `starts`, as among nothing but zeros; for an expression that bounds no match the stretch is as long as `maxMatchByteLength`.
 *
 * Bytes that cannot be read hold no hits. @throws as `search` does; `ERR_FAULT` for expressions only.
 */
export async function findCut(
  source: ByteSource,
  query: Searchable,
  options: FindCutOptions,
): Promise<number | undefined> {
  assertGiven({ source })
  assertOptions(options)
  assertGiven({ starts: options.starts })
  const compiled = queryOf(query)
  const { starts, onProgress, ...rest } = options
  const reach = engineOf(compiled).reachOf(compiled)
  const total = starts.end - starts.start
  if (reach === 0) return starts.start
  let byteLength = Math.max(FIRST_BYTE_LENGTH, 2 * reach)
  let freeSince = starts.start
  for (let at = starts.start; at < starts.end; byteLength *= 4) {
    const part = { start: at, end: Math.min(starts.end, at + byteLength) }
    const before = at - starts.start
    const hits = search(source, compiled, {
      ...rest,
      starts: part,
      onProgress: onProgress && (({ scanned }) => onProgress({ scanned: Math.min(total, before + scanned), total })),
      onUnreadable: () => undefined,
    })
    for await (const batch of hits) {
      for (let index = 0; index < batch.length; index++) {
        const offset = batch.offsets[index] as number
        if (offset - freeSince >= reach) return freeSince + reach
        freeSince = offset + batch.byteLengthAt(index)
      }
    }
    if (part.end - freeSince >= reach) return freeSince + reach
    at = Math.max(part.end, freeSince)
  }
  return undefined
}
