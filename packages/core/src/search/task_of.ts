import { type ByteRange, type ByteSource, MapscopeError } from '../shared/index.ts'
import type { SearchOptions } from './options.ts'
import type { SearchTask } from './task.ts'

/** Options that a search shares with counting and finding; defaults filled in. @throws `ERR_ARGUMENT` and `ERR_RANGE`. */
export function taskOf(source: ByteSource, options: SearchOptions, stop: AbortController): SearchTask {
  const { alignment = 1, limit = Number.POSITIVE_INFINITY, range = { start: 0, end: source.byteLength } } = options
  assertRange(range, source.byteLength)
  if (options.starts !== undefined) assertStarts(options.starts, range)
  if (!Number.isSafeInteger(alignment) || alignment < 1)
    throw new MapscopeError('ERR_ARGUMENT', `An alignment of ${alignment} is none; pass a whole number from 1 on.`)
  if (limit !== Number.POSITIVE_INFINITY && !(Number.isSafeInteger(limit) && limit >= 0))
    throw new MapscopeError('ERR_ARGUMENT', `A limit of ${limit} hits is none; pass a whole number from 0 on.`)
  return {
    source,
    range: { start: range.start, end: range.end },
    direction: options.direction ?? 'forward',
    signal: stop.signal,
    alignment,
    isOverlapping: options.isOverlapping === true,
    isCountOnly: false,
    limit,
    onProgress: options.onProgress,
    onUnreadable: () => undefined,
  }
}

function assertRange({ start, end }: ByteRange, byteLength: number): void {
  const isInside = [start, end].every(Number.isSafeInteger) && start >= 0 && start <= end && end <= byteLength
  if (isInside) return
  throw new MapscopeError('ERR_RANGE', `Bytes ${start} to ${end} are outside the source; it has ${byteLength} bytes.`)
}

function assertStarts({ start, end }: ByteRange, range: ByteRange): void {
  const isInside = [start, end].every(Number.isSafeInteger) && range.start <= start && start <= end && end <= range.end
  if (isInside) return
  throw new MapscopeError(
    'ERR_RANGE',
    `Hits that begin at ${start} to ${end} are outside the range of ${range.start} to ${range.end}.`,
  )
}

/** A stop of our own that the caller's signal pulls too; `release` lets go of that signal. */
export function linkedStop(signal: SearchOptions['signal']): { readonly stop: AbortController; release(): void } {
  const stop = new AbortController()
  const abort = (): void => stop.abort(signal?.reason)
  if (signal?.aborted === true) abort()
  signal?.addEventListener('abort', abort, { once: true })
  return { stop, release: () => signal?.removeEventListener('abort', abort) }
}
