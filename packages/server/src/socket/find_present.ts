import { type FindOptions, type FindResult, find, mergeRanges } from '@mapscope/core/shared'
import type { Document, Snapshot } from '../documents/document.ts'
import { ProblemError } from '../errors.ts'

/** Hits that were gone when looked at again, after which a search gives up: the file changes faster than it can be searched. */
const MAX_STALE_HIT_COUNT = 64
/** Looks at one hit; the last time with our own edits held up. */
const MAX_LOOK_COUNT = 8

type Searchable = Pick<Document, 'snapshot' | 'snapshotInTurn'>

/**
 * Searches the whole document, wrapping. A hit is told only once its bytes were read again in one state of the file: a file
 * that is being rewritten shows zeros on the way which are in neither its old nor its new content. One that is gone by then is
 * passed over, and the search goes on behind it.
 *
 * @throws ProblemError `ERR_REVISION` when the file changes too fast to say; whatever `find` throws.
 */
export async function findPresent(
  document: Searchable,
  needle: Uint8Array,
  options: Omit<FindOptions, 'isWrapping'>,
): Promise<FindResult> {
  const isForward = options.direction === 'forward'
  let { from } = options
  let unreadable: FindResult['unreadable'] = []
  for (let staleCount = 0; staleCount < MAX_STALE_HIT_COUNT; staleCount++) {
    const { source } = await document.snapshot()
    const start = Math.min(from, source.byteLength)
    const result = await find(source, needle, { ...options, from: start, isWrapping: true })
    const { offset } = result
    unreadable = mergeRanges([...unreadable, ...result.unreadable])
    if (offset < 0) return { ...result, unreadable }
    const isWrapped = isForward ? offset < options.from : offset >= options.from
    if (await isPresent(document, needle, offset)) return { offset, isWrapped, unreadable }
    options.signal?.throwIfAborted()
    from = isForward ? offset + 1 : offset
  }
  throw tooFast()
}

async function isPresent(document: Searchable, needle: Uint8Array, offset: number): Promise<boolean> {
  for (let lookCount = 1; lookCount <= MAX_LOOK_COUNT; lookCount++) {
    const { source, isCurrent, endTurn } = await look(document, lookCount === MAX_LOOK_COUNT)
    try {
      if (offset + needle.length > source.byteLength) return false
      const { bytes, unreadable } = await source.read(offset, needle.length)
      if (unreadable.length > 0 || !needle.every((byte, at) => byte === bytes[at])) return false
      if (isCurrent()) return true
    } finally {
      endTurn()
    }
  }
  throw tooFast()
}

async function look(document: Searchable, isInTurn: boolean): Promise<Snapshot & { endTurn(): void }> {
  if (isInTurn) return await document.snapshotInTurn()
  return { ...(await document.snapshot()), endTurn: () => undefined }
}

function tooFast(): ProblemError {
  return new ProblemError('ERR_REVISION', 'the file changes faster than it can be searched; search again')
}
