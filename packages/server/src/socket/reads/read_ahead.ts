import { type ByteRange, isMapscopeError } from '@mapscope/core/shared'
import type { Document } from '../../documents/document.ts'

/** A change while reading makes it read again, this often; then what was read goes out under the revision before, and the change's event has gone out already. */
const MAX_ATTEMPTS = 4

export type Piece =
  | { readonly kind: 'hole'; readonly range: ByteRange; readonly revision: number }
  | {
      readonly kind: 'bytes'
      readonly offset: number
      readonly bytes: Uint8Array
      readonly unreadable: readonly ByteRange[]
      readonly revision: number
    }

/**
 * The first piece of what is to be read: the hole it begins with, however far into `rest` that goes, or bytes of `readable`, off the thread.
 *
 * @throws whatever the source does; `ERR_CLOSED` when the document is closed.
 */
export async function readAhead(document: Document, readable: ByteRange, rest: ByteRange): Promise<Piece> {
  for (let attempt = 1; ; attempt++) {
    const { source, revision } = document.live()
    try {
      const piece = await readOnce(document, readable, rest)
      if (document.revision === revision || attempt >= MAX_ATTEMPTS) return { ...piece, revision }
    } catch (error) {
      // A reload took the mapping away; the next look sees the new one.
      if (!isMapscopeError(error, 'ERR_CLOSED') || attempt >= MAX_ATTEMPTS || document.live().source === source)
        throw error
    }
  }
}

type Unrevised<T> = T extends unknown ? Omit<T, 'revision'> : never

async function readOnce(document: Document, readable: ByteRange, rest: ByteRange): Promise<Unrevised<Piece>> {
  const { source } = document.live()
  let { end } = readable
  for await (const extent of source.extents(rest)) {
    if (extent.kind === 'hole') return { kind: 'hole', range: { start: extent.start, end: extent.end } }
    end = Math.min(end, extent.end)
    break
  }
  const { offset, bytes, unreadable } = await source.read(readable.start, end - readable.start)
  return { kind: 'bytes', offset, bytes, unreadable }
}
