import { type CompiledQuery, type FoundHit, findNext, findPrevious, type Hit, hitAt } from '@mapscope/core'
import { type CancelSignal, type FindProgress, mergeRanges } from '@mapscope/core/shared'
import type { SearchDirection } from '@mapscope/protocol'
import type { Document, Snapshot } from '../documents/document.ts'
import { ProblemError } from '../errors.ts'

/** Hits that were gone when looked at again, after which a search gives up: the file changes faster than it can be searched. */
const MAX_STALE_HIT_COUNT = 64
/** Looks at one hit; the last time with our own edits held up. */
const MAX_LOOK_COUNT = 8

type Searchable = Pick<Document, 'snapshot' | 'snapshotInTurn'>

export interface FindPresentOptions {
  /** Forward: the first hit that begins here or later. Backward: the last that begins before. */
  readonly from: number
  readonly direction: SearchDirection
  readonly signal?: CancelSignal | undefined
  readonly onProgress?: ((progress: FindProgress) => void) | undefined
}

/**
 * Searches the whole document, wrapping. A hit is told only once its bytes were matched again in one state of the file: a file
 * that is being rewritten shows zeros on the way which are in neither its old nor its new content. One that is gone by then is
 * passed over, and the search goes on behind it.
 *
 * @throws ProblemError `ERR_REVISION` when the file changes too fast to say; whatever `findNext` throws.
 */
export async function findPresent(
  document: Searchable,
  query: CompiledQuery,
  options: FindPresentOptions,
): Promise<FoundHit> {
  const { signal, onProgress } = options
  const isForward = options.direction === 'forward'
  const find = isForward ? findNext : findPrevious
  let { from } = options
  let unreadable: FoundHit['unreadable'] = []
  for (let staleCount = 0; staleCount < MAX_STALE_HIT_COUNT; staleCount++) {
    const { source } = await document.snapshot()
    const place = Math.min(from, source.byteLength)
    const found = await find(source, query, { from: place, isWrapping: true, signal, onProgress })
    unreadable = mergeRanges([...unreadable, ...found.unreadable])
    if (found.hit === undefined) return { ...found, unreadable }
    const { offset } = found.hit
    const hit = await presentHit(document, query, { offset, signal })
    if (hit !== undefined) {
      const isWrapped = isForward ? offset < options.from : offset >= options.from
      return { hit, isWrapped, unreadable }
    }
    signal?.throwIfAborted()
    from = isForward ? offset + 1 : offset
  }
  throw tooFast()
}

interface Look {
  readonly offset: number
  readonly signal: CancelSignal | undefined
}

async function presentHit(
  document: Searchable,
  query: CompiledQuery,
  { offset, signal }: Look,
): Promise<Hit | undefined> {
  for (let lookCount = 1; lookCount <= MAX_LOOK_COUNT; lookCount++) {
    const { source, isCurrent, endTurn } = await look(document, lookCount === MAX_LOOK_COUNT)
    try {
      if (offset >= source.byteLength) return undefined
      const { hit } = await hitAt(source, query, offset, { signal })
      if (hit === undefined || isCurrent()) return hit
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
